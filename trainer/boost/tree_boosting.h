#pragma once
// Boosting by trees: a tree a round and output, grown on the gradients of the model so far.

#include <vector>

#include "trainer/boost/boosting_method.h"
#include "trainer/boost/round_gradients.h"
#include "trainer/boost/row_sampler.h"
#include "trainer/tree/grower.h"
#include "trainer/tree/row_partition.h"

namespace coppice::trainer {

class TreeBoosting : public BoostingMethod {
 public:
  explicit TreeBoosting(const BoostingInput& input);

  void AddRound(Margins& margins) override;
  void FillBooster(int rounds, Booster* booster) const override;

 private:
  void GrowTree(std::uint64_t round, std::size_t output, Margins& margins);

  BoostingInput input_;
  std::size_t n_outputs_;
  RowSampler sampler_;
  RoundGradients gradients_;
  RowPartition partition_;
  TreeGrower grower_;
  std::vector<Tree> trees_;
};

}  // namespace coppice::trainer
