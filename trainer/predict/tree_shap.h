#pragma once
// Exact Shapley values of one tree, in time leaves * depth^2 a row: algorithm 2 of Lundberg, Erion
// and Lee, "Consistent individualized feature attribution for tree ensembles" (2018).
//
// Absent features are averaged over by the covers (sum_hessian) of the nodes, as XGBoost does.

#include <span>
#include <vector>

#include "trainer/tree/tree.h"

namespace coppice::trainer {

// Borrows the tree. One thread at a time.
class TreeShap {
 public:
  // Throws Error (kData) when a cover is not a number of 0 or more, or the tree is deeper than
  // kMostDepth.
  explicit TreeShap(const Tree& tree);

  // What the tree says of a row of which nothing is known.
  double mean() const { return mean_; }
  // Adds weight * the value of each feature to contributions; row is [n_features].
  void Add(std::span<const float> row, double weight, std::span<double> contributions);

  static constexpr int kMostDepth = 1000;

 private:
  // A feature on the way from the root: how much of the rows without it, and whether the row with
  // it, comes along; and the weight of the sets of as many features as it has before it.
  struct Step {
    std::int32_t feature = -1;
    double without = 1;
    double with = 1;
    double weight = 1;
  };

  void Descend(std::int32_t node, Step* above, std::size_t depth, Step next);
  static void Extend(Step* path, std::size_t depth, Step next);
  static void Unwind(Step* path, std::size_t depth, std::size_t step);
  static double WeightWithout(const Step* path, std::size_t depth, std::size_t step);
  double Share(std::int32_t child, std::int32_t parent) const;

  const Tree& tree_;
  double mean_ = 0;
  std::vector<Step> paths_;  // one after another, one step longer each level
  // Of the row under way.
  std::span<const float> row_;
  double weight_ = 1;
  std::span<double> contributions_;
};

}  // namespace coppice::trainer
