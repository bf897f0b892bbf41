#include "strategies/prune/prune_registry.h"

#include <gtest/gtest.h>

namespace coppice::strategies {
namespace {

using Problems = std::vector<std::pair<std::string, std::string>>;

TEST(PruneRegistry, EveryKindIsMadeFromItsDefaults) {
  for (const std::string& kind : PrunerKinds()) {
    PruneOptions options{kind, {}};
    for (const auto& [name, value] : PruneDefaults(kind)) options.options[name] = value;
    EXPECT_EQ(ProblemsOf(options), Problems()) << kind;
    const auto pruner = MakePruner(options, study::SearchSpace({}), study::Goal::kMinimize);
    EXPECT_EQ(pruner == nullptr, kind == "none") << kind;
  }
}

TEST(PruneRegistry, NamesTheNearestKind) {
  EXPECT_EQ(ProblemsOf({"medain", {}}),
            (Problems{{"kind", "`medain` is not a way of pruning: did you mean `median`?"}}));
}

TEST(PruneRegistry, NamesEveryBadOption) {
  EXPECT_EQ(
      ProblemsOf(
          {"asha",
           {{"reduction", std::int64_t{1}}, {"min_round", std::int64_t{1}}, {"min_rounds", 2.5}}}),
      (Problems{{"min_round",
                 "`min_round` is not an option of pruning by `asha`: did you mean `min_rounds`?"},
                {"min_rounds", "`min_rounds` (`2.5`) is not a whole number from 1 to 1000000"},
                {"reduction", "`reduction` (`1`) is not a whole number from 2 to 100"}}));
}

TEST(PruneRegistry, OptionsReachTheRule) {
  const auto pruner =
      MakePruner({"asha", {{"min_rounds", std::int64_t{1}}, {"reduction", std::int64_t{2}}}},
                 study::SearchSpace({}), study::Goal::kMinimize);
  pruner->Tell({study::TrialId{0}, study::TrialState::kCompleted, {}, {1}});
  EXPECT_NE(pruner->TestFor({})->Stop(std::vector<double>{2}), std::nullopt);
}

}  // namespace
}  // namespace coppice::strategies
