#include "tuner/run/trial_runner.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/tuner/run/small_study.h"
#include "tuner/run/run_study.h"

namespace coppice::tuner {
namespace {

using study::Completed;
using study::Failed;
using study::FailureKind;
using study::TrialId;
using testing::ByFiles;
using testing::ByFolds;
using testing::SmallStudy;

// Predictions are floats.
constexpr double kNear = 1e-6;

TrialResult RunOf(const SmallStudy& small, int trial = 0) {
  return RunTrial(small.Context(), {TrialId{trial}, small.spec.DefaultConfiguration()}, {});
}

Completed CompletedOf(const TrialResult& result) {
  const auto* completed = std::get_if<Completed>(&result.outcome);
  if (completed != nullptr) return *completed;
  const auto* failed = std::get_if<Failed>(&result.outcome);
  ADD_FAILURE() << (failed == nullptr ? "cancelled" : failed->reason);
  return {};
}

Failed FailedOf(const TrialResult& result) {
  const auto* failed = std::get_if<Failed>(&result.outcome);
  if (failed != nullptr) return *failed;
  ADD_FAILURE() << "the trial did not fail";
  return {};
}

TEST(RunTrial, ScoresTheBestRoundOfTheValidationRows) {
  const Completed completed = CompletedOf(RunOf(ByFiles()));
  EXPECT_NEAR(completed.score, 0.05, kNear);
  EXPECT_EQ(completed.best_round, 1);
  EXPECT_EQ(completed.rounds, 10);
  EXPECT_EQ(completed.std_error, std::nullopt) << "one fold has no spread";
}

TEST(RunTrial, KeepsTheWholeCurve) {
  const TrialResult result = RunOf(ByFiles({{"train.num_round", "3"}}));
  ASSERT_EQ(result.curves.size(), 1U);
  EXPECT_EQ(result.curves[0].fold, 0);
  EXPECT_EQ(result.curves[0].part, "validation");
  EXPECT_EQ(result.curves[0].metric, "mae");
  ASSERT_EQ(result.curves[0].values.size(), 3U);
  EXPECT_NEAR(result.curves[0].values[0], 0.05, kNear);
  EXPECT_NEAR(result.curves[0].values[1], 0.075, kNear);
  EXPECT_NEAR(result.curves[0].values[2], 0.1375, kNear);
}

TEST(RunTrial, CostsWhatItsCountedRoundsDoWhateverElseWasTrained) {
  const Completed three = CompletedOf(RunOf(ByFiles({{"train.num_round", "3"}})));
  const Completed ten = CompletedOf(RunOf(ByFiles({{"train.num_round", "10"}})));
  const Completed stopped = CompletedOf(
      RunOf(ByFiles({{"train.num_round", "10"}, {"train.early_stopping_rounds", "2"}})));
  ASSERT_EQ(stopped.rounds, 3);
  EXPECT_GT(*three.cost, 0);
  EXPECT_GT(*ten.cost, 3 * *three.cost);
  EXPECT_EQ(*stopped.cost, *three.cost);
}

TEST(RunTrial, RecordsFurtherMetricsBehindTheObjectives) {
  const TrialResult result = RunOf(ByFiles({{"train.num_round", "1"}, {"metrics", R"(["rmse"])"}}));
  ASSERT_EQ(result.curves.size(), 2U);
  EXPECT_EQ(result.curves[0].metric, "mae");
  EXPECT_EQ(result.curves[1].metric, "rmse");
  EXPECT_NEAR(result.curves[1].values.at(0), std::sqrt(0.1 * 0.1 / 2), kNear);
}

TEST(RunTrial, AveragesTheFoldsAndTakesTheirSpread) {
  const SmallStudy small = ByFolds({{"train.num_round", "3"}});
  const TrialResult result = RunOf(small);
  const Completed completed = CompletedOf(result);
  EXPECT_NEAR(completed.score, 0.5 * 0.125, kNear);
  EXPECT_EQ(completed.best_round, 3);
  ASSERT_TRUE(completed.std_error);
  // The folds have 0.09375 and 0.03125: half their difference.
  EXPECT_NEAR(*completed.std_error, 0.03125, kNear);
  ASSERT_EQ(result.curves.size(), 2U);
  EXPECT_NEAR(result.curves[0].values.at(0), 0.375, kNear);
  EXPECT_NEAR(result.curves[1].values.at(0), 0.125, kNear);
}

TEST(RunTrial, StopsSoManyRoundsBehindTheBestOne) {
  const TrialResult result = RunOf(ByFiles({{"train.early_stopping_rounds", "2"}}));
  const Completed completed = CompletedOf(result);
  EXPECT_EQ(completed.best_round, 1);
  EXPECT_EQ(completed.rounds, 3);
  EXPECT_EQ(result.curves.at(0).values.size(), 3U) << "rounds beyond the stop do not count";
}

TEST(RunTrial, GoesOnAsLongAsTheScoreGetsBetter) {
  const Completed completed = CompletedOf(RunOf(ByFolds({{"train.early_stopping_rounds", "2"}})));
  EXPECT_EQ(completed.best_round, 10);
  EXPECT_EQ(completed.rounds, 10);
}

// The best round is the first, so patience lasts for ten more; 10 + 3 x 10 / 10 behind round 10.
TEST(RunTrial, HasPatienceByTheBestRoundUnlessTheSpecSaysRounds) {
  EXPECT_EQ(CompletedOf(RunOf(ByFiles({{"train.num_round", "50"}}))).rounds, 11);
  EXPECT_EQ(
      CompletedOf(RunOf(ByFiles({{"train.num_round", "50"}, {"train.early_stopping_rounds", "0"}})))
          .rounds,
      50);
  EXPECT_EQ(
      CompletedOf(RunOf(ByFiles({{"train.num_round", "50"}, {"prune.patience", "fixed"}}))).rounds,
      50);
}

TEST(RunTrial, IsPrunedWhereItsStopTestSaysSo) {
  strategies::Pruner pruner(strategies::MakeMedianRule({2, 1}, study::Goal::kMinimize));
  pruner.Tell({TrialId{0}, study::TrialState::kCompleted, {}, {0.01, 0.01, 0.01, 0.01}});
  const SmallStudy small = ByFiles();
  const TrialResult result = RunTrial(small.Context(),
                                      {TrialId{1}, small.spec.DefaultConfiguration(),
                                       pruner.TestFor(small.spec.DefaultConfiguration())},
                                      {});
  const auto* pruned = std::get_if<study::Pruned>(&result.outcome);
  ASSERT_NE(pruned, nullptr);
  EXPECT_NEAR(pruned->result.score, 0.05, kNear);
  EXPECT_EQ(pruned->result.best_round, 1);
  EXPECT_EQ(pruned->result.rounds, 2);
  EXPECT_TRUE(pruned->reason.starts_with("At round 2 the score ")) << pruned->reason;
  ASSERT_EQ(result.curves.size(), 1U);
  EXPECT_EQ(result.curves[0].values.size(), 2U);
}

TEST(RunTrial, CompletesInItsLastRoundWhateverItsStopTestSays) {
  strategies::Pruner pruner(strategies::MakeMedianRule({2, 1}, study::Goal::kMinimize));
  pruner.Tell({TrialId{0}, study::TrialState::kCompleted, {}, {0.01, 0.01}});
  const SmallStudy small = ByFiles({{"train.num_round", "2"}});
  const TrialResult result = RunTrial(small.Context(),
                                      {TrialId{1}, small.spec.DefaultConfiguration(),
                                       pruner.TestFor(small.spec.DefaultConfiguration())},
                                      {});
  EXPECT_EQ(CompletedOf(result).rounds, 2);
}

// Says from the first fold alone, at `stop_at` of its rounds or, at 0, never, that 2 is expected.
class FirstFoldRule : public strategies::PruneRule {
 public:
  explicit FirstFoldRule(std::size_t stop_at) : stop_at_(stop_at) {}
  bool LooksAt(std::size_t) const override { return true; }
  std::optional<std::string> Stop(const strategies::EndedCurves&, const study::Configuration&,
                                  std::span<const double>) const override {
    return std::nullopt;
  }
  bool RacesFolds(const strategies::EndedCurves&) const override { return true; }
  std::optional<strategies::FoldVerdict> StopFolds(const strategies::EndedCurves&,
                                                   const study::Configuration&,
                                                   std::span<const double> loss,
                                                   bool has_ended) const override {
    EXPECT_EQ(has_ended, loss.size() == 10);
    if (loss.size() != stop_at_) return std::nullopt;
    return strategies::FoldVerdict{2, 0.25, "hopeless"};
  }

