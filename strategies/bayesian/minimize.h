#pragma once
// Minimizes a smooth function in a box: limited-memory BFGS on the variables that are not held by
// a bound (Nocedal and Wright 2006, "Numerical optimization", algorithm 7.4), with steps projected
// into the box and halved until the function falls enough.

#include <functional>
#include <span>
#include <vector>

namespace coppice::strategies {

// Value at x; fills in `gradient`. Infinity where there is no value (then the gradient is not
// read).
using SmoothFunction = std::function<double(std::span<const double> x, std::span<double> gradient)>;

struct MinimizeOptions {
  std::vector<double> low;
  std::vector<double> high;
  int most_evaluations = 60;
  double tolerance = 1e-3;  // ends when a step gains less than this times max(1, |value|)
  double first_step = 1;    // at most so long: nothing is known of the curvature yet
};

struct Minimum {
  std::vector<double> x;
  double value = 0;
};

// From `start`, which is moved into the box.
Minimum Minimize(const SmoothFunction& function, std::vector<double> start,
                 const MinimizeOptions& options);

}  // namespace coppice::strategies
