#include "strategies/bayesian/bayesian_strategy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "base/exact_math.h"
#include "base/hash.h"
#include "strategies/registry.h"
#include "tests/strategies/ranges.h"

namespace coppice::strategies {
namespace {

using study::CategoricalSpec;
using study::Configuration;
using study::FloatSpec;
using study::IntSpec;
using study::Scale;
using study::SearchSpace;
using study::SpaceOf;
using study::TrialId;
using study::TrialState;
using study::When;
using study::Word;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
using Objective = std::function<double(const Configuration&)>;

double NumberOf(const Configuration& configuration, const std::string& name) {
  return AsDouble(*configuration.Find(name));
}

// An optimum inside, at eta 0.05, depth 7 and the tree booster.
SearchSpace MixedSpace() {
  return SpaceOf({FloatSpec("eta", 0.001, 1, Scale::kLog),
                  CategoricalSpec("booster", {Word("linear"), Word("tree"), Word("forest")}),
                  When(IntSpec("depth", 1, 12), "booster", {Word("tree"), Word("forest")}),
                  FloatSpec("rows", 0.5, 1)});
}

double MixedLoss(const Configuration& configuration) {
  const double eta = Log(NumberOf(configuration, "eta") / 0.05) / 2.302585092994046;
  const double rows = NumberOf(configuration, "rows") - 0.8;
  double loss = eta * eta + rows * rows;
  const Value booster = *configuration.Find("booster");
  if (booster == Word("linear")) return loss + 1;
  const double depth = (NumberOf(configuration, "depth") - 7) / 11;
  return loss + depth * depth + (booster == Word("forest") ? 0.3 : 0);
}

struct Played {
  std::vector<Configuration> created;
  std::vector<double> losses;
  std::vector<std::string> origins;
  std::vector<std::optional<study::Expectation>> expectations;
  double best() const { return *std::min_element(losses.begin(), losses.end()); }
};

// The mean of `x` among the proposals of the model, where losses do not depend on it and a trial
// costs ten times as much at its upper end; told or not.
double MeanOfCostly(bool tells_costs, std::uint64_t seed) {
  const SearchSpace space = SpaceOf({FloatSpec("x", 0, 1), FloatSpec("y", 0, 1)});
  const auto strategy = MakeStrategy({}, space, seed, {});
  double sum = 0;
  int n = 0;
  for (int k = 0; k < 24; ++k) {
    const auto trial = std::get<NewTrial>(strategy->Ask(TrialId{k}));
    const double x = NumberOf(trial.configuration, "x");
    const double y = NumberOf(trial.configuration, "y") - 0.3;
    if (trial.origin.starts_with("bayesian")) {
      sum += x;
      ++n;
    }
    strategy->TellCreated(TrialId{k}, trial.configuration);
    Observation observation{TrialState::kCompleted, y * y};
    if (tells_costs) observation.cost = Exp(2.302585092994046 * x);
    strategy->TellFinished(TrialId{k}, observation);
  }
  return sum / n;
}

// With `slots` trials at once; a loss that is NaN is a failure.
Played Play(const StrategyOptions& options, const SearchSpace& space, const Objective& objective,
            int n, int slots, std::uint64_t seed) {
  const auto strategy = MakeStrategy(options, space, seed, {});
  Played run;
  for (int k = 0; k < n; ++k) {
    if (k >= slots) {
      const double loss = run.losses[static_cast<std::size_t>(k - slots)];
      const auto state = std::isnan(loss) ? TrialState::kFailed : TrialState::kCompleted;
      strategy->TellFinished(TrialId{k - slots}, {state, loss});
    }
    const auto trial = std::get<NewTrial>(strategy->Ask(TrialId{k}));
    strategy->TellCreated(TrialId{k}, trial.configuration);
    run.created.push_back(trial.configuration);
    run.origins.push_back(trial.origin);
    run.expectations.push_back(trial.expectation);
    run.losses.push_back(objective(trial.configuration));
  }
  return run;
}

TEST(BayesianStrategy, ProposesCheapTrialsWhereLossesAreAlike) {
  for (const std::uint64_t seed : {3, 4, 5}) {
    EXPECT_LT(MeanOfCostly(true, seed), 0.8 * MeanOfCostly(false, seed)) << seed;
  }
}

TEST(BayesianStrategy, BeginsWithSobolPointsAndThenAsksTheModel) {
  const Played run = Play({"bayesian", {}}, MixedSpace(), MixedLoss, 8, 1, 3);
  EXPECT_EQ(run.origins[0], "sobol point 0");
  EXPECT_EQ(run.origins[4], "sobol point 4");
  EXPECT_EQ(run.origins[5], "bayesian, from 5 trials");
  EXPECT_EQ(run.origins[7], "bayesian, from 7 trials");
}

TEST(BayesianStrategy, SaysWhatItExpectsOfAProposal) {
  const Played run = Play({"bayesian", {}}, MixedSpace(), MixedLoss, 30, 3, 3);
  EXPECT_FALSE(run.expectations[0].has_value()) << "a point of the start is no model's";
  int asked = 0;
  int as_expected = 0;
  for (std::size_t k = 0; k < run.created.size(); ++k) {
    if (!run.expectations[k]) continue;
    const study::Expectation& expected = *run.expectations[k];
    EXPECT_EQ(expected.n_known, static_cast<int>(k) - 2);
    EXPECT_EQ(expected.n_running, 2);
    EXPECT_LT(*expected.hoped, *expected.score);
    EXPECT_LT(study::ToIndex(*expected.nearest), static_cast<int>(k) - 2);
    EXPECT_GT(expected.likeness, 0);
    EXPECT_LE(expected.likeness, 1);
    ++asked;
    as_expected += std::fabs(run.losses[k] - *expected.score) < 3 * *expected.std_error;
  }
  EXPECT_EQ(asked, 30 - 8);
  EXPECT_GT(as_expected, asked / 2);
}

// The model sees losses without their unit and zero; what it says of them has both.
TEST(BayesianStrategy, ExpectsInTheUnitOfTheLosses) {
  const Objective larger = [](const Configuration& configuration) {
    return 1000 * MixedLoss(configuration) + 7;
  };
  const Played run = Play({"bayesian", {}}, MixedSpace(), MixedLoss, 7, 1, 3);
  const Played other = Play({"bayesian", {}}, MixedSpace(), larger, 7, 1, 3);
  const study::Expectation& small = *run.expectations[5];
  const study::Expectation& large = *other.expectations[5];
  EXPECT_NEAR(*large.score, 1000 * *small.score + 7, 1e-3);
  EXPECT_NEAR(*large.best, 1000 * *small.best + 7, 1e-3);
  EXPECT_NEAR(*large.std_error, 1000 * *small.std_error, 1e-3);
  // The least loss is told as it is, so that the best mean lies near it.
  EXPECT_NEAR(*small.best, *std::min_element(run.losses.begin(), run.losses.begin() + 5), 0.2);
}

TEST(BayesianStrategy, TriesPromisingConfigurationsAgainWhereLossesAreNoisy) {
  // Noise that a loss of .01 drowns in, by the number of the call.
  int calls = 0;
  const Objective noisy = [&](const Configuration& configuration) {
    const double noise = std::sin(12.9898 * ++calls) * 43758.5453;
    return MixedLoss(configuration) + 0.3 * (noise - std::floor(noise) - 0.5);
  };
  const Played run = Play({"bayesian", {}, true}, MixedSpace(), noisy, 40, 1, 3);
  std::map<std::string, int> times;
  for (const Configuration& configuration : run.created) ++times[configuration.CanonicalText()];
  int most = 0;
  for (const auto& [text, n] : times) most = std::max(most, n);
  EXPECT_GE(most, 3);
  const auto again = [](const std::string& origin) { return origin.ends_with(" again"); };
  EXPECT_EQ(std::count_if(run.origins.begin(), run.origins.end(), again),
            40 - static_cast<std::ptrdiff_t>(times.size()));
}

TEST(BayesianStrategy, NeverExhaustsASpaceOfNoisyLosses) {
  const SearchSpace two = SpaceOf({CategoricalSpec("kind", {Word("a"), Word("b")})});
  int calls = 0;
  const Objective noisy = [&](const Configuration& configuration) {
    return (*configuration.Find("kind") == Word("a") ? 0.0 : 1.0) + 0.1 * (++calls % 3);
  };
  const Played run = Play({"bayesian", {}, true}, two, noisy, 20, 3, 1);
  EXPECT_EQ(run.created.size(), 20u);
}

TEST(BayesianStrategy, StartsWithMorePointsWhenMoreRunAtOnce) {
  const Played run = Play({"bayesian", {}}, MixedSpace(), MixedLoss, 16, 4, 3);
  EXPECT_EQ(run.origins[8], "sobol point 8");
  EXPECT_EQ(run.origins[9], "bayesian, from 6 trials");
}

// After `n` given configurations, with the origins of the next four proposals.
std::vector<std::string> OriginsAfterGiven(int n, int slots) {
  const SearchSpace space = MixedSpace();
  const auto points = MakeStrategy({"random", {}}, space, 9, {});
  std::vector<NewTrial> given;
  for (int k = 0; k < n; ++k) {
    given.push_back({std::get<NewTrial>(points->Ask(TrialId{k})).configuration, "given"});
    points->TellCreated(TrialId{k}, given.back().configuration);
  }
  const auto strategy = MakeStrategy({"bayesian", {}}, space, 3, given);
  std::vector<Configuration> created;
  std::vector<std::string> origins;
  for (int k = 0; k < n + 4; ++k) {
    if (k >= slots) {
      const double loss = MixedLoss(created[static_cast<std::size_t>(k - slots)]);
      strategy->TellFinished(TrialId{k - slots}, {TrialState::kCompleted, loss});
    }
    const auto trial = std::get<NewTrial>(strategy->Ask(TrialId{k}));
    strategy->TellCreated(TrialId{k}, trial.configuration);
    created.push_back(trial.configuration);
    if (k >= n) origins.push_back(trial.origin);
  }
  return origins;
}

TEST(BayesianStrategy, BeginsWithFiveOutcomesWhereEnoughIsGiven) {
  EXPECT_EQ(OriginsAfterGiven(5, 1),
            (std::vector<std::string>{"bayesian, from 5 trials", "bayesian, from 6 trials",
                                      "bayesian, from 7 trials", "bayesian, from 8 trials"}));
  // With four at once trial 6 is proposed knowing three, and trial 8 is the first to know five.
  EXPECT_EQ(OriginsAfterGiven(6, 4),
            (std::vector<std::string>{"sobol point 6", "sobol point 7", "bayesian, from 5 trials",
                                      "bayesian, from 6 trials"}));
}

TEST(BayesianStrategy, CountsFewGivenOnesAmongItsSpreadPoints) {
  EXPECT_EQ(OriginsAfterGiven(3, 1),
            (std::vector<std::string>{"sobol point 3", "sobol point 4", "bayesian, from 5 trials",
                                      "bayesian, from 6 trials"}));
}

// Random search of 40 trials has a median best above 0.02 here.
TEST(BayesianStrategy, FindsTheOptimumOfAMixedConditionalSpace) {
  for (const char* acquisition : {"ucb", "ei"}) {
    for (std::uint64_t seed : {1U, 2U, 3U}) {
      const Played run = Play({"bayesian", {{"acquisition", Word(acquisition)}}}, MixedSpace(),
                              MixedLoss, 40, 1, seed);
      EXPECT_LT(run.best(), 2e-3) << acquisition << ' ' << seed;
    }
  }
}

TEST(BayesianStrategy, FindsItWithFourTrialsAtOnce) {
  const Played run = Play({"bayesian", {}}, MixedSpace(), MixedLoss, 50, 4, 1);
  EXPECT_LT(run.best(), 4e-3);
}

TEST(BayesianStrategy, KeepsAwayFromWhereTrialsFail) {
  // A third of the space fails; a strategy that drops failures returns there for ever.
  const Objective objective = [](const Configuration& configuration) {
    const double x = NumberOf(configuration, "x");
    return x < 0.33 ? kNan : x;
  };
  const Played run = Play({"bayesian", {}}, SpaceOf({FloatSpec("x", 0, 1), FloatSpec("y", 0, 1)}),
                          objective, 40, 1, 1);
  const auto n_failed = std::count_if(run.losses.begin(), run.losses.end(),
                                      [](double loss) { return std::isnan(loss); });
  EXPECT_LT(n_failed, 14);
  double best = 1;
  for (const double loss : run.losses) best = std::isnan(loss) ? best : std::min(best, loss);
  EXPECT_LT(best, 0.36);
}

TEST(BayesianStrategy, LearnsFromAStoppedTrial) {
  const SearchSpace space = SpaceOf({FloatSpec("x", 0, 1), FloatSpec("y", 0, 1)});
  const auto ask = [&](std::optional<double> stopped_with) {
    const auto strategy = MakeStrategy({"bayesian", {}}, space, 1, {});
    for (int k = 0; k < 8; ++k) {
      const auto trial = std::get<NewTrial>(strategy->Ask(TrialId{k}));
      strategy->TellCreated(TrialId{k}, trial.configuration);
      const double loss = NumberOf(trial.configuration, "x");
      if (k == 6 && stopped_with) {
        strategy->TellFinished(TrialId{k}, {TrialState::kPruned, *stopped_with});
      } else if (k == 6) {
        strategy->TellFinished(TrialId{k}, {TrialState::kCancelled, kNan});
      } else {
        strategy->TellFinished(TrialId{k}, {TrialState::kCompleted, loss});
      }
    }
    return std::get<NewTrial>(strategy->Ask(TrialId{8}));
  };
  EXPECT_EQ(ask(std::nullopt).origin, "bayesian, from 7 trials");
  EXPECT_EQ(ask(0.5).origin, "bayesian, from 8 trials");
  EXPECT_NE(ask(0.0).configuration, ask(0.9).configuration);
}

TEST(BayesianStrategy, HearsTheLastOutcomeOfATrialThatIsToldTwice) {
  const SearchSpace space = SpaceOf({FloatSpec("x", 0, 1)});
  const auto ask = [&](const std::vector<double>& of_trial_2) {
    const auto strategy = MakeStrategy({"bayesian", {}}, space, 1, {});
    for (int k = 0; k < 6; ++k) {
      const auto trial = std::get<NewTrial>(strategy->Ask(TrialId{k}));
      strategy->TellCreated(TrialId{k}, trial.configuration);
      const double loss = NumberOf(trial.configuration, "x");
      if (k != 2) strategy->TellFinished(TrialId{k}, {TrialState::kCompleted, loss});
    }
    for (const double loss : of_trial_2) {
      const auto state = std::isnan(loss) ? TrialState::kFailed : TrialState::kCompleted;
      strategy->TellFinished(TrialId{2}, {state, loss});
    }
    return std::get<NewTrial>(strategy->Ask(TrialId{6})).configuration;
  };
  EXPECT_EQ(ask({kNan, 0.4}), ask({0.4}));
}

// After the losses of `n` Sobol points.
std::optional<Outlook> OutlookAfter(int n, const SearchSpace& space, const Objective& objective) {
  const auto points = MakeStrategy({"sobol", {}}, space, 5, {});
  const auto strategy = MakeStrategy({"bayesian", {}}, space, 5, {});
  for (int k = 0; k < n; ++k) {
    const auto trial = std::get<NewTrial>(points->Ask(TrialId{k}));
    const double loss = objective(trial.configuration);
    const auto state = std::isnan(loss) ? TrialState::kFailed : TrialState::kCompleted;
    for (Strategy* each : {points.get(), strategy.get()}) {
      each->TellCreated(TrialId{k}, trial.configuration);
      each->TellFinished(TrialId{k}, {state, loss});
    }
  }
  return strategy->LookAhead(TrialId{n});
}

double Parabola(const Configuration& configuration) {
  const double x = NumberOf(configuration, "x") - 0.3;
  return x * x;
}

TEST(Outlook, NamesTheBestTrialAndShrinksWithWhatIsKnown) {
  const SearchSpace space = SpaceOf({FloatSpec("x", 0, 1)});
  std::vector<double> losses;
  const auto late = OutlookAfter(24, space, [&](const Configuration& configuration) {
    losses.push_back(Parabola(configuration));
    return losses.back();
  });
  ASSERT_TRUE(late);
  std::vector<double> sorted = losses;
  std::sort(sorted.begin(), sorted.end());
  // The model has doubts about the last digits: it may prefer the second best.
  EXPECT_LE(losses.at(static_cast<std::size_t>(ToIndex(late->best))), sorted[1]);
  EXPECT_LT(late->expected_gain, 0.01);
  const auto early = OutlookAfter(4, space, Parabola);
  ASSERT_TRUE(early);
  EXPECT_GT(early->expected_gain, late->expected_gain);
  EXPECT_GT(early->expected_gain, 1e-3);
}

TEST(Outlook, IsInTheUnitOfTheLoss) {
  const SearchSpace space = SpaceOf({FloatSpec("x", 0, 1), FloatSpec("y", 0, 1)});
  const Objective larger = [](const Configuration& configuration) {
    return 1024 * Parabola(configuration);  // a power of 4: no bit of the model changes
  };
  const auto one = OutlookAfter(8, space, Parabola);
  const auto other = OutlookAfter(8, space, larger);
  ASSERT_TRUE(one && other);
  EXPECT_GT(one->expected_gain, 0);
  EXPECT_EQ(other->expected_gain, 1024 * one->expected_gain);
}

TEST(Outlook, IsNothingWhereEverythingWasTried) {
  const auto outlook = OutlookAfter(8, SpaceOf({IntSpec("x", 1, 8)}), Parabola);
  ASSERT_TRUE(outlook);
  EXPECT_EQ(outlook->expected_gain, 0);
}

TEST(Outlook, IsNotKnownBeforeTwoLossesDiffer) {
  const SearchSpace space = SpaceOf({FloatSpec("x", 0, 1)});
  EXPECT_FALSE(OutlookAfter(0, space, Parabola));
  EXPECT_FALSE(OutlookAfter(6, space, [](const Configuration&) { return 2.0; }));
  EXPECT_FALSE(OutlookAfter(6, space, [](const Configuration&) { return kNan; }));
}

// Tells `n` trials of another strategy, then asks.
NewTrial AskAfter(int n, const SearchSpace& space, const Objective& objective) {
  const auto told = MakeStrategy({"random", {}}, space, 5, {});
  const auto strategy = MakeStrategy({"bayesian", {}}, space, 5, {});
  for (int k = 0; k < n; ++k) {
    const auto trial = std::get<NewTrial>(told->Ask(TrialId{k}));
    for (Strategy* each : {told.get(), strategy.get()}) {
      each->TellCreated(TrialId{k}, trial.configuration);
      each->TellFinished(TrialId{k}, {TrialState::kCompleted, objective(trial.configuration)});
    }
  }
  return std::get<NewTrial>(strategy->Ask(TrialId{n}));
}

// One strategy is asked again and again and remembers its last fit; the other is told the past in
// one go. From 40 outcomes on, fits are kept for several proposals.
TEST(BayesianStrategy, ProposesTheSameAfterAReplay) {
  const SearchSpace space = MixedSpace();
  const auto told = MakeStrategy({"random", {}}, space, 5, {});
  const auto asked = MakeStrategy({"bayesian", {}}, space, 5, {});
  std::vector<Configuration> past;
  const auto tell = [&](Strategy& strategy, int k) {
    const Configuration& configuration = past[static_cast<std::size_t>(k)];
    strategy.TellCreated(TrialId{k}, configuration);
    strategy.TellFinished(TrialId{k}, {TrialState::kCompleted, MixedLoss(configuration)});
  };
  for (int k = 0; k < 113; ++k) {
    const bool by_model = k >= 97;
    const auto trial = std::get<NewTrial>((by_model ? asked : told)->Ask(TrialId{k}));
    if (by_model && k % 3 == 0) {
      const auto replayed = MakeStrategy({"bayesian", {}}, space, 5, {});
      for (int earlier = 0; earlier < k; ++earlier) tell(*replayed, earlier);
      EXPECT_EQ(std::get<NewTrial>(replayed->Ask(TrialId{k})).configuration, trial.configuration);
    }
    past.push_back(trial.configuration);
    tell(*told, k);
    tell(*asked, k);
  }
}

// Taken with GCC 12 at -O2 and -O3. A change of the recipe changes it; a compiler, an
// optimisation or a CPU must not.
TEST(BayesianStrategy, ProposesTheSameBitsInEveryBuild) {
  const Played run = Play({"bayesian", {}}, MixedSpace(), MixedLoss, 20, 2, 1);
  ContentHash hash;
  for (const Configuration& configuration : run.created) hash.Add(configuration.CanonicalText());
  EXPECT_EQ(hash.Hex(), "0070870a2589135f0d8950692dd28347");
}

TEST(BayesianStrategy, AnswersWellAfterAThousandTrials) {
  const NewTrial trial = AskAfter(1000, MixedSpace(), MixedLoss);
  EXPECT_EQ(trial.origin, "bayesian, from 1000 trials");
  EXPECT_LT(MixedLoss(trial.configuration), 0.05);
}

TEST(BayesianStrategy, AnswersInManyDimensions) {
  std::vector<study::RangeSpec> specs;
  for (int i = 0; i < 70; ++i) specs.push_back(FloatSpec("x" + std::to_string(i), 0, 1));
  const SearchSpace space = SpaceOf(specs);
  const Objective objective = [](const Configuration& configuration) {
    double sum = 0;
    for (const auto& [name, value] : configuration.values()) sum += std::pow(AsDouble(value), 2);
    return sum;
  };
  const Played run = Play({"bayesian", {}}, space, objective, 40, 1, 1);
  const Played random = Play({"random", {}}, space, objective, 40, 1, 1);
  EXPECT_LT(run.best(), 0.9 * random.best());
}

}  // namespace
}  // namespace coppice::strategies