 private:
  std::size_t stop_at_;
};

TrialResult RacedRun(const SmallStudy& small, std::size_t stop_at) {
  const strategies::Pruner pruner(std::make_unique<FirstFoldRule>(stop_at));
  const study::Configuration configuration = small.spec.DefaultConfiguration();
  return RunTrial(small.Context(), {TrialId{1}, configuration, pruner.TestFor(configuration)}, {});
}

TEST(RunTrial, IsPrunedInItsFirstFoldBeforeTheOthersBegin) {
  for (std::size_t stop_at : {3, 10}) {
    const TrialResult result = RacedRun(ByFolds(), stop_at);
    const auto* pruned = std::get_if<study::Pruned>(&result.outcome);
    ASSERT_NE(pruned, nullptr);
    EXPECT_EQ(pruned->reason, "hopeless");
    EXPECT_EQ(pruned->result.score, 2) << "what is expected of all folds";
    EXPECT_EQ(pruned->result.std_error, 0.25);
    EXPECT_EQ(pruned->result.rounds, static_cast<int>(stop_at));
    EXPECT_EQ(pruned->result.best_round, static_cast<int>(stop_at));
    ASSERT_EQ(result.curves.size(), 1U);
    EXPECT_EQ(result.curves[0].fold, 0);
    EXPECT_EQ(result.curves[0].values.size(), stop_at);
  }
}

TEST(RunTrial, ComesToTheSameWhenItsFirstFoldGoesAhead) {
  for (const char* patience : {"0", "2"}) {
    const SmallStudy small = ByFolds({{"train.early_stopping_rounds", patience}});
    const TrialResult together = RunOf(small);
    const TrialResult raced = RacedRun(small, 0);
    EXPECT_EQ(CompletedOf(raced).score, CompletedOf(together).score);
    EXPECT_EQ(CompletedOf(raced).std_error, CompletedOf(together).std_error);
    EXPECT_EQ(CompletedOf(raced).best_round, CompletedOf(together).best_round);
    EXPECT_EQ(CompletedOf(raced).rounds, CompletedOf(together).rounds);
    EXPECT_EQ(raced.curves, together.curves);
  }
}

// In one go, in stints with the trial parked in memory or on the disk, and in stints that each
// begin anew.
TEST(RunTrial, ComesToTheSameInStints) {
  const SmallStudy small = ByFolds();
  const auto request = [&](int rounds) {
    return TrialRequest{TrialId{0}, small.spec.DefaultConfiguration(), nullptr, rounds};
  };
  const TrialResult whole = RunTrial(small.Context(), request(0), {});
  const auto come_to_the_same = [&](TrialParking& parking, std::size_t in_memory) {
    const TrialResult first = RunTrial(small.Context(), request(3), {}, &parking);
    const auto* paused = std::get_if<study::Paused>(&first.outcome);
    ASSERT_NE(paused, nullptr);
    EXPECT_EQ(paused->result.rounds, 3);
    EXPECT_EQ(first.curves.at(0).values.size(), 3U);
    EXPECT_EQ(parking.size(), in_memory);
    const TrialResult rest = RunTrial(small.Context(), request(0), {}, &parking);
    EXPECT_EQ(rest.curves, whole.curves);
    EXPECT_EQ(CompletedOf(rest).score, CompletedOf(whole).score);
    EXPECT_EQ(parking.size(), 0U);
  };
  RealFileSystem disk;
  TrialParking memory({1 << 20, 0}, "", disk);
  come_to_the_same(memory, 1);
  TrialParking folder({0, 1 << 20}, small.folder.File("parked"), disk);
  come_to_the_same(folder, 0);
  TrialParking nowhere({0, 0}, "", disk);
  come_to_the_same(nowhere, 0);
}

// Trips a token at the n-th look at it.
class TrippingClock : public Clock {
 public:
  TrippingClock(CancelToken& token, int after) : token_(token), left_(after) {}
  double Now() const override {
    ++looks;
    if (--left_ == 0) token_.Cancel();
    return 0;
  }
  double WallTime() const override { return 0; }

