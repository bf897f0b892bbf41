#include "trainer/tree/column_sampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace coppice::trainer {

ColumnSampler::ColumnSampler(int n_features, const TrainParams& params, TreeKey key)
    : key_(key), by_level_(params.colsample_bylevel), by_node_(params.colsample_bynode) {
  std::vector<int> all(static_cast<std::size_t>(n_features));
  std::iota(all.begin(), all.end(), 0);
  tree_features_ = Sample(all, params.colsample_bytree, Purpose::kColumnsByTree, 0);
}

std::vector<int> ColumnSampler::NodeFeatures(int depth, std::uint64_t path) const {
  if (by_level_ >= 1 && by_node_ >= 1) return tree_features_;
  const std::vector<int> level = Sample(tree_features_, by_level_, Purpose::kColumnsByLevel,
                                        static_cast<std::uint64_t>(depth));
  return Sample(level, by_node_, Purpose::kColumnsByNode, path);
}

std::vector<int> ColumnSampler::Sample(const std::vector<int>& from, double fraction,
                                       Purpose purpose, std::uint64_t name) const {
  if (fraction >= 1) return from;
  const auto wanted = std::max<std::size_t>(
      1, static_cast<std::size_t>(std::floor(fraction * static_cast<double>(from.size()))));
  const std::uint64_t tree = Mix64(key_.tree) ^ Mix64(~name);
  RandomStream stream(key_.seed, {purpose, key_.fold, tree});
  std::vector<int> sample = from;
  // The first steps of a Fisher-Yates shuffle.
  for (std::size_t i = 0; i < wanted; ++i) {
    std::swap(sample[i], sample[i + stream.Below(sample.size() - i)]);
  }
  sample.resize(wanted);
  std::sort(sample.begin(), sample.end());
  return sample;
}

}  // namespace coppice::trainer
