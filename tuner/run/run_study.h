#pragma once
// A whole study: the loop over trials, then the best configuration and the best model on the disk.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/files.h"
#include "base/json_fwd.h"
#include "results/store/trial_store.h"
#include "results/views/leaderboard.h"
#include "strategies/study/event.h"
#include "tuner/loop/progress.h"
#include "tuner/loop/round_board.h"
#include "tuner/loop/tuning_loop.h"
#include "tuner/run/memory_plan.h"
#include "tuner/run/study_data.h"
#include "tuner/run/study_folder.h"

namespace coppice::tuner {

// What `tune` and `resume` answer.
struct StudySummary {
  std::string study;
  std::string folder;
  int completed = 0;
  int pruned = 0;
  int paused = 0;
  int failed = 0;
  int cancelled = 0;  // by a limit of the study
  std::optional<results::LeaderboardRow> best;
  std::optional<double> default_score;  // of trial 0, if it completed
  std::map<std::string, double> test;   // of the best model on the test rows; maybe empty
  int model_rounds = 0;
  std::size_t model_rows = 0;
  double seconds = 0;  // of the study so far
  std::string model;   // path; empty when there is none
  bool interrupted = false;
  std::optional<study::StudyStopped> stopped;
  std::vector<std::string> notices;  // on trials that could not be confirmed
};

struct RunOptions {
  int threads = 1;
  MemoryPlan memory;  // of PlanMemory; without a limit, trials are not counted
  ProgressSink* progress = nullptr;
  const CancelToken* interrupt = nullptr;
  RoundBoard* board = nullptr;  // of `progress`, if it shows how far trials are
};

// What the loop needs of the spec; `pruner` is borrowed, or null.
LoopSetup SetupOf(const Spec& spec, strategies::Pruner* pruner);

// The record of a new study of this spec on this data.
results::StudyRecord MakeRecord(const Spec& spec, const StudyData& data);
// `data_hash` is empty where there are no data here.
results::StudyRecord RecordOf(const Spec& spec, std::string data_hash);

// Throws Error (kData) when `data` is not what the study was made with. `otherwise` says in the
// hint what else can be done than to bring the old files back.
void RequireSameData(const results::StudyRecord& record, const StudyData& data,
                     const std::string& otherwise);

// Throws Error (kStore) where the program that began the study decides otherwise than this one: it
// would go on as a study that neither of them makes.
void RequireSameDecisions(const results::StudyRecord& record);

// Runs the loop until it stops or is interrupted; what the store holds is not run again. Then, if
// it was not interrupted, confirms the best trials; then, if some trial completed, trains the
// winner's configuration on all rows that are not test rows and writes model.json and best.json,
// each whole or not at all.
// Runs in the caller's arena. Throws Error (kStore).
StudySummary RunStudy(const StudyFolder& folder, const Spec& spec, const StudyData& data,
                      results::TrialStore& store, const RunOptions& options, FileSystem& disk);

// Whether trial 0 is the default configuration: trials that were taken over from an earlier study
// may come before that.
bool HasDefaultTrial(const std::vector<study::Trial>& trials, const Spec& spec);

// The ranked trials of a store, and with them the winner.
results::Leaderboard LeaderboardOf(const results::TrialStore& store, const Spec& spec, bool all);

// best.json and `best --as json`: the trial, its score and its parameters.
Json BestToJson(const results::LeaderboardRow& best, const Spec& spec);

}  // namespace coppice::tuner
