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

// Margins, and done(begin, end, margins of these rows) for each tile.
template <typename Done>
std::vector<float> Margins(const PredictionPlan& plan, std::span<const std::vector<float>> values,
                           RowIndex n_rows, Done done) {
  const std::size_t n_outputs = plan.n_outputs;
  std::vector<float> margins(n_rows * n_outputs);
  if (!plan.linear_weights.empty()) {
    LinearMargins(plan, values, n_rows, margins);
    done(0, n_rows, std::span<float>(margins));
    return margins;
  }
  const FlatTrees trees(plan.trees, plan.tree_weights);
  const std::size_t tile_rows = trees.tile_rows();
  ForEachTile(
      trees, values, n_rows, [&](FlatTrees::Tile& tile, std::size_t begin, std::size_t end) {
        std::vector<float> sums(n_outputs * tile_rows);  // output after output
        for (std::size_t k = 0; k < n_outputs; ++k) {
          std::fill_n(sums.data() + k * tile_rows, tile_rows, plan.base_margin[k]);
        }
        for (std::size_t tree = 0; tree < trees.size(); ++tree) {
          trees.Walk(tree, &tile);
          trees.AddValues(tree, tile, sums.data() + plan.OutputOf(tree) * tile_rows);
        }
        for (std::size_t row = begin; row < end; ++row) {
          for (std::size_t k = 0; k < n_outputs; ++k) {
            margins[row * n_outputs + k] = sums[k * tile_rows + row - begin];
          }
        }
        done(begin, end,
             std::span<float>(margins).subspan(begin * n_outputs, (end - begin) * n_outputs));
      });
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
  const FlatTrees trees(plan.trees, plan.tree_weights);
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
