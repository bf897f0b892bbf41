#include "tuner/preflight/rehearsal.h"

#include <algorithm>
#include <limits>

#include "base/cancel.h"
#include "base/memory.h"
#include "results/store/memory_store.h"
#include "strategies/prune/prune_registry.h"
#include "strategies/registry.h"
#include "tuner/loop/tuning_loop.h"
#include "tuner/run/local_executor.h"
#include "tuner/run/run_study.h"
#include "tuner/run/starting_points.h"

namespace coppice::tuner {
namespace {

RehearsedTrial SumOf(const study::Trial& trial, const std::vector<study::Curve>& curves,
                     const std::string& metric) {
  RehearsedTrial sum;
  sum.configuration = trial.configuration;
  for (const study::Curve& curve : curves) {
    if (curve.metric != metric) continue;
    const int rounds = static_cast<int>(curve.values.size());
    sum.fold_rounds += rounds;
    sum.rounds = std::max(sum.rounds, rounds);
  }
  sum.has_ended = trial.outcome && !std::holds_alternative<study::Cancelled>(*trial.outcome);
  if (!trial.outcome) return sum;
  if (const study::Completed* result = study::ResultOf(*trial.outcome)) {
    sum.best_round = result->best_round;
  }
  return sum;
}

}  // namespace

Rehearsal Rehearse(const Spec& given, const StudyData& data, int threads, double seconds,
                   const Clock& clock, FileSystem& disk) {
  Spec spec = given;
  spec.confirm.share = 0;  // it is forecast by itself
  spec.stop.seconds = std::min(seconds, spec.stop.seconds.value_or(seconds));
  const study::SearchSpace space(spec.search);
  const auto strategy = strategies::MakeStrategy(
      spec.strategy, space, spec.seed, StartingPoints(spec), spec.ParamsFor({}).num_round);
  const auto pruner = strategies::MakePruner(spec.prune.rule, space, spec.goal);
  const TrialContext context{spec, data, clock};
  TrialParking parking({std::numeric_limits<std::size_t>::max(), 0}, "", disk);
  results::MemoryStore store(RecordOf(spec, data.hash));
  SilentProgress silent;
  const MemoryGrowth growth;
  const double start = clock.Now();
  LoopResult result;
  {
    LocalExecutor executor(context, threads, parking);
    TuningLoop loop(SetupOf(spec, pruner.get()), *strategy, executor, store, clock, silent);
    const CancelToken never;
    result = loop.Run(never);
  }
  Rehearsal rehearsal;
  rehearsal.seconds = clock.Now() - start;
  rehearsal.bytes = growth.Peak();
  rehearsal.is_whole = result.stopped && result.stopped->reason != study::StopReason::kSeconds;
  for (const study::Trial& trial : store.Trials()) {
    rehearsal.trials.push_back(SumOf(trial, store.Curves(trial.id), spec.metric));
  }
  const results::Leaderboard board = LeaderboardOf(store, spec, false);
  if (board.best() != nullptr) rehearsal.best = study::ToIndex(board.best()->trial);
  return rehearsal;
}

}  // namespace coppice::tuner
