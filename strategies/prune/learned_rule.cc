// The learned rule. A curve of a boosted tree that is behind now may only be slow: with a small
// `eta` it gains for a thousand rounds. How much it will still gain can be learned from the study's
// own completed trials: a ridge regression of the gain after the checkpoint on the shape of the
// curve and, where that helps, the configuration. The trial ends when even what it is expected to
// reach, less some standard errors, is behind the best trial. Where curves tell little the error is
// large, and the rule keeps its hands off.
//
// Of several folds the first goes ahead. Completed trials say how far the mean over folds is from
// the first one, and with which spread; a trial whose first fold leaves it no hope ends before the
// others have begun, at a fraction of the cost.

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "base/exact_math.h"
#include "strategies/prune/prune_rule.h"
#include "strategies/prune/words.h"

namespace coppice::strategies {
namespace {

// And each doubled, again and again: with a cap of thousands of rounds a trial that came to nothing
// would go on for long if the next look were only at twice its rounds.
constexpr std::array<std::size_t, 2> kFirstCheckpoints = {25, 35};
constexpr double kRidge = 1;  // on columns of unit variance
// The newest curves tell enough, and a fit stays under a millisecond.
constexpr std::size_t kMostCurves = 300;
// Of the trials that came as far: among so few, predictions are trusted half as much.
constexpr std::size_t kFewTrials = 20;

using Columns = std::vector<Eigen::Index>;

// What a curve and its configuration say at a checkpoint.
class Features {
 public:
  explicit Features(const study::SearchSpace& space) : space_(space) {}

  std::vector<double> Of(const study::Configuration& configuration,
                         std::span<const double> loss) const {
    const std::size_t round = loss.size();
    const std::size_t best =
        static_cast<std::size_t>(std::min_element(loss.begin(), loss.end()) - loss.begin());
    const double now = loss[best];
    const double half = Best(loss, round / 2);
    const double quarter = Best(loss, round / 4);
    std::vector<double> row = space_.Encode(configuration);
    row.push_back(now);
    row.push_back(half - now);
    row.push_back(quarter - half);
    row.push_back(static_cast<double>(round - best - 1) / static_cast<double>(round));
    if (const Value* eta = configuration.Find("eta"); eta != nullptr && IsNumber(*eta)) {
      const double rate = std::max(AsDouble(*eta), 1e-9);
      row.push_back((half - now) * Log(rate));
      row.push_back(Exp(-rate * static_cast<double>(round)));
    } else {
      row.insert(row.end(), 2, 0.0);
    }
    return row;
  }

  // The columns that a regression may look at: those of the curve's slope, those of the curve with
  // `eta`, all.
  std::vector<Columns> Choices() const {
    const auto n_ranges = static_cast<Eigen::Index>(space_.size());
    Columns curve(kCurveColumns);
    std::iota(curve.begin(), curve.end(), n_ranges);
    for (Eigen::Index i = 0; i < n_ranges; ++i) {
      if (space_.ranges()[static_cast<std::size_t>(i)].name() == "eta") curve.push_back(i);
    }
    Columns all(space_.size() + kCurveColumns);
    std::iota(all.begin(), all.end(), Eigen::Index{0});
    return {{n_ranges + 1, n_ranges + 2, n_ranges + 4}, std::move(curve), std::move(all)};
  }

 private:
  static constexpr std::size_t kCurveColumns = 6;  // behind those of the configuration

  static double Best(std::span<const double> loss, std::size_t rounds) {
    return *std::min_element(
        loss.begin(), loss.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rounds, 1)));
  }

  study::SearchSpace space_;
};

