#pragma once
// Boosting of a linear function by coordinate descent (gblinear): each round takes one Newton step
// in the bias and then in each feature's weight, every one on the gradients that the steps before
// it left. XGBoost's `coord_descent`, on raw values; a missing value counts as 0.
//
// Sums have a fixed shape, so that the weights do not depend on threads; XGBoost's `shotgun` lets
// threads race and is not had here.

#include <cstdint>
#include <span>
#include <vector>

#include "trainer/boost/boosting_method.h"
#include "trainer/boost/round_gradients.h"

namespace coppice::trainer {

// The step in a weight `w` with elastic net penalties, before eta. Zero where the column has no
// weight in the sums.
double CoordinateStep(const GradientSum& sum, double w, double alpha, double lambda);

class LinearBoosting : public BoostingMethod {
 public:
  // `input.data.values` are finite numbers or missing.
  explicit LinearBoosting(const BoostingInput& input);

  void AddRound(Margins& margins) override;
  void FillBooster(int rounds, Booster* booster) const override;
  double Work(int rounds) const override;
  void Save(ByteWriter& bytes) const override;
  bool Load(ByteReader& bytes, int rounds) override;

 private:
  std::span<GradientPair> Pairs(std::size_t output) {
    return {pairs_.data() + output * n_rows_, n_rows_};
  }
  float& Weight(std::size_t feature, std::size_t output) {
    return weights_[feature * n_outputs_ + output];
  }
  void StepBias(std::size_t output);
  void StepFeatures(std::uint64_t round, std::size_t output);
  void StepFeature(std::size_t feature, std::size_t output);
  float StepOf(std::size_t feature, std::size_t output);
  std::vector<std::size_t> FixedOrder(std::uint64_t round, std::size_t output);
  std::size_t LargestStep(std::size_t output);
  std::size_t NumberVisited() const;
  void Predict(Margins& margins) const;

  BoostingInput input_;
  RoundGradients gradients_;
  std::size_t n_rows_;
  std::size_t n_features_;
  std::size_t n_outputs_;
  double alpha_;                              // of the sum over rows
  double lambda_;                             // the same
  std::vector<GradientPair> pairs_;           // [n_outputs][n_rows], as the steps leave them
  std::vector<float> weights_;                // as Booster's linear_weights
  std::vector<std::vector<float>> by_round_;  // weights_ after each round
};

}  // namespace coppice::trainer
