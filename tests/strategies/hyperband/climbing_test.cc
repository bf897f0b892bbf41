// Hyperband and ASHA, played turn by turn.

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include "strategies/hyperband/asha_strategy.h"
#include "strategies/hyperband/hyperband_strategy.h"
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

SearchSpace OneFloat() { return SpaceOf({FloatSpec("x", 0, 1)}); }

// What was done in a turn: "+3@9" a new trial with 9 rounds, "^3@27" a promotion, "." a wait.
using Turns = std::vector<std::string>;

// Plays as the loop does: turn k knows what the turns up to k - slots brought. A trial's loss is
// its `x`, whatever its rounds.
class Game {
 public:
  Game(Strategy& strategy, int slots, int max_rounds)
      : strategy_(strategy), slots_(static_cast<std::size_t>(slots)), max_rounds_(max_rounds) {}

  // Until `n_trials` are made and nothing is left to promote.
  Turns Play(int n_trials) {
    Turns turns;
    while (true) {
      while (told_ + slots_ <= ends_.size()) Tell();
      const TrialId next{static_cast<std::int32_t>(losses_.size())};
      const Suggestion suggestion = static_cast<int>(losses_.size()) < n_trials
                                        ? strategy_.Ask(next)
                                        : strategy_.AskWithoutNew();
      if (std::holds_alternative<Exhausted>(suggestion)) return turns;
      turns.push_back(Take(suggestion, next));
    }
  }

  const std::map<int, int>& rounds() const { return rounds_; }  // by trial
  double LossOf(int trial) const { return losses_.at(static_cast<std::size_t>(trial)); }

 private:
  std::string Take(const Suggestion& suggestion, TrialId next) {
    if (const auto* fresh = std::get_if<NewTrial>(&suggestion)) {
      losses_.push_back(AsDouble(*fresh->configuration.Find("x")));
      strategy_.TellCreated(next, fresh->configuration);
      return Run(next, fresh->rounds, '+');
    }
    if (const auto* promotion = std::get_if<Promotion>(&suggestion)) {
      strategy_.TellPromoted(promotion->trial);
      EXPECT_GT(promotion->rounds, rounds_[ToIndex(promotion->trial)]);
      return Run(promotion->trial, promotion->rounds, '^');
    }
    ends_.push_back({});
    return ".";
  }

  std::string Run(TrialId trial, int rounds, char sign) {
    ends_.push_back(trial);
    rounds_[ToIndex(trial)] = rounds;
    given_[ends_.size() - 1] = rounds;
    return sign + std::to_string(ToIndex(trial)) + "@" + std::to_string(rounds);
  }

  void Tell() {
    const std::size_t turn = told_++;
    if (!ends_[turn]) return;
    const int rounds = given_[turn];
    const TrialState state = rounds < max_rounds_ ? TrialState::kPaused : TrialState::kCompleted;
    strategy_.TellFinished(*ends_[turn], {state, LossOf(ToIndex(*ends_[turn])), rounds});
  }

  Strategy& strategy_;
  std::size_t slots_;
  int max_rounds_;
  std::vector<double> losses_;  // by trial
  std::map<int, int> rounds_;
  std::vector<std::optional<TrialId>> ends_;  // by turn
  std::map<std::size_t, int> given_;          // rounds by turn
  std::size_t told_ = 0;
};

std::unique_ptr<Strategy> Make(const std::string& kind, int max_rounds,
                               std::map<std::string, Value> options = {}) {
  return MakeStrategy({kind, std::move(options)}, OneFloat(), 3, {}, max_rounds);
}

TEST(PlanBrackets, IsTheTableOfThePaper) {
  std::vector<std::pair<int, int>> plan;
  for (const BracketPlan& bracket : PlanBrackets(5, 3)) {
    plan.emplace_back(bracket.rung, bracket.trials);
  }
  EXPECT_EQ(plan, (std::vector<std::pair<int, int>>{{0, 81}, {1, 34}, {2, 15}, {3, 8}, {4, 5}}));
}