  mutable int looks = 0;

 private:
  CancelToken& token_;
  mutable int left_;
};

// The clock is read at the begin, after each step, and at the end.
TEST(RunTrial, GoesOnWhereItWasCancelled) {
  const strategies::Pruner pruner(std::make_unique<FirstFoldRule>(0));
  for (const bool races : {false, true}) {
    const SmallStudy small = ByFolds({{"train.num_round", "10"}});
    const study::Configuration configuration = small.spec.DefaultConfiguration();
    const TrialRequest request{TrialId{0}, configuration,
                               races ? pruner.TestFor(configuration) : nullptr};
    CancelToken never;
    const TrippingClock whole_clock(never, 0);
    const TrialResult whole = RunTrial(small.Context(whole_clock), request, never);
    for (int look = 3; look <= (races ? 5 : 3); ++look) {
      RealFileSystem disk;
      TrialParking parking({1 << 20, 0}, "", disk);
      CancelToken interrupt;
      const TrippingClock tripping(interrupt, look);
      const TrialResult cut = RunTrial(small.Context(tripping), request, interrupt, &parking);
      ASSERT_TRUE(std::holds_alternative<study::Cancelled>(cut.outcome)) << look;
      ASSERT_EQ(parking.size(), 1U);
      const TrippingClock rest_clock(never, 0);
      const TrialResult rest = RunTrial(small.Context(rest_clock), request, never, &parking);
      EXPECT_EQ(rest.curves, whole.curves) << look;
      EXPECT_EQ(CompletedOf(rest).score, CompletedOf(whole).score);
      EXPECT_EQ(CompletedOf(rest).rounds, CompletedOf(whole).rounds);
      EXPECT_LT(rest_clock.looks, whole_clock.looks) << "rounds are repeated";
    }
  }
}

// After the first step, and at the end of its rounds, which nobody has looked at by then.
TEST(RunTrial, EndsItsRaceAsItWouldHaveHadItNotBeenCancelled) {
  const strategies::Pruner pruner(std::make_unique<FirstFoldRule>(10));
  const SmallStudy small = ByFolds({{"train.num_round", "10"}});
  const study::Configuration configuration = small.spec.DefaultConfiguration();
  const TrialRequest request{TrialId{0}, configuration, pruner.TestFor(configuration)};
  for (const int look : {3, 4}) {
    RealFileSystem disk;
    TrialParking parking({1 << 20, 0}, "", disk);
    CancelToken interrupt;
    const TrippingClock tripping(interrupt, look);
    RunTrial(small.Context(tripping), request, interrupt, &parking);
    ASSERT_EQ(parking.size(), 1U) << look;
    const TrialResult rest = RunTrial(small.Context(), request, {}, &parking);
    EXPECT_TRUE(std::holds_alternative<study::Pruned>(rest.outcome)) << look;
  }
}

// Sees what stands on a board whenever somebody asks for the time: at the begin, after each step,
// and at the end.
class ReadingClock : public Clock {
 public:
  explicit ReadingClock(const RoundBoard& board) : board_(board) {}
  double Now() const override {
    for (const RoundReport& report : board_.Read()) seen.push_back(report);
    return 0;
  }
  double WallTime() const override { return 0; }

