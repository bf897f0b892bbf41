#include "bench/addition_floor.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <ctime>
#include <utility>
#include <vector>

#include "base/random.h"
#include "trainer/predict/predictor.h"
#include "trainer/tree/fixed_point.h"

namespace coppice::trainer {
namespace {

// Leaf numbers are made for so many rounds at a time: 4 bytes a row and tree.
constexpr int kRoundsAtOnce = 8;

// Rows that are added to histograms while `tree` grows; `n_rows` [n_nodes] are those of leaves.
std::uint64_t RowsAdded(const Tree& tree, std::vector<std::uint64_t> n_rows, int max_depth) {
  std::vector<int> depth(n_rows.size());
  for (std::size_t node = n_rows.size() - 1; node > 0; --node) {
    n_rows[static_cast<std::size_t>(tree.parent[node])] += n_rows[node];  // children come later
  }
  std::uint64_t added = n_rows.front();
  for (std::size_t node = 0; node < n_rows.size(); ++node) {
    if (node > 0) depth[node] = depth[static_cast<std::size_t>(tree.parent[node])] + 1;
    const bool is_last = max_depth > 0 && depth[node] + 1 >= max_depth;
    if (is_last || tree.IsLeaf(static_cast<std::int32_t>(node))) continue;
    added += std::min(n_rows[static_cast<std::size_t>(tree.left[node])],
                      n_rows[static_cast<std::size_t>(tree.right[node])]);
  }
  return added;
}

constexpr std::size_t kAloneRows = 512;
using Words = std::array<std::uint64_t, kAloneRows>;

__attribute__((noinline)) void AddAlone(const Words& words, const Words& gradients,
                                        PackedPair* sums) {
  for (std::size_t row = 0; row < kAloneRows; ++row) {
    const std::uint64_t word = words[row];
    const PackedPair gradient = gradients[row];
#pragma GCC unroll 8
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      sums[(word >> (8 * lane) & 0xFF) * kLanes + lane] += gradient;
    }
  }
}

}  // namespace

std::uint64_t CountAdditions(const Booster& booster, const Dataset& data,
                             const BinnedMatrix& matrix, int max_depth) {
  const int n_rounds = booster.rounds_used();
  const auto a_round = static_cast<std::size_t>(booster.trees_per_round());
  std::uint64_t added = 0;
  for (int begin = 0; begin < n_rounds; begin += kRoundsAtOnce) {
    const int end = std::min(n_rounds, begin + kRoundsAtOnce);
    const std::vector<std::int32_t> leaves =
        PredictLeaves(booster, data.values, data.n_rows, {begin, end});
    const std::size_t n_trees = static_cast<std::size_t>(end - begin) * a_round;
    for (std::size_t t = 0; t < n_trees; ++t) {
      const Tree& tree = booster.trees[static_cast<std::size_t>(begin) * a_round + t];
      std::vector<std::uint64_t> n_rows(tree.left.size());
      for (std::size_t i = t; i < leaves.size(); i += n_trees) {
        ++n_rows[static_cast<std::size_t>(leaves[i])];
      }
      added += RowsAdded(tree, std::move(n_rows), max_depth);
    }
  }
  return added * static_cast<std::uint64_t>(matrix.n_columns());
}

double NanosecondsPerAddition() {
  constexpr int kSlices = 200;
  constexpr int kRuns = 100;
  Words words;
  Words gradients;
  RandomStream random(1, {Purpose::kSynth});
  for (std::uint64_t& word : words) word = random.Next64();
  for (std::uint64_t& gradient : gradients) gradient = random.Next64();
  std::vector<PackedPair> sums(kBinsPerFeature * kLanes);
  std::vector<double> slices;
  for (int slice = 0; slice < kSlices; ++slice) {
    const std::clock_t start = std::clock();
    for (int run = 0; run < kRuns; ++run) AddAlone(words, gradients, sums.data());
    benchmark::DoNotOptimize(sums.data());
    const double taken_ns = static_cast<double>(std::clock() - start) * 1e9 / CLOCKS_PER_SEC;
    slices.push_back(taken_ns / (kRuns * static_cast<double>(kAloneRows * kLanes)));
  }
  std::nth_element(slices.begin(), slices.begin() + kSlices / 2, slices.end());
  return slices[kSlices / 2];
}

}  // namespace coppice::trainer
