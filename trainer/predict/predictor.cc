#include "trainer/predict/predictor.h"

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "trainer/predict/flat_trees.h"
#include "trainer/predict/plan.h"

namespace coppice::trainer {
namespace {

// Calls body(tile, begin, end) with the rows [begin, end) in the tile, for all rows, in parallel.
template <typename Body>
void ForEachTile(const FlatTrees& trees, std::span<const std::vector<float>> values,
                 std::size_t n_rows, Body body) {
  const std::size_t tile_rows = trees.tile_rows();
  const std::size_t n_tiles = (n_rows + tile_rows - 1) / tile_rows;
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, n_tiles), [&](const auto& tiles) {
    FlatTrees::Tile tile(trees);
    for (std::size_t t = tiles.begin(); t != tiles.end(); ++t) {
      const std::size_t begin = t * tile_rows;
      const std::size_t end = std::min(n_rows, begin + tile_rows);
      trees.Load(values, begin, end - begin, &tile);
      body(tile, begin, end);
    }
  });
}

// Fills margins [n_rows, n_outputs], adding in the order of the features, as XGBoost does; what is
// missing counts as 0.
void LinearMargins(const PredictionPlan& plan, std::span<const std::vector<float>> values,
                   RowIndex n_rows, std::span<float> margins) {
  const std::size_t n_outputs = plan.n_outputs;
  for (std::size_t row = 0; row < n_rows; ++row) {
    for (std::size_t k = 0; k < n_outputs; ++k) {
      float margin = plan.linear_weights[values.size() * n_outputs + k] + plan.base_margin[k];
      for (std::size_t f = 0; f < values.size(); ++f) {
        const float value = values[f][row];
        if (!std::isnan(value)) margin += value * plan.linear_weights[f * n_outputs + k];
      }
      margins[row * n_outputs + k] = margin;
    }
  }
}

// So few rows that a tree is walked sooner than laid out, which costs some steps a node.
bool AreVeryFew(std::size_t n_rows, std::span<const Tree> trees) {
  constexpr std::size_t kRowsThatOneNodeCosts = 4;
  std::size_t n_nodes = 0;
  for (const Tree& tree : trees) n_nodes += tree.left.size();
  return n_rows * kRowsThatOneNodeCosts * trees.size() <= n_nodes;
}

void VeryFewMargins(const PredictionPlan& plan, std::span<const std::vector<float>> values,
                    RowIndex n_rows, std::span<float> margins) {
  std::vector<float> row_values(values.size());
  for (std::size_t row = 0; row < n_rows; ++row) {
    for (std::size_t f = 0; f < values.size(); ++f) row_values[f] = values[f][row];
    const std::span<float> own = margins.subspan(row * plan.n_outputs, plan.n_outputs);
    std::copy(plan.base_margin.begin(), plan.base_margin.end(), own.begin());
    for (std::size_t i = 0; i < plan.trees.size(); ++i) {
      const Tree& tree = plan.trees[i];
      const float value = tree.threshold[static_cast<std::size_t>(tree.LeafOf(row_values))];
      own[plan.OutputOf(i)] += (plan.tree_weights.empty() ? 1.0F : plan.tree_weights[i]) * value;
    }
  }
}

// The end of the trees from `first` on that are laid out together. Many rows take all trees, since
// each group loads its tiles again; few rows take as many as stay in the second cache and in memory
// that the group before has used, because fresh pages would cost more than the walk.
std::size_t EndOfGroup(std::span<const Tree> trees, std::size_t first, std::size_t n_rows) {
  constexpr std::size_t kManyRows = 4096;
  constexpr std::size_t kNodesOfGroup = 4096;
  if (n_rows >= kManyRows) return trees.size();
  std::size_t n_nodes = 0;
  while (first < trees.size() && n_nodes < kNodesOfGroup) n_nodes += trees[first++].left.size();
  return first;
}

