#include "strategies/bayesian/minimize.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <deque>
#include <utility>

namespace coppice::strategies {
namespace {

using Vector = std::vector<double>;

double Dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

struct Point {
  Vector x;
  Vector gradient;
  double value = 0;
};

// The last steps and the changes of the gradient over them.
class History {
 public:
  void Add(const Point& from, const Point& to) {
    Pair pair{to.x, to.gradient, 0};
    for (std::size_t i = 0; i < from.x.size(); ++i) {
      pair.step[i] -= from.x[i];
      pair.change[i] -= from.gradient[i];
    }
    pair.curvature = Dot(pair.step, pair.change);
    // A step that saw no positive curvature says nothing about the size of the next.
    constexpr double kFlat = 1e-10;
    if (!(pair.curvature > kFlat * Dot(pair.change, pair.change))) return;
    pairs_.push_back(std::move(pair));
    constexpr std::size_t kMost = 8;
    if (pairs_.size() > kMost) pairs_.pop_front();
  }
  void Clear() { pairs_.clear(); }

  // -H g, H the approximate inverse of the second derivatives; without knowledge, `first_step` long
  // at most.
  Vector Direction(Vector g, double first_step) const {
    Vector weights(pairs_.size());
    for (std::size_t k = pairs_.size(); k-- > 0;) {
      weights[k] = Dot(pairs_[k].step, g) / pairs_[k].curvature;
      for (std::size_t i = 0; i < g.size(); ++i) g[i] -= weights[k] * pairs_[k].change[i];
    }
    double scale = first_step / std::max(1.0, std::sqrt(Dot(g, g)));
    if (!pairs_.empty()) {
      const Pair& last = pairs_.back();
      scale = last.curvature / Dot(last.change, last.change);
    }
    for (double& each : g) each *= scale;
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      const double back = Dot(pairs_[k].change, g) / pairs_[k].curvature;
      for (std::size_t i = 0; i < g.size(); ++i) g[i] += (weights[k] - back) * pairs_[k].step[i];
    }
    for (double& each : g) each = -each;
    return g;
  }

 private:
  struct Pair {
    Vector step;
    Vector change;
    double curvature;
  };
  std::deque<Pair> pairs_;
};

class Descent {
 public:
  Descent(const SmoothFunction& function, const MinimizeOptions& options)
      : function_(function), options_(options) {}

  Minimum Run(Vector start) {
    for (std::size_t i = 0; i < start.size(); ++i) {
      start[i] = std::clamp(start[i], options_.low[i], options_.high[i]);
    }
    Point at = Evaluate(std::move(start));
    while (n_evaluations_ < options_.most_evaluations && std::isfinite(at.value)) {
      const double before = at.value;
      if (!Step(at)) break;
      if (before - at.value <= options_.tolerance * std::max(1.0, std::abs(before))) break;
    }
    return {std::move(at.x), at.value};
  }

 private:
  Point Evaluate(Vector x) {
    ++n_evaluations_;
    Point point{std::move(x), {}, 0};
    point.gradient.resize(point.x.size());
    point.value = function_(point.x, point.gradient);
    return point;
  }

  // Whether a bound keeps variable i from going downhill.
  bool IsHeld(const Point& at, std::size_t i) const {
    return (at.x[i] <= options_.low[i] && at.gradient[i] > 0) ||
           (at.x[i] >= options_.high[i] && at.gradient[i] < 0);
  }

  Vector FreeGradient(const Point& at) const {
    Vector free = at.gradient;
    for (std::size_t i = 0; i < free.size(); ++i) {
      if (IsHeld(at, i)) free[i] = 0;
    }
    return free;
  }

  // Moves `at` downhill; false when there is no way.
  bool Step(Point& at) {
    const Vector gradient = FreeGradient(at);
    Vector direction = history_.Direction(gradient, options_.first_step);
    for (std::size_t i = 0; i < direction.size(); ++i) {
      if (IsHeld(at, i)) direction[i] = 0;
    }
    if (!(Dot(direction, gradient) < 0)) {
      history_.Clear();
      direction = history_.Direction(gradient, options_.first_step);
      if (!(Dot(direction, gradient) < 0)) return false;
    }
    double size = 1;
    while (n_evaluations_ < options_.most_evaluations) {
      Point next = Evaluate(Along(at.x, direction, size));
      if (IsEnough(at, next)) {
        history_.Add(at, next);
        at = std::move(next);
        return true;
      }
      size *= 0.5;
      constexpr double kSmallest = 1e-6;
      if (size < kSmallest) return false;
    }
    return false;
  }

  Vector Along(const Vector& x, const Vector& direction, double size) const {
    Vector next = x;
    for (std::size_t i = 0; i < next.size(); ++i) {
      next[i] = std::clamp(x[i] + size * direction[i], options_.low[i], options_.high[i]);
    }
    return next;
  }

  // Armijo's condition on the step that was really taken.
  static bool IsEnough(const Point& from, const Point& to) {
    constexpr double kShare = 1e-4;
    double slope = 0;
    for (std::size_t i = 0; i < from.x.size(); ++i) {
      slope += from.gradient[i] * (to.x[i] - from.x[i]);
    }
    return to.value < from.value && to.value <= from.value + kShare * slope;
  }

  const SmoothFunction& function_;
  const MinimizeOptions& options_;
  History history_;
  int n_evaluations_ = 0;
};

}  // namespace

Minimum Minimize(const SmoothFunction& function, std::vector<double> start,
                 const MinimizeOptions& options) {
  return Descent(function, options).Run(std::move(start));
}

}  // namespace coppice::strategies
