#pragma once
// What a trial will cost, from what others did: the logarithm of the cost is taken for linear in
// the columns of the encoding, with a normal prior on the slopes (Lee et al. 2020, "Cost-aware
// Bayesian optimization": a model of low variance is enough).

#include <optional>
#include <span>
#include <vector>

#include "strategies/bayesian/matrix.h"

namespace coppice::strategies {

// Immutable.
class CostModel {
 public:
  // `encoded` [n][columns], `costs` [n], above 0. Nothing for fewer than three.
  static std::optional<CostModel> Fit(const Matrix& encoded, std::span<const double> costs);

  // The expected logarithm of the cost, less that of the mean trial.
  double At(const Matrix& encoded, std::size_t row) const;
  // Its derivatives by the columns.
  std::span<const double> slopes() const { return slopes_; }

 private:
  std::vector<double> centre_;
  std::vector<double> slopes_;
};

}  // namespace coppice::strategies