// Margins, and done(begin, end, margins of these rows) for each tile.
template <typename Done>
std::vector<float> Margins(const PredictionPlan& plan, std::span<const std::vector<float>> values,
                           RowIndex n_rows, Done done) {
  const std::size_t n_outputs = plan.n_outputs;
  std::vector<float> margins(n_rows * n_outputs);
  const bool is_linear = !plan.linear_weights.empty();
  if (is_linear || AreVeryFew(n_rows, plan.trees)) {
    (is_linear ? LinearMargins : VeryFewMargins)(plan, values, n_rows, margins);
    done(0, n_rows, std::span<float>(margins));
    return margins;
  }
  for (std::size_t row = 0; row < n_rows; ++row) {
    std::copy(plan.base_margin.begin(), plan.base_margin.end(), &margins[row * n_outputs]);
  }
  for (std::size_t first = 0, last = 0; first < plan.trees.size(); first = last) {
    last = EndOfGroup(plan.trees, first, n_rows);
    const std::size_t count = last - first;
    const FlatTrees trees(
        plan.trees.subspan(first, count),
        plan.tree_weights.empty() ? plan.tree_weights : plan.tree_weights.subspan(first, count),
        n_rows);
    const std::size_t tile_rows = trees.tile_rows();
    ForEachTile(
        trees, values, n_rows, [&](FlatTrees::Tile& tile, std::size_t begin, std::size_t end) {
          std::vector<float> sums(n_outputs * tile_rows);  // output after output
          for (std::size_t row = begin; row < end; ++row) {
            for (std::size_t k = 0; k < n_outputs; ++k) {
              sums[k * tile_rows + row - begin] = margins[row * n_outputs + k];
            }
          }
          for (std::size_t i = 0; i < count; ++i) {
            trees.Walk(i, &tile);
            trees.AddValues(i, tile, sums.data() + plan.OutputOf(first + i) * tile_rows);
          }
          for (std::size_t row = begin; row < end; ++row) {
            for (std::size_t k = 0; k < n_outputs; ++k) {
              margins[row * n_outputs + k] = sums[k * tile_rows + row - begin];
            }
          }
          if (last != plan.trees.size()) return;
          done(begin, end,
               std::span<float>(margins).subspan(begin * n_outputs, (end - begin) * n_outputs));
        });
  }
  return margins;
}

}  // namespace

std::vector<float> PredictMargins(const Booster& booster,
                                  std::span<const std::vector<float>> values, RowIndex n_rows,
                                  RoundRange rounds) {
  return Margins(MakePlan(booster, values, rounds), values, n_rows,
                 [](std::size_t, std::size_t, std::span<float>) {});
}

std::vector<float> PredictValues(const Booster& booster, std::span<const std::vector<float>> values,
                                 RowIndex n_rows, RoundRange rounds) {
  const PredictionPlan plan = MakePlan(booster, values, rounds);
  if (!plan.objective->predicts_class()) {
    return Margins(plan, values, n_rows, [&](std::size_t, std::size_t, std::span<float> margins) {
      plan.objective->Transform(margins);
    });
  }
  std::vector<float> classes(n_rows);
  Margins(plan, values, n_rows, [&](std::size_t begin, std::size_t end, std::span<float> margins) {
    for (std::size_t row = begin; row < end; ++row) {
      const auto own = margins.subspan((row - begin) * plan.n_outputs, plan.n_outputs);
      classes[row] = static_cast<float>(std::max_element(own.begin(), own.end()) - own.begin());
    }
  });
  return classes;
}

std::vector<std::int32_t> PredictLeaves(const Booster& booster,
                                        std::span<const std::vector<float>> values, RowIndex n_rows,
                                        RoundRange rounds) {
  const PredictionPlan plan = MakePlan(booster, values, rounds);
  if (!plan.linear_weights.empty()) {
    throw Error(ErrorKind::kUsage, "a linear model has no trees and so no leaves", {},
                "ask for values, margins or contributions");
  }
  const FlatTrees trees(plan.trees, plan.tree_weights, n_rows);
  std::vector<std::int32_t> leaves(n_rows * trees.size());
  ForEachTile(
      trees, values, n_rows, [&](FlatTrees::Tile& tile, std::size_t begin, std::size_t end) {
        for (std::size_t tree = 0; tree < trees.size(); ++tree) {
          trees.Walk(tree, &tile);
          for (std::size_t row = begin; row < end; ++row) {
            leaves[row * trees.size() + tree] = trees.NumberOf(tree, tile.leaf(row - begin));
          }
        }
      });
  return leaves;
}

}  // namespace coppice::trainer
