#include "tuner/run/memory_plan.h"

#include <gtest/gtest.h>

#include "tests/tuner/run/small_study.h"
#include "trainer/boost/session_bytes.h"

namespace coppice::tuner {
namespace {

using testing::ByFolds;
using testing::SmallStudy;

constexpr std::size_t kThousand = 1000;

MemoryState Machine(std::size_t limit, std::size_t available, std::size_t resident) {
  return {limit, "this machine", available, resident};
}

TEST(MemoryPlan, LeavesToTrialsWhatTheProgramDoesNotTake) {
  const SmallStudy small = ByFolds();
  const MemoryPlan plan = PlanMemory(small.spec, small.data, 2, Machine(9000, 5000, 2000));
  EXPECT_EQ(plan.left(), 7000U);
  EXPECT_EQ(plan.left_now(), 5000U);
  EXPECT_EQ(plan.parked, 0U) << "no trial of a random search is paused";
  EXPECT_EQ(plan.limit_of, "this machine");
}

TEST(MemoryPlan, TakesTheSpecsLimitWhereItIsLower) {
  const SmallStudy small = ByFolds({{"limits.memory_bytes", "4000"}});
  const MemoryPlan lower = PlanMemory(small.spec, small.data, 2, Machine(9000, 9000, 1000));
  EXPECT_EQ(lower.limit, 4000U);
  EXPECT_EQ(lower.limit_of, "`limits.memory_bytes`");
  const MemoryPlan higher = PlanMemory(small.spec, small.data, 2, Machine(3000, 9000, 1000));
  EXPECT_EQ(higher.limit, 3000U);
  EXPECT_EQ(higher.limit_of, "this machine");
}

TEST(MemoryPlan, RunsAsManyTrialsAtOnceAsFitAndNeverNone) {
  const SmallStudy small = ByFolds({{"parallel.slots", "4"}});
  const auto with_room_for = [&](std::size_t trials) {
    MemoryPlan plan = PlanMemory(small.spec, small.data, 1, Machine(0, 0, 0));
    const std::size_t one = plan.trial + plan.more;
    plan.limit = plan.used + trials * one + plan.trial / 2;
    return plan;
  };
  EXPECT_EQ(with_room_for(9).trials_at_once(), 4);
  EXPECT_EQ(with_room_for(3).trials_at_once(), 3);
  EXPECT_EQ(with_room_for(0).trials_at_once(), 1);
  EXPECT_TRUE(with_room_for(1).fits());
  EXPECT_FALSE(with_room_for(0).fits());
}

TEST(MemoryPlan, SaysOnAnyNumberOfThreadsTheSameOfWhatATrialSurelyTakes) {
  const SmallStudy small = ByFolds({});
  const auto need_on = [&](int threads) {
    const MemoryPlan plan =
        PlanMemory(small.spec, small.data, threads, Machine(1 << 30, 1 << 30, kThousand));
    return BudgetOf(plan, small.spec, small.data, threads).need_of({});
  };
  EXPECT_EQ(need_on(1).surely, need_on(64).surely);
  EXPECT_LT(need_on(1).at_most, need_on(64).at_most);
}

TEST(MemoryPlan, KeepsAShareForPausedTrials) {
  const SmallStudy small = ByFolds({{"strategy", R"({"kind": "hyperband"})"}});
  const MemoryPlan plan =
      PlanMemory(small.spec, small.data, 1, Machine(10 * kThousand, 9000, 2 * kThousand));
  EXPECT_EQ(plan.parked, 1000U) << "an eighth of what is left";
  EXPECT_EQ(plan.left(), 7000U);
}

TEST(MemoryPlan, CountsTreesOfEveryFoldOnTopOfWhatATrialSurelyTakes) {
  const SmallStudy small = ByFolds({{"train.num_round", "10"}, {"train.max_depth", "2"}});
  const MemoryPlan plan = PlanMemory(small.spec, small.data, 1, Machine(0, 0, 0));
  // Each fold: ten trees of seven nodes of 42 bytes, and twice the 312 bytes of a tree itself.
  EXPECT_EQ(plan.more, 2U * 10U * (7U * 42U + 2U * 312U));
  EXPECT_EQ(plan.trial, TrialBytes(small.data, small.spec, small.spec.DefaultConfiguration(), 1));
  const std::string text = plan.ToText();
  EXPECT_NE(text.find(" and up to "), std::string::npos) << text;
}

TEST(MemoryPlan, CountsTheStateThatPausingPutsTogether) {
  const SmallStudy pausing = ByFolds({{"strategy", R"({"kind": "hyperband"})"}});
  const SmallStudy other = ByFolds();
  const study::Configuration first = other.spec.DefaultConfiguration();
  const std::size_t trees = TrialTreeBytes(other.data, other.spec, first, false);
  const std::size_t margins = 4U * other.data.table->n_rows;
  EXPECT_EQ(PlanMemory(other.spec, other.data, 1, Machine(0, 0, 0)).more, trees);
  EXPECT_EQ(PlanMemory(pausing.spec, pausing.data, 1, Machine(0, 0, 0)).more,
            4 * trees + 2 * 4 * margins);
}

TEST(MemoryPlan, CountsRowsAndHistogramsOfEveryFold) {
  const SmallStudy small = ByFolds();
  const study::Configuration configuration = small.spec.DefaultConfiguration();
  const std::size_t histograms =
      trainer::SessionHistogramBytes(small.spec.ParamsFor(configuration), *small.data.matrix, 3);
  // Depth 1: a root and its child on each of three threads, at least four in the pool, and two to
  // borrow for each thread; a block is of 8 lanes, two values and a missing bin, 8 bytes each.
  EXPECT_EQ(histograms, (std::min(6, 1 << 20) + 6) * 8U * 8U *
                            static_cast<std::size_t>(small.data.matrix->column(0).n_codes));
  EXPECT_EQ(TrialBytes(small.data, small.spec, configuration, 3),
            TrialBytes(small.data, small.spec) + 2 * histograms);
}

}  // namespace
}  // namespace coppice::tuner