  mutable std::vector<RoundReport> seen;

 private:
  const RoundBoard& board_;
};

// Steps of 8 and 2 rounds: in the second the score is that of the first.
TEST(RunTrial, SaysOnTheBoardHowFarItIs) {
  const SmallStudy small = ByFolds({{"train.num_round", "10"}});
  const TrialRequest request{TrialId{3}, small.spec.DefaultConfiguration()};
  RoundBoard board;
  const ReadingClock clock(board);
  const TrialResult result = RunTrial({small.spec, small.data, clock, &board}, request, {});
  ASSERT_GE(clock.seen.size(), 2U);
  const RoundReport& before = clock.seen.front();
  EXPECT_EQ(before.trial, TrialId{3});
  EXPECT_EQ(before.round, 8);
  EXPECT_EQ(before.rounds, 10);
  EXPECT_EQ(before.folds, 2);
  EXPECT_EQ(before.n_folds, 2);
  EXPECT_FALSE(before.is_rung);
  EXPECT_FALSE(before.score);
  const RoundReport& last = clock.seen.back();
  EXPECT_EQ(last.round, 10);
  ASSERT_TRUE(last.score);
  EXPECT_NEAR(*last.score, 0.5 / 256, kNear);
  EXPECT_NEAR(*last.best_score, 0.5 / 256, kNear);
  EXPECT_TRUE(board.Read().empty()) << "the trial has ended";
  EXPECT_EQ(result.curves, RunTrial(small.Context(), request, {}).curves);
}

TEST(RunTrial, SaysOnTheBoardThatItsFirstFoldGoesAhead) {
  const SmallStudy small = ByFolds({{"train.num_round", "10"}});
  const strategies::Pruner pruner(std::make_unique<FirstFoldRule>(0));
  const study::Configuration configuration = small.spec.DefaultConfiguration();
  const TrialRequest request{TrialId{0}, configuration, pruner.TestFor(configuration)};
  RoundBoard board;
  const ReadingClock clock(board);
  RunTrial({small.spec, small.data, clock, &board}, request, {});
  std::vector<std::pair<int, int>> steps;  // folds and rounds
  for (const RoundReport& report : clock.seen) {
    const std::pair<int, int> step(report.folds, report.round);
    if (steps.empty() || steps.back() != step) steps.push_back(step);
  }
  EXPECT_EQ(steps, (std::vector<std::pair<int, int>>{{1, 8}, {1, 10}, {2, 8}, {2, 10}}));
}

TEST(RunTrial, DoesNotTakeUpWhatAnotherConfigurationCameTo) {
  const SmallStudy small = ByFolds();
  RealFileSystem disk;
  TrialParking parking({1 << 20, 0}, "", disk);
  const study::Configuration first({{"gamma", Value(0.05)}});
  RunTrial(small.Context(), {TrialId{0}, first, nullptr, 3}, {}, &parking);
  const std::string state = parking.Take(TrialId{0}).value();
  parking.Park(TrialId{0}, state, 1);
  const study::Configuration second({{"gamma", Value(0.01)}});
  const TrialResult result = RunTrial(small.Context(), {TrialId{0}, second}, {}, &parking);
  EXPECT_EQ(result.curves, RunTrial(small.Context(), {TrialId{0}, second}, {}).curves);
}

TEST(RunTrial, BeginsAnewWhereTheStateIsOfAnotherFormat) {
  const SmallStudy small = ByFolds();
  const TrialRequest request{TrialId{0}, small.spec.DefaultConfiguration()};
  CancelToken never;
  const auto looks_from = [&](bool other_format) {
    RealFileSystem disk;
    TrialParking parking({1 << 20, 0}, "", disk);
    RunTrial(small.Context(), {request.trial, request.configuration, nullptr, 9}, never, &parking);
    std::string state = parking.Take(TrialId{0}).value();
    if (other_format) ++state[0];
    parking.Park(TrialId{0}, state, 1);
    const TrippingClock clock(never, 0);
    EXPECT_EQ(CompletedOf(RunTrial(small.Context(clock), request, never, &parking)).rounds, 10);
    return clock.looks;
  };
  EXPECT_GT(looks_from(true), looks_from(false)) << "nine rounds are two steps";
}

TEST(RunTrial, IsCompleteWhenItsRoundsAreThoseThatItMayHave) {
  const SmallStudy small = ByFiles();
  const TrialResult result =
      RunTrial(small.Context(), {TrialId{0}, small.spec.DefaultConfiguration(), nullptr, 10}, {});
  EXPECT_EQ(CompletedOf(result).rounds, 10);
}

TEST(RunTrial, EndsAsCancelledWhenAsked) {
  const SmallStudy small = ByFiles();
  CancelToken cancel;
  cancel.Cancel();
  const TrialResult result =
      RunTrial(small.Context(), {TrialId{4}, small.spec.DefaultConfiguration()}, cancel);
  EXPECT_EQ(result.trial, TrialId{4});
  EXPECT_TRUE(std::holds_alternative<study::Cancelled>(result.outcome));
}

// Each look at it is ten seconds after the one before.
class SlowClock : public Clock {
 public:
  double Now() const override { return now_ += 10; }
  double WallTime() const override { return now_; }

