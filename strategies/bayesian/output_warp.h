#pragma once
// Losses as the model sees them. The half below the median keeps its distances; the half above is
// replaced by normal quantiles of its ranks, so that one terrible trial does not flatten the rest
// (the half-rank warp of Song et al. 2024, "The Vizier Gaussian process bandit algorithm").

#include <optional>
#include <span>
#include <vector>

namespace coppice::strategies {

// What a trial said of its point.
struct Outcome {
  enum class Kind {
    kMeasured,  // `loss` is its loss
    kStopped,   // `loss` is what it had when it was stopped, or what it would have come to
    kFailed,    // there is none
  };
  Kind kind = Kind::kMeasured;
  double loss = 0;
  std::optional<double> variance = {};  // of the loss of a stopped trial, where it is known

  bool operator==(const Outcome&) const = default;
};

struct WarpedOutcomes {
  std::vector<double> values;  // mean 0, variance 1 (all 0 when all are alike)
  // Added to the noise of each value: a failure and a stopped trial say less than a loss does. The
  // variance of a loss is brought to values by the unit of the better half.
  std::vector<double> extra_variance;
  // The loss that 1 stands for, up to the median of the losses; 0 when all are alike.
  double unit = 0;
};

// With m the median of the losses and s the root mean square of (y - m) over those below: values
// up to m stay; the others become m - s Q(0.5 (r - 0.5) / q), Q the normal quantile, r the rank
// among the q different values above m, 1 the worst. A failure is half a standard deviation worse
// than the worst loss.
WarpedOutcomes Warp(std::span<const Outcome> outcomes);

}  // namespace coppice::strategies
