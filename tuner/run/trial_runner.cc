#include "tuner/run/trial_runner.h"

#include <fmt/format.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <utility>

#include "base/bytes.h"
#include "base/error.h"
#include "base/work_limit.h"
#include "trainer/boost/train_session.h"
#include "trainer/metric/metric.h"
#include "tuner/loop/goal.h"
#include "tuner/loop/turn.h"
#include "tuner/run/failure.h"
#include "tuner/run/version.h"

namespace coppice::tuner {
namespace {

// Folds go forward together in steps of so many rounds: long enough that waiting for the slowest
// fold costs little, short enough that early stopping and cancelling waste little. Rounds behind
// the one where early stopping holds do not count, so the result does not depend on this number.
constexpr int kRoundsPerStep = 8;

// Of a trial's parked state; raised whenever State writes something else, or the same in another
// order. Sessions number theirs themselves.
constexpr std::uint32_t kStateFormat = 1;

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
        identity_(IdentityOf(context, request)),
        params_(ParamsOn(context.data, context.spec, request.trial, request.configuration)),
        n_folds_(context.data.split.folds.size()),
        metric_names_(MetricsOf(context.spec)),
        mean_(NewCurve()) {
    shown_.trial = request.trial;
    sessions_.reserve(n_folds_);
    // Of what all trials have in common, so that their scores can be compared.
    const auto settings = trainer::SettingsOf(context.spec.ParamsFor({}));
    for (const std::string& name : metric_names_) {
      metrics_.push_back(trainer::MakeMetric(name, settings));
    }
  }

  // Up to `rounds`; 0: to its own end. Once.
  study::TrialOutcome Run(int rounds, const CancelToken& cancel) {
    started_ = context_.clock.Now() - spent_seconds_;
    constexpr double kNever = std::numeric_limits<double>::infinity();
    deadline_ = started_ + context_.spec.limits.trial_seconds.value_or(kNever);
    limit_ = WorkLimit(cancel, context_.clock, deadline_);
    BeginReport(rounds);
    if (rounds == 0 && RacesFolds()) {
      if (auto outcome = RunLeadingFold(cancel)) return *outcome;
    }
    BeginFolds(n_folds_);
    // Where it was parked on the way, there are rounds that were not looked at yet.
    if (auto failure = Extend()) return *failure;
    if (hopeless_) return study::Pruned{Result(), *hopeless_};
    while (!IsComplete()) {
      if (rounds > 0 && rounds_ >= rounds) return study::Paused{Result()};
      Step(rounds > 0 ? std::min(kRoundsPerStep, rounds - rounds_) : kRoundsPerStep, cancel);
      if (auto outcome = Interrupted(cancel)) return *outcome;
      if (auto failure = Extend()) return *failure;
      if (hopeless_) return study::Pruned{Result(), *hopeless_};
    }
    return Result();
  }

  // What it has come to, for another run of the same trial; nothing in the middle of a round.
  std::optional<std::string> State() const {
    ByteWriter bytes;
    bytes(kStateFormat, identity_, spent_seconds_, counted_rounds_,
          std::uint64_t{sessions_.size()});
    for (const trainer::TrainSession& session : sessions_) {
      if (session.is_broken()) return std::nullopt;
      bytes(session.SaveState());
    }
    return bytes.Take();
  }

  // What its rounds took.
  double spent_seconds() const { return spent_seconds_; }

  // Before Run. False: the state is another trial's, and this object is of no use.
  bool Load(const std::string& state, int rounds) {
    ByteReader bytes(state);
    std::uint32_t format = 0;
    std::string identity;
    std::uint64_t n_begun = 0;
    if (!bytes(format) || format != kStateFormat) return false;
    if (!bytes(identity, spent_seconds_, counted_rounds_, n_begun)) return false;
    if (identity != identity_ || n_begun > n_folds_) return false;
    BeginFolds(static_cast<std::size_t>(n_begun));
    for (trainer::TrainSession& session : sessions_) {
      std::string saved;
      if (!bytes(saved) || !session.LoadState(saved)) return false;
      if (rounds > 0 && session.rounds() > rounds) return false;
    }
    rounds_ = sessions_.size() == n_folds_ ? FewestRounds() : 0;
    return bytes.AtEnd();
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
  // Of a trial whose state may be taken up: all that it depends on.
  static std::string IdentityOf(const TrialContext& context, const TrialRequest& request) {
    return fmt::format("coppice {}; data {}; trial {}; {}", kVersion, context.data.hash,
                       ToIndex(request.trial), request.configuration.CanonicalText());
  }

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
      trainer::SessionData data = SessionDataOf(context_.data, rows.train, rows.validation);
      data.limit = &limit_;
      sessions_.emplace_back(std::move(data), params_, metrics, false,
                             trainer::SessionKey{context_.spec.seed, fold});
    }
  }

