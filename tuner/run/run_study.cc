#include "tuner/run/run_study.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "strategies/registry.h"
#include "trainer/model_io/xgboost_json.h"
#include "tuner/loop/tuning_loop.h"
#include "tuner/run/confirmation.h"
#include "tuner/run/data_fingerprint.h"
#include "tuner/run/final_model.h"
#include "tuner/run/local_executor.h"
#include "tuner/run/memory_plan.h"
#include "tuner/run/starting_points.h"
#include "tuner/run/trial_runner.h"
#include "tuner/run/version.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

LoopResult RunLoop(const StudyFolder& folder, const Spec& spec, const StudyData& data,
                   results::TrialStore& store, const RunOptions& options, const Clock& clock,
                   FileSystem& disk) {
  const auto strategy =
      strategies::MakeStrategy(spec.strategy, study::SearchSpace(spec.search), spec.seed,
                               StartingPoints(spec), spec.ParamsFor({}).num_round);
  const auto pruner =
      strategies::MakePruner(spec.prune.rule, study::SearchSpace(spec.search), spec.goal);
  const TrialContext context{spec, data, clock, options.board};
  TrialParking parking({options.memory.parked, ParkingDiskBytes(folder.parked())}, folder.parked(),
                       disk);
  LoopResult result;
  try {
    LocalExecutor executor(context, options.threads, parking,
                           BudgetOf(options.memory, spec, data, options.threads));
    TuningLoop loop(SetupOf(spec, pruner.get()), *strategy, executor, store, clock,
                    *options.progress);
    result = loop.Run(*options.interrupt);
  } catch (...) {
    parking.Clear();  // most likely the disk is full
    throw;
  }
  // A study that another rule has ended seldom goes on with what it has paused.
  const bool may_go_on = result.interrupted ||
                         (result.stopped && result.stopped->reason == study::StopReason::kSeconds);
  if (may_go_on) {
    parking.SpillAll();
  } else {
    parking.Clear();
  }
  return result;
}

void Count(const std::vector<study::Trial>& trials, const Spec& spec, StudySummary* summary) {
  for (const study::Trial& trial : trials) {
    if (trial.state == study::TrialState::kCompleted) ++summary->completed;
    if (trial.state == study::TrialState::kPruned) ++summary->pruned;
    if (trial.state == study::TrialState::kPaused) ++summary->paused;
    if (trial.state == study::TrialState::kFailed) ++summary->failed;
    if (trial.state == study::TrialState::kCancelled) ++summary->cancelled;
    if (study::ToIndex(trial.id) != 0 || !trial.outcome) continue;
    if (!HasDefaultTrial(trials, spec)) continue;
    if (const study::Completed* result = study::ResultOf(*trial.outcome)) {
      summary->default_score = result->score;
    }
  }
}

void WriteBest(const StudyFolder& folder, const Spec& spec, const StudyData& data,
               const CancelToken& interrupt, FileSystem& disk, StudySummary* summary) {
  const results::LeaderboardRow& best = *summary->best;
  const std::vector<trainer::RowIndex> rows = RowsFor(data, spec, RowChoice::kTraining);
  const int num_round = spec.ParamsFor(best.configuration).num_round;
  const int rounds = CorrectedRounds(best.round, data, rows.size(), num_round);
  const trainer::Booster booster =
      TrainOn(spec, data, best.seed_trial, best.configuration, rows, rounds, interrupt);
  if (!data.split.test.empty()) {
    summary->test = EvaluateOn(booster, *data.table, data.split.test, MetricsOf(spec));
  }
  disk.WriteAtomically(folder.model(), trainer::ToXgboostJson(booster));
  Json json = BestToJson(best, spec);
  json["model_rounds"] = rounds;
  if (!summary->test.empty()) json["test"] = summary->test;
  disk.WriteAtomically(folder.best(), json.dump(2) + "\n");
  summary->model = folder.model();
  summary->model_rounds = rounds;
  summary->model_rows = rows.size();
}

// Of the search.
int NumberOfFolds(const Spec& spec) { return spec.is_external ? 1 : spec.split.total_folds(); }

// Training sets of folds overlap, so the mean over R repeats of K folds varies more than the folds
// show: by 1/(R K) and 1/(K - 1) of their variance (after Nadeau and Bengio 2003, "Inference for
// the generalization error": one over the estimates, and the ratio of validation to training rows),
// where `std_error` has 1/K alone.
double ErrorFactor(const Spec& spec) {
  if (spec.is_external || spec.split.kind != trainer::SplitKind::kCrossValidation) return 1;
  const double k = spec.split.folds;
  return std::sqrt(1.0 / spec.split.repeats + k / (k - 1));
}

}  // namespace

