// The manual page that `coppice man` writes.

#include <gtest/gtest.h>

#include <regex>

#include "tests/cli/help_words.h"
#include "tests/support/process.h"

namespace coppice::cli_tests {
namespace {

// Roff has a name for the dash that is no hyphen.
std::string InRoff(const std::string& text) {
  return std::regex_replace(text, std::regex("-"), "\\-");
}

TEST(ManualPage, HasEveryVerbAndFlag) {
  const support::Ended page = RunProgram({"man"});
  ASSERT_EQ(page.exit_code, 0) << page.err;
  const std::size_t common = page.out.find("\n.SH FLAGS OF EVERY VERB\n");
  ASSERT_NE(common, std::string::npos);
  for (const auto& [verb, names] : FlagsByVerb()) {
    const std::size_t begin = page.out.find("\n.SS " + verb + "\n");
    ASSERT_NE(begin, std::string::npos) << verb;
    const std::size_t end = page.out.find("\n.S", begin + 1);
    const std::string part = page.out.substr(begin, end - begin) + page.out.substr(common);
    for (const std::string& name : names) {
      EXPECT_NE(part.find("\\fB" + InRoff(name) + "\\fR"), std::string::npos) << verb << name;
    }
  }
}

TEST(ManualPage, HasEveryExitCodeAndVariable) {
  const std::string page = RunProgram({"man"}).out;
  for (const char* code : {"0", "1", "2", "3", "4", "5", "130", "143"}) {
    EXPECT_NE(page.find(".TP\n\\fB" + std::string(code) + "\\fR\n"), std::string::npos) << code;
  }
  for (const char* name : {"COPPICE_STORE", "COPPICE_PROGRESS", "NO_COLOR", "TERM"}) {
    EXPECT_NE(page.find(".TP\n\\fB" + std::string(name) + "\\fR\n"), std::string::npos) << name;
  }
}

TEST(ManualPage, IsSetWithoutAWarning) {
  if (!HasTool("groff")) GTEST_SKIP() << "groff is not installed";
  const support::TempFolder folder;
  support::WriteText(folder.File("coppice.1"), RunProgram({"man"}).out);
  const support::Ended ended =
      RunTool({"groff", "-man", "-Tascii", "-ww", "-z", "coppice.1"}, folder.path());
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.err, "");
}

}  // namespace
}  // namespace coppice::cli_tests
