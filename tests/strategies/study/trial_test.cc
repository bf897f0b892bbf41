#include "strategies/study/trial.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>
#include <vector>

#include "base/error.h"

namespace coppice::study {
namespace {

using enum TrialState;

const std::vector<TrialState> kAll = {kWaiting, kRunning, kPaused,   kCompleted,
                                      kPruned,  kFailed,  kCancelled};

TEST(TrialState, AllowsExactlyTheseTransitions) {
  const std::set<std::pair<TrialState, TrialState>> allowed = {
      {kWaiting, kRunning},   {kWaiting, kCancelled}, {kRunning, kWaiting}, {kRunning, kPaused},
      {kRunning, kCompleted}, {kRunning, kPruned},    {kRunning, kFailed},  {kRunning, kCancelled},
      {kPaused, kWaiting},    {kPaused, kRunning},    {kPaused, kPruned},   {kPaused, kCancelled},
      {kFailed, kWaiting},    {kCancelled, kWaiting},
  };
  for (TrialState from : kAll) {
    for (TrialState to : kAll) {
      EXPECT_EQ(MayBecome(from, to), allowed.contains({from, to}))
          << ToText(from) << " to " << ToText(to);
    }
  }
}

TEST(TrialState, IsLeftWhenFinalOnlyForARetry) {
  for (TrialState from : kAll) {
    if (!IsFinal(from)) continue;
    for (TrialState to : kAll) {
      if (to != kWaiting) {
        EXPECT_FALSE(MayBecome(from, to)) << ToText(from) << " to " << ToText(to);
      }
    }
  }
}

TEST(TrialState, IsFinalWhenTheTrialHasEnded) {
  const std::set<TrialState> final_states = {kCompleted, kPruned, kFailed, kCancelled};
  for (TrialState state : kAll) EXPECT_EQ(IsFinal(state), final_states.contains(state));
}

TEST(TrialState, HasAWordThatReadsBack) {
  std::set<std::string> words;
  for (TrialState state : kAll) {
    EXPECT_EQ(TrialStateFromText(ToText(state)), state);
    words.insert(ToText(state));
  }
  EXPECT_EQ(words, (std::set<std::string>{"waiting", "running", "paused", "completed", "pruned",
                                          "failed", "cancelled"}));
}

TEST(TrialState, RefusesAnUnknownWordAsDamage) {
  try {
    TrialStateFromText("done");
    FAIL() << "`done` is no state";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kStore);
    EXPECT_STREQ(error.what(), "`done` is not a trial's state");
  }
}

TEST(FailureKind, HasAWordThatReadsBack) {
  using enum FailureKind;
  for (FailureKind kind : {kCrash, kTimeout, kMemory, kBadMetric, kBadData}) {
    EXPECT_EQ(FailureKindFromText(ToText(kind)), kind);
  }
  EXPECT_EQ(ToText(kBadMetric), "bad_metric");
  EXPECT_THROW(FailureKindFromText("boredom"), Error);
}

TEST(TrialOutcome, SaysTheStateOfItsTrial) {
  EXPECT_EQ(StateOf(Completed{}), kCompleted);
  EXPECT_EQ(StateOf(Failed{}), kFailed);
  EXPECT_EQ(StateOf(Cancelled{}), kCancelled);
}

}  // namespace
}  // namespace coppice::study
