#include "strategies/study/event.h"
#include "base/json.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "base/error.h"

namespace coppice::study {
namespace {

const double kInfinity = std::numeric_limits<double>::infinity();
const double kNaN = std::numeric_limits<double>::quiet_NaN();

// Through the text of the log.
StudyEvent Copy(const StudyEvent& event) {
  return EventFromJson(KindOf(event), Json::parse(ToJson(event).dump()));
}

// Equal to the last bit; one NaN is as good as another.
bool SameBits(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

TEST(StudyEvent, OfCreationKeepsConfigurationAndOrigin) {
  const TrialCreated created{
      TrialId{3}, Configuration({{"eta", 0.1 + 0.2}, {"depth", std::int64_t{4}}}), "sobol point 3"};
  EXPECT_EQ(KindOf(created), "trial_created");
  EXPECT_EQ(TrialOf(created), TrialId{3});
  const auto copy = std::get<TrialCreated>(Copy(created));
  EXPECT_EQ(copy.trial, created.trial);
  EXPECT_EQ(copy.configuration, created.configuration);
  EXPECT_EQ(copy.origin, created.origin);
  EXPECT_FALSE(copy.expected_gain);
}

TEST(StudyEvent, OfCreationKeepsWhatWasExpectedToTheLastBit) {
  TrialCreated created{TrialId{3}, Configuration({{"eta", 0.5}}), "model"};
  for (const double gain : {0.1 + 0.2, 0.0, kInfinity}) {
    created.expected_gain = gain;
    const auto copy = std::get<TrialCreated>(Copy(created));
    ASSERT_TRUE(copy.expected_gain);
    EXPECT_TRUE(SameBits(*copy.expected_gain, gain));
  }
}

TEST(StudyEvent, OfCreationKeepsByWhichTrialItDrawsItsSamples) {
  TrialCreated created{TrialId{3}, Configuration({{"eta", 0.5}}), "trial 7 of before"};
  EXPECT_FALSE(std::get<TrialCreated>(Copy(created)).seed_trial);
  created.seed_trial = 7;
  EXPECT_EQ(std::get<TrialCreated>(Copy(created)).seed_trial, 7);
}

TEST(StudyEvent, OfAChangeKeepsItsFieldsInOrder) {
  const StudyChanged change{{{"stop.target", "0.5"}, {"search.eta", R"({"type":"float"})"}}};
  EXPECT_EQ(KindOf(change), "study_changed");
  EXPECT_EQ(TrialOf(change), std::nullopt);
  EXPECT_EQ(std::get<StudyChanged>(Copy(change)).fields, change.fields);
  EXPECT_THROW(EventFromJson("study_changed", Json::parse(R"({"fields": [["stop.target"]]})")),
               Error);
}

TEST(StudyEvent, OfAConfirmationKeepsEveryNumber) {
  const TrialConfirmed confirmed{TrialId{4}, {0.1 + 0.2, 1e-17, {0.25, 5e-324}, 2.5}};
  EXPECT_EQ(KindOf(confirmed), "trial_confirmed");
  EXPECT_EQ(TrialOf(confirmed), TrialId{4});
  EXPECT_EQ(std::get<TrialConfirmed>(Copy(confirmed)).result, confirmed.result);
  const TrialConfirmed one_fold{TrialId{4}, ConfirmationOf({0.5}, 1)};
  EXPECT_FALSE(std::get<TrialConfirmed>(Copy(one_fold)).result.std_error);
}

TEST(StudyEvent, IsAnObjectEvenWithASingleMember) {
  EXPECT_EQ(ToJson(StudyEvent(TrialStarted{TrialId{7}})).dump(), R"({"trial":7})");
}

TEST(StudyEvent, OfStartAndRequeueReadBack) {
  EXPECT_EQ(std::get<TrialStarted>(Copy(TrialStarted{TrialId{7}})).trial, TrialId{7});
  const auto copy = std::get<TrialRequeued>(Copy(TrialRequeued{TrialId{8}, "its process died"}));
  EXPECT_EQ(copy.trial, TrialId{8});
  EXPECT_EQ(copy.reason, "its process died");
}

TEST(StudyEvent, OfCompletionKeepsEveryNumber) {
  const double awkward = std::nextafter(0.1, 1.0);
  const TrialFinished finished{TrialId{1}, Completed{awkward, 1e-17, 12, 40, awkward}, {}, 5e-324};
  EXPECT_EQ(KindOf(finished), "trial_finished");
  const auto copy = std::get<TrialFinished>(Copy(finished));
  const auto outcome = std::get<Completed>(copy.outcome);
  EXPECT_TRUE(SameBits(outcome.score, awkward));
  ASSERT_TRUE(outcome.std_error.has_value());
  EXPECT_TRUE(SameBits(*outcome.std_error, 1e-17));
  EXPECT_EQ(outcome.best_round, 12);
  EXPECT_EQ(outcome.rounds, 40);
  ASSERT_TRUE(outcome.cost.has_value());
  EXPECT_TRUE(SameBits(*outcome.cost, awkward));
  EXPECT_TRUE(SameBits(copy.seconds, 5e-324));
}

TEST(StudyEvent, OfCompletionTellsAnAbsentErrorFromAnUndefinedOne) {
  const TrialFinished absent{TrialId{1}, Completed{0.5, std::nullopt, 1, 1}, {}, 1};
  EXPECT_FALSE(std::get<Completed>(std::get<TrialFinished>(Copy(absent)).outcome).std_error);
  const TrialFinished undefined{TrialId{1}, Completed{0.5, kNaN, 1, 1}, {}, 1};
  const auto copy = std::get<Completed>(std::get<TrialFinished>(Copy(undefined)).outcome);
  ASSERT_TRUE(copy.std_error.has_value());
  EXPECT_TRUE(std::isnan(*copy.std_error));
}

TEST(StudyEvent, OfAProposalKeepsWhatWasExpected) {
  TrialCreated created{TrialId{9}, {}, "bayesian, from 5 trials"};
  created.expectation = Expectation{5, 2, 0.1, 0.01, 0.2, -0.3, TrialId{4}, 0.75, 0.5, 0.25};
  EXPECT_EQ(std::get<TrialCreated>(Copy(created)).expectation, created.expectation);
  // All outcomes alike, and costs that do not count.
  created.expectation = Expectation{5, 0, {}, {}, {}, {}, TrialId{0}, 1, {}, 0};
  EXPECT_EQ(std::get<TrialCreated>(Copy(created)).expectation, created.expectation);
}

TEST(StudyEvent, OfFailureAndCancellationKeepTheReason) {
  const TrialFinished failed{TrialId{1}, Failed{FailureKind::kBadMetric, "auc is NaN"}, {}, 1};
  const auto failure = std::get<Failed>(std::get<TrialFinished>(Copy(failed)).outcome);
  EXPECT_EQ(failure.kind, FailureKind::kBadMetric);
  EXPECT_EQ(failure.reason, "auc is NaN");
  const TrialFinished pruned{TrialId{1}, Pruned{{0.5, 0.25, 7, 9}, "hopeless"}, {}, 1};
  const auto copy = std::get<Pruned>(std::get<TrialFinished>(Copy(pruned)).outcome);
  EXPECT_EQ(copy.result.score, 0.5);
  EXPECT_EQ(copy.result.std_error, 0.25);
  EXPECT_EQ(copy.result.best_round, 7);
  EXPECT_EQ(copy.result.rounds, 9);
  EXPECT_FALSE(copy.result.cost.has_value());
  EXPECT_EQ(copy.reason, "hopeless");
  EXPECT_EQ(StateOf(copy), TrialState::kPruned);
  const TrialFinished paused{TrialId{1}, Paused{{0.5, std::nullopt, 7, 9}}, {}, 1};
  EXPECT_EQ(std::get<Paused>(std::get<TrialFinished>(Copy(paused)).outcome).result.rounds, 9);
  const auto created = std::get<TrialCreated>(Copy(TrialCreated{TrialId{1}, {}, "random", 27, 2}));
  EXPECT_EQ(created.rounds, 27);
  EXPECT_EQ(created.passed_turns, 2);
  EXPECT_FALSE(created.expectation.has_value());
  const auto promoted = std::get<TrialPromoted>(Copy(TrialPromoted{TrialId{1}, 81, "rung 2", 3}));
  EXPECT_EQ(promoted.rounds, 81);
  EXPECT_EQ(promoted.reason, "rung 2");
  EXPECT_EQ(promoted.passed_turns, 3);
  const TrialFinished cancelled{TrialId{1}, Cancelled{"the study ended"}, {}, 1};
  EXPECT_EQ(std::get<Cancelled>(std::get<TrialFinished>(Copy(cancelled)).outcome).reason,
            "the study ended");
}

TEST(StudyEvent, KeepsCurvesWithNumbersThatJsonHasNoWordFor) {
  const Curve curve{
      2, "validation", "auc", {0.1 + 0.2, -0.0, kNaN, kInfinity, -kInfinity, 1.0, 1e300, 5e-324}};
  const Curve empty{0, "train", "rmse", {}};
  const TrialFinished finished{TrialId{1}, Cancelled{}, {curve, empty}, 1};
  const auto copy = std::get<TrialFinished>(Copy(finished));
  ASSERT_EQ(copy.curves.size(), 2U);
  EXPECT_EQ(copy.curves[1], empty);
  EXPECT_EQ(copy.curves[0].fold, 2);
  EXPECT_EQ(copy.curves[0].part, "validation");
  EXPECT_EQ(copy.curves[0].metric, "auc");
  ASSERT_EQ(copy.curves[0].values.size(), curve.values.size());
  for (std::size_t i = 0; i < curve.values.size(); ++i) {
    EXPECT_TRUE(SameBits(copy.curves[0].values[i], curve.values[i])) << i;
  }
}

TEST(StudyEvent, WritesNaNAsNullAndInfinitiesAsWords) {
  const TrialFinished finished{
      TrialId{1}, Cancelled{"x"}, {{0, "train", "auc", {kNaN, kInfinity, -kInfinity}}}, 1};
  EXPECT_EQ(ToJson(StudyEvent(finished))["curves"][0]["values"].dump(), R"([null,"inf","-inf"])");
}

TEST(StudyEvent, OfTheStudyReadsBack) {
  using enum StopReason;
  for (StopReason reason :
       {kTrials, kSeconds, kTarget, kNoGain, kFailures, kExhausted, kConverged}) {
    const auto copy = std::get<StudyStopped>(Copy(StudyStopped{reason, "why"}));
    EXPECT_EQ(copy.reason, reason);
    EXPECT_EQ(copy.text, "why");
  }
  const auto extended = std::get<StudyExtended>(Copy(StudyExtended{40, 0.1 + 0.2}));
  EXPECT_EQ(extended.trials, 40);
  EXPECT_TRUE(SameBits(extended.seconds, 0.1 + 0.2));
  EXPECT_EQ(TrialOf(StudyExtended{}), std::nullopt);
  EXPECT_EQ(TrialOf(StudyStopped{}), std::nullopt);
}

class DamagedEvent : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(DamagedEvent, IsAnErrorOfTheStore) {
  const auto& [kind, text] = GetParam();
  try {
    EventFromJson(kind, Json::parse(text));
    FAIL() << text << " was read as " << kind;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kStore);
    EXPECT_FALSE(error.findings().front().hint.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Words, DamagedEvent,
    ::testing::Values(
        std::pair{"trial_born", R"({"trial": 1})"}, std::pair{"trial_started", "{}"},
        std::pair{"trial_started", "[1]"}, std::pair{"trial_started", R"({"trial": -1})"},
        std::pair{"trial_started", R"({"trial": 1.5})"},
        std::pair{"trial_started", R"({"trial": 4294967296})"},
        std::pair{"trial_requeued", R"({"trial": 1, "reason": 2})"},
        std::pair{"trial_created", R"({"trial": 1, "configuration": [], "origin": "x"})"},
        std::pair{"trial_created", R"({"trial": 1, "configuration": {"a": null}, "origin": "x"})"},
        std::pair{"trial_finished", R"({"trial": 1, "outcome": {"state": "running"},
                                        "curves": [], "seconds": 1})"},
        std::pair{"trial_finished", R"({"trial": 1, "outcome": {"state": "cancelled",
                                        "reason": "x"}, "curves": [], "seconds": "long"})"},
        std::pair{"trial_finished", R"({"trial": 1, "outcome": {"state": "cancelled",
                                        "reason": "x"}, "curves": {}, "seconds": 1})"},
        std::pair{"trial_finished", R"({"trial": 1, "outcome": {"state": "cancelled",
                                        "reason": "x"}, "curves": [{"fold": 0, "part": "train",
                                        "metric": "auc", "values": ["x"]}], "seconds": 1})"},
        std::pair{"trial_finished", R"({"trial": 1, "outcome": {"state": "failed",
                                        "failure": "boredom", "reason": "x"}, "curves": [],
                                        "seconds": 1})"},
        std::pair{"study_stopped", R"({"reason": "tired", "text": "x"})"},
        std::pair{"study_extended", R"({"trials": 1, "seconds": true})"},
        std::pair{"trial_confirmed", R"({"trial": 1, "score": 1, "seconds": 1,
                                         "fold_scores": []})"},
        std::pair{"trial_confirmed", R"({"trial": 1, "score": 1, "seconds": 1,
                                         "fold_scores": [1, true]})"}));

}  // namespace
}  // namespace coppice::study
