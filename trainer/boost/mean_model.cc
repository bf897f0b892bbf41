#include "trainer/boost/mean_model.h"

#include <cstddef>
#include <utility>

#include "base/error.h"

namespace coppice::trainer {
namespace {

bool AreAlike(const Booster& a, const Booster& b) {
  return a.objective == b.objective && a.objective_params == b.objective_params &&
         a.n_outputs == b.n_outputs && a.base_score == b.base_score &&
         a.parallel_trees == b.parallel_trees && a.trees.size() == b.trees.size() &&
         a.tree_weights.size() == b.tree_weights.size() &&
         a.linear_weights.size() == b.linear_weights.size() && a.schema == b.schema &&
         a.best_round == b.best_round;
}

void DivideLeaves(float n, Tree* tree) {
  for (std::size_t node = 0; node < tree->left.size(); ++node) {
    tree->base_weight[node] /= n;
    // Elsewhere it is a threshold.
    if (tree->left[node] == Tree::kNone) tree->threshold[node] /= n;
  }
}

std::vector<float> MeanWeights(const std::vector<Booster>& models) {
  std::vector<float> mean(models.front().linear_weights.size());
  for (std::size_t i = 0; i < mean.size(); ++i) {
    double sum = 0;
    for (const Booster& model : models) sum += model.linear_weights[i];
    mean[i] = static_cast<float>(sum / static_cast<double>(models.size()));
  }
  return mean;
}

// A block is the trees of one output in one round: they stand together, and so do those of all
// models.
void Interleave(std::vector<Booster>& models, Booster* mean) {
  const auto n = static_cast<float>(models.size());
  const bool weighted = !models.front().tree_weights.empty();
  const auto block = static_cast<std::size_t>(models.front().parallel_trees);
  const std::size_t n_trees = models.front().trees.size();
  mean->trees.reserve(n_trees * models.size());
  for (std::size_t begin = 0; begin < n_trees; begin += block) {
    for (Booster& model : models) {
      for (std::size_t i = begin; i < begin + block; ++i) {
        Tree& tree = mean->trees.emplace_back(std::move(model.trees[i]));
        if (weighted) {
          mean->tree_weights.push_back(model.tree_weights[i] / n);
        } else {
          DivideLeaves(n, &tree);
        }
      }
    }
  }
  mean->parallel_trees *= static_cast<int>(models.size());
}

}  // namespace

Booster MeanOf(std::vector<Booster> models) {
  COPPICE_CHECK(!models.empty(), "there is no mean of nothing");
  if (models.size() == 1) return std::move(models.front());
  for (const Booster& model : models) {
    COPPICE_CHECK(AreAlike(model, models.front()), "only what is alike has a mean");
  }
  Booster mean = models.front();
  mean.trees.clear();
  mean.tree_weights.clear();
  if (mean.is_linear()) {
    mean.linear_weights = MeanWeights(models);
  } else {
    Interleave(models, &mean);
  }
  return mean;
}

}  // namespace coppice::trainer
