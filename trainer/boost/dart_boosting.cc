#include "trainer/boost/dart_boosting.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "trainer/boost/row_chunks.h"
#include "trainer/tree/binned_walk.h"

namespace coppice::trainer {
namespace {

// One tree, drawn evenly or by its weight.
std::size_t DrawOne(const TrainParams& params, std::span<const float> weights, double sum,
                    RandomStream& random) {
  if (params.sample_type == DropSampling::kUniform) return random.Below(weights.size());
  double left = random.Uniform() * sum;
  for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
    left -= static_cast<double>(weights[i]);
    if (left < 0) return i;
  }
  return weights.size() - 1;
}

}  // namespace

std::vector<std::size_t> TreesToDrop(const TrainParams& params, std::span<const float> weights,
                                     std::uint64_t seed, std::uint64_t fold, std::uint64_t round) {
  RandomStream random(seed, {Purpose::kDropTrees, fold, round});
  std::vector<std::size_t> dropped;
  if (random.Uniform() < params.skip_drop || weights.empty()) return dropped;
  double sum = 0;
  for (const float weight : weights) sum += static_cast<double>(weight);
  const auto n_trees = static_cast<double>(weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const bool even = params.sample_type == DropSampling::kUniform;
    const double relative = even ? 1.0 : n_trees * static_cast<double>(weights[i]) / sum;
    if (random.Uniform() < params.rate_drop * relative) dropped.push_back(i);
  }
  if (dropped.empty() && params.one_drop != 0) {
    dropped.push_back(DrawOne(params, weights, sum, random));
  }
  return dropped;
}

// In XGBoost's own mix of single and double precision, so that weights are the same to the last
// bit.
DropFactors FactorsOf(const TrainParams& params, std::size_t n_dropped, std::size_t n_new) {
  if (n_dropped == 0) return {};
  const float step = static_cast<float>(Eta(params)) / static_cast<float>(n_new);
  if (params.normalize_type == DropScaling::kForest) {
    const auto factor = static_cast<float>(1.0 / (1.0 + static_cast<double>(step)));
    return {factor, factor};
  }
  const auto k = static_cast<float>(n_dropped);
  const auto all = static_cast<double>(k + step);
  return {static_cast<float>(static_cast<double>(k) / all), static_cast<float>(1.0 / all)};
}

DartBoosting::DartBoosting(const BoostingInput& input) : input_(input), forest_(input) {
  COPPICE_CHECK(input.data.start.model == nullptr, "a dart model cannot be continued");
}

void DartBoosting::AddRound(Margins& margins) {
  const std::vector<std::size_t> dropped =
      TreesToDrop(input_.params, weights_, input_.Seed(), input_.key.fold, changes_.size());
  if (dropped.empty()) {
    AddRoundWithoutDrop(margins);
  } else {
    AddRoundWithDrop(dropped, margins);
  }
}

// As gbtree does it.
void DartBoosting::AddRoundWithoutDrop(Margins& margins) {
  forest_.Begin(changes_.size(), margins);
  changes_.emplace_back();
  for (std::size_t i = 0; i < forest_.trees_per_round(); ++i) {
    Keep(forest_.Grow(i, margins.Of(forest_.OutputOf(i))), 1);
    if (input_.GivenUp()) return;
    AddTree(trees_.size() - 1, input_.data.validation, margins);
  }
}

