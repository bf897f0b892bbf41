#include "tuner/run/confirmation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/work_limit.h"
#include "trainer/boost/train_session.h"
#include "trainer/metric/metric.h"
#include "tuner/loop/stop_rule.h"
#include "tuner/run/local_executor.h"
#include "tuner/run/run_study.h"

namespace coppice::tuner {
namespace {

// The longest that an interrupt is not looked at.
constexpr double kLongestLookSeconds = 0.1;

bool IsConfirmable(const results::LeaderboardRow& row) {
  return row.state == study::TrialState::kCompleted && row.score && row.round > 0;
}

// One call of ConfirmBest, with something to do.
class ConfirmRun {
 public:
  ConfirmRun(const TrialContext& context, const trainer::Split& fresh,
             std::vector<results::LeaderboardRow> rows, results::TrialStore& store,
             const ConfirmOptions& options)
      : context_(context),
        fresh_(fresh),
        rows_(std::move(rows)),
        store_(store),
        options_(options),
        started_at_(context.clock.Now()),
        elapsed_before_(store.ElapsedSeconds()),
        executor_(
            [this](const TrialRequest& request, const CancelToken& cancel) {
              return ScoreOnFresh(context_, fresh_, RowOf(request.trial), cancel);
            },
            context.clock, options.threads,
            BudgetOf(options.memory, context.spec, context.data, options.threads)) {}

  ConfirmResult Go() {
    // As many at once as keep the threads busy and no more, so that the best ones come first.
    const int at_once = 1 + options_.threads / static_cast<int>(fresh_.folds.size());
    std::size_t next = 0;
    while (next < rows_.size() || executor_.Running() > 0) {
      WatchLimits();
      while (!is_over_ && next < rows_.size() && executor_.Running() < at_once) {
        const results::LeaderboardRow& row = rows_[next++];
        executor_.Start({row.trial, row.configuration, nullptr, row.round});
      }
      if (executor_.Running() == 0) break;
      if (auto result = executor_.Next(NextLook())) Record(*result);
    }
    for (; next < rows_.size(); ++next) late_.push_back(study::ToIndex(rows_[next].trial));
    if (result_.interrupted || late_.empty()) return std::move(result_);
    result_.notices.push_back(fmt::format("the time was up before trial{} {} could be confirmed",
                                          late_.size() == 1 ? "" : "s", fmt::join(late_, ", ")));
    return std::move(result_);
  }

 private:
  const results::LeaderboardRow& RowOf(study::TrialId trial) const {
    return *std::find_if(rows_.begin(), rows_.end(),
                         [trial](const auto& row) { return row.trial == trial; });
  }

  double Elapsed() const { return elapsed_before_ + (context_.clock.Now() - started_at_); }

  double Deadline() const {
    constexpr double kNever = std::numeric_limits<double>::infinity();
    return options_.seconds ? started_at_ + (*options_.seconds - elapsed_before_) : kNever;
  }

  double NextLook() const {
    const double look = context_.clock.Now() + kLongestLookSeconds;
    return is_over_ ? look : std::min(look, Deadline());
  }

  // Nothing of a training is kept, so there is no use in coming to the end of a round.
  void WatchLimits() {
    if (is_over_) return;
    result_.interrupted = options_.interrupt->cancelled();
    is_over_ = result_.interrupted || context_.clock.Now() >= Deadline();
    if (!is_over_) return;
    executor_.CancelAll("The confirmation was ended.");
    executor_.AbandonAll();
  }

  void Record(const TrialResult& result) {
    const int number = study::ToIndex(result.trial);
    if (std::holds_alternative<study::Completed>(result.outcome)) {
      std::vector<double> scores;
      for (const study::Curve& curve : result.curves) scores.push_back(curve.values.front());
      const study::TrialConfirmed event{result.trial,
                                        study::ConfirmationOf(std::move(scores), result.seconds)};
      const study::StudyEvent logged = event;
      store_.Append(std::span(&logged, 1), Elapsed());
      options_.progress->Confirmed(event, Elapsed());
    } else if (const auto* failed = std::get_if<study::Failed>(&result.outcome)) {
      result_.notices.push_back(fmt::format("trial {} could not be confirmed ({}): {}", number,
                                            study::ToText(failed->kind), failed->reason));
    } else {
      late_.push_back(number);
    }
  }

