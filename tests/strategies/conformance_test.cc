// What every strategy promises, asked of each kind over several spaces.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

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
using study::ToIndex;
using study::TrialId;
using study::TrialState;
using study::When;
using study::Word;

constexpr int kSlots = 4;

// A kind whose proposals cost milliseconds plays fewer trials, and hears of many from another.
bool IsCostly(const StrategyOptions& options) {
  const auto proposals = options.options.find("proposals");
  return options.kind == "bayesian" ||
         (proposals != options.options.end() && proposals->second == Word("bayesian"));
}

// For a space that a grid needs no levels for.
StrategyOptions WithoutLevels(StrategyOptions options) {
  options.options.erase("levels");
  return options;
}

struct Told {
  std::vector<Configuration> created;
  bool exhausted = false;
};

Observation ObservationOf(int trial) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  if (trial % 3 == 1) return {TrialState::kFailed, nan};
  if (trial % 7 == 2) return {TrialState::kCancelled, nan};
  return {TrialState::kCompleted, std::sin(trial)};
}

// Tells `strategy` what trial k was, and, as the loop does, how trial k - kSlots ended.
void Tell(Strategy& strategy, int k, const Configuration& configuration) {
  strategy.TellCreated(TrialId{k}, configuration);
  if (k >= kSlots) strategy.TellFinished(TrialId{k - kSlots}, ObservationOf(k - kSlots));
}

// Whether nothing is left once the last trials are told, for which some wait.
bool IsExhausted(Strategy& strategy, const Suggestion& suggestion, int n_created) {
  if (std::holds_alternative<Exhausted>(suggestion)) return true;
  EXPECT_TRUE(std::holds_alternative<Waiting>(suggestion));
  for (int k = std::max(0, n_created - kSlots); k < n_created; ++k) {
    strategy.TellFinished(TrialId{k}, ObservationOf(k));
  }
  return std::holds_alternative<Exhausted>(strategy.Ask(TrialId{n_created}));
}

// Up to `n` trials in all.
Told Play(Strategy& strategy, int n) {
  Told told;
  while (static_cast<int>(told.created.size()) < n) {
    const int k = static_cast<int>(told.created.size());
    const Suggestion suggestion = strategy.Ask(TrialId{k});
    if (!std::holds_alternative<NewTrial>(suggestion)) {
      told.exhausted = IsExhausted(strategy, suggestion, k);
      break;
    }
    told.created.push_back(std::get<NewTrial>(suggestion).configuration);
    Tell(strategy, k, told.created.back());
  }
  return told;
}

std::set<std::string> TextsOf(const std::vector<Configuration>& configurations) {
  std::set<std::string> texts;
  for (const Configuration& configuration : configurations) {
    texts.insert(configuration.CanonicalText());
  }
  return texts;
}

std::string TextOf(const Suggestion& suggestion) {
  if (std::holds_alternative<Exhausted>(suggestion)) return "exhausted";
  if (std::holds_alternative<Waiting>(suggestion)) return "waiting";
  const auto& trial = std::get<NewTrial>(suggestion);
  return trial.origin + ": " + trial.configuration.CanonicalText();
}

SearchSpace EndlessSpace() {
  return SpaceOf({FloatSpec("eta", 0.01, 0.3, Scale::kLog), FloatSpec("gamma", 0, 10, Scale::kLog0),
                  IntSpec("depth", 2, 10),
                  CategoricalSpec("policy", {Word("depthwise"), Word("lossguide")}),
                  When(IntSpec("leaves", 4, 256, Scale::kLog), "policy", {Word("lossguide")}),
                  FloatSpec("subsample", 0.5, 1, Scale::kLinear, 0.05)});
}

class EveryStrategy : public ::testing::TestWithParam<StrategyOptions> {
 protected:
  static std::unique_ptr<Strategy> Make(const SearchSpace& space, std::uint64_t seed = 7,
                                        std::vector<NewTrial> start = {}) {
    EXPECT_TRUE(ProblemsOf(GetParam(), space).empty());
    return MakeStrategy(GetParam(), space, seed, std::move(start));
  }
};

TEST_P(EveryStrategy, StaysInsideTheSpaceAndNeverRepeats) {
  const SearchSpace space = EndlessSpace();
  const auto strategy = Make(space);
  const int n = IsCostly(GetParam()) ? 120 : 500;
  const Told told = Play(*strategy, n);
  EXPECT_EQ(told.created.size(), static_cast<std::size_t>(n));
  EXPECT_EQ(TextsOf(told.created).size(), static_cast<std::size_t>(n));
  for (const Configuration& configuration : told.created) {
    EXPECT_TRUE(space.Contains(configuration)) << configuration.CanonicalText();
  }
}