 private:
  mutable double now_ = 0;
};

TEST(RunTrial, FailsWhenItsTimeIsUp) {
  const SmallStudy small = ByFiles({{"limits.trial_seconds", "5"}});
  const SlowClock clock;
  const Failed failed =
      FailedOf(RunTrial(small.Context(clock), {TrialId{0}, small.spec.DefaultConfiguration()}, {}));
  EXPECT_EQ(failed.kind, FailureKind::kTimeout);
  EXPECT_EQ(failed.reason, "over `limits.trial_seconds` (5 s) after 0 rounds");
}

TEST(RunTrial, FailsWithAScoreThatIsNotANumber) {
  const SmallStudy one_class(
      R"({"coppice": 1, "name": "small",
          "data": {"train": "train.csv", "validation": "valid.csv", "label": "y"},
          "train": {"objective": "binary:logistic"}, "objective": {"metric": "auc"}})",
      {{"train.csv", "y,x\n0,0\n0,0\n1,1\n1,1\n"}, {"valid.csv", "y,x\n1,0\n1,1\n"}});
  const Failed failed = FailedOf(RunOf(one_class));
  EXPECT_EQ(failed.kind, FailureKind::kBadMetric);
  EXPECT_EQ(failed.reason, "`auc` is not a number at round 1");
}

