#pragma once
// What tests of objectives ask for, and how they compare.

#include <gtest/gtest.h>

#include <vector>

#include "trainer/objective/objective.h"

namespace coppice::trainer {

inline std::vector<GradientPair> GradientsOf(const Objective& objective,
                                             const std::vector<float>& margins,
                                             const std::vector<float>& label,
                                             const std::vector<float>& weight = {}) {
  std::vector<GradientPair> pairs(margins.size());
  objective.Gradients(margins, label, weight, pairs);
  return pairs;
}

inline void ExpectNear(const std::vector<float>& values, const std::vector<float>& expected,
                       float tolerance) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_NEAR(values[i], expected[i], tolerance) << i;
  }
}

// `tolerance` is relative.
inline void ExpectPair(const GradientPair& pair, float gradient, float hessian,
                       float tolerance = 1e-6f) {
  EXPECT_NEAR(pair.gradient, gradient, tolerance * std::abs(gradient));
  EXPECT_NEAR(pair.hessian, hessian, tolerance * std::abs(hessian));
}

// A long loop works on several rows at once; each row's pair must not depend on that. Labels are 0
// and 1 in turn where the objective has classes, else above 0.
inline void ExpectSamePairsTogetherAsAlone(const Objective& objective) {
  std::vector<float> margins;
  std::vector<float> label;
  std::vector<float> weight;
  for (int i = 0; i < 1003; ++i) {
    margins.push_back(static_cast<float>(i - 500) * 0.013f);
    label.push_back(objective.target() == TargetKind::kBinary ? static_cast<float>(i % 2)
                                                              : static_cast<float>(i % 8) + 0.5f);
    weight.push_back(static_cast<float>(i % 5));
  }
  const auto together = GradientsOf(objective, margins, label, weight);
  for (std::size_t i = 0; i < margins.size(); ++i) {
    const auto alone = GradientsOf(objective, {margins[i]}, {label[i]}, {weight[i]});
    ASSERT_EQ(together[i].gradient, alone[0].gradient) << margins[i];
    ASSERT_EQ(together[i].hessian, alone[0].hessian) << margins[i];
  }
}

}  // namespace coppice::trainer
