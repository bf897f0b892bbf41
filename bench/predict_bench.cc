// Question: how many rows a second does a model of 100 trees predict, by depth, on one thread, and
// how soon are few rows predicted, when it is the trees' preparation that counts?
// Bad news would be: less than twice what XGBoost's `predict` does on a ready DMatrix (the column
// `predict` of bench/peers/training.py asks both).
//
// Full trees with random splits on 50 columns, 1 to 50,000 rows; the margins of the first rows are
// compared with a walk node by node.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <limits>

#include "base/random.h"
#include "base/threads.h"
#include "trainer/predict/predictor.h"

namespace coppice::trainer {
namespace {

constexpr std::size_t kFeatures = 50;
constexpr RowIndex kRows = 50000;
constexpr int kTrees = 100;
constexpr RowIndex kChecked = 1000;

Tree FullTree(RandomStream& random, int depth) {
  Tree tree;
  tree.AddNode(Tree::kNone);
  for (std::int32_t node = 0; node < (1 << depth) - 1; ++node) {
    const auto i = static_cast<std::size_t>(node);
    tree.feature[i] = static_cast<std::int32_t>(random.Below(kFeatures));
    tree.threshold[i] = static_cast<float>(random.Normal());
    tree.default_left[i] = random.Below(2) == 0;
    const std::int32_t left = tree.AddNode(node);
    const std::int32_t right = tree.AddNode(node);
    tree.left[i] = left;
    tree.right[i] = right;
  }
  for (float& value : tree.threshold) value += static_cast<float>(random.Normal()) * 1e-3f;
  return tree;
}

std::vector<std::vector<float>> Table(RandomStream& random, bool with_missing) {
  std::vector<std::vector<float>> values(kFeatures);
  for (auto& column : values) {
    for (RowIndex row = 0; row < kRows; ++row) {
      const bool missing = with_missing && random.Below(10) == 0;
      column.push_back(missing ? std::numeric_limits<float>::quiet_NaN()
                               : static_cast<float>(random.Normal()));
    }
  }
  return values;
}

void CheckMargins(const Booster& booster, const std::vector<std::vector<float>>& values,
                  const std::vector<float>& margins) {
  for (RowIndex row = 0; row < std::min<std::size_t>(kChecked, margins.size()); ++row) {
    std::vector<float> one;
    for (const auto& column : values) one.push_back(column[row]);
    float margin = booster.base_score[0];
    for (const Tree& tree : booster.trees) {
      margin += tree.threshold[static_cast<std::size_t>(tree.LeafOf(one))];
    }
    if (margins[row] == margin) continue;
    std::cerr << "row " << row << " has margin " << margins[row] << " instead of " << margin
              << '\n';
    std::abort();
  }
}

void RowsPerSecond(benchmark::State& state) {
  const ThreadLimit limit(1);
  RandomStream random(7, {Purpose::kSynth});
  Booster booster;
  booster.objective = "reg:squarederror";
  booster.base_score = {0.5f};
  booster.schema.features.resize(kFeatures);
  for (int i = 0; i < kTrees; ++i) {
    booster.trees.push_back(FullTree(random, static_cast<int>(state.range(0))));
  }
  const auto values = Table(random, state.range(1) != 0);
  const auto n_rows = static_cast<RowIndex>(state.range(2));
  std::vector<float> margins;
  for (auto _ : state) {
    margins = PredictMargins(booster, values, n_rows);
    benchmark::DoNotOptimize(margins.data());
  }
  CheckMargins(booster, values, margins);
  state.counters["rows"] = benchmark::Counter(static_cast<double>(n_rows),
                                              benchmark::Counter::kIsIterationInvariantRate);
}

BENCHMARK(RowsPerSecond)
    ->ArgNames({"depth", "missing", "rows"})
    ->ArgsProduct({{2, 4, 6, 8, 10, 12}, {0, 1}, {kRows}})
    ->ArgsProduct({{6, 8, 10}, {0}, {1, 16, 100, 500, 4000}})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace coppice::trainer

BENCHMARK_MAIN();
