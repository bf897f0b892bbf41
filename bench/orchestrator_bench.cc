// Question: what does the orchestrator itself cost a trial, the store on the disk included? Bad
// news would be: a millisecond a trial or more, or a last thousand slower than the first.
//
//   coppice_bench_orchestrator [FOLDER] [TRIALS]
//
// Runs a random search of TRIALS (10000) trials that do nothing, four at a time, through the loop
// of `coppice tune` with a study in a new file in FOLDER ("."), and then replays it as `coppice
// resume` does. A row a thousand trials: milliseconds of the clock and of the processor a trial.
// The trials end out of order; one in seven fails; the others bring ten curves of twenty rounds, or
// none.

#include <ctime>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/json.h"
#include "results/store/sqlite_store.h"
#include "strategies/registry.h"
#include "strategies/study/search_space.h"
#include "tuner/loop/tuning_loop.h"
#include "tuner/run/simulated_executor.h"

namespace coppice::tuner {
namespace {

constexpr int kRow = 1000;

study::ParameterRange Range(const char* name, double min, double max,
                            study::Scale scale = study::Scale::kLinear,
                            study::RangeKind kind = study::RangeKind::kFloat) {
  study::RangeSpec spec;
  spec.name = name;
  spec.kind = kind;
  spec.min = min;
  spec.max = max;
  spec.scale = scale;
  return study::ParameterRange(std::move(spec));
}

study::SearchSpace Space() {
  return study::SearchSpace(
      {Range("eta", 0.01, 0.3, study::Scale::kLog),
       Range("max_depth", 2, 10, study::Scale::kLinear, study::RangeKind::kInt),
       Range("subsample", 0.5, 1), Range("colsample_bytree", 0.5, 1),
       Range("lambda", 0.001, 10, study::Scale::kLog)});
}

// Five folds, training and validation.
std::vector<study::Curve> Curves(double score) {
  std::vector<study::Curve> curves;
  for (int fold = 0; fold < 5; ++fold) {
    for (const char* part : {"train", "validation"}) {
      study::Curve curve{fold, part, "auc", {}};
      for (int round = 1; round <= 20; ++round) curve.values.push_back(score + 0.001 * round / 3);
      curves.push_back(std::move(curve));
    }
  }
  return curves;
}

SimulatedExecutor::Plan DoNothing(bool curves) {
  return [curves](const TrialRequest& request, int) {
    const int trial = study::ToIndex(request.trial);
    SimulatedTrial plan;
    plan.seconds = 1 + (trial * 7 % 11);
    const double score = 0.5 + 0.0001 * (trial * 13 % 1009);
    plan.outcome = study::Completed{score, 0.001, 20, 20};
    if (curves) plan.curves = Curves(score);
    if (trial % 7 == 3) {
      plan.outcome = study::Failed{study::FailureKind::kMemory, "as planned"};
      plan.curves.clear();
    }
    return plan;
  };
}

double ProcessorSeconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Prints a row for each thousand trials that ended.
class Rows : public SilentProgress {
 public:
  void TrialFinished(const study::TrialFinished&, bool, std::optional<double>,
                     const RunCounts&) override {
    if (++n_ % kRow != 0) return;
    const double wall = clock_.Now();
    const double cpu = ProcessorSeconds();
    std::cout << n_ << ',' << 1e3 * (wall - wall_) / kRow << ',' << 1e3 * (cpu - cpu_) / kRow
              << std::endl;
    wall_ = wall;
    cpu_ = cpu;
  }

 private:
  RealClock clock_;
  int n_ = 0;
  double wall_ = clock_.Now();
  double cpu_ = ProcessorSeconds();
};

LoopSetup Setup(int trials) {
  LoopSetup setup;
  setup.goal = study::Goal::kMaximize;
  setup.metric = "auc";
  setup.stop.trials = trials;
  setup.failures_limit = trials;
  return setup;
}

void RunLoop(results::TrialStore& store, int trials, bool curves, ProgressSink& progress) {
  const auto strategy = strategies::MakeStrategy({"random", {}}, Space(), 7, {});
  VirtualClock clock;
  SimulatedExecutor executor(clock, DoNothing(curves));
  const CancelToken interrupt;
  TuningLoop(Setup(trials), *strategy, executor, store, clock, progress).Run(interrupt);
}

void Measure(const std::string& folder, int trials, bool curves) {
  const std::string path = folder + "/orchestrator_bench.db";
  std::filesystem::remove(path);
  results::StudyRecord record;
  record.name = "bench";
  record.resolved_spec = {{"objective", {{"metric", "auc"}, {"goal", "maximize"}}}};
  const RealClock clock;
  std::cout << "\ntrials (" << (curves ? "ten curves of 20 rounds" : "no curves")
            << "),wall ms a trial,processor ms a trial\n";
  {
    results::SqliteStore::Create(path, record);
    const auto store = results::SqliteStore::OpenForWriting(path, results::Durability::kGrouped);
    Rows rows;
    RunLoop(*store, trials, curves, rows);
  }
  const double begin = clock.Now();
  {
    const auto store = results::SqliteStore::OpenForWriting(path, results::Durability::kGrouped);
    SilentProgress silent;
    RunLoop(*store, trials, curves, silent);
  }
  std::cout << "opened and replayed in " << clock.Now() - begin << " s; "
            << static_cast<double>(std::filesystem::file_size(path)) / 1e6 << " MB\n";
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace coppice::tuner

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : ".";
  const int trials = argc > 2 ? std::stoi(argv[2]) : 10000;
  for (const bool curves : {false, true}) coppice::tuner::Measure(folder, trials, curves);
  return 0;
}
