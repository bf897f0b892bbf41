#include "trainer/tree/column_sampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/exact_math.h"

namespace coppice::trainer {

ColumnSampler::ColumnSampler(int n_features, const TrainParams& params, TreeKey key)
    : key_(key),
      by_level_(params.colsample_bylevel),
      by_node_(params.colsample_bynode),
      weights_(params.feature_weights.by_position) {
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
  if (!weights_.empty()) return SampleByWeight(from, wanted, stream);
  std::vector<int> sample = from;
  // The first steps of a Fisher-Yates shuffle.
  for (std::size_t i = 0; i < wanted; ++i) {
    std::swap(sample[i], sample[i + stream.Below(sample.size() - i)]);
  }
  sample.resize(wanted);
  std::sort(sample.begin(), sample.end());
  return sample;
}

// Efraimidis and Spirakis 2006, "Weighted random sampling with a reservoir", as XGBoost: who waits
// least, each for an exponential time of its weight as the rate. No weight counts as less than
// 1e-6, so that those of weight 0 come last.
std::vector<int> ColumnSampler::SampleByWeight(const std::vector<int>& from, std::size_t wanted,
                                               RandomStream& stream) const {
  std::vector<std::pair<double, int>> waits;
  for (const int feature : from) {
    const double weight = std::max(weights_[static_cast<std::size_t>(feature)], 1e-6);
    waits.emplace_back(-Log(1 - stream.Uniform()) / weight, feature);
  }
  std::sort(waits.begin(), waits.end());
  std::vector<int> sample;
  for (std::size_t i = 0; i < wanted; ++i) sample.push_back(waits[i].second);
  std::sort(sample.begin(), sample.end());
  return sample;
}

}  // namespace coppice::trainer
