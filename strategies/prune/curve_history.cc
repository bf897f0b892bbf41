#include "strategies/prune/curve_history.h"

#include <algorithm>
#include <utility>

namespace coppice::strategies {

double EndedCurve::BestOf(std::size_t rounds) const {
  return LeastOf(std::span(loss).first(rounds));
}

double LeastOf(std::span<const double> loss) { return *std::min_element(loss.begin(), loss.end()); }

void CurveHistory::Add(EndedCurve curve) {
  auto added = std::make_shared<const EndedCurve>(std::move(curve));
  const std::lock_guard lock(mutex_);
  curves_.push_back(std::move(added));
}

std::size_t CurveHistory::size() const {
  const std::lock_guard lock(mutex_);
  return curves_.size();
}

EndedCurves CurveHistory::First(std::size_t n) const {
  const std::lock_guard lock(mutex_);
  return {curves_.begin(), curves_.begin() + static_cast<std::ptrdiff_t>(n)};
}

}  // namespace coppice::strategies
