#include "trainer/predict/predictor.h"

#include <fmt/format.h>
#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "trainer/objective/objective.h"
#include "trainer/predict/flat_trees.h"

namespace coppice::trainer {
namespace {

// What a prediction takes from the booster, checked.
struct Plan {
  std::span<const Tree> trees;
  std::size_t n_outputs = 1;
  std::unique_ptr<Objective> objective;
  std::vector<float> base_margin;  // [n_outputs]
};

std::unique_ptr<Objective> ObjectiveOf(const Booster& booster) {
  auto objective = MakeObjective(
      booster.objective, SettingsFromParameters(booster.objective_params, booster.n_outputs));
  if (objective == nullptr) {
    throw Error(ErrorKind::kData, fmt::format("objective `{}` is not known", booster.objective), {},
                "coppice has " + ListWords(ObjectiveNames()));
  }
  return objective;
}

Plan MakePlan(const Booster& booster, std::span<const std::vector<float>> values,
              RoundRange rounds) {
  const std::size_t n_features = booster.schema.features.size();
  if (values.size() != n_features) {
    throw Error(
        ErrorKind::kData,
        fmt::format("the model has `{}` features and the data `{}`", n_features, values.size()), {},
        "read the data with the model's own schema");
  }
  const int end = rounds.end == 0 ? booster.rounds_used() : rounds.end;
  if (rounds.begin < 0 || rounds.begin > end || end > booster.n_rounds()) {
    throw Error(ErrorKind::kUsage, fmt::format("rounds `[{}, {})` are not among the model's `{}`",
                                               rounds.begin, end, booster.n_rounds()));
  }
  Plan plan;
  plan.n_outputs = static_cast<std::size_t>(booster.n_outputs);
  const std::size_t first = static_cast<std::size_t>(rounds.begin) * plan.n_outputs;
  plan.trees = std::span<const Tree>(booster.trees)
                   .subspan(first, static_cast<std::size_t>(end - rounds.begin) * plan.n_outputs);
  plan.objective = ObjectiveOf(booster);
  for (std::size_t k = 0; k < plan.n_outputs; ++k) {
    const float base = booster.base_score[booster.base_score.size() == 1 ? 0 : k];
    plan.base_margin.push_back(plan.objective->ToMargin(base));
  }
  return plan;
}

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

// Margins, and done(begin, end, margins of these rows) for each tile.
template <typename Done>
std::vector<float> Margins(const Plan& plan, std::span<const std::vector<float>> values,
                           RowIndex n_rows, Done done) {
  const std::size_t n_outputs = plan.n_outputs;
  std::vector<float> margins(n_rows * n_outputs);
  const FlatTrees trees(plan.trees, {});
  const std::size_t tile_rows = trees.tile_rows();
  ForEachTile(
      trees, values, n_rows, [&](FlatTrees::Tile& tile, std::size_t begin, std::size_t end) {
        std::vector<float> sums(n_outputs * tile_rows);  // output after output
        for (std::size_t k = 0; k < n_outputs; ++k) {
          std::fill_n(sums.data() + k * tile_rows, tile_rows, plan.base_margin[k]);
        }
        for (std::size_t tree = 0; tree < trees.size(); ++tree) {
          trees.Walk(tree, &tile);
          trees.AddValues(tree, tile, sums.data() + tree % n_outputs * tile_rows);
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
  const Plan plan = MakePlan(booster, values, rounds);
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
  const Plan plan = MakePlan(booster, values, rounds);
  const FlatTrees trees(plan.trees, {});
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
