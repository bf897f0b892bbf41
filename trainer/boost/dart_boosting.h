#pragma once
// Boosting by trees with dropout (Rashmi and Gilad-Bachrach, "DART: dropouts meet multiple additive
// regression trees", 2015), with XGBoost's choices: each round leaves some of the earlier trees out
// while it takes gradients, and then scales these and the new ones down so that together they do
// not overshoot.
//
// So a later round changes what an earlier tree counts for. The weights after each round are kept
// as a list of changes, and a model of r rounds has the weights as they were after round r.

#include <cstdint>
#include <span>
#include <vector>

#include "trainer/boost/boosting_method.h"
#include "trainer/boost/round_forest.h"

namespace coppice::trainer {

// Which trees a round leaves out, ascending. `weights` are those of the trees so far.
std::vector<std::size_t> TreesToDrop(const TrainParams& params, std::span<const float> weights,
                                     std::uint64_t seed, std::uint64_t fold, std::uint64_t round);

// Of a round that leaves `n_dropped` trees out and adds `n_new`.
struct DropFactors {
  float dropped = 1;  // what the weights of those left out are multiplied by
  float added = 1;    // the weight of each new tree
};
DropFactors FactorsOf(const TrainParams& params, std::size_t n_dropped, std::size_t n_new);

// The margins of the validation rows are at each round, to the last bit, what the model of that
// round predicts; those of the training rows are changed step by step and so may round otherwise.
class DartBoosting : public BoostingMethod {
 public:
  // Starts from nothing: a dart model cannot be continued.
  explicit DartBoosting(const BoostingInput& input);

  void AddRound(Margins& margins) override;
  void FillBooster(int rounds, Booster* booster) const override;
  double Work(int rounds) const override;
  void Save(ByteWriter& bytes) const override;
  bool Load(ByteReader& bytes, int rounds) override;

 private:
  // The weight of a tree from some round on.
  struct WeightChange {
    std::size_t tree;
    float weight;
  };

  void AddRoundWithoutDrop(Margins& margins);
  void AddRoundWithDrop(const std::vector<std::size_t>& dropped, Margins& margins);
  void Keep(GrownTree grown, float weight);
  void AddTree(std::size_t tree, std::span<const RowIndex> rows, Margins& margins) const;
  void AddToTraining(std::span<const float> from, float factor, std::span<float> to) const;
  void SumValidation(Margins& margins) const;
  std::vector<float> WeightsAfter(std::size_t rounds) const;
  std::size_t OutputOf(std::size_t tree) const {
    return forest_.OutputOf(tree % forest_.trees_per_round());
  }

  BoostingInput input_;
  RoundForest forest_;
  std::vector<GrownTree> trees_;
  std::vector<float> weights_;                      // [n_trees], as they are now
  std::vector<std::vector<WeightChange>> changes_;  // by round
};

}  // namespace coppice::trainer
