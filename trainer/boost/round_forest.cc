#include "trainer/boost/round_forest.h"

#include <utility>

#include "trainer/boost/leaf_quantiles.h"
#include "trainer/tree/tree_work.h"

namespace coppice::trainer {
namespace {

// Trees that grow in parallel share the step (as XGBoost has it).
TrainParams ParamsOfOneTree(TrainParams params) {
  params.eta = Eta(params) / params.num_parallel_tree;
  return params;
}

}  // namespace

RoundForest::RoundForest(const BoostingInput& input)
    : input_(input),
      params_(ParamsOfOneTree(input.params)),
      n_outputs_(static_cast<std::size_t>(input.objective.n_outputs())),
      n_parallel_(static_cast<std::size_t>(input.params.num_parallel_tree)),
      sampler_(params_, input.Seed(), input.key.fold, input.data.train.size()),
      samples_each_tree_(sampler_.by_gradient() || (n_parallel_ > 1 && !sampler_.takes_all())),
      gradients_(input.objective, input.data, {input.Seed(), input.key.fold}),
      partition_(input.data.train),
      grower_(*input.data.matrix, params_, partition_, BestInstructionSet(), input.data.limit) {}

void RoundForest::Begin(std::uint64_t round, const Margins& margins) {
  round_ = round;
  if (input_.objective.LeafQuantile(0)) start_.emplace(margins);
  gradients_.Compute(margins, round, samples_each_tree_ ? nullptr : &sampler_);
}

GrownTree RoundForest::Grow(std::size_t tree_in_round, std::span<float> margins) {
  packed_ = GradientsFor(tree_in_round);
  const std::uint64_t tree = round_ * trees_per_round() + tree_in_round;
  const TreeKey key{input_.Seed(), input_.key.fold, tree};
  if (!start_) return grower_.Grow(packed_.pairs, packed_.scale, packed_.total, key, margins);
  GrownTree grown =
      grower_.Grow(packed_.pairs, packed_.scale, packed_.total, key, margins, LeafUse::kListRows);
  const std::size_t output = OutputOf(tree_in_round);
  const LeafQuantiles rule{*input_.objective.LeafQuantile(static_cast<int>(output)),
                           static_cast<float>(Eta(params_)),
                           input_.data.label,
                           input_.data.weight,
                           std::as_const(*start_).Of(output),
                           packed_.pairs};
  SetLeafQuantiles(rule, partition_, margins, &grown);
  return grown;
}

double RoundForest::WorkOf(const Tree& tree) const {
  return TreeWork(tree, *input_.data.matrix, input_.data.train.size());
}

PackedGradients RoundForest::GradientsFor(std::size_t tree_in_round) {
  const std::size_t output = OutputOf(tree_in_round);
  if (samples_each_tree_) {
    return gradients_.PackSample(output, sampler_, {round_, tree_in_round});
  }
  return tree_in_round % n_parallel_ == 0 ? gradients_.Pack(output) : packed_;
}

}  // namespace coppice::trainer