TEST(RunTrial, FailsOnDataThatDoesNotFit) {
  const SmallStudy huge(
      R"({"coppice": 1, "name": "small",
          "data": {"train": "train.csv", "validation": "valid.csv", "label": "y", "weight": "w"},
          "train": {"base_score": 0}})",
      {{"train.csv", "y,w,x\n-3e38,1e20,0\n3e38,1e20,1\n"}, {"valid.csv", "y,w,x\n0,1,0\n"}});
  const Failed failed = FailedOf(RunOf(huge));
  EXPECT_EQ(failed.kind, FailureKind::kBadData);
  EXPECT_NE(failed.reason.find("gradients of round 1"), std::string::npos) << failed.reason;
}

// Samples half of the rows, so that the score depends on the draw.
SmallStudy Sampled(const std::map<std::string, std::string>& overrides = {}) {
  return SmallStudy(R"({"coppice": 1, "name": "small", "data": {"train": "t.csv", "label": "y"},
                        "split": {"kind": "cv", "folds": 3},
                        "train": {"num_round": 5, "subsample": 0.5}, "seed": 7})",
                    {{"t.csv", testing::NoisyTable()}}, overrides);
}

TEST(RunTrial, DrawsOtherSamplesInEachTrial) {
  const SmallStudy small = Sampled();
  EXPECT_NE(CompletedOf(RunOf(small, 0)).score, CompletedOf(RunOf(small, 1)).score);
  EXPECT_EQ(CompletedOf(RunOf(small, 1)).score, CompletedOf(RunOf(small, 1)).score);
}

// The folds of the first repeat are those of a study without.
TEST(RunTrial, AveragesTheFoldsOfAllRepeats) {
  const TrialResult once = RunOf(Sampled());
  const TrialResult thrice = RunOf(Sampled({{"split.repeats", "3"}}));
  ASSERT_EQ(once.curves.size(), 3U);
  ASSERT_EQ(thrice.curves.size(), 9U);
  std::vector<double> last;
  double sum = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(thrice.curves[i].fold, static_cast<int>(i));
    if (i < 3) {
      EXPECT_EQ(thrice.curves[i].values, once.curves[i].values);
    }
    last.push_back(
        thrice.curves[i].values[static_cast<std::size_t>(CompletedOf(thrice).best_round - 1)]);
    sum += last.back();
  }
  const Completed completed = CompletedOf(thrice);
  EXPECT_NEAR(completed.score, sum / 9, 1e-12);
  double squares = 0;
  for (const double score : last) squares += (score - sum / 9) * (score - sum / 9);
  // The spread of nine, but the error of a mean over three.
  EXPECT_NEAR(*completed.std_error, std::sqrt(squares / 8 / 3), 1e-12);
}