LoopSetup SetupOf(const Spec& spec, strategies::Pruner* pruner) {
  LoopSetup setup;
  setup.goal = spec.goal;
  setup.metric = spec.metric;
  setup.pruner = pruner;
  setup.stop = spec.stop;
  setup.error_factor = ErrorFactor(spec);
  setup.confirm_share = spec.confirm.share;
  setup.trial_seconds = spec.limits.trial_seconds;
  setup.failures_limit = spec.limits.failures;
  setup.slots = spec.parallel.slots;
  setup.first_slots = spec.parallel.first_slots;
  setup.order = spec.parallel.order;
  return setup;
}

results::StudyRecord MakeRecord(const Spec& spec, const StudyData& data) {
  return RecordOf(spec, FingerprintOf(data));
}

results::StudyRecord RecordOf(const Spec& spec, std::string data_hash) {
  results::StudyRecord record;
  record.name = spec.name;
  record.resolved_spec = ToJson(spec);
  record.data_hash = std::move(data_hash);
  record.spec_folder = spec.folder;
  record.program = fmt::format("coppice {}", kVersion);
  record.created_at = RealClock().WallTime();
  record.decisions = kDecisions;
  return record;
}

void RequireSameData(const results::StudyRecord& record, const StudyData& data,
                     const std::string& otherwise) {
  if (HashIn(record.data_hash) == data.hash) return;
  const std::vector<std::string> changes = WhatChanged(record.data_hash, FingerprintOf(data));
  const std::string what = changes.empty()
                               ? fmt::format("content hash {} then, {} now",
                                             record.data_hash.substr(0, 8), data.hash.substr(0, 8))
                               : fmt::format("{}", fmt::join(changes, "; "));
  throw Error(ErrorKind::kData,
              fmt::format("the data changed since the study `{}` began: {}", record.name, what), {},
              fmt::format("bring the old files back, or {}", otherwise));
}

void RequireSameDecisions(const results::StudyRecord& record) {
  if (record.decisions == kDecisions) return;
  throw Error(
      ErrorKind::kStore,
      fmt::format("the study `{}` was begun by `{}`, whose search decides otherwise than this one "
                  "(decisions {} then, {} now)",
                  record.name, record.program, record.decisions, kDecisions),
      {},
      fmt::format("go on with the program that began it, or begin another study at its best trials "
                  "with `\"warm_start\": [\"{}\"]`; it can still be read and "
                  "retrained",
                  record.name));
}

StudySummary RunStudy(const StudyFolder& folder, const Spec& spec, const StudyData& data,
                      results::TrialStore& store, const RunOptions& options, FileSystem& disk) {
  const RealClock clock;
  const LoopResult result = RunLoop(folder, spec, data, store, options, clock, disk);
  store.Sync();
  StudySummary summary;
  summary.study = spec.name;
  summary.folder = folder.path;
  summary.stopped = result.stopped;
  summary.interrupted = result.interrupted;
  if (!summary.interrupted) {
    ConfirmResult confirmed = ConfirmBest(
        {spec, data, clock}, store,
        {options.threads, options.memory, options.progress, options.interrupt, result.seconds});
    store.Sync();
    summary.interrupted = confirmed.interrupted;
    summary.notices = std::move(confirmed.notices);
  }
  Count(store.Trials(), spec, &summary);
  const results::Leaderboard board = LeaderboardOf(store, spec, false);
  if (const results::LeaderboardRow* best = board.best()) summary.best = *best;
  if (!summary.interrupted && summary.best) {
    try {
      WriteBest(folder, spec, data, *options.interrupt, disk, &summary);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kCancelled) throw;
      summary.interrupted = true;
    }
  }
  summary.seconds = store.ElapsedSeconds();
  return summary;
}

bool HasDefaultTrial(const std::vector<study::Trial>& trials, const Spec& spec) {
  if (trials.empty()) return false;
  const study::Trial& first = trials.front();
  return !first.seed_trial || first.configuration == spec.DefaultConfiguration();
}

results::Leaderboard LeaderboardOf(const results::TrialStore& store, const Spec& spec, bool all) {
  const bool by_best = spec.confirm.choose == ConfirmChoice::kBest;
  return results::MakeLeaderboard(
      spec.name, spec.metric, spec.goal, store.Trials(), all, spec.strategy.is_noisy,
      NumberOfFolds(spec), by_best ? results::BestRule::kBest : results::BestRule::kOneStdError);
}

Json BestToJson(const results::LeaderboardRow& best, const Spec& spec) {
  Json json;
  json["study"] = spec.name;
  json["trial"] = study::ToIndex(best.trial);
  json["metric"] = spec.metric;
  json["score"] = best.score ? Json(*best.score) : Json();
  json["std_error"] = best.std_error ? Json(*best.std_error) : Json();
  if (best.fresh) {
    json["fresh"] = {{"score", best.fresh->score},
                     {"std_error", best.fresh->std_error ? Json(*best.fresh->std_error) : Json()},
                     {"folds", best.fresh->fold_scores}};
  }
  json["round"] = best.round;
  json["config"] = best.configuration.ToJson();
  return json;
}

}  // namespace coppice::tuner