void DartBoosting::AddRoundWithDrop(const std::vector<std::size_t>& dropped, Margins& margins) {
  const DropFactors factors = FactorsOf(input_.params, dropped.size(), forest_.trees_per_round());
  Margins left_out(margins.n_rows(), margins.n_outputs());
  for (const std::size_t tree : dropped) {
    if (input_.GivenUp()) break;
    AddTree(tree, input_.data.train, left_out);
  }
  for (std::size_t k = 0; k < margins.n_outputs(); ++k) {
    AddToTraining(left_out.Of(k), -1, margins.Of(k));
  }
  forest_.Begin(changes_.size(), margins);
  changes_.emplace_back();
  for (const std::size_t tree : dropped) {
    weights_[tree] *= factors.dropped;
    changes_.back().push_back({tree, weights_[tree]});
  }
  for (std::size_t i = 0; i < forest_.trees_per_round(); ++i) {
    std::vector<float> values(margins.n_rows());
    Keep(forest_.Grow(i, values), factors.added);
    if (input_.GivenUp()) return;
    AddToTraining(values, factors.added, margins.Of(forest_.OutputOf(i)));
  }
  for (std::size_t k = 0; k < margins.n_outputs(); ++k) {
    AddToTraining(left_out.Of(k), factors.dropped, margins.Of(k));
  }
  SumValidation(margins);
}

void DartBoosting::Keep(GrownTree grown, float weight) {
  changes_.back().push_back({trees_.size(), weight});
  weights_.push_back(weight);
  trees_.push_back(std::move(grown));
}

// What the tree counts for now, at `rows`.
void DartBoosting::AddTree(std::size_t tree, std::span<const RowIndex> rows,
                           Margins& margins) const {
  if (rows.empty()) return;
  const BinnedWalk walk(*input_.data.matrix, trees_[tree]);
  const std::span<float> own = margins.Of(OutputOf(tree));
  ForEachChunk(rows.size(), [&](std::size_t, std::size_t begin, std::size_t end) {
    walk.AddLeafValues(rows.subspan(begin, end - begin), own, weights_[tree]);
  });
}

void DartBoosting::AddToTraining(std::span<const float> from, float factor,
                                 std::span<float> to) const {
  const std::span<const RowIndex> rows = input_.data.train;
  ForEachChunk(rows.size(), [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) to[rows[i]] += factor * from[rows[i]];
  });
}

// Anew, in the order in which a model adds its trees: sums of floats depend on it.
void DartBoosting::SumValidation(Margins& margins) const {
  const std::span<const RowIndex> rows = input_.data.validation;
  for (std::size_t k = 0; k < margins.n_outputs(); ++k) {
    const std::span<float> own = margins.Of(k);
    for (const RowIndex row : rows) own[row] = input_.base_margin[k];
  }
  for (std::size_t tree = 0; tree < trees_.size() && !input_.GivenUp(); ++tree) {
    AddTree(tree, rows, margins);
  }
}

std::vector<float> DartBoosting::WeightsAfter(std::size_t rounds) const {
  std::vector<float> weights(rounds * forest_.trees_per_round());
  for (std::size_t round = 0; round < rounds; ++round) {
    for (const WeightChange& change : changes_[round]) weights[change.tree] = change.weight;
  }
  return weights;
}

void DartBoosting::FillBooster(int rounds, Booster* booster) const {
  booster->parallel_trees = input_.params.num_parallel_tree;
  booster->tree_weights = WeightsAfter(static_cast<std::size_t>(rounds));
  for (std::size_t i = 0; i < booster->tree_weights.size(); ++i) {
    booster->trees.push_back(trees_[i].tree);
  }
}

double DartBoosting::Work(int rounds) const {
  const std::size_t n_trees = static_cast<std::size_t>(rounds) * forest_.trees_per_round();
  double work = 0;
  for (std::size_t i = 0; i < n_trees; ++i) work += forest_.WorkOf(trees_[i].tree);
  return work;
}

void DartBoosting::Save(ByteWriter& bytes) const { bytes(trees_, weights_, changes_); }

bool DartBoosting::Load(ByteReader& bytes, int rounds) {
  const auto n_rounds = static_cast<std::size_t>(rounds);
  return bytes(trees_, weights_, changes_) && changes_.size() == n_rounds &&
         trees_.size() == n_rounds * forest_.trees_per_round() && weights_.size() == trees_.size();
}

}  // namespace coppice::trainer
