#include "results/views/comparison.h"

#include <cmath>
#include <vector>

namespace coppice::results {

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

std::optional<PairedGain> ComparePaired(const TrialCurves& trial, const TrialCurves& other,
                                        const std::string& metric, study::Goal goal,
                                        double overlap) {
  const std::map<int, double> theirs = ScoresByFold(other, metric);
  std::vector<double> scores;
  std::vector<double> others;
  for (const auto& [fold, score] : ScoresByFold(trial, metric)) {
    const auto found = theirs.find(fold);
    if (found == theirs.end()) continue;
    scores.push_back(score);
    others.push_back(found->second);
  }
  if (scores.empty()) return std::nullopt;
  return ComparePaired(scores, others, goal, overlap);
}

PairedGain ComparePaired(std::span<const double> scores, std::span<const double> others,
                         study::Goal goal, double overlap) {
  std::vector<double> gains;
  double sum = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double more = scores[i] - others[i];
    gains.push_back(goal == study::Goal::kMaximize ? more : -more);
    sum += gains.back();
  }
  const auto n = static_cast<double>(gains.size());
  PairedGain paired{sum / n, std::nullopt, static_cast<int>(gains.size())};
  if (gains.size() > 1) {
    double squares = 0;
    for (const double gain : gains) squares += (gain - paired.gain) * (gain - paired.gain);
    paired.std_error = std::sqrt(squares / (n - 1) * (1 / n + overlap));
  }
  return paired;
}

}  // namespace coppice::results
