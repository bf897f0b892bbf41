#pragma once
// Boosting by trees that stay as they are (gbtree).

#include <vector>

#include "trainer/boost/boosting_method.h"
#include "trainer/boost/round_forest.h"

namespace coppice::trainer {

class TreeBoosting : public BoostingMethod {
 public:
  explicit TreeBoosting(const BoostingInput& input);

  void AddRound(Margins& margins) override;
  void FillBooster(int rounds, Booster* booster) const override;
  double Work(int rounds) const override;
  void Save(ByteWriter& bytes) const override;
  bool Load(ByteReader& bytes, int rounds) override;

 private:
  void AddToValidation(const GrownTree& grown, std::span<float> margins) const;

  BoostingInput input_;
  RoundForest forest_;
  std::vector<Tree> trees_;
};

}  // namespace coppice::trainer
