#pragma once
// The trees of a round: for each output as many as grow in parallel, on the gradients of the model
// before the round. Each of several has a sample of rows of its own.

#include <cstdint>
#include <optional>
#include <span>

#include "trainer/boost/boosting_method.h"
#include "trainer/boost/round_gradients.h"
#include "trainer/boost/row_sampler.h"
#include "trainer/tree/grower.h"
#include "trainer/tree/row_partition.h"

namespace coppice::trainer {

// One thread at a time; work is spread over the caller's arena. No result depends on threads.
class RoundForest {
 public:
  explicit RoundForest(const BoostingInput& input);

  std::size_t n_outputs() const { return n_outputs_; }
  std::size_t trees_per_round() const { return n_outputs_ * n_parallel_; }
  std::size_t OutputOf(std::size_t tree_in_round) const { return tree_in_round / n_parallel_; }

  // Takes the gradients at `margins`; `round` counts from 0 in the model.
  void Begin(std::uint64_t round, const Margins& margins);
  // Grows the trees of the round one after the other. Each leaf's value is added to `margins`
  // [n_rows] at those of its rows that train.
  GrownTree Grow(std::size_t tree_in_round, std::span<float> margins);

  // About how many additions one of its trees took.
  double WorkOf(const Tree& tree) const;

 private:
  PackedGradients GradientsFor(std::size_t tree_in_round);

  BoostingInput input_;
  TrainParams params_;  // its eta is that of one of the trees that grow in parallel
  std::size_t n_outputs_;
  std::size_t n_parallel_;
  RowSampler sampler_;
  bool samples_each_tree_;
  RoundGradients gradients_;
  RowPartition partition_;
  TreeGrower grower_;
  std::uint64_t round_ = 0;
  PackedGradients packed_;        // of the last tree
  std::optional<Margins> start_;  // of the round, where leaves take quantiles of what it leaves
};

}  // namespace coppice::trainer
