#include "tuner/report/page.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json.h"

namespace coppice::tuner {
namespace {

std::string IslandOf(const std::string& page) {
  const std::string opening = "id=\"data\">";
  const std::size_t begin = page.find(opening) + opening.size();
  return page.substr(begin, page.find("</script>", begin) - begin);
}

TEST(Page, HoldsItsDataAsTheyAre) {
  const Json data = {{"reason", "</script><b>{{D3}} <!-- & \"x\""}, {"n", 0.1}};
  EXPECT_EQ(Json::parse(IslandOf(MakePage("small", data))), data);
}

TEST(Page, LetsNoTextEndTheIsland) {
  const std::string page = MakePage("small", Json{{"reason", "</script><!--<script>"}});
  EXPECT_EQ(IslandOf(page).find('<'), std::string::npos);
}

TEST(Page, EscapesItsTitle) {
  const std::string page = MakePage("a<b> & {{DATA}}", Json::object());
  EXPECT_NE(page.find("<h1>a&lt;b&gt; &amp; {{DATA}}</h1>"), std::string::npos);
}

TEST(Page, ReplacesBytesThatAreNoText) {
  const std::string page = MakePage("small", Json{{"column", "\xff"}});
  EXPECT_EQ(Json::parse(IslandOf(page))["column"], "\xEF\xBF\xBD");
}

// Nothing is fetched: no address in an attribute or a style, and the policy refuses what a script
// might try.
TEST(Page, NeedsNoNetwork) {
  const std::string page = MakePage("small", Json::object());
  for (const char* way : {"src=\"http", "href=\"http", "url(http", "@import", "src=\"//"}) {
    EXPECT_EQ(page.find(way), std::string::npos) << way;
  }
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
}

TEST(Page, HasTheLibrarysLicenceInIt) {
  EXPECT_NE(MakePage("small", Json::object()).find("Mike Bostock"), std::string::npos);
  EXPECT_NE(PageFile("d3.js").find("d3js.org"), std::string_view::npos);
}

TEST(Page, KnowsNoOtherFiles) { EXPECT_THROW(PageFile("other.js"), Error); }

}  // namespace
}  // namespace coppice::tuner
