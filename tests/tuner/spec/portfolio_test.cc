#include "tuner/spec/portfolio.h"

#include <gtest/gtest.h>

#include "strategies/study/search_space.h"
#include "tuner/spec/auto_space.h"

namespace coppice::tuner {
namespace {

TEST(Portfolio, LiesInTheShippedSpace) {
  const study::SearchSpace space(AutoSpace({}));
  for (const auto target : {trainer::TargetKind::kNumber, trainer::TargetKind::kBinary,
                            trainer::TargetKind::kMulticlass}) {
    for (const auto& values : Portfolio(target)) {
      const study::Configuration projected = space.Project(values);
      for (const auto& [name, value] : values) {
        const Value* kept = projected.Find(name);
        ASSERT_NE(kept, nullptr) << name;
        if (!IsNumber(value)) {
          EXPECT_EQ(*kept, value) << name;
          continue;
        }
        EXPECT_DOUBLE_EQ(AsDouble(*kept), AsDouble(value)) << name;
      }
    }
  }
}

TEST(Portfolio, HasAsTheFirstWhatSuitsTheTask) {
  EXPECT_NE(Portfolio(trainer::TargetKind::kNumber).front(),
            Portfolio(trainer::TargetKind::kBinary).front());
}

}  // namespace
}  // namespace coppice::tuner