TEST_P(EveryStrategy, TriesEveryConfigurationOfAFiniteSpaceAndEnds) {
  for (const SearchSpace& space :
       {study::ChainedSpace(), SpaceOf({}), SpaceOf({IntSpec("a", 3, 3)}),
        SpaceOf({IntSpec("a", 1, 3), CategoricalSpec("b", {Word("x"), Word("y")})})}) {
    const auto strategy = Make(space);
    const Told told = Play(*strategy, 1000);
    EXPECT_TRUE(told.exhausted);
    EXPECT_EQ(told.created.size(), static_cast<std::size_t>(space.Count().value()));
    EXPECT_EQ(TextsOf(told.created).size(), told.created.size());
  }
}

TEST_P(EveryStrategy, FindsTheLastConfigurationsThatChanceAvoids) {
  // On this scale, 1 has a tenth of all draws and the last one in thousands.
  const int n = IsCostly(GetParam()) ? 100 : 600;
  const SearchSpace space = SpaceOf({IntSpec("a", 1, n, Scale::kLog)});
  const StrategyOptions whole = WithoutLevels(GetParam());
  const auto strategy = MakeStrategy(whole, space, 7, {});
  const Told told = Play(*strategy, 1000);
  EXPECT_TRUE(told.exhausted);
  EXPECT_EQ(TextsOf(told.created).size(), static_cast<std::size_t>(n));
}

TEST_P(EveryStrategy, GivesTheSameAnswerHoweverOftenItIsAsked) {
  const auto strategy = Make(EndlessSpace());
  for (int k = 0; k < 20; ++k) {
    const Suggestion first = strategy->Ask(TrialId{k});
    EXPECT_EQ(TextOf(strategy->Ask(TrialId{k})), TextOf(first));
    Tell(*strategy, k, std::get<NewTrial>(first).configuration);
  }
}

TEST_P(EveryStrategy, GoesOnAfterAReplayAsIfNothingHadHappened) {
  for (const SearchSpace& space : {EndlessSpace(), study::ChainedSpace()}) {
    const auto unbroken = Make(space);
    std::vector<Configuration> log;
    for (int k = 0; k < 12; ++k) {
      const auto resumed = Make(space);
      for (int past = 0; past < k; ++past) {
        Tell(*resumed, past, log[static_cast<std::size_t>(past)]);
      }
      const Suggestion suggestion = unbroken->Ask(TrialId{k});
      EXPECT_EQ(TextOf(resumed->Ask(TrialId{k})), TextOf(suggestion)) << k;
      if (!std::holds_alternative<NewTrial>(suggestion)) break;
      log.push_back(std::get<NewTrial>(suggestion).configuration);
      Tell(*unbroken, k, log.back());
    }
  }
}

TEST_P(EveryStrategy, GoesOnWhenEveryTrialFails) {
  const SearchSpace space = study::ChainedSpace();
  const auto strategy = Make(space);
  std::size_t n_created = 0;
  for (int k = 0; k < 100; ++k) {
    const Suggestion suggestion = strategy->Ask(TrialId{k});
    if (std::holds_alternative<Exhausted>(suggestion)) break;
    ++n_created;
    strategy->TellCreated(TrialId{k}, std::get<NewTrial>(suggestion).configuration);
    strategy->TellFinished(TrialId{k},
                           {TrialState::kFailed, std::numeric_limits<double>::quiet_NaN()});
  }
  EXPECT_EQ(n_created, 8U);
}

TEST_P(EveryStrategy, TriesTheStartFirstWithoutWhatRepeats) {
  const SearchSpace space = study::ChainedSpace();
  const Configuration linear({{"booster", Word("linear")}});
  const Configuration deep({{"booster", Word("tree")}, {"depth", std::int64_t{4}}});
  const Configuration deep_again({{"booster", Word("tree")}, {"depth", 4.0}});
  const Configuration outside({{"booster", Word("dart")}});
  const auto strategy = Make(space, 7,
                             {{deep, "default"},
                              {linear, "start"},
                              {deep_again, "start"},
                              {outside, "start"},
                              {linear, "start"}});
  EXPECT_EQ(TextOf(strategy->Ask(TrialId{0})), "default: booster=tree depth=4");
  const Told told = Play(*strategy, 100);
  ASSERT_GE(told.created.size(), 3U);
  EXPECT_EQ(told.created[0], deep);
  EXPECT_EQ(told.created[1], linear);
  EXPECT_EQ(told.created[2], outside);
  EXPECT_TRUE(told.exhausted);
  EXPECT_EQ(told.created.size(), 8U + 1U);
  EXPECT_EQ(TextsOf(told.created).size(), told.created.size());
}

