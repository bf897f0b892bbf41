// The examples that are programs of their own, run as a reader would run them.

#include <gtest/gtest.h>

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
                   examples + "03_suggest.json"};
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

}  // namespace
}  // namespace coppice::cli_tests
