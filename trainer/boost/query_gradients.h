#pragma once
// Gradients of an objective that compares the rows of a query.

#include <cstdint>
#include <span>
#include <vector>

#include "trainer/data/queries.h"
#include "trainer/objective/objective.h"

namespace coppice::trainer {

// Names the random numbers of one round; each query has its own.
struct RoundKey {
  std::uint64_t seed = 0;
  std::uint64_t fold = 0;
  std::uint64_t round = 0;
};

// The rows that train, by query. Immutable; uses the threads of the caller's arena, and no result
// depends on them.
class QueryGradients {
 public:
  // Labels, weight (may be empty) and group are by row of the data set; rows of a group have one
  // weight.
  QueryGradients(std::span<const RowIndex> rows, std::span<const float> label,
                 std::span<const float> weight, std::span<const std::int32_t> group);

  // margins and pairs are by row of the data set. Pairs of other rows stay as they are. As in
  // XGBoost weights are scaled to a mean of 1 over queries.
  void Compute(const Objective& objective, std::span<const float> margins, const RoundKey& key,
               std::span<GradientPair> pairs) const;

 private:
  QueryOrder order_;
  std::vector<float> label_;       // [n_rows], in that order
  std::vector<float> weight_;      // [n_queries]
  std::vector<std::uint64_t> id_;  // [n_queries]: its group
};

}  // namespace coppice::trainer