  const TrialContext& context_;
  const trainer::Split& fresh_;
  const std::vector<results::LeaderboardRow> rows_;
  results::TrialStore& store_;
  const ConfirmOptions& options_;
  const double started_at_;
  const double elapsed_before_;
  ConfirmResult result_;
  std::vector<int> late_;  // trials that were not done when it was over
  bool is_over_ = false;
  LocalExecutor executor_;  // last: its tasks read the others
};

// Of each fold; NaN where the training was cancelled.
std::vector<double> FoldScores(const TrialContext& context, const trainer::Split& fresh,
                               const results::LeaderboardRow& row, const CancelToken& cancel) {
  const Spec& spec = context.spec;
  trainer::TrainParams params = ParamsOn(context.data, spec, row.seed_trial, row.configuration);
  params.num_round = row.round;
  const auto metric = trainer::MakeMetric(spec.metric, trainer::SettingsOf(spec.ParamsFor({})));
  const WorkLimit limit(cancel, context.clock, std::numeric_limits<double>::infinity());
  // The search has the numbers from 0 on, and the model of the winner the one behind them.
  const std::size_t first_stream = context.data.split.folds.size() + 1;
  std::vector<double> scores(fresh.folds.size(), std::numeric_limits<double>::quiet_NaN());
  tbb::parallel_for(std::size_t{0}, fresh.folds.size(), [&](std::size_t fold) {
    const trainer::Fold& rows = fresh.folds[fold];
    trainer::SessionData data = SessionDataOf(context.data, rows.train, rows.validation);
    data.limit = &limit;
    trainer::TrainSession session(std::move(data), params, {metric.get()}, false,
                                  trainer::SessionKey{spec.seed, first_stream + fold});
    session.Advance(params.num_round, &cancel);
    if (session.finished()) scores[fold] = session.curves().validation.front().back();
  });
  return scores;
}

}  // namespace

std::vector<results::LeaderboardRow> RowsToConfirm(const results::Leaderboard& board,
                                                   const Spec& spec, bool has_default) {
  int n_scored = 0;
  for (const results::LeaderboardRow& row : board.rows) {
    n_scored +=
        row.state == study::TrialState::kCompleted || row.state == study::TrialState::kPruned;
  }
  const auto wanted = static_cast<std::size_t>(
      TrialsToConfirm(spec.confirm.share, spec.confirm.candidates, n_scored));
  std::vector<results::LeaderboardRow> rows;
  for (const results::LeaderboardRow& row : board.rows) {
    if (rows.size() < wanted && IsConfirmable(row)) rows.push_back(row);
  }
  if (rows.size() < 2) return {};
  const auto is_default = [&](const auto& row) { return study::ToIndex(row.trial) == 0; };
  if (!has_default || std::any_of(rows.begin(), rows.end(), is_default)) return rows;
  const auto by_default = std::find_if(board.rows.begin(), board.rows.end(), is_default);
  // Behind the best one: without it there is no gain to tell of.
  if (by_default != board.rows.end() && IsConfirmable(*by_default)) {
    rows.insert(rows.begin() + 1, *by_default);
  }
  return rows;
}

std::optional<trainer::Split> FreshSplit(const StudyData& data, const Spec& spec,
                                         std::string* why) {
  trainer::SplitSpec once = spec.split;
  once.repeats = 1;
  // Where few groups are of unequal size, a division may repeat a fold of the search.
  constexpr std::uint64_t kMostDivisions = 8;
  const auto first_free = static_cast<std::uint64_t>(spec.split.repeats);
  const auto is_of_search = [&](const trainer::Fold& fold) {
    return std::any_of(
        data.split.folds.begin(), data.split.folds.end(),
        [&](const trainer::Fold& known) { return known.validation == fold.validation; });
  };
  try {
    for (std::uint64_t i = 0; i < kMostDivisions; ++i) {
      trainer::Split fresh = trainer::MakeSplit(*data.table, once, spec.seed, first_free + i);
      if (std::none_of(fresh.folds.begin(), fresh.folds.end(), is_of_search)) return fresh;
    }
    *why = "so few rows or groups have no other folds";
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kData) throw;
    *why = error.findings().front().message;
  }
  return std::nullopt;
}

TrialResult ScoreOnFresh(const TrialContext& context, const trainer::Split& fresh,
                         const results::LeaderboardRow& row, const CancelToken& cancel) {
  TrialResult result;
  result.trial = row.trial;
  const double start = context.clock.Now();
  std::vector<double> scores;
  // Isolated: while this trial waits for its own parts it must not pick up another whole trial.
  tbb::this_task_arena::isolate([&] { scores = FoldScores(context, fresh, row, cancel); });
  result.seconds = context.clock.Now() - start;
  const study::Confirmation mean = study::ConfirmationOf(scores, result.seconds);
  if (std::isfinite(mean.score)) {
    result.outcome = study::Completed{mean.score, mean.std_error, row.round, row.round};
    for (std::size_t fold = 0; fold < scores.size(); ++fold) {
      result.curves.push_back(
          {static_cast<int>(fold), "validation", context.spec.metric, {scores[fold]}});
    }
  } else if (cancel.cancelled()) {
    result.outcome = study::Cancelled{"interrupted"};
  } else {
    result.outcome =
        study::Failed{study::FailureKind::kBadMetric,
                      fmt::format("`{}` is not a number on the fresh folds", context.spec.metric)};
  }
  return result;
}

ConfirmResult ConfirmBest(const TrialContext& context, results::TrialStore& store,
                          const ConfirmOptions& options) {
  std::vector<results::LeaderboardRow> rows =
      RowsToConfirm(LeaderboardOf(store, context.spec, false), context.spec,
                    HasDefaultTrial(store.Trials(), context.spec));
  std::erase_if(rows, [](const auto& row) { return row.fresh.has_value(); });
  if (rows.empty()) return {};
  std::string why;
  const auto fresh = FreshSplit(context.data, context.spec, &why);
  if (!fresh) return {false, {"the best trials could not be confirmed: " + why}};
  options.progress->Confirming(static_cast<int>(rows.size()), static_cast<int>(fresh->folds.size()),
                               store.ElapsedSeconds());
  return ConfirmRun(context, *fresh, std::move(rows), store, options).Go();
}

}  // namespace coppice::tuner
