#include "tuner/run/trial_runner.h"

#include <fmt/format.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "trainer/boost/train_session.h"
#include "trainer/metric/metric.h"
#include "tuner/loop/goal.h"
#include "tuner/run/failure.h"

namespace coppice::tuner {
namespace {

// Folds go forward together in steps of so many rounds: long enough that waiting for the slowest
// fold costs little, short enough that early stopping and cancelling waste little. Rounds behind
// the one where early stopping holds do not count, so the result does not depend on this number.
constexpr int kRoundsPerStep = 8;

// A score by round, of one fold or of the mean over folds, as far as it counts.
class ScoreCurve {
 public:
  ScoreCurve(study::Goal goal, bool is_adaptive, int early_stopping_rounds)
      : goal_(goal), is_adaptive_(is_adaptive), early_stopping_rounds_(early_stopping_rounds) {}

  void Add(double score) {
    loss_.push_back(LossOf(goal_, score));
    if (best_round_ == 0 || loss_.back() < BestLoss()) best_round_ = rounds();
  }

  int rounds() const { return static_cast<int>(loss_.size()); }
  // 1-based; 0 without a round.
  int best_round() const { return best_round_; }
  double best_score() const { return LossOf(goal_, BestLoss()); }
  std::span<const double> loss() const { return loss_; }
  bool StopsEarly() const {
    const int patience = PatienceBehind(best_round_, is_adaptive_, early_stopping_rounds_);
    return patience > 0 && rounds() - best_round_ >= patience;
  }

 private:
  double BestLoss() const { return loss_[static_cast<std::size_t>(best_round_ - 1)]; }

  study::Goal goal_;
  bool is_adaptive_;
  int early_stopping_rounds_;
  std::vector<double> loss_;
  int best_round_ = 0;
};

class TrialRun {
 public:
  TrialRun(const TrialContext& context, const TrialRequest& request)
      : context_(context),
        stop_test_(request.stop_test),
        params_(ParamsOn(context.data, context.spec, request.trial, request.configuration)),
        n_folds_(context.data.split.folds.size()),
        metric_names_(MetricsOf(context.spec)),
        mean_(NewCurve()) {
    sessions_.reserve(n_folds_);
    // Of what all trials have in common, so that their scores can be compared.
    const auto settings = trainer::SettingsOf(context.spec.ParamsFor({}));
    for (const std::string& name : metric_names_) {
      metrics_.push_back(trainer::MakeMetric(name, settings));
    }
  }

  // Up to `rounds`; 0: to its own end. May be called again for more.
  study::TrialOutcome Run(int rounds, const CancelToken& cancel) {
    started_ = context_.clock.Now() - spent_seconds_;
    if (rounds == 0 && RacesFolds()) {
      if (auto outcome = RunLeadingFold(cancel)) return *outcome;
    }
    BeginFolds(n_folds_);
    while (!IsComplete()) {
      if (rounds > 0 && rounds_ >= rounds) return study::Paused{Result()};
      Step(rounds > 0 ? std::min(kRoundsPerStep, rounds - rounds_) : kRoundsPerStep, cancel);
      if (auto outcome = Interrupted(cancel)) return *outcome;
      if (auto failure = Extend()) return *failure;
      if (hopeless_) return study::Pruned{Result(), *hopeless_};
    }
    return Result();
  }

  // The curves of all folds and metrics, as long as they count.
  std::vector<study::Curve> Curves() const {
    std::vector<study::Curve> curves;
    for (std::size_t fold = 0; fold < sessions_.size(); ++fold) {
      const auto& validation = sessions_[fold].curves().validation;
      for (std::size_t m = 0; m < validation.size(); ++m) {
        const auto length = std::min<std::size_t>(validation[m].size(), counted_rounds_);
        curves.push_back(
            {static_cast<int>(fold),
             "validation",
             metric_names_[m],
             {validation[m].begin(), validation[m].begin() + static_cast<std::ptrdiff_t>(length)}});
      }
    }
    return curves;
  }

 private:
  ScoreCurve NewCurve() const {
    return {context_.spec.goal, context_.spec.prune.adaptive_patience,
            params_.early_stopping_rounds};
  }

  // Sessions of the first `n_folds` folds, as far as there are none.
  void BeginFolds(std::size_t n_folds) {
    std::vector<const trainer::Metric*> metrics;
    for (const auto& metric : metrics_) metrics.push_back(metric.get());
    for (std::size_t fold = sessions_.size(); fold < n_folds; ++fold) {
      const trainer::Fold& rows = context_.data.split.folds[fold];
      sessions_.emplace_back(SessionDataOf(context_.data, rows.train, rows.validation), params_,
                             metrics, false, trainer::SessionKey{context_.spec.seed, fold});
    }
  }

