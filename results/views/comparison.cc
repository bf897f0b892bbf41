#include "results/views/comparison.h"

#include <cmath>
#include <map>
#include <vector>

namespace coppice::results {
namespace {

// Score by fold; empty when a curve ends before the round.
std::map<int, double> ScoresByFold(const TrialCurves& trial, const std::string& metric) {
  std::map<int, double> scores;
  const auto at = static_cast<std::size_t>(trial.round - 1);
  for (const study::Curve& curve : trial.curves) {
    if (curve.part != "validation" || curve.metric != metric) continue;
    if (trial.round < 1 || at >= curve.values.size()) return {};
    scores[curve.fold] = curve.values[at];
  }
  return scores;
}

}  // namespace

std::optional<PairedGain> ComparePaired(const TrialCurves& trial, const TrialCurves& other,
                                        const std::string& metric, study::Goal goal) {
  const std::map<int, double> ours = ScoresByFold(trial, metric);
  const std::map<int, double> theirs = ScoresByFold(other, metric);
  std::vector<double> gains;
  double sum = 0;
  for (const auto& [fold, score] : ours) {
    const auto found = theirs.find(fold);
    if (found == theirs.end()) continue;
    const double more = score - found->second;
    gains.push_back(goal == study::Goal::kMaximize ? more : -more);
    sum += gains.back();
  }
  if (gains.empty()) return std::nullopt;
  const auto n = static_cast<double>(gains.size());
  PairedGain paired{sum / n, std::nullopt, static_cast<int>(gains.size())};
  if (gains.size() > 1) {
    double squares = 0;
    for (const double gain : gains) squares += (gain - paired.gain) * (gain - paired.gain);
    paired.std_error = std::sqrt(squares / (n - 1) / n);
  }
  return paired;
}

}  // namespace coppice::results