// 9 rounds by thirds: brackets of 9 from round 1, 5 from round 3, 3 with all 9.
TEST(HyperbandStrategy, HalvesBracketAfterBracket) {
  const auto strategy = Make("hyperband", 9, {{"min_rounds", std::int64_t{1}}});
  Game game(*strategy, 1, 9);
  const Turns turns = game.Play(17);
  std::map<int, int> trials_by_rounds;
  for (const auto& [trial, rounds] : game.rounds()) ++trials_by_rounds[rounds];
  // Of the first nine 6 stay at 1, 2 at 3, 1 comes to 9; of the next five 4 stay at 3.
  EXPECT_EQ(trials_by_rounds, (std::map<int, int>{{1, 6}, {3, 6}, {9, 5}}));
  std::vector<double> first;
  for (int trial = 0; trial < 9; ++trial) first.push_back(game.LossOf(trial));
  const auto best = std::min_element(first.begin(), first.end()) - first.begin();
  EXPECT_EQ(game.rounds().at(static_cast<int>(best)), 9) << "the best goes all the way";
  EXPECT_EQ(turns.size(), 17U + 3U + 1U + 1U) << "and no turn was waited";
}

TEST(HyperbandStrategy, BeginsTheNextBracketInsteadOfWaiting) {
  const auto strategy = Make("hyperband", 9, {{"min_rounds", std::int64_t{1}}});
  const Turns turns = Game(*strategy, 4, 9).Play(100);
  for (std::size_t i = 0; i < 90; ++i) EXPECT_NE(turns[i], ".") << i;
}

TEST(HyperbandStrategy, HalvesABracketThatTheLimitCutShort) {
  const auto strategy = Make("hyperband", 9, {{"min_rounds", std::int64_t{1}}});
  Game game(*strategy, 2, 9);
  game.Play(6);
  std::map<int, int> trials_by_rounds;
  for (const auto& [trial, rounds] : game.rounds()) ++trials_by_rounds[rounds];
  EXPECT_EQ(trials_by_rounds, (std::map<int, int>{{1, 4}, {3, 1}, {9, 1}}));
}

TEST(AshaStrategy, PromotesWithoutWaiting) {
  const auto strategy = Make("asha", 9, {{"min_rounds", std::int64_t{1}}});
  Game game(*strategy, 1, 9);
  const Turns turns = game.Play(9);
  // The third trial makes one of three the best part of the lowest rung.
  EXPECT_EQ((Turns{turns.begin(), turns.begin() + 3}), (Turns{"+0@1", "+1@1", "+2@1"}));
  EXPECT_TRUE(turns[3].starts_with("^")) << turns[3];
  EXPECT_TRUE(turns[3].ends_with("@3")) << turns[3];
  std::map<int, int> trials_by_rounds;
  for (const auto& [trial, rounds] : game.rounds()) ++trials_by_rounds[rounds];
  EXPECT_GE(trials_by_rounds[3] + trials_by_rounds[9], 3);
  EXPECT_GE(trials_by_rounds[9], 1);
}

class Climbing : public ::testing::TestWithParam<std::string> {};

TEST_P(Climbing, PlaysTheSameHoweverOftenItIsAskedAndReplayed) {
  const auto options = std::map<std::string, Value>{{"min_rounds", std::int64_t{1}}};
  const auto one = Make(GetParam(), 27, options);
  const auto two = Make(GetParam(), 27, options);
  for (int i = 0; i < 5; ++i) two->Ask(TrialId{0});
  EXPECT_EQ(Game(*one, 4, 27).Play(60), Game(*two, 4, 27).Play(60));
}

TEST_P(Climbing, EndsWhenEveryTrialFails) {
  const auto strategy = Make(GetParam(), 9);
  for (int k = 0; k < 40; ++k) {
    const Suggestion suggestion = strategy->Ask(TrialId{k});
    ASSERT_TRUE(std::holds_alternative<NewTrial>(suggestion)) << k;
    strategy->TellCreated(TrialId{k}, std::get<NewTrial>(suggestion).configuration);
    strategy->TellFinished(TrialId{k},
                           {TrialState::kFailed, std::numeric_limits<double>::quiet_NaN(), 0});
  }
  EXPECT_TRUE(std::holds_alternative<Exhausted>(strategy->AskWithoutNew()));
}

TEST_P(Climbing, IsPlainSearchWhereThereIsOneRung) {
  const auto strategy = Make(GetParam(), 5, {{"min_rounds", std::int64_t{5}}});
  Game game(*strategy, 3, 5);
  game.Play(10);
  EXPECT_EQ(game.rounds().size(), 10U);
  for (const auto& [trial, rounds] : game.rounds()) EXPECT_EQ(rounds, 5);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Climbing, ::testing::Values("hyperband", "asha"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace coppice::strategies