TEST_P(EveryStrategy, AnswersAfterTenThousandTrials) {
  const SearchSpace space =
      SpaceOf({FloatSpec("eta", 0.01, 0.3, Scale::kLinear, 0.01), IntSpec("depth", 1, 20),
               IntSpec("leaves", 1, 20), CategoricalSpec("p", {Word("x"), Word("y")})});
  const StrategyOptions whole = WithoutLevels(GetParam());
  const auto strategy = MakeStrategy(whole, space, 7, {});
  constexpr int kMany = 10'000;
  if (!IsCostly(GetParam())) {
    EXPECT_EQ(TextsOf(Play(*strategy, kMany).created).size(), std::size_t{kMany});
    return;
  }
  const auto other = MakeStrategy({"random", {}}, space, 7, {});
  std::vector<Configuration> created = Play(*other, kMany).created;
  for (int k = 0; k < kMany; ++k) Tell(*strategy, k, created[static_cast<std::size_t>(k)]);
  for (int k = kMany; k < kMany + 3; ++k) {
    created.push_back(std::get<NewTrial>(strategy->Ask(TrialId{k})).configuration);
    Tell(*strategy, k, created.back());
  }
  EXPECT_EQ(TextsOf(created).size(), std::size_t{kMany + 3});
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, EveryStrategy,
    ::testing::Values(StrategyOptions{"bayesian", {}},
                      StrategyOptions{"grid", {{"levels", std::int64_t{4}}}},
                      StrategyOptions{"random", {}}, StrategyOptions{"sobol", {}},
                      // With one rung, as here, they only propose; how they
                      // promote: hyperband/climbing_test.cc.
                      StrategyOptions{"hyperband", {}}, StrategyOptions{"asha", {}},
                      StrategyOptions{"hyperband", {{"proposals", Word("bayesian")}}},
                      StrategyOptions{"asha", {{"proposals", Word("bayesian")}}}),
    [](const auto& test) {
      const bool inside = IsCostly(test.param) && test.param.kind != "bayesian";
      return test.param.kind + (inside ? "_bayesian" : "");
    });

TEST(EveryKind, PassesThisSuite) {
  EXPECT_EQ(StrategyKinds(),
            (std::vector<std::string>{"bayesian", "grid", "hyperband", "asha", "random", "sobol"}))
      << "add the new kind to the instances above";
}

TEST(GridStrategy, SaysWhichPointOfHowManyItIs) {
  const auto strategy = MakeStrategy({"grid", {}}, SpaceOf({IntSpec("a", 1, 3)}), 1,
                                     {{Configuration({{"a", std::int64_t{1}}}), "default"}});
  strategy->TellCreated(TrialId{0}, Configuration({{"a", std::int64_t{1}}}));
  EXPECT_EQ(TextOf(strategy->Ask(TrialId{1})), "grid point 2 of 3: a=2");
}

TEST(GridStrategy, IsTheSameForEverySeed) {
  const auto one = MakeStrategy({"grid", {}}, study::ChainedSpace(), 1, {});
  const auto two = MakeStrategy({"grid", {}}, study::ChainedSpace(), 2, {});
  EXPECT_EQ(Play(*one, 100).created, Play(*two, 100).created);
}

TEST(RandomStrategy, DependsOnTheSeed) {
  for (const char* kind : {"random", "sobol"}) {
    const auto one = MakeStrategy({kind, {}}, EndlessSpace(), 1, {});
    const auto two = MakeStrategy({kind, {}}, EndlessSpace(), 2, {});
    EXPECT_NE(TextOf(one->Ask(TrialId{0})), TextOf(two->Ask(TrialId{0}))) << kind;
  }
}

TEST(RandomStrategy, NeverEndsWhereOneRareValueHasNoEnd) {
  // Only one word of 1000 has a float behind it; all the others are used up.
  std::vector<Value> words;
  for (int i = 0; i < 1000; ++i) words.push_back("w" + std::to_string(i));
  const SearchSpace space =
      SpaceOf({CategoricalSpec("a", words), When(FloatSpec("b", 0, 1), "a", {Word("w500")})});
  for (const char* kind : {"random", "sobol"}) {
    const auto strategy = MakeStrategy({kind, {}}, space, 7, {});
    const Told told = Play(*strategy, 1200);
    EXPECT_FALSE(told.exhausted) << kind;
    EXPECT_EQ(TextsOf(told.created).size(), 1200U) << kind;
  }
}

TEST(SobolStrategy, FollowsTheTrialsNumberAndFallsBackToChance) {
  const auto strategy = MakeStrategy({"sobol", {}}, SpaceOf({IntSpec("a", 1, 2)}), 7, {});
  const auto first = std::get<NewTrial>(strategy->Ask(TrialId{0}));
  EXPECT_EQ(first.origin, "sobol point 0");
  strategy->TellCreated(TrialId{0}, first.configuration);
  // The first two points of the sequence lie in different halves.
  const auto second = std::get<NewTrial>(strategy->Ask(TrialId{1}));
  EXPECT_EQ(second.origin, "sobol point 1");
  EXPECT_NE(second.configuration, first.configuration);

  const auto taken = MakeStrategy({"sobol", {}}, SpaceOf({IntSpec("a", 1, 2)}), 7, {});
  taken->TellCreated(TrialId{0}, second.configuration);
  const auto other = std::get<NewTrial>(taken->Ask(TrialId{1}));
  EXPECT_EQ(other.origin, "random");
  EXPECT_EQ(other.configuration, first.configuration);
}

}  // namespace
}  // namespace coppice::strategies
