// What a strategy that learns from losses hears of paused trials.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "strategies/hyperband/forecasting_strategy.h"
#include "strategies/hyperband/rung_forecast.h"
#include "strategies/registry.h"
#include "tests/strategies/ranges.h"

namespace coppice::strategies {
namespace {

using study::Configuration;
using study::FloatSpec;
using study::SearchSpace;
using study::SpaceOf;
using study::ToIndex;
using study::TrialId;
using study::TrialState;
using study::Word;

TEST(RungForecast, KnowsNothingBeforeAnyTrialWentOn) {
  const auto forecasts = ForecastGains({}, 3);
  ASSERT_EQ(forecasts.size(), 3U);
  EXPECT_EQ(forecasts[0].gain, 0);
  EXPECT_FALSE(forecasts[0].variance);
  EXPECT_FALSE(forecasts[1].variance);
  EXPECT_EQ(forecasts[2].gain, 0);
  EXPECT_EQ(forecasts[2].variance, 0);
}

// Rung 1: the mean of -1 and -3, s^2 = 2, times 3/2. Rung 0: the mean of -4 - 2 and -6 - 2, s^2 =
// 2, times 3/2, and 3 behind it.
TEST(RungForecast, AddsUpTheStepsToTheLastRung) {
  const auto forecasts = ForecastGains({{0, 1, -4}, {1, 2, -1}, {0, 1, -6}, {1, 2, -3}}, 3);
  EXPECT_DOUBLE_EQ(forecasts[1].gain, -2);
  EXPECT_DOUBLE_EQ(forecasts[1].variance.value(), 3);
  EXPECT_DOUBLE_EQ(forecasts[0].gain, -7);
  EXPECT_DOUBLE_EQ(forecasts[0].variance.value(), 6);
}

// With -7 straight to the end: s^2 = 1, times 4/3, and (3 + 3 + 0) / 3 behind it.
TEST(RungForecast, TakesAStepOverARungAsOne) {
  const auto forecasts =
      ForecastGains({{0, 1, -4}, {1, 2, -1}, {0, 1, -6}, {1, 2, -3}, {0, 2, -7}}, 3);
  EXPECT_DOUBLE_EQ(forecasts[0].gain, -7);
  EXPECT_DOUBLE_EQ(forecasts[0].variance.value(), 4.0 / 3 + 2);
}

TEST(RungForecast, OfASingleStepHasNoVariance) {
  const auto forecasts = ForecastGains({{1, 2, -1}}, 3);
  EXPECT_EQ(forecasts[1].gain, -1);
  EXPECT_FALSE(forecasts[1].variance);
  EXPECT_EQ(forecasts[0].gain, -1) << "below, at least as much is left to gain";
  EXPECT_FALSE(forecasts[0].variance);
}

// Remembers the last that it heard of each trial.
class Listener : public Strategy {
 public:
  explicit Listener(std::vector<Observation>* heard) : heard_(heard) {}
  Suggestion Ask(TrialId) const override { return Exhausted{}; }
  void TellCreated(TrialId, const Configuration&) override { heard_->emplace_back(); }
  void TellFinished(TrialId trial, const Observation& observation) override {
    heard_->at(static_cast<std::size_t>(ToIndex(trial))) = observation;
  }

 private:
  std::vector<Observation>* heard_;
};

// Rungs at 1, 3 and 9 rounds.
struct Ladder {
  Ladder()
      : strategy(RungLadder({1, 9, 3}, SpaceOf({FloatSpec("x", 0, 1)})),
                 std::make_unique<Listener>(&heard)) {
    for (int k = 0; k < 4; ++k) strategy.TellCreated(TrialId{k}, Configuration({{"x", 0.5}}));
  }
  void Pause(int trial, double loss, int rounds) {
    strategy.TellFinished(TrialId{trial}, {TrialState::kPaused, loss, rounds});
  }
  void Complete(int trial, double loss, int rounds) {
    strategy.TellFinished(TrialId{trial}, {TrialState::kCompleted, loss, rounds});
  }

