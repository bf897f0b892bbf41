#pragma once
// Leaf values of objectives whose gradients only shape trees: quantiles of residuals.

#include <span>

#include "trainer/tree/grower.h"

namespace coppice::trainer {

// How the leaves of one tree get their values. Spans are indexed by row of the matrix.
struct LeafQuantiles {
  double alpha = 0.5;
  float eta = 0;
  std::span<const float> label;
  std::span<const float> weight;   // or empty
  std::span<const float> margins;  // of the model before the tree's round
  // Of this tree: a row whose pair is 0 was not sampled, or weighs nothing, and does not count.
  std::span<const PackedPair> gradients;
};

// `grown` lists its leaves' rows, which `partition` still holds. Each leaf's value becomes eta
// times the quantile of label - margin over its rows that count (trainer/objective/quantile.h), and
// is added to `sums` at all its rows. A leaf without such a row keeps the value that gradients gave
// it. Leaves are spread over the caller's arena; no result depends on threads.
void SetLeafQuantiles(const LeafQuantiles& rule, const RowPartition& partition,
                      std::span<float> sums, GrownTree* grown);

}  // namespace coppice::trainer
