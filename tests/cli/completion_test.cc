// The scripts that `coppice completion` writes.

#include <gtest/gtest.h>

#include <filesystem>

#include <algorithm>

#include "tests/cli/case_file.h"
#include "tests/cli/help_words.h"
#include "tests/support/process.h"

namespace coppice::cli_tests {
namespace {

using Words = std::vector<std::string>;

std::string ScriptFor(const std::string& shell) {
  const support::Ended ended = RunProgram({"completion", shell});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  return ended.out;
}

class CompletionScript : public testing::TestWithParam<const char*> {};

// fish writes `-l quiet` for `--quiet`.
TEST_P(CompletionScript, KnowsEveryVerbAndFlag) {
  const std::string shell = GetParam();
  const std::string script = ScriptFor(shell);
  const auto flags = FlagsByVerb();
  EXPECT_GE(flags.size(), 25U);
  for (const auto& [verb, names] : flags) {
    // The part of the verb: its arm, or its lines.
    std::size_t begin = script.find("\n    " + verb + ")");
    std::size_t end = script.find("\n      ;;\n", begin);
    if (shell == "fish") {
      begin = script.find("'__coppice_verb_is " + verb);
      end = script.rfind("'__coppice_verb_is " + verb);
      end = script.find('\n', end);
    }
    ASSERT_NE(begin, std::string::npos) << verb;
    ASSERT_NE(end, std::string::npos) << verb;
    const std::string part = script.substr(begin, end - begin);
    EXPECT_GE(names.size(), 4U) << verb;
    for (const std::string& name : names) {
      const std::string shown = shell != "fish"          ? name
                                : name.starts_with("--") ? "-l " + name.substr(2)
                                                         : "-s " + name.substr(1);
      EXPECT_NE(part.find(shown), std::string::npos) << verb << " " << name;
    }
  }
}

TEST_P(CompletionScript, IsReadByItsShell) {
  const std::string shell = GetParam();
  if (!HasTool(shell)) GTEST_SKIP() << shell << " is not installed";
  const support::TempFolder folder;
  support::WriteText(folder.File("script"), ScriptFor(shell));
  const support::Ended ended = RunTool({shell, "-n", "script"}, folder.path());
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.err, "");
}

INSTANTIATE_TEST_SUITE_P(Of, CompletionScript, testing::Values("bash", "zsh", "fish"),
                         [](const auto& shell) { return std::string(shell.param); });

// A folder with two studies, some files, and bash's script.
class BashCompletion : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasTool("bash")) GTEST_SKIP() << "bash is not installed";
    support::WriteText(folder_.File("script"), ScriptFor("bash"));
    support::WriteText(folder_.File("studies/titanic/study.db"), "");
    support::WriteText(folder_.File("studies/two words/study.db"), "");
    support::WriteText(folder_.File("studies/no_study/other.db"), "");
    support::WriteText(folder_.File("elsewhere/bike/study.db"), "");
    support::WriteText(folder_.File("spec.json"), "");
    support::WriteText(folder_.File("rows.csv"), "");
  }

  // What is offered for the last of the words; sorted.
  Words Offered(const std::string& words) {
    const std::string call =
        "source ./script && COMP_WORDS=(" + words +
        ") && COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) && _coppice && printf '%s\\n' "
        "\"${COMPREPLY[@]}\"";
    const support::Ended ended = RunTool({"bash", "-c", call}, folder_.path());
    EXPECT_EQ(ended.err, "");
    Words offered = Lines(ended.out);
    std::erase(offered, "");
    std::sort(offered.begin(), offered.end());
    return offered;
  }

  support::TempFolder folder_;
};

TEST_F(BashCompletion, EndsABegunVerb) {
  EXPECT_EQ(Offered("coppice tu"), Words{"tune"});
  EXPECT_EQ(Offered("coppice re"), (Words{"repair", "report", "resume", "retrain"}));
  EXPECT_EQ(Offered("coppice --v"), Words{"--version"});
}

TEST_F(BashCompletion, OffersTheFlagsOfTheVerb) {
  EXPECT_EQ(Offered("coppice tune --dr"), Words{"--dry-run"});
  EXPECT_EQ(Offered("coppice show --dr"), Words{});
  EXPECT_EQ(Offered("coppice tune spec.json --pro"), Words{"--progress"});
}

TEST_F(BashCompletion, OffersTheWordsOfAClosedChoice) {
  EXPECT_EQ(Offered("coppice tune --progress ''"), (Words{"auto", "json", "none", "plain"}));
  EXPECT_EQ(Offered("coppice best titanic --as x"), Words{"xgboost"});
  EXPECT_EQ(Offered("coppice completion z"), Words{"zsh"});
}

// `--flag=value` reaches the function as three words.
TEST_F(BashCompletion, TakesAValueBehindAnEqualsSign) {
  EXPECT_EQ(Offered("coppice tune --progress = j"), Words{"json"});
  EXPECT_EQ(Offered("coppice tune --progress ="), (Words{"auto", "json", "none", "plain"}));
}

TEST_F(BashCompletion, OffersStudiesByTheirFolders) {
  EXPECT_EQ(Offered("coppice status ti"), Words{"titanic"});
  EXPECT_EQ(Offered("coppice status two"), Words{"two words"});
  EXPECT_EQ(Offered("coppice status no"), Words{});
  EXPECT_EQ(Offered("coppice compare titanic ti"), Words{"titanic"});
  EXPECT_EQ(Offered("coppice status --store elsewhere b"), Words{"bike"});
}

// Nothing in a name is expanded or run.
TEST_F(BashCompletion, TakesNamesAsTheyAre) {
  support::WriteText(folder_.File("studies/$(touch pwned)/study.db"), "");
  support::WriteText(folder_.File("studies/it's/study.db"), "");
  EXPECT_EQ(Offered("coppice status it"), Words{"it's"});
  EXPECT_EQ(Offered("coppice status '$'"), Words{"$(touch pwned)"});
  EXPECT_FALSE(std::filesystem::exists(folder_.File("pwned")));
}

TEST_F(BashCompletion, OffersFilesWhereAFileStands) {
  EXPECT_EQ(Offered("coppice tune s"), (Words{"spec.json", "studies"}));
  EXPECT_EQ(Offered("coppice predict titanic ro"), Words{"rows.csv"});
  EXPECT_EQ(Offered("coppice init --data ro"), Words{"rows.csv"});
  EXPECT_EQ(Offered("coppice retrain titanic -o sp"), Words{"spec.json"});
}

// The value of a flag is no word of the verb.
TEST_F(BashCompletion, CountsWordsByPosition) {
  EXPECT_EQ(Offered("coppice predict --kind leaf titanic ro"), Words{"rows.csv"});
  EXPECT_EQ(Offered("coppice show titanic 1"), Words{});
}

}  // namespace
}  // namespace coppice::cli_tests
