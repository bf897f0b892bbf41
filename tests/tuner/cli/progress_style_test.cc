#include "tuner/cli/progress_style.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace coppice::tuner {
namespace {

TEST(ProgressStyle, IsLiveOnATerminalAndPlainElsewhere) {
  EXPECT_EQ(ChooseProgress("", "", true, false), ProgressStyle::kLive);
  EXPECT_EQ(ChooseProgress("auto", "", true, false), ProgressStyle::kLive);
  EXPECT_EQ(ChooseProgress("", "", false, false), ProgressStyle::kPlain);
}

TEST(ProgressStyle, TakesTheFlagBeforeTheEnvironment) {
  EXPECT_EQ(ChooseProgress("plain", "json", true, false), ProgressStyle::kPlain);
  EXPECT_EQ(ChooseProgress("auto", "none", true, false), ProgressStyle::kLive);
  EXPECT_EQ(ChooseProgress("", "json", true, false), ProgressStyle::kJson);
  EXPECT_EQ(ChooseProgress("none", "nonsense", true, false), ProgressStyle::kNone);
}

TEST(ProgressStyle, IsNoneForTheQuiet) {
  EXPECT_EQ(ChooseProgress("", "", true, true), ProgressStyle::kNone);
  EXPECT_EQ(ChooseProgress("json", "", true, true), ProgressStyle::kNone);
}

TEST(ProgressStyle, RefusesAWordOfTheEnvironmentThatIsNone) {
  try {
    ChooseProgress("", "jsn", true, false);
    FAIL() << "it was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_EQ(error.findings().front().message, "`COPPICE_PROGRESS` cannot be `jsn`");
    EXPECT_EQ(error.findings().front().hint, "did you mean `json`?");
  }
}

}  // namespace
}  // namespace coppice::tuner
