#pragma once
// Which rows a round is trained on.

#include <cstdint>
#include <span>

#include "trainer/objective/objective.h"
#include "trainer/params.h"

namespace coppice::trainer {

// Immutable. Thread-safe.
class RowSampler {
 public:
  RowSampler(const TrainParams& params, std::uint64_t seed, std::uint64_t fold)
      : share_(params.subsample), seed_(seed), fold_(fold) {}

  bool takes_all() const { return share_ >= 1; }
  // Sets the pairs [n, n_outputs] of a chunk's rows that are not in the sample to zero.
  void Drop(std::uint64_t round, std::uint64_t chunk, std::size_t n_outputs,
            std::span<GradientPair> pairs) const;

 private:
  double share_;
  std::uint64_t seed_;
  std::uint64_t fold_;
};

}  // namespace coppice::trainer
