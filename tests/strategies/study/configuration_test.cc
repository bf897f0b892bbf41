#include "base/json.h"
#include "strategies/study/configuration.h"

#include <gtest/gtest.h>

namespace coppice::study {
namespace {

Configuration Of(std::map<std::string, Value> values) { return Configuration(std::move(values)); }

TEST(Configuration, WritesItsParametersByName) {
  const Configuration configuration =
      Of({{"max_depth", std::int64_t{6}}, {"eta", 0.1}, {"booster", std::string("gbtree")}});
  EXPECT_EQ(configuration.CanonicalText(), "booster=gbtree eta=0.1 max_depth=6");
}

TEST(Configuration, HasOneTextForEqualNumbers) {
  EXPECT_EQ(Of({{"a", 1.0}}).CanonicalText(), Of({{"a", std::int64_t{1}}}).CanonicalText());
}

TEST(Configuration, QuotesWordsThatLookLikeTheTextAroundThem) {
  EXPECT_EQ(Of({{"a", std::string("x b=y")}}).CanonicalText(), "a=\"x b=y\"");
  EXPECT_NE(Of({{"a", std::string("x b=y")}}).CanonicalText(),
            Of({{"a", std::string("x")}, {"b", std::string("y")}}).CanonicalText());
  EXPECT_EQ(Of({{"a", std::string("\"\\")}}).CanonicalText(), "a=\"\\\"\\\\\"");
  EXPECT_EQ(Of({{"a", std::string()}}).CanonicalText(), "a=\"\"");
}

TEST(Configuration, FindsOnlyWhatItHas) {
  const Configuration configuration = Of({{"eta", 0.1}});
  ASSERT_NE(configuration.Find("eta"), nullptr);
  EXPECT_EQ(*configuration.Find("eta"), Value(0.1));
  EXPECT_EQ(configuration.Find("gamma"), nullptr);
}

TEST(Configuration, ComesBackFromJsonTextWithItsTypes) {
  const Configuration configuration = Of({{"a", std::int64_t{3}},
                                          {"b", 3.0},
                                          {"c", 0.1 + 0.2},
                                          {"d", 5e-324},
                                          {"e", std::string("3")}});
  const Json json = Json::parse(configuration.ToJson().dump());
  EXPECT_EQ(Configuration::FromJson(json), configuration);
}

TEST(Configuration, TakesABooleanAsZeroOrOne) {
  EXPECT_EQ(Configuration::FromJson(Json::parse(R"({"a": true, "b": false})")),
            Of({{"a", std::int64_t{1}}, {"b", std::int64_t{0}}}));
}

}  // namespace
}  // namespace coppice::study
