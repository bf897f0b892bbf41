#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "results/store/salvage.h"
#include "trainer/model_io/model_file.h"
#include "trainer/predict/importance.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/targets.h"
#include "tuner/cli/terminal.h"
#include "tuner/preflight/input_guard.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

struct ExportOptions {
  std::string study;
  std::string what = "trials";
  std::string output;
  std::string format;
  bool salvage = false;
};

// Every trial, every parameter: stable column names for other programs.
results::Table TrialsTable(const std::vector<study::Trial>& trials) {
  std::set<std::string> names;
  for (const study::Trial& trial : trials) {
    for (const auto& [name, value] : trial.configuration.values()) names.insert(name);
  }
  results::Table table;
  table.columns = {"trial",  "state",   "origin",  "score",  "std_error", "round",
                   "rounds", "seconds", "failure", "reason", "fresh",     "fresh_std_error"};
  for (const std::string& name : names) table.columns.push_back("param." + name);
  for (const study::Trial& trial : trials) {
    std::vector<Json> row(12);
    row[0] = study::ToIndex(trial.id);
    row[1] = study::ToText(trial.state);
    row[2] = trial.origin;
    row[7] = trial.seconds;
    if (trial.outcome) {
      if (const study::Completed* result = study::ResultOf(*trial.outcome)) {
        row[3] = result->score;
        if (result->std_error) row[4] = *result->std_error;
        row[5] = result->best_round;
        row[6] = result->rounds;
      } else if (const auto* failed = std::get_if<study::Failed>(&*trial.outcome)) {
        row[8] = study::ToText(failed->kind);
      }
      const std::string reason = ReasonOf(*trial.outcome);
      if (!reason.empty()) row[9] = reason;
    }
    if (trial.fresh) {
      row[10] = trial.fresh->score;
      if (trial.fresh->std_error) row[11] = *trial.fresh->std_error;
    }
    for (const std::string& name : names) {
      const Value* value = trial.configuration.Find(name);
      row.push_back(value == nullptr ? Json() : coppice::ToJson(*value));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

results::Table EmptyCurvesTable() {
  results::Table table;
  table.columns = {"trial", "fold", "part", "metric", "round", "value"};
  return table;
}

void AddCurves(study::TrialId trial, const std::vector<study::Curve>& curves,
               results::Table* table) {
  for (const study::Curve& curve : curves) {
    for (std::size_t i = 0; i < curve.values.size(); ++i) {
      table->rows.push_back(
          {study::ToIndex(trial), curve.fold, curve.part, curve.metric, i + 1, curve.values[i]});
    }
  }
}

results::Table CurvesTable(const OpenStudy& open) {
  results::Table table = EmptyCurvesTable();
  for (const study::Trial& trial : open.store->Trials()) {
    AddCurves(trial.id, open.store->Curves(trial.id), &table);
  }
  return table;
}

// Of each trial's last end that is left.
results::Table CurvesTable(const results::Salvage& left) {
  std::map<study::TrialId, const study::TrialFinished*> ends;
  for (const results::LoggedEvent& logged : left.events) {
    const auto* finished = std::get_if<study::TrialFinished>(&logged.event);
    if (finished != nullptr) ends[finished->trial] = finished;
  }
  results::Table table = EmptyCurvesTable();
  for (const auto& [trial, end] : ends) AddCurves(trial, end->curves, &table);
  return table;
}

// As XGBoost's get_score; a linear model has weights only.
results::Table ImportanceTable(const trainer::Booster& booster) {
  results::Table table;
  table.columns = {"feature", "weight"};
  if (!booster.is_linear()) {
    table.columns.insert(table.columns.end(), {"gain", "total_gain", "cover", "total_cover"});
  }
  for (const trainer::FeatureImportance& one : trainer::ImportanceOf(booster)) {
    std::vector<Json> row = {booster.schema.features[one.feature].name, one.weight};
    if (!booster.is_linear()) {
      row.insert(row.end(), {one.gain, one.total_gain, one.cover, one.total_cover});
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

// The file as it is, unless the name asks for the other format.
void ExportModel(CommandLine& line, const ExportOptions& options) {
  const std::string file = FindModel(line, options.study);
  RefuseToOverwrite(options.output, {file});
  const std::string bytes = line.disk.Read(file);
  const bool is_json = !trainer::IsUbjson(bytes);
  const bool keep =
      is_json ? !options.output.ends_with(".ubj") : !options.output.ends_with(".json");
  WriteOut(line, options.output,
           keep ? bytes : trainer::ToModelFile(LoadModel(line, options.study), options.output));
}

// As the flag says, else by the ending of FILE: a table by another program's ending is no table of
// that program's.
results::Format FormatFor(const ExportOptions& options) {
  if (!options.format.empty()) return results::FormatFromText(options.format);
  const std::string ending = std::filesystem::path(options.output).extension().string();
  if (ending.empty() || ending == ".csv") return results::FormatFromText("csv");
  for (const char* format : {"jsonl", "json", "md"}) {
    if (ending == std::string(".") + format) return results::FormatFromText(format);
  }
  if (ending == ".txt") return results::FormatFromText("table");
  throw Error(ErrorKind::kUsage,
              fmt::format("`{}` ends like no format that can be written", options.output), {},
              "let it end in `.csv`, `.jsonl`, `.json`, `.md` or `.txt`, or say `--format csv`");
}

// What the rows that are still sound say, of a study that no other command opens.
int ExportSalvage(CommandLine& line, const ExportOptions& options) {
  const StudyFolder folder = FindStudyOrSay(line, options.study);
  RefuseToOverwrite(options.output, {folder.database(), folder.model()});
  const results::Salvage left = results::SalvageStudy(folder.database());
  Say(fmt::format(
      "notice: {} event{} of the study can be read, of {} trial{}; missing between "
      "them: {} event{}, {} curve{}",
      left.events.size(), left.events.size() == 1 ? "" : "s", left.trials.size(),
      left.trials.size() == 1 ? "" : "s", left.n_lost_events, left.n_lost_events == 1 ? "" : "s",
      left.n_lost_curves, left.n_lost_curves == 1 ? "" : "s"));
  if (options.what == "spec") {
    if (!left.record) {
      throw Error(ErrorKind::kStore, fmt::format("the spec in `{}` is lost", folder.database()), {},
                  fmt::format("`{}` has it, too", folder.resolved_spec()));
    }
    const Json spec = WithAbsolutePaths(left.record->resolved_spec, left.record->spec_folder);
    WriteOut(line, options.output, spec.dump(2) + "\n");
    return kDone;
  }
  const results::Table table =
      options.what == "curves" ? CurvesTable(left) : TrialsTable(left.trials);
  WriteOut(line, options.output, results::Render(table, FormatFor(options)));
  return kDone;
}

int Export(CommandLine& line, const ExportOptions& options) {
  if (options.salvage) {
    if (options.what == "model" || options.what == "importance") {
      throw Error(ErrorKind::kUsage,
                  fmt::format("`--salvage` does not go with `--what {}`", options.what), {},
                  "it reads trials, curves and spec of a damaged study");
    }
    return ExportSalvage(line, options);
  }
  if (options.what == "model") {
    ExportModel(line, options);
    return kDone;
  }
  if (options.what == "importance") {
    RefuseToOverwrite(options.output, {FindModel(line, options.study)});
    const trainer::Booster booster = LoadModel(line, options.study);
    WriteOut(line, options.output, results::Render(ImportanceTable(booster), FormatFor(options)));
    return kDone;
  }
  const OpenStudy open = OpenForReading(line, options.study);
  RefuseToOverwrite(options.output, {open.folder.database(), open.folder.model()});
  if (options.what == "spec") {
    const Json spec = WithAbsolutePaths(ToJson(open.spec), open.record.spec_folder);
    WriteOut(line, options.output, spec.dump(2) + "\n");
    return kDone;
  }
  const results::Format format = FormatFor(options);
  const results::Table table =
      options.what == "trials" ? TrialsTable(open.store->Trials()) : CurvesTable(open);
  WriteOut(line, options.output, results::Render(table, format));
  return kDone;
}

}  // namespace

void AddExport(CommandLine& line) {
  auto options = std::make_shared<ExportOptions>();
  Verb(line, "export", "Writes a study's trials, curves or spec, a model or its importances.",
       "coppice export titanic --what trials --format csv -o trials.csv")
      .Word("STUDY", &options->study, "the study's name or folder; a model file, too")
      .Takes(ArgumentKind::kStudyOrFile)
      .Choice("--what", &options->what, {"trials", "curves", "model", "spec", "importance"},
              "curves: each round of each fold; model: XGBoost's, UBJSON if FILE ends in .ubj; "
              "importance: of the model's features")
      .Text("-o,--output", &options->output, "default: stdout", "FILE")
      .Choice("--format", &options->format, {"csv", "jsonl", "json", "md", "table"},
              "default: by the ending of FILE, else csv")
      .Flag("--salvage", &options->salvage, "reads what is left of a study whose file is damaged")
      .Does([&line, options] { return Export(line, *options); });
}

}  // namespace coppice::tuner