// Ridge regression with standardised columns and its leave-one-out error (Hastie et al. 2009, "The
// Elements of Statistical Learning", 3.4.1 and 7.10).
class Ridge {
 public:
  Ridge(const Eigen::MatrixXd& rows, const Eigen::VectorXd& target)
      : mean_(rows.colwise().mean()), target_mean_(target.mean()) {
    const auto n = static_cast<double>(rows.rows());
    Eigen::MatrixXd x = rows.rowwise() - mean_;
    scale_ = (x.colwise().squaredNorm() / n).cwiseSqrt();
    // A column that does not vary says nothing.
    for (Eigen::Index j = 0; j < scale_.size(); ++j) {
      if (!(scale_[j] > 1e-12 * (1 + std::abs(mean_[j])))) scale_[j] = 0;
    }
    for (Eigen::Index j = 0; j < x.cols(); ++j) x.col(j) *= Inverse(scale_[j]);
    const Eigen::VectorXd centred = target.array() - target_mean_;
    Eigen::MatrixXd gram = x.transpose() * x;
    gram.diagonal().array() += kRidge;
    const Eigen::LDLT<Eigen::MatrixXd> solver(gram);
    weight_ = solver.solve(x.transpose() * centred);
    // An observation's leverage is its row of the hat matrix; 1/n is the mean's.
    const Eigen::MatrixXd solved = solver.solve(x.transpose());
    double squares = 0;
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      const double leverage = std::min(x.row(i).dot(solved.col(i)) + 1 / n, 0.99);
      const double residual = (centred[i] - x.row(i).dot(weight_)) / (1 - leverage);
      squares += residual * residual;
    }
    error_ = std::sqrt(squares / n);
  }

  double Predict(const Eigen::RowVectorXd& row) const {
    double sum = target_mean_;
    for (Eigen::Index j = 0; j < row.size(); ++j) {
      sum += (row[j] - mean_[j]) * Inverse(scale_[j]) * weight_[j];
    }
    return sum;
  }
  double error() const { return error_; }

 private:
  static double Inverse(double scale) { return scale > 0 ? 1 / scale : 0; }

  Eigen::RowVectorXd mean_;
  Eigen::RowVectorXd scale_;
  double target_mean_;
  Eigen::VectorXd weight_;
  double error_ = 0;
};

class LearnedRule : public PruneRule {
 public:
  LearnedRule(const LearnedOptions& options, const study::SearchSpace& space, study::Goal goal)
      : options_(options), features_(space), goal_(goal) {}

  // 25, 35, 50, 70, 100, 140, ...
  bool LooksAt(std::size_t round) const override {
    return std::any_of(kFirstCheckpoints.begin(), kFirstCheckpoints.end(),
                       [round](std::size_t checkpoint) {
                         while (checkpoint < round) checkpoint *= 2;
                         return checkpoint == round;
                       });
  }

  std::optional<std::string> Stop(const EndedCurves& known,
                                  const study::Configuration& configuration,
                                  std::span<const double> loss) const override {
    const auto end = ForecastEnd(known, &EndedCurve::loss, configuration, loss);
    const double best = BestOf(known);
    if (!end || !(end->loss - end->caution * end->std_error > best)) return std::nullopt;
    return fmt::format(
        "At round {} it was expected to reach {} (standard error {:.2g}), behind the best, {}.",
        loss.size(), ScoreWord(goal_, end->loss), end->std_error, ScoreWord(goal_, best));
  }

  std::optional<StoppedForecast> ForecastOf(const EndedCurves& known,
                                            const study::Configuration& configuration,
                                            std::span<const double> loss) const override {
    const auto end = ForecastEnd(known, &EndedCurve::loss, configuration, loss);
    if (!end) return std::nullopt;
    return StoppedForecast{end->loss, end->std_error * end->std_error};
  }

  bool RacesFolds(const EndedCurves& known) const override {
    return options_.fold_caution > 0 && FoldGap(known).n >= options_.min_trials;
  }

  // The errors of what the fold will reach and of what that says of the mean are independent.
  std::optional<FoldVerdict> StopFolds(const EndedCurves& known,
                                       const study::Configuration& configuration,
                                       std::span<const double> loss,
                                       bool has_ended) const override {
    const FoldGap gap(known);
    if (!(options_.fold_caution > 0) || gap.n < options_.min_trials) return std::nullopt;
    const auto end = has_ended ? Forecast{LeastOf(loss), 0, 0}
                               : ForecastEnd(known, &EndedCurve::leading_loss, configuration, loss);
    if (!end) return std::nullopt;
    FoldVerdict verdict{end->loss + gap.mean, Length(end->std_error, gap.std_error), {}};
    const double margin =
        Length(end->caution * end->std_error, options_.fold_caution * gap.std_error);
    const double best = BestOf(known);
    if (!(verdict.loss - margin > best)) return std::nullopt;
    verdict.reason = fmt::format(
        "At round {} of its first fold, {} was expected of all folds (standard error {:.2g}), "
        "behind the best, {}.",
        loss.size(), ScoreWord(goal_, verdict.loss), verdict.std_error, ScoreWord(goal_, best));
    return verdict;
  }

 private:
  // Where a curve will end.
  struct Forecast {
    double loss = 0;
    double std_error = 0;
    double caution = 0;  // in standard errors
  };