  bool RacesFolds() const {
    return sessions_.empty() && n_folds_ > 1 && stop_test_ != nullptr && stop_test_->RacesFolds();
  }

  // To the end of its own curve, or to where it leaves the others no hope: that is an outcome. Its
  // rounds are not lost, as the others catch up with it. A score that is not a number may lie
  // behind the last round of the mean, so it only ends the race.
  std::optional<study::TrialOutcome> RunLeadingFold(const CancelToken& cancel) {
    BeginFolds(1);
    trainer::TrainSession& session = sessions_.front();
    ScoreCurve leading = NewCurve();
    while (!leading.StopsEarly() && !session.finished()) {
      session.Advance(kRoundsPerStep, &cancel);
      if (auto outcome = Interrupted(cancel)) return outcome;
      const std::vector<double>& scores = session.curves().validation.front();
      while (leading.loss().size() < scores.size() && !leading.StopsEarly()) {
        const double score = scores[leading.loss().size()];
        if (!std::isfinite(score)) return std::nullopt;
        leading.Add(score);
        counted_rounds_ = leading.loss().size();
        const bool has_ended = leading.StopsEarly() || leading.rounds() >= params_.num_round;
        const auto verdict = stop_test_->StopFolds(leading.loss(), has_ended);
        if (!verdict) continue;
        return study::Pruned{{LossOf(context_.spec.goal, verdict->loss), verdict->std_error,
                              leading.best_round(), leading.rounds()},
                             verdict->reason};
      }
    }
    return std::nullopt;
  }

  // What ends a trial from outside, seen after a step.
  std::optional<study::TrialOutcome> Interrupted(const CancelToken& cancel) {
    if (cancel.cancelled()) return study::Cancelled{"interrupted"};
    spent_seconds_ = context_.clock.Now() - started_;
    const auto& limit = context_.spec.limits.trial_seconds;
    if (!limit || spent_seconds_ <= *limit) return std::nullopt;
    return study::Failed{study::FailureKind::kTimeout,
                         fmt::format("over `limits.trial_seconds` ({} s) after {} rounds", *limit,
                                     sessions_.front().rounds())};
  }

  study::Failed NotANumber(int round) const {
    return {study::FailureKind::kBadMetric,
            fmt::format("`{}` is not a number at round {}", context_.spec.metric, round)};
  }

  bool IsComplete() const { return mean_.StopsEarly() || sessions_.back().finished(); }

  // All folds to the same round; the first may be there already.
  void Step(int rounds, const CancelToken& cancel) {
    const int target = rounds_ + rounds;
    const auto advance = [&](std::size_t fold) {
      trainer::TrainSession& session = sessions_[fold];
      if (session.rounds() < target) session.Advance(target - session.rounds(), &cancel);
    };
    if (sessions_.size() == 1) {
      advance(0);
    } else {
      tbb::parallel_for(std::size_t{0}, sessions_.size(), advance);
    }
    rounds_ = sessions_.back().rounds();
  }

  // Adds the step's rounds to the mean curve, up to where early stopping or the stop test holds.
  std::optional<study::Failed> Extend() {
    while (mean_.rounds() < rounds_ && !mean_.StopsEarly() && !hopeless_) {
      double sum = 0;
      for (const trainer::TrainSession& session : sessions_) {
        sum += session.curves().validation.front()[mean_.loss().size()];
      }
      const double mean = sum / static_cast<double>(sessions_.size());
      if (!std::isfinite(mean)) return NotANumber(mean_.rounds() + 1);
      mean_.Add(mean);
      counted_rounds_ = mean_.loss().size();
      AskStopTest();
    }
    return std::nullopt;
  }

  // Not at the end: a trial that has done all its rounds is complete.
  void AskStopTest() {
    if (stop_test_ == nullptr || mean_.StopsEarly() || mean_.rounds() >= params_.num_round) return;
    hopeless_ = stop_test_->Stop(mean_.loss());
  }

  study::Completed Result() const {
    study::Completed completed;
    completed.best_round = mean_.best_round();
    completed.rounds = mean_.rounds();
    completed.score = mean_.best_score();
    const auto n = static_cast<double>(sessions_.size());
    if (sessions_.size() > 1) {
      double squares = 0;
      for (const trainer::TrainSession& session : sessions_) {
        const double value =
            session.curves().validation.front()[static_cast<std::size_t>(mean_.best_round() - 1)];
        squares += (value - completed.score) * (value - completed.score);
      }
      completed.std_error = std::sqrt(squares / (n - 1) / n);
    }
    return completed;
  }

