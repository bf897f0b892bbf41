// The examples that are programs of their own, run as a reader would run them; the specs beside
// them are run by the cases example_*.test.

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/cli/case_file.h"
#include "tests/support/process.h"

namespace coppice::cli_tests {
namespace {

TEST(Examples, SuggestInAShellFindsTheBestPoint) {
  const support::TempFolder folder;
  const std::string examples = std::string(COPPICE_SOURCE_DIR) + "/examples/";
  support::Command command;
  command.words = {"/bin/sh", examples + "suggest.sh", support::ProgramPath(),
                   examples + "08_ask.json"};
  command.folder = folder.path();
  command.environment = {"COPPICE_STORE=" + folder.File("store")};
  const support::Ended ended = support::Run(command);
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const auto answer = nlohmann::json::parse(ended.out);
  EXPECT_EQ(answer.at("done"), true);
  EXPECT_EQ(answer.at("reason"), "The limit of 20 trials is reached.");
  EXPECT_LT(answer.at("best").at("score").get<double>(), 0.01);
  EXPECT_NEAR(answer.at("best").at("config").at("x").get<double>(), 0.3, 0.1);
  EXPECT_NE(ended.err.find("the best so far"), std::string::npos) << ended.err;
}

TEST(Examples, HaveACaseForEverySpec) {
  int n_specs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(COPPICE_SOURCE_DIR "/examples")) {
    if (entry.path().extension() != ".json") continue;
    ++n_specs;
    const std::string case_file = std::string(COPPICE_SOURCE_DIR) + "/tests/cli/example_" +
                                  entry.path().stem().string() + ".test";
    ASSERT_TRUE(std::filesystem::exists(case_file)) << case_file;
    const std::string copied = "== copy examples/" + entry.path().filename().string() + " ";
    EXPECT_NE(support::ReadText(case_file).find(copied), std::string::npos) << case_file;
  }
  EXPECT_GE(n_specs, 8);
}

}  // namespace
}  // namespace coppice::cli_tests
