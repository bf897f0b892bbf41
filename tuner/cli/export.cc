#include <fmt/format.h>

#include <memory>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/terminal.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

struct Options {
  std::string study;
  std::string what = "trials";
  std::string output;
  std::string format;
};

// Every trial, every parameter: stable column names for other programs.
results::Table TrialsTable(const OpenStudy& open) {
  const std::vector<study::Trial> trials = open.store->Trials();
  std::set<std::string> names;
  for (const study::Trial& trial : trials) {
    for (const auto& [name, value] : trial.configuration.values()) names.insert(name);
  }
  results::Table table;
  table.columns = {"trial", "state",  "origin",  "score",   "std_error",
                   "round", "rounds", "seconds", "failure", "reason"};
  for (const std::string& name : names) table.columns.push_back("param." + name);
  for (const study::Trial& trial : trials) {
    std::vector<Json> row(10);
    row[0] = study::ToIndex(trial.id);
    row[1] = study::ToText(trial.state);
    row[2] = trial.origin;
    row[7] = trial.seconds;
    if (trial.outcome) {
      if (const auto* completed = std::get_if<study::Completed>(&*trial.outcome)) {
        row[3] = completed->score;
        if (completed->std_error) row[4] = *completed->std_error;
        row[5] = completed->best_round;
        row[6] = completed->rounds;
      } else if (const auto* failed = std::get_if<study::Failed>(&*trial.outcome)) {
        row[8] = study::ToText(failed->kind);
        row[9] = failed->reason;
      } else {
        row[9] = std::get<study::Cancelled>(*trial.outcome).reason;
      }
    }
    for (const std::string& name : names) {
      const Value* value = trial.configuration.Find(name);
      row.push_back(value == nullptr ? Json() : coppice::ToJson(*value));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

results::Table CurvesTable(const OpenStudy& open) {
  results::Table table;
  table.columns = {"trial", "fold", "part", "metric", "round", "value"};
  for (const study::Trial& trial : open.store->Trials()) {
    for (const study::Curve& curve : open.store->Curves(trial.id)) {
      for (std::size_t i = 0; i < curve.values.size(); ++i) {
        table.rows.push_back({study::ToIndex(trial.id), curve.fold, curve.part, curve.metric, i + 1,
                              curve.values[i]});
      }
    }
  }
  return table;
}

int Export(CommandLine& line, const Options& options) {
  if (options.what == "model") {
    WriteOut(line, options.output, line.disk.Read(FindModel(line, options.study)));
    return kDone;
  }
  const OpenStudy open = OpenForReading(line, options.study);
  if (options.what == "spec") {
    const Json spec = WithAbsolutePaths(open.record.resolved_spec, open.record.spec_folder);
    WriteOut(line, options.output, spec.dump(2) + "\n");
    return kDone;
  }
  const results::Table table = options.what == "trials" ? TrialsTable(open) : CurvesTable(open);
  WriteOut(line, options.output, results::Render(table, results::FormatFromText(options.format)));
  return kDone;
}

}  // namespace

void AddExport(CommandLine& line) {
  auto options = std::make_shared<Options>();
  Verb(line, "export", "Writes a study's trials, curves, spec or model.",
       "coppice export titanic --what trials --format csv -o trials.csv")
      .Word("STUDY", &options->study, "the study's name or folder")
      .Choice("--what", &options->what, {"trials", "curves", "model", "spec"},
              "curves: each round of each fold; model: in XGBoost's JSON")
      .Text("-o,--output", &options->output, "default: stdout", "FILE")
      .Format(&options->format, {"csv", "jsonl", "json", "md", "table"})
      .Does([&line, options] { return Export(line, *options); });
}

}  // namespace coppice::tuner
