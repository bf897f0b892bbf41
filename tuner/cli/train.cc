#include <fmt/format.h>

#include <memory>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "base/threads.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/overrides.h"
#include "tuner/cli/signals.h"
#include "tuner/cli/study_verb.h"
#include "tuner/cli/targets.h"
#include "tuner/cli/terminal.h"
#include "tuner/preflight/input_guard.h"
#include "tuner/run/continue_model.h"
#include "tuner/run/run_training.h"

namespace coppice::tuner {
namespace {

struct TrainOptions {
  std::string spec;
  std::string name;
  std::string output;
  std::string from;
  std::vector<std::string> overrides;
  std::string format;
  int threads = 0;
};

Json ToJson(const TrainingSummary& summary) {
  return {{"study", summary.study},
          {"folder", summary.folder},
          {"metrics", {{"train", summary.train}, {"validation", summary.validation}}},
          {"test", summary.test},
          {"round", summary.round},
          {"rounds", summary.rounds},
          {"seconds",
           {{"load", summary.load_seconds},
            {"bin", summary.bin_seconds},
            {"train", summary.train_seconds}}},
          {"model", summary.model}};
}

results::Table ToTable(const TrainingSummary& summary) {
  results::Table table;
  table.columns = {"metric", "train", "validation", "test"};
  const auto cell = [](const std::map<std::string, double>& from, const std::string& name) {
    const auto found = from.find(name);
    return found == from.end() ? Json() : Json(found->second);
  };
  for (const auto& [name, value] : summary.train) {
    table.rows.push_back({name, value, cell(summary.validation, name), cell(summary.test, name)});
  }
  return table;
}

void SayWhatItMayHaveSeen(CommandLine& line, const Spec& spec, const StudyData& data,
                          const std::string& from) {
  std::optional<results::StudyRecord> origin;
  if (const auto folder = LookForStudy(from, StoreFolder(line.store), line.disk)) {
    // What `retrain` wrote has learned from every row.
    if (line.disk.Exists(folder->model())) {
      origin = results::SqliteStore::OpenForReading(folder->database())->study();
    }
  }
  if (!MayHaveSeenHeldOutRows(spec, data.hash, origin ? &*origin : nullptr)) return;
  Say(
      fmt::format("notice: `{}` may have learned from rows that are held out here, whose scores "
                  "are too good then; keep the split and seed of its training, or name files that "
                  "it has not seen with `data.validation` and `data.test`",
                  from));
}

int Train(CommandLine& line, const TrainOptions& options) {
  const Spec spec =
      ReadSpecOrSay(line, options.spec, ParseOverrides(options.overrides, options.name));
  const std::string store_folder = StoreFolder(line.store);
  RefuseExisting(store_folder, spec.name, line.disk);
  std::vector<std::string> inputs = DataFilesOf(spec);
  inputs.push_back(options.spec);
  std::optional<trainer::Booster> from;
  if (!options.from.empty()) {
    inputs.push_back(FindModel(line, options.from));
    from = LoadModel(line, options.from);
  }
  RefuseToOverwrite(options.output, inputs);
  if (!spec.search.empty()) Say("notice: `train` does not use the spec's `search`");
  const std::string spec_text = line.disk.Read(options.spec);
  TrainingSummary summary;
  int code = kDone;
  RunWithThreads(ThreadsFor(spec, options.threads), [&] {
    const StudyData data = LoadAndSay(line, spec);
    if (from) SayWhatItMayHaveSeen(line, spec, data, options.from);
    const SignalGuard signals;
    try {
      summary = RunTraining(store_folder, spec_text, spec, data, options.output, signals.token(),
                            line.disk, from ? &*from : nullptr);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kCancelled) throw;
      Say("interrupted; nothing was written");
      code = signals.exit_code();
    }
  });
  if (code != kDone) return code;
  Say(fmt::format("model: {} ({} of {} rounds, {})", summary.model, summary.round, summary.rounds,
                  FormatSeconds(summary.train_seconds)));
  if (options.format == "json") {
    Print(ToJson(summary).dump(2) + "\n");
  } else {
    Print(results::Render(ToTable(summary), results::FormatFromText(options.format)));
  }
  return kDone;
}

}  // namespace

void AddTrain(CommandLine& line) {
  auto options = std::make_shared<TrainOptions>();
  Verb(line, "train", "Trains once with the spec's fixed parameters; no search.",
       "coppice train spec.json --set train.eta=0.1")
      .Word("SPEC", &options->spec, "the spec, a JSON file")
      .Text("--name", &options->name, "the study's name, instead of the spec's", "NAME")
      .Set(&options->overrides)
      .Text("-o,--output", &options->output,
            "a second place for the model; it is in the study's folder anyway", "FILE")
      .Text("--from", &options->from,
            "a model to append `num_round` rounds to: a file, a study's name or folder", "MODEL")
      .Threads(&options->threads)
      .Format(&options->format, TableFormats())
      .Does([&line, options] { return Train(line, *options); });
}

}  // namespace coppice::tuner