  bool RacesFolds() const {
    // With one of several it raced when it was parked.
    return sessions_.size() < n_folds_ && n_folds_ > 1 && stop_test_ != nullptr &&
           stop_test_->RacesFolds();
  }

  // To the end of its own curve, or to where it leaves the others no hope: that is an outcome. Its
  // rounds are not lost, as the others catch up with it. A score that is not a number may lie
  // behind the last round of the mean, so it only ends the race.
  std::optional<study::TrialOutcome> RunLeadingFold(const CancelToken& cancel) {
    BeginFolds(1);
    trainer::TrainSession& session = sessions_.front();
    ScoreCurve leading = NewCurve();
    // A session that was parked at its last round still has to be looked at.
    while (!leading.StopsEarly() && leading.rounds() < params_.num_round) {
      AdvanceFold(0, session.rounds() + kRoundsPerStep, cancel);
      if (auto outcome = Interrupted(cancel)) return outcome;
      const std::vector<double>& scores = session.curves().validation.front();
      while (leading.loss().size() < scores.size() && !leading.StopsEarly()) {
        const double score = scores[leading.loss().size()];
        if (!std::isfinite(score)) return std::nullopt;
        leading.Add(score);
        NoteScores(leading);
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
    const double now = context_.clock.Now();
    spent_seconds_ = now - started_;
    // As the sessions compare it: one that has given up has seen an earlier time than this. A trial
    // that is over its own limit has failed, whatever else ends it at the same time.
    if (now <= deadline_) {
      if (cancel.cancelled()) return study::Cancelled{"interrupted"};
      return std::nullopt;
    }
    const char* where = sessions_.size() < n_folds_ ? " of its first fold" : "";
    return study::Failed{
        study::FailureKind::kTimeout,
        fmt::format("{} after {} rounds{}", OverTimeText(*context_.spec.limits.trial_seconds),
                    FewestRounds(), where)};
  }

  // Of the folds that have begun.
  int FewestRounds() const {
    int fewest = params_.num_round;
    for (const trainer::TrainSession& session : sessions_) {
      fewest = std::min(fewest, session.rounds());
    }
    return fewest;
  }

  study::Failed NotANumber(int round) const {
    return {study::FailureKind::kBadMetric,
            fmt::format("`{}` is not a number at round {}", context_.spec.metric, round)};
  }

  bool IsComplete() const { return mean_.StopsEarly() || rounds_ >= params_.num_round; }

  // All folds to the same round; the first may be there already.
  void Step(int rounds, const CancelToken& cancel) {
    const int target = rounds_ + rounds;
    if (shown_.folds < shown_.n_folds) {
      // What the first fold came to is no mean.
      shown_.folds = shown_.n_folds;
      shown_.score.reset();
      shown_.best_score.reset();
    }
    const auto advance = [&](std::size_t fold) { AdvanceFold(fold, target, cancel); };
    if (sessions_.size() == 1) {
      advance(0);
    } else {
      tbb::parallel_for(std::size_t{0}, sessions_.size(), advance);
    }
    rounds_ = FewestRounds();
  }

  // The last fold does so for a screen, too, and says each of its rounds: behind a race it is one
  // of those that have to catch up.
  void AdvanceFold(std::size_t fold, int target, const CancelToken& cancel) {
    trainer::TrainSession& session = sessions_[fold];
    if (fold + 1 < sessions_.size() || context_.board == nullptr) {
      if (session.rounds() < target) session.Advance(target - session.rounds(), &cancel);
      return;
    }
    while (session.rounds() < target && session.Advance(1, &cancel) == 1) {
      shown_.round = session.rounds();
      context_.board->Report(shown_);
    }
  }

  void BeginReport(int rounds) {
    if (context_.board == nullptr) return;
    shown_.started_at = context_.clock.Now();
    shown_.n_folds = static_cast<int>(n_folds_);
    shown_.folds = RacesFolds() && rounds == 0 ? 1 : shown_.n_folds;
    shown_.round = sessions_.empty() ? 0 : sessions_.front().rounds();
    shown_.is_rung = rounds > 0;
    shown_.rounds = rounds > 0 ? rounds : params_.num_round;
    context_.board->Report(shown_);
  }

  // Not while a fold is advanced.
  void NoteScores(const ScoreCurve& curve) {
    shown_.score = LossOf(context_.spec.goal, curve.loss().back());
    shown_.best_score = curve.best_score();
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
      NoteScores(mean_);
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

  // Of the rounds that count, however many more the folds have trained.
  double Cost(int rounds) const {
    double cost = 0;
    for (const trainer::TrainSession& session : sessions_) cost += session.Work(rounds);
    return cost;
  }

  study::Completed Result() const {
    study::Completed completed;
    completed.best_round = mean_.best_round();
    completed.rounds = mean_.rounds();
    completed.score = mean_.best_score();
    completed.cost = Cost(completed.rounds);
    std::vector<double> scores;
    for (const trainer::TrainSession& session : sessions_) {
      scores.push_back(
          session.curves().validation.front()[static_cast<std::size_t>(mean_.best_round() - 1)]);
    }
    completed.std_error = StdErrorOf(scores, completed.score, context_.spec.split);
    return completed;
  }

  TrialContext context_;
  std::shared_ptr<const strategies::StopTest> stop_test_;
  std::string identity_;
  WorkLimit limit_;  // that the sessions look at
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
  double deadline_ = 0;
  double spent_seconds_ = 0;
  RoundReport shown_;  // on the board, if there is one
};

// A state that cannot be read is as good as none.
std::optional<std::string> StateIn(TrialParking& parking, study::TrialId trial) {
  try {
    return parking.Take(trial);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::unique_ptr<TrialRun> ParkedOrNew(const TrialContext& context, const TrialRequest& request,
                                      TrialParking* parking) {
  if (parking != nullptr) {
    if (const auto state = StateIn(*parking, request.trial)) {
      auto parked = std::make_unique<TrialRun>(context, request);
      if (parked->Load(*state, request.rounds)) return parked;
    }
  }
  return std::make_unique<TrialRun>(context, request);
}

// A trial for whose state there is no memory begins anew, which is no failure.
void ParkRun(const TrialRun& run, study::TrialId trial, TrialParking& parking) {
  try {
    if (auto state = run.State()) parking.Park(trial, *std::move(state), run.spent_seconds());
  } catch (const std::bad_alloc&) {
    return;
  }
}

study::TrialOutcome RunOrFail(const TrialContext& context, const TrialRequest& request,
                              const CancelToken& cancel, TrialParking* parking,
                              std::vector<study::Curve>* curves) {
  try {
    std::unique_ptr<TrialRun> run = ParkedOrNew(context, request, parking);
    study::TrialOutcome outcome = run->Run(request.rounds, cancel);
    *curves = run->Curves();
    const bool goes_on = std::holds_alternative<study::Paused>(outcome) ||
                         std::holds_alternative<study::Cancelled>(outcome);
    if (parking != nullptr && goes_on) ParkRun(*run, request.trial, *parking);
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
  if (context.board != nullptr) context.board->Remove(request.trial);
  return result;
}

std::vector<std::string> MetricsOf(const Spec& spec) {
  std::vector<std::string> names = {spec.metric};
  for (const std::string& name : spec.metrics) {
    if (name != spec.metric) names.push_back(name);
  }
  return names;
}

std::optional<double> StdErrorOf(std::span<const double> scores, double mean,
                                 const trainer::SplitSpec& split) {
  if (scores.size() < 2) return std::nullopt;
  double squares = 0;
  for (const double score : scores) squares += (score - mean) * (score - mean);
  const auto n = static_cast<double>(scores.size());
  return std::sqrt(squares / (n - 1) / (n / split.repeats));
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