  // By how much the mean over folds differs from the first fold, over completed trials, and the
  // standard error when that is said of one more.
  struct FoldGap {
    int n = 0;
    double mean = 0;
    double std_error = 0;

    explicit FoldGap(const EndedCurves& known) {
      std::vector<double> gaps;
      for (const auto& curve : known) {
        if (curve->state != study::TrialState::kCompleted || curve->leading_loss.empty()) continue;
        gaps.push_back(LeastOf(curve->loss) - LeastOf(curve->leading_loss));
      }
      n = static_cast<int>(gaps.size());
      if (n < 2) return;
      for (const double each : gaps) mean += each / n;
      double squares = 0;
      for (const double each : gaps) squares += (each - mean) * (each - mean);
      std_error = std::sqrt(squares / (n - 1) * (1 + 1.0 / n));
    }
  };

  static double Length(double a, double b) { return std::sqrt(a * a + b * b); }

  static double BestOf(const EndedCurves& known) {
    double best = std::numeric_limits<double>::infinity();
    for (const auto& curve : known) best = std::min(best, LeastOf(curve->loss));
    return best;
  }

  // From completed trials that came as far; nothing if they are too few. `of` is the curve that is
  // meant.
  std::optional<Forecast> ForecastEnd(const EndedCurves& known, std::vector<double> EndedCurve::*of,
                                      const study::Configuration& configuration,
                                      std::span<const double> loss) const {
    std::vector<const EndedCurve*> teachers;
    for (const auto& curve : known) {
      // One that ended here has nothing to say of what comes.
      if (curve->state == study::TrialState::kCompleted && ((*curve).*of).size() > loss.size()) {
        teachers.push_back(curve.get());
      }
    }
    if (teachers.size() < static_cast<std::size_t>(options_.min_trials)) return std::nullopt;
    const double caution = teachers.size() < kFewTrials ? 2 * options_.caution : options_.caution;
    if (teachers.size() > kMostCurves) {
      teachers.erase(teachers.begin(), teachers.end() - kMostCurves);
    }
    const auto [rows, gains] = Lessons(teachers, of, loss.size());
    const Eigen::RowVectorXd row = RowOf(configuration, loss);
    // Few teachers cannot tell what each column means: the columns that err least, asked of the
    // teachers left out, are looked at.
    Forecast end{0, std::numeric_limits<double>::infinity(), caution};
    for (const Columns& columns : features_.Choices()) {
      const Ridge ridge(rows(Eigen::all, columns), gains);
      if (!(ridge.error() < end.std_error)) continue;
      end.loss = LeastOf(loss) + std::min(0.0, ridge.Predict(row(columns)));
      end.std_error = ridge.error();
    }
    if (!std::isfinite(end.std_error)) return std::nullopt;
    return end;
  }

  Eigen::RowVectorXd RowOf(const study::Configuration& configuration,
                           std::span<const double> loss) const {
    const std::vector<double> row = features_.Of(configuration, loss);
    return Eigen::Map<const Eigen::RowVectorXd>(row.data(), static_cast<Eigen::Index>(row.size()));
  }

  // What the teachers showed at the round, a row each, and what they gained after it.
  std::pair<Eigen::MatrixXd, Eigen::VectorXd> Lessons(
      const std::vector<const EndedCurve*>& teachers, std::vector<double> EndedCurve::*of,
      std::size_t round) const {
    const auto n = static_cast<Eigen::Index>(teachers.size());
    Eigen::VectorXd gains(n);
    Eigen::MatrixXd rows;
    for (Eigen::Index i = 0; i < n; ++i) {
      const EndedCurve& teacher = *teachers[static_cast<std::size_t>(i)];
      const std::span<const double> whole = teacher.*of;
      const Eigen::RowVectorXd row = RowOf(teacher.configuration, whole.first(round));
      if (rows.size() == 0) rows.resize(n, row.size());
      rows.row(i) = row;
      gains[i] = LeastOf(whole) - LeastOf(whole.first(round));
    }
    return {std::move(rows), std::move(gains)};
  }

  LearnedOptions options_;
  Features features_;
  study::Goal goal_;
};

}  // namespace

std::unique_ptr<PruneRule> MakeLearnedRule(const LearnedOptions& options,
                                           const study::SearchSpace& space, study::Goal goal) {
  return std::make_unique<LearnedRule>(options, space, goal);
}

}  // namespace coppice::strategies
