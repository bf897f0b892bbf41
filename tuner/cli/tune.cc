#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "base/threads.h"
#include "results/store/lease.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/overrides.h"
#include "tuner/cli/study_verb.h"
#include "tuner/cli/targets.h"
#include "tuner/cli/terminal.h"
#include "tuner/run/plan.h"
#include "tuner/run/warm_start.h"

namespace coppice::tuner {
namespace {

struct TuneOptions {
  std::string spec;
  std::string name;
  std::vector<std::string> overrides;
  std::string format;
  int threads = 0;
  bool dry_run = false;
};

void RequireSearch(const Spec& spec, const std::string& file) {
  if (spec.search.empty()) {
    throw Error(ErrorKind::kSpec, "there is nothing to search", {file, 0, 0, "search"},
                "add ranges or `\"search\": \"auto\"`; `coppice train` trains fixed parameters");
  }
}

// Every fold must have rows to score on.
void RequireValidation(const StudyData& data) {
  for (const trainer::Fold& fold : data.split.folds) {
    if (!fold.validation.empty()) continue;
    throw Error(ErrorKind::kData, "there are no validation rows to score trials on", {},
                "give `data.validation`, or a `split` of kind cv or holdout");
  }
}

int DryRun(const Spec& spec, const StudyData& data, int threads, const std::string& format) {
  const StudyPlan plan = PlanOf(spec, data, threads, ReadMemoryState());
  if (format == "json") {
    Print(ToJson(plan).dump(2) + "\n");
  } else {
    Print(results::Render(ToTable(plan), results::FormatFromText(format)));
  }
  return kDone;
}

void AppendTaken(const StudyFolder& folder, const TakenTrials& taken) {
  if (taken.events.empty()) return;
  results::SqliteStore::OpenForWriting(folder.database())->Append(taken.events, 0);
}

int Tune(CommandLine& line, const TuneOptions& options) {
  Spec spec = ReadSpecOrSay(line, options.spec, ParseOverrides(options.overrides, options.name));
  RequireSearch(spec, options.spec);
  const std::string store_folder = StoreFolder(line.store);
  TakeAndSay(line, options.spec, spec);
  if (!options.dry_run) RefuseExisting(store_folder, spec.name, line.disk);
  const int threads = ThreadsFor(spec, options.threads);
  int code = kDone;
  RunWithThreads(threads, [&] {
    const StudyData data = LoadAndSay(line, spec);
    RequireValidation(data);
    const TakenTrials taken = TakeIdentical(spec, data, options.spec, store_folder, line.disk);
    for (const std::string& sentence : taken.sentences) Say("warm start: " + sentence);
    if (options.dry_run) {
      code = DryRun(spec, data, threads, options.format);
      return;
    }
    const StudyFolder folder =
        CreateStudy(store_folder, line.disk.Read(options.spec), MakeRecord(spec, data), line.disk,
                    [&](const StudyFolder& unfinished) { AppendTaken(unfinished, taken); });
    const results::Lease lease(folder.path);
    const auto store =
        results::SqliteStore::OpenForWriting(folder.database(), results::Durability::kGrouped);
    Say(fmt::format("study: {} ({} of {} threads, {} slots)", folder.path, threads,
                    AvailableCores(), spec.parallel.slots));
    SayStrategy(spec);
    code = RunAndAnswer(line, folder, spec, data, *store, threads, options.format);
  });
  return code;
}

}  // namespace

void AddTune(CommandLine& line) {
  auto options = std::make_shared<TuneOptions>();
  Verb(line, "tune", "Runs a study: searches the space of a spec for the best model.",
       "coppice tune spec.json --set stop.trials=40")
      .Word("SPEC", &options->spec, "the study's spec, a JSON file")
      .Text("--name", &options->name, "the study's name, instead of the spec's", "NAME")
      .Set(&options->overrides)
      .Threads(&options->threads)
      .Progress()
      .Flag("--dry-run", &options->dry_run, "shows what would run; writes nothing")
      .Format(&options->format, TableFormats())
      .Does([&line, options] { return Tune(line, *options); });
}

}  // namespace coppice::tuner