  TrialContext context_;
  std::shared_ptr<const strategies::StopTest> stop_test_;
  trainer::TrainParams params_;
  std::size_t n_folds_;
  std::vector<std::string> metric_names_;  // the objective metric first
  std::vector<std::unique_ptr<trainer::Metric>> metrics_;
  std::vector<trainer::TrainSession> sessions_;  // of the first folds
  ScoreCurve mean_;                              // over all folds
  std::optional<std::string> hopeless_;
  std::size_t counted_rounds_ = 0;  // those that curves show
  int rounds_ = 0;                  // of all folds
  double started_ = 0;
  double spent_seconds_ = 0;
};

}  // namespace

class TrialParking::Parked {
 public:
  explicit Parked(std::unique_ptr<TrialRun> trial) : run(std::move(trial)) {}
  std::unique_ptr<TrialRun> run;
};

namespace {

std::unique_ptr<TrialRun> ParkedOrNew(const TrialContext& context, const TrialRequest& request,
                                      TrialParking* parking) {
  if (parking != nullptr) {
    if (auto parked = parking->Take(request.trial)) return std::move(parked->run);
  }
  return std::make_unique<TrialRun>(context, request);
}

study::TrialOutcome RunOrFail(const TrialContext& context, const TrialRequest& request,
                              const CancelToken& cancel, TrialParking* parking,
                              std::vector<study::Curve>* curves) {
  try {
    std::unique_ptr<TrialRun> run = ParkedOrNew(context, request, parking);
    study::TrialOutcome outcome = run->Run(request.rounds, cancel);
    *curves = run->Curves();
    if (parking != nullptr && std::holds_alternative<study::Paused>(outcome)) {
      parking->Park(request.trial, std::make_unique<TrialParking::Parked>(std::move(run)));
    }
    return outcome;
  } catch (const std::exception&) {
    return CurrentFailure();
  }
}

}  // namespace

TrialResult RunTrial(const TrialContext& context, const TrialRequest& request,
                     const CancelToken& cancel, TrialParking* parking) {
  TrialResult result;
  result.trial = request.trial;
  const double start = context.clock.Now();
  // Isolated: while this trial waits for its own parts it must not pick up another whole trial.
  tbb::this_task_arena::isolate(
      [&] { result.outcome = RunOrFail(context, request, cancel, parking, &result.curves); });
  result.seconds = context.clock.Now() - start;
  return result;
}

TrialParking::TrialParking(std::size_t capacity) : capacity_(capacity) {}
TrialParking::~TrialParking() = default;

void TrialParking::Park(study::TrialId trial, std::unique_ptr<Parked> parked) {
  std::list<Place> leaving;  // destroyed outside of the lock
  const std::lock_guard lock(mutex_);
  places_.push_back({trial, std::move(parked)});
  if (places_.size() > capacity_) leaving.splice(leaving.end(), places_, places_.begin());
}

std::size_t TrialParking::size() {
  const std::lock_guard lock(mutex_);
  return places_.size();
}

std::unique_ptr<TrialParking::Parked> TrialParking::Take(study::TrialId trial) {
  const std::lock_guard lock(mutex_);
  const auto place = std::find_if(places_.begin(), places_.end(),
                                  [trial](const Place& each) { return each.trial == trial; });
  if (place == places_.end()) return nullptr;
  std::unique_ptr<Parked> parked = std::move(place->parked);
  places_.erase(place);
  return parked;
}

std::vector<std::string> MetricsOf(const Spec& spec) {
  std::vector<std::string> names = {spec.metric};
  for (const std::string& name : spec.metrics) {
    if (name != spec.metric) names.push_back(name);
  }
  return names;
}

int PatienceBehind(int best_round, bool adaptive, int early_stopping_rounds) {
  return adaptive ? 10 + 3 * best_round / 10 : early_stopping_rounds;
}

int BestRound(const std::vector<double>& curve, study::Goal goal) {
  int best = 0;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    if (std::isnan(curve[i])) continue;
    const bool better = best == 0 || (goal == study::Goal::kMaximize
                                          ? curve[i] > curve[static_cast<std::size_t>(best - 1)]
                                          : curve[i] < curve[static_cast<std::size_t>(best - 1)]);
    if (better) best = static_cast<int>(i) + 1;
  }
  return best;
}

}  // namespace coppice::tuner
