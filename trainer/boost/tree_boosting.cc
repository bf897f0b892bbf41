#include "trainer/boost/tree_boosting.h"

#include <utility>

#include "trainer/boost/row_chunks.h"
#include "trainer/tree/binned_walk.h"

namespace coppice::trainer {

TreeBoosting::TreeBoosting(const BoostingInput& input) : input_(input), forest_(input) {}

void TreeBoosting::AddRound(Margins& margins) {
  // As if the model that is continued had been trained here.
  const std::uint64_t round = input_.RoundsBefore() + trees_.size() / forest_.trees_per_round();
  forest_.Begin(round, margins);
  for (std::size_t tree = 0; tree < forest_.trees_per_round(); ++tree) {
    const std::span<float> own = margins.Of(forest_.OutputOf(tree));
    GrownTree grown = forest_.Grow(tree, own);
    if (input_.GivenUp()) return;
    AddToValidation(grown, own);
    trees_.push_back(std::move(grown.tree));
  }
}

void TreeBoosting::AddToValidation(const GrownTree& grown, std::span<float> margins) const {
  const std::span<const RowIndex> rows = input_.data.validation;
  if (rows.empty()) return;
  const BinnedWalk walk(*input_.data.matrix, grown);
  ForEachChunk(rows.size(), [&](std::size_t, std::size_t begin, std::size_t end) {
    walk.AddLeafValues(rows.subspan(begin, end - begin), margins);
  });
}

void TreeBoosting::FillBooster(int rounds, Booster* booster) const {
  booster->parallel_trees = input_.params.num_parallel_tree;
  if (input_.data.start.model != nullptr) booster->trees = input_.data.start.model->trees;
  const auto count =
      static_cast<std::ptrdiff_t>(static_cast<std::size_t>(rounds) * forest_.trees_per_round());
  booster->trees.insert(booster->trees.end(), trees_.begin(), trees_.begin() + count);
}

double TreeBoosting::Work(int rounds) const {
  const std::size_t n_trees = static_cast<std::size_t>(rounds) * forest_.trees_per_round();
  double work = 0;
  for (std::size_t i = 0; i < n_trees; ++i) work += forest_.WorkOf(trees_[i]);
  return work;
}

void TreeBoosting::Save(ByteWriter& bytes) const { bytes(trees_); }

bool TreeBoosting::Load(ByteReader& bytes, int rounds) {
  return bytes(trees_) &&
         trees_.size() == static_cast<std::size_t>(rounds) * forest_.trees_per_round();
}

}  // namespace coppice::trainer
