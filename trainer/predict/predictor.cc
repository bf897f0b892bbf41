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

// Rows of one task; a block of them, row-major, should stay in the second cache.
constexpr std::size_t kMostBlockRows = 64;
constexpr std::size_t kBlockValues = 65536;

// What a prediction takes from the booster, checked.
struct Plan {
  std::span<const Tree> trees;
  std::size_t n_outputs = 1;
  std::unique_ptr<Objective> objective;
  std::vector<float> base_margin;  // [n_outputs]
};

std::unique_ptr<Objective> ObjectiveOf(const Booster& booster) {
  ObjectiveSettings settings;
  settings.num_class = booster.n_outputs;
  auto objective = MakeObjective(booster.objective, settings);
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

// Calls visit(tree, row, leaf) for every tree, in the order of the trees for each row, over blocks
// of rows in parallel; done(begin, end) after the last tree of a block.
template <typename Visit, typename Done>
void ForEachLeaf(const FlatTrees& trees, std::span<const std::vector<float>> values,
                 std::size_t n_rows, Visit visit, Done done) {
  const std::size_t n_features = values.size();
  const std::size_t stride = std::max<std::size_t>(1, n_features);
  const std::size_t block_rows =
      std::clamp(kBlockValues / stride / kWalkers * kWalkers, kWalkers, kMostBlockRows);
  const std::size_t n_blocks = (n_rows + block_rows - 1) / block_rows;
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, n_blocks), [&](const auto& blocks) {
    // Walkers beyond the last row walk over zeros, and nobody asks where to.
    std::vector<float> block(block_rows * stride);
    for (std::size_t b = blocks.begin(); b != blocks.end(); ++b) {
      const std::size_t begin = b * block_rows;
      const std::size_t count = std::min(block_rows, n_rows - begin);
      for (std::size_t f = 0; f < n_features; ++f) {
        const float* column = values[f].data() + begin;
        for (std::size_t i = 0; i < count; ++i) block[i * stride + f] = column[i];
      }
      for (std::size_t tree = 0; tree < trees.size(); ++tree) {
        for (std::size_t i = 0; i < count; i += kWalkers) {
          const auto leaves = trees.LeavesOf(tree, block.data() + i * stride, stride);
          const std::size_t walkers = std::min(kWalkers, count - i);
          for (std::size_t w = 0; w < walkers; ++w) visit(tree, begin + i + w, leaves[w]);
        }
      }
      done(begin, begin + count);
    }
  });
}

// Margins, and done(begin, end, margins of these rows) for each block.
template <typename Done>
std::vector<float> Margins(const Plan& plan, std::span<const std::vector<float>> values,
                           RowIndex n_rows, Done done) {
  const std::size_t n_outputs = plan.n_outputs;
  std::vector<float> margins(n_rows * n_outputs);
  for (std::size_t i = 0; i < margins.size(); ++i) margins[i] = plan.base_margin[i % n_outputs];
  const FlatTrees trees(plan.trees);
  ForEachLeaf(
      trees, values, n_rows,
      [&](std::size_t tree, std::size_t row, std::int32_t leaf) {
        margins[row * n_outputs + tree % n_outputs] += trees.ValueOf(tree, leaf);
      },
      [&](std::size_t begin, std::size_t end) {
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
  const FlatTrees trees(plan.trees);
  std::vector<std::int32_t> leaves(n_rows * trees.size());
  ForEachLeaf(
      trees, values, n_rows,
      [&](std::size_t tree, std::size_t row, std::int32_t leaf) {
        leaves[row * trees.size() + tree] = leaf;
      },
      [](std::size_t, std::size_t) {});
  return leaves;
}

}  // namespace coppice::trainer
