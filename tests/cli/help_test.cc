// The help of the program and of each verb.

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/cli/case_file.h"
#include "tests/support/process.h"

namespace coppice::cli_tests {
namespace {

support::Ended Help(const std::vector<std::string>& words) {
  support::Command command;
  command.words = {support::ProgramPath()};
  command.words.insert(command.words.end(), words.begin(), words.end());
  command.words.push_back("--help");
  command.folder = testing::TempDir();
  return support::Run(command);
}

class VerbHelp : public testing::TestWithParam<const char*> {};

TEST_P(VerbHelp, BeginsWithAnExampleAndSaysWhatTheVerbDoes) {
  const std::string verb = GetParam();
  const support::Ended ended = Help({verb});
  ASSERT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.err, "");
  const std::vector<std::string> lines = Lines(ended.out);
  ASSERT_GT(lines.size(), 4U);
  EXPECT_EQ(lines[0], "Example:");
  EXPECT_TRUE(lines[1].starts_with("  coppice " + verb + " ")) << lines[1];
  EXPECT_TRUE(lines[3].ends_with(".")) << lines[3];
  EXPECT_LT(ended.out.find("Example:"), ended.out.find("--store"));
}

// A usage line that a user can type has the program's name.
TEST_P(VerbHelp, ShowsTheProgramInItsUsageLine) {
  const std::string verb = GetParam();
  EXPECT_NE(Help({verb}).out.find("Usage: coppice " + verb + " "), std::string::npos)
      << Help({verb}).out;
}

TEST_P(VerbHelp, IsListedByTheProgram) {
  const std::vector<std::string> lines = Lines(Help({}).out);
  const std::string start = "  " + std::string(GetParam()) + " ";
  EXPECT_TRUE(std::any_of(lines.begin(), lines.end(),
                          [&](const std::string& line) { return line.starts_with(start); }));
}

INSTANTIATE_TEST_SUITE_P(Of, VerbHelp,
                         testing::Values("init", "check", "tune", "ask", "suggest", "tell",
                                         "resume", "status", "leaderboard", "show", "best", "train",
                                         "retrain", "evaluate", "predict", "export", "report",
                                         "sql", "repair", "synth", "diff", "compare", "importance",
                                         "completion", "man"),
                         [](const auto& verb) { return std::string(verb.param); });

TEST(ProgramHelp, BeginsWithAnExample) {
  const support::Ended ended = Help({});
  EXPECT_EQ(ended.exit_code, 0);
  const std::vector<std::string> lines = Lines(ended.out);
  ASSERT_GT(lines.size(), 4U);
  EXPECT_EQ(lines[0], "Example:");
  EXPECT_TRUE(lines[1].starts_with("  coppice init ")) << lines[1];
}

}  // namespace
}  // namespace coppice::cli_tests
