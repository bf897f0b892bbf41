#pragma once
// Which rows a tree is grown on, and what their gradients count for.
//
// By gradient: minimal variance sampling (Ibragimov and Gusev, "Minimal variance sampling in
// stochastic gradient boosting", 2019), as XGBoost does it. A row whose gradient is large, in the
// measure c = sqrt(g^2 + 0.1 h^2), is taken with the chance p = min(1, c / threshold) and then
// counts 1 / p times, so that sums over the sample are on average those over all rows. The
// threshold is such that the chances add up to the number of rows wanted.

#include <cstdint>
#include <span>

#include "trainer/objective/objective.h"
#include "trainer/params.h"
#include "trainer/tree/fixed_point.h"

namespace coppice::trainer {

// Immutable. Thread-safe. A sample depends on its name alone.
class RowSampler {
 public:
  // Trees of one round may share a sample: `tree` is then 0.
  struct Name {
    std::uint64_t round = 0;
    std::uint64_t tree = 0;
  };

  // `n_rows` train.
  RowSampler(const TrainParams& params, std::uint64_t seed, std::uint64_t fold, std::size_t n_rows);

  bool takes_all() const { return share_ >= 1; }
  // Whether samples depend on the gradients, so that they differ by output.
  bool by_gradient() const { return by_gradient_ && !takes_all(); }

  // Uniform. Sets the pairs [n, n_outputs] of those rows of a chunk that are not in the sample to
  // zero.
  void Drop(Name name, std::uint64_t chunk, std::size_t n_outputs,
            std::span<GradientPair> pairs) const;

  // By gradient. `pairs` are those of all rows, as they are in memory; 0: every row that has a
  // gradient is taken.
  float Threshold(std::span<const PackedPair> pairs) const;
  // Scales the pairs of those rows of a chunk that are in the sample and sets the others to zero.
  void Scale(Name name, std::uint64_t chunk, float threshold, std::span<GradientPair> pairs) const;

 private:
  void Draw(Name name, std::uint64_t chunk, std::span<std::uint32_t> numbers) const;

  double share_;
  bool by_gradient_;
  std::uint64_t seed_;
  std::uint64_t fold_;
  std::size_t n_wanted_;
};

}  // namespace coppice::trainer
