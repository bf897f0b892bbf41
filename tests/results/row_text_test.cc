#include "base/json.h"
#include "results/store/row_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.h"

namespace coppice::results {
namespace {

TEST(PointsText, WritesWhatJsonHasNoNumberFor) {
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(PointsText({0.5, std::nan(""), inf, -inf}), R"([0.5,null,"inf","-inf"])");
  EXPECT_EQ(PointsText({}), "[]");
}

TEST(PointsText, ReadsBackTheSameBits) {
  const std::vector<double> values = {0.1, 1.0 / 3, -0.0, 5e-324, 1.7976931348623157e308, 2};
  const std::vector<double> back = PointsFromText(PointsText(values));
  EXPECT_EQ(back, values);
  EXPECT_TRUE(std::signbit(back[2]));
}

TEST(PointsText, RefusesWhatIsNoListOfPoints) {
  for (const char* text : {"", "{}", "[1,", "[\"one\"]", "[[1]]", "[true]", "1", "[,]", "[1,]",
                           "[nan]", "[inf]", "[1 ]", "[1x]", "["}) {
    EXPECT_THROW(PointsFromText(text), Error) << text;
  }
}

TEST(Checksum, TellsFieldsApartByTheirPlace) {
  EXPECT_NE(Checksum({"ab", "c"}), Checksum({"a", "bc"}));
  EXPECT_NE(Checksum({"a", ""}), Checksum({"", "a"}));
  EXPECT_EQ(Checksum({"a", "b"}), Checksum({"a", "b"}));
}

TEST(BitsText, TellsZeroFromMinusZero) {
  EXPECT_EQ(BitsText(0.0), "0000000000000000");
  EXPECT_EQ(BitsText(-0.0), "8000000000000000");
}

TEST(CompactText, ReplacesBytesThatAreNotText) {
  EXPECT_EQ(CompactText(Json{{"reason", "a\xff"}}), "{\"reason\":\"a\xEF\xBF\xBD\"}");
}

}  // namespace
}  // namespace coppice::results