TEST(StdErrorOf, DoesNotFallWithRepeatsOfTheSameRows) {
  trainer::SplitSpec split;
  split.folds = 2;
  EXPECT_EQ(StdErrorOf(std::vector<double>{1}, 1, split), std::nullopt);
  // Squares of 1 and 1 over 1, over two folds.
  EXPECT_DOUBLE_EQ(*StdErrorOf(std::vector<double>{1, 3}, 2, split), 1);
  // Four squares of 1 over 3, over two folds.
  split.repeats = 2;
  EXPECT_DOUBLE_EQ(*StdErrorOf(std::vector<double>{1, 3, 3, 1}, 2, split), std::sqrt(2.0 / 3));
}

TEST(SetupOf, CorrectsErrorsForRowsThatFoldsHaveInCommon) {
  // A mean over R repeats of K folds varies by 1/(R K) + 1/(K - 1), where an error says 1/K.
  Spec spec;
  spec.split.folds = 5;
  EXPECT_DOUBLE_EQ(SetupOf(spec, nullptr).error_factor, 1.5);
  spec.split.repeats = 4;
  EXPECT_DOUBLE_EQ(SetupOf(spec, nullptr).error_factor, std::sqrt(5 * (1.0 / 20 + 1.0 / 4)));
  spec.split = {};
  spec.split.kind = trainer::SplitKind::kHoldout;
  EXPECT_EQ(SetupOf(spec, nullptr).error_factor, 1);
}

TEST(RunTrial, WithTheSeedOfAnotherTrialDrawsAsThatOneDid) {
  const TrialResult third = RunOf(Sampled(), 3);
  const TrialResult again = RunOf(Sampled({{"train.seed", "10"}}), 0);
  EXPECT_EQ(CompletedOf(third).score, CompletedOf(again).score);
  EXPECT_EQ(third.curves, again.curves);
}

TEST(TrialSeed, IsTheSpecsPlusTheTrialAndStaysLegal) {
  EXPECT_EQ(TrialSeed(7, TrialId{0}), 7U);
  EXPECT_EQ(TrialSeed(7, TrialId{3}), 10U);
  EXPECT_EQ(TrialSeed(9223372036854774784U, TrialId{0}), 9223372036854774784U);
  EXPECT_EQ(TrialSeed(9223372036854774784U, TrialId{1}), 0U);
}

TEST(MeanCurve, IsTheMeanOverFoldsOfOneMetric) {
  const std::vector<study::Curve> curves = {{0, "validation", "mae", {1, 2}},
                                            {0, "validation", "rmse", {9, 9}},
                                            {0, "train", "mae", {9, 9}},
                                            {1, "validation", "mae", {3, 6}}};
  EXPECT_EQ(MeanCurve(curves, "mae"), (std::vector<double>{2, 4}));
  EXPECT_EQ(MeanCurve(curves, "auc"), std::vector<double>());
}

TEST(BestRound, IsTheFirstOfTheBestAndPassesOverWhatIsNotANumber) {
  const double nan = std::nan("");
  EXPECT_EQ(BestRound({nan, 2, 1, 1, 3}, study::Goal::kMinimize), 3);
  EXPECT_EQ(BestRound({2, nan, 3, 3}, study::Goal::kMaximize), 3);
  EXPECT_EQ(BestRound({nan}, study::Goal::kMinimize), 0);
  EXPECT_EQ(BestRound({}, study::Goal::kMinimize), 0);
}

TEST(MetricsOf, NamesEachOnceWithTheObjectivesFirst) {
  Spec spec;
  spec.metric = "auc";
  spec.metrics = {"logloss", "auc", "error"};
  EXPECT_EQ(MetricsOf(spec), (std::vector<std::string>{"auc", "logloss", "error"}));
}

}  // namespace
}  // namespace coppice::tuner
