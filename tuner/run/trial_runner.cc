#include "tuner/run/trial_runner.h"

#include <fmt/format.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <memory>
#include <optional>
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

class TrialRun {
 public:
  TrialRun(const TrialContext& context, const TrialRequest& request)
      : context_(context),
        stop_test_(request.stop_test),
        params_(ParamsOn(context.data, context.spec, request.trial, request.configuration)) {
    metric_names_ = MetricsOf(context.spec);
    // Of what all trials have in common, so that their scores can be compared.
    const auto settings = trainer::SettingsOf(context.spec.ParamsFor({}));
    std::vector<const trainer::Metric*> borrowed;
    for (const std::string& name : metric_names_) {
      metrics_.push_back(trainer::MakeMetric(name, settings));
      borrowed.push_back(metrics_.back().get());
    }
    const StudyData& data = context.data;
    for (std::size_t fold = 0; fold < data.split.folds.size(); ++fold) {
      const trainer::Fold& rows = data.split.folds[fold];
      sessions_.emplace_back(SessionDataOf(data, rows.train, rows.validation), params_, borrowed,
                             false, trainer::SessionKey{context.spec.seed, fold});
    }
  }

  // Up to `rounds`; 0: to its own end. May be called again for more.
  study::TrialOutcome Run(int rounds, const CancelToken& cancel) {
    const double started = context_.clock.Now() - spent_seconds_;
    while (!IsComplete()) {
      if (rounds > 0 && rounds_ >= rounds) return study::Paused{Result()};
      Step(rounds > 0 ? std::min(kRoundsPerStep, rounds - rounds_) : kRoundsPerStep, cancel);
      if (cancel.cancelled()) return study::Cancelled{"interrupted"};
      spent_seconds_ = context_.clock.Now() - started;
      const auto& limit = context_.spec.limits.trial_seconds;
      if (limit && spent_seconds_ > *limit) {
        return study::Failed{
            study::FailureKind::kTimeout,
            fmt::format("over `limits.trial_seconds` ({} s) after {} rounds", *limit, rounds_)};
      }
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
        const auto length = std::min<std::size_t>(validation[m].size(), mean_.size());
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
  bool IsComplete() const { return StopsEarly() || sessions_.front().finished(); }

  void Step(int rounds, const CancelToken& cancel) {
    const auto advance = [&](std::size_t fold) { sessions_[fold].Advance(rounds, &cancel); };
    if (sessions_.size() == 1) {
      advance(0);
    } else {
      tbb::parallel_for(std::size_t{0}, sessions_.size(), advance);
    }
    rounds_ = sessions_.front().rounds();
  }

  // Adds the step's rounds to the mean curve, up to where early stopping or the stop test holds.
  std::optional<study::Failed> Extend() {
    const auto& first = sessions_.front().curves().validation.front();
    while (mean_.size() < first.size() && !StopsEarly() && !hopeless_) {
      const std::size_t round = mean_.size();
      double sum = 0;
      for (const trainer::TrainSession& session : sessions_) {
        sum += session.curves().validation.front()[round];
      }
      const double mean = sum / static_cast<double>(sessions_.size());
      if (!std::isfinite(mean)) {
        return study::Failed{
            study::FailureKind::kBadMetric,
            fmt::format("`{}` is not a number at round {}", context_.spec.metric, round + 1)};
      }
      mean_.push_back(mean);
      if (best_round_ == 0 ||
          IsBetter(context_.spec.goal, mean, mean_[static_cast<std::size_t>(best_round_ - 1)])) {
        best_round_ = static_cast<int>(mean_.size());
      }
      AskStopTest();
    }
    return std::nullopt;
  }

  // Not at the end: a trial that has done all its rounds is complete.
  void AskStopTest() {
    if (stop_test_ == nullptr) return;
    loss_.push_back(LossOf(context_.spec.goal, mean_.back()));
    if (StopsEarly() || static_cast<int>(mean_.size()) >= params_.num_round) return;
    hopeless_ = stop_test_->Stop(loss_);
  }

  // Patience of 10 rounds and 3 more for each 10 up to the best one, if it is adaptive: what comes
  // slowly may go on slowly.
  bool StopsEarly() const {
    const int patience = context_.spec.prune.adaptive_patience ? 10 + 3 * best_round_ / 10
                                                               : params_.early_stopping_rounds;
    return patience > 0 && static_cast<int>(mean_.size()) - best_round_ >= patience;
  }

  study::Completed Result() const {
    study::Completed completed;
    completed.best_round = best_round_;
    completed.rounds = static_cast<int>(mean_.size());
    completed.score = mean_[static_cast<std::size_t>(best_round_ - 1)];
    const auto n = static_cast<double>(sessions_.size());
    if (sessions_.size() > 1) {
      double squares = 0;
      for (const trainer::TrainSession& session : sessions_) {
        const double value =
            session.curves().validation.front()[static_cast<std::size_t>(best_round_ - 1)];
        squares += (value - completed.score) * (value - completed.score);
      }
      completed.std_error = std::sqrt(squares / (n - 1) / n);
    }
    return completed;
  }

  TrialContext context_;
  std::shared_ptr<const strategies::StopTest> stop_test_;
  trainer::TrainParams params_;
  double spent_seconds_ = 0;
  std::vector<std::string> metric_names_;  // the objective metric first
  std::vector<std::unique_ptr<trainer::Metric>> metrics_;
  std::vector<trainer::TrainSession> sessions_;
  std::vector<double> mean_;  // of the objective metric over folds, by round
  std::vector<double> loss_;  // the same, smaller is better; only for a stop test
  std::optional<std::string> hopeless_;
  int best_round_ = 0;
  int rounds_ = 0;
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