  std::vector<Observation> heard;
  ForecastingStrategy strategy;
};

TEST(ForecastingStrategy, PassesOnWhatWasReachedUntilAnyTrialWentOn) {
  Ladder ladder;
  ladder.Pause(0, 10, 1);
  EXPECT_EQ(ladder.heard[0].state, TrialState::kPaused);
  EXPECT_EQ(ladder.heard[0].loss, 10);
  EXPECT_FALSE(ladder.heard[0].variance);
}

TEST(ForecastingStrategy, TellsEveryPausedTrialAgainWhenOneWentOn) {
  Ladder ladder;
  ladder.Pause(0, 10, 1);
  ladder.Pause(1, 20, 1);
  ladder.Pause(2, 30, 1);
  ladder.Pause(0, 8, 3);
  EXPECT_EQ(ladder.heard[0].loss, 8) << "nobody went on from rung 1";
  EXPECT_EQ(ladder.heard[1].loss, 18);
  EXPECT_FALSE(ladder.heard[1].variance);
  ladder.Complete(1, 16, 9);
  EXPECT_EQ(ladder.heard[1].state, TrialState::kCompleted);
  EXPECT_EQ(ladder.heard[1].loss, 16);
  // Steps of -2 to rung 1 and -4 to the end: the mean is -3, s^2 = 2, times 3/2.
  EXPECT_EQ(ladder.heard[2].loss, 27);
  EXPECT_EQ(ladder.heard[2].variance, 3);
  EXPECT_EQ(ladder.heard[0].loss, 8);
}

TEST(ForecastingStrategy, LearnsNothingFromTrialsThatFailedOrWereStopped) {
  Ladder ladder;
  ladder.Pause(0, 10, 1);
  ladder.Pause(1, 20, 1);
  ladder.Pause(2, 30, 1);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  ladder.strategy.TellFinished(TrialId{0}, {TrialState::kFailed, nan});
  ladder.strategy.TellFinished(TrialId{1}, {TrialState::kPruned, 5, 2});
  EXPECT_EQ(ladder.heard[0].state, TrialState::kFailed);
  EXPECT_EQ(ladder.heard[1].loss, 5);
  EXPECT_EQ(ladder.heard[2].loss, 30);
}

TEST(ForecastingStrategy, TakesATrialThatFailedAndWasRetriedForOneThatBegins) {
  Ladder ladder;
  ladder.Pause(0, 10, 3);
  ladder.Pause(1, 20, 3);
  ladder.strategy.TellFinished(TrialId{0},
                               {TrialState::kFailed, std::numeric_limits<double>::quiet_NaN()});
  ladder.Pause(0, 6, 3);
  EXPECT_EQ(ladder.heard[0].loss, 6);
  EXPECT_EQ(ladder.heard[1].loss, 20);
}

// A loss after r of 9 rounds is 30 / r above what the configuration is worth.
double LossAfter(const Configuration& configuration, int rounds) {
  const double x = AsDouble(*configuration.Find("x")) - 0.3;
  const double y = AsDouble(*configuration.Find("y")) - 0.6;
  return x * x + y * y + 30.0 / rounds;
}

// The best loss of those that came to the last rung, of 60 trials one after another.
double BestOf(const std::string& kind, const char* proposals, std::uint64_t seed) {
  const SearchSpace space = SpaceOf({FloatSpec("x", 0, 1), FloatSpec("y", 0, 1)});
  const StrategyOptions options{kind, {{"proposals", Word(proposals)}}};
  const auto strategy = MakeStrategy(options, space, seed, {}, 9);
  std::vector<Configuration> created;
  double best = std::numeric_limits<double>::infinity();
  while (created.size() < 60) {
    const Suggestion suggestion = strategy->Ask(TrialId{static_cast<int>(created.size())});
    TrialId id{};
    int rounds = 0;
    if (const auto* promotion = std::get_if<Promotion>(&suggestion)) {
      id = promotion->trial;
      rounds = promotion->rounds;
      strategy->TellPromoted(id);
    } else {
      const auto& fresh = std::get<NewTrial>(suggestion);
      id = TrialId{static_cast<int>(created.size())};
      rounds = fresh.rounds;
      strategy->TellCreated(id, fresh.configuration);
      created.push_back(fresh.configuration);
    }
    const double loss = LossAfter(created[static_cast<std::size_t>(ToIndex(id))], rounds);
    const bool ends = rounds == 9;
    if (ends) best = std::min(best, loss);
    strategy->TellFinished(id, {ends ? TrialState::kCompleted : TrialState::kPaused, loss, rounds});
  }
  return best - 30.0 / 9;
}

TEST(BayesianProposals, FindBetterConfigurationsThanRandomOnes) {
  for (const std::string kind : {"hyperband", "asha"}) {
    for (std::uint64_t seed : {1U, 2U, 3U}) {
      EXPECT_LT(BestOf(kind, "bayesian", seed), 1e-4) << kind << ' ' << seed;
      EXPECT_GT(BestOf(kind, "random", seed), 1e-3) << kind << ' ' << seed;
    }
  }
}

}  // namespace
}  // namespace coppice::strategies
