#pragma once
// Which features a node may split on: samples of samples, by tree, by level, by node. Each feature
// of what is sampled has the same chance, or one in proportion to its weight (feature_weights).

#include <cstdint>
#include <vector>

#include "base/random.h"
#include "trainer/params.h"

namespace coppice::trainer {

// Names the streams of one tree; equal keys, equal samples.
struct TreeKey {
  std::uint64_t seed = 0;
  std::uint64_t fold = 0;
  std::uint64_t tree = 0;  // dense over rounds and outputs
};

// Immutable. Thread-safe: a node's sample does not depend on which node was asked before.
class ColumnSampler {
 public:
  // Each step takes max(1, floor(fraction * size)) of what the step before left.
  ColumnSampler(int n_features, const TrainParams& params, TreeKey key);

  // Ascending; what the tree may use at all.
  const std::vector<int>& TreeFeatures() const { return tree_features_; }
  // Whether nodes have samples of their own; else each may use all that the tree may.
  bool samples_nodes() const { return by_level_ < 1 || by_node_ < 1; }
  // Ascending. `path` names the node by its way from the root (RootPath, ChildPath).
  std::vector<int> NodeFeatures(int depth, std::uint64_t path) const;

  static std::uint64_t RootPath() { return 1; }
  static std::uint64_t ChildPath(std::uint64_t path, bool right) {
    return Mix64(path * 2 + (right ? 1 : 0));
  }

 private:
  std::vector<int> Sample(const std::vector<int>& from, double fraction, Purpose purpose,
                          std::uint64_t name) const;
  std::vector<int> SampleByWeight(const std::vector<int>& from, std::size_t wanted,
                                  RandomStream& stream) const;

  TreeKey key_;
  double by_level_;
  double by_node_;
  std::vector<double> weights_;  // [n_features], or empty
  std::vector<int> tree_features_;
};

}  // namespace coppice::trainer
