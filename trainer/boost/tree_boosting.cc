#include "trainer/boost/tree_boosting.h"

#include <utility>

#include "trainer/boost/row_chunks.h"
#include "trainer/tree/binned_walk.h"

namespace coppice::trainer {

TreeBoosting::TreeBoosting(const BoostingInput& input)
    : input_(input),
      n_outputs_(static_cast<std::size_t>(input.objective.n_outputs())),
      sampler_(input.params, input.Seed(), input.key.fold),
      gradients_(input.objective, input.data),
      partition_(input.data.train),
      grower_(*input.data.matrix, input.params, partition_) {}

void TreeBoosting::AddRound(Margins& margins) {
  // As if the model that is continued had been trained here.
  const std::uint64_t round = input_.RoundsBefore() + trees_.size() / n_outputs_;
  gradients_.Compute(margins, round, &sampler_);
  for (std::size_t k = 0; k < n_outputs_; ++k) GrowTree(round, k, margins);
}

void TreeBoosting::GrowTree(std::uint64_t round, std::size_t output, Margins& margins) {
  const PackedGradients packed = gradients_.Pack(output);
  GrownTree grown = grower_.Grow(packed.pairs, packed.scale, packed.total,
                                 {input_.Seed(), input_.key.fold, round * n_outputs_ + output},
                                 margins.Of(output));
  const std::span<const RowIndex> validation = input_.data.validation;
  if (!validation.empty()) {
    const BinnedWalk walk(*input_.data.matrix, grown);
    ForEachChunk(validation.size(), [&](std::size_t, std::size_t begin, std::size_t end) {
      walk.AddLeafValues(validation.subspan(begin, end - begin), margins.Of(output));
    });
  }
  trees_.push_back(std::move(grown.tree));
}

void TreeBoosting::FillBooster(int rounds, Booster* booster) const {
  if (input_.data.start.model != nullptr) booster->trees = input_.data.start.model->trees;
  const auto count = static_cast<std::ptrdiff_t>(rounds) * static_cast<std::ptrdiff_t>(n_outputs_);
  booster->trees.insert(booster->trees.end(), trees_.begin(), trees_.begin() + count);
}

}  // namespace coppice::trainer
