#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "base/threads.h"
#include "trainer/data/reader.h"
#include "trainer/metric/metric.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/study_verb.h"
#include "tuner/cli/targets.h"
#include "tuner/cli/terminal.h"
#include "tuner/run/final_model.h"

namespace coppice::tuner {
namespace {

struct EvaluateOptions {
  std::string model;
  std::string data;
  std::string label;
  std::vector<std::string> metrics;
  std::string format;
};

// The objective's own, and what people judge such predictions by.
std::vector<std::string> UsualFor(const trainer::Booster& booster, trainer::PredictionKind kind) {
  const auto settings =
      trainer::SettingsFromParameters(booster.objective_params, booster.n_outputs);
  const auto objective = trainer::MakeObjective(booster.objective, settings);
  std::vector<std::string> metrics = trainer::UsualMetrics(kind);
  const std::string own(objective->default_metric());
  if (std::find(metrics.begin(), metrics.end(), own) == metrics.end()) metrics.push_back(own);
  return metrics;
}

std::vector<std::string> MetricsFor(const trainer::Booster& booster,
                                    const std::vector<std::string>& asked) {
  const trainer::PredictionKind kind = *trainer::PredictionOf(booster.objective);
  if (asked.empty()) return UsualFor(booster, kind);
  Findings findings;
  for (const std::string& name : asked) {
    if (trainer::MakeMetric(name) == nullptr) {
      findings.Add(fmt::format("unknown metric `{}`", name), {},
                   SuggestWord(name, trainer::MetricNames()));
    } else if (auto problem = trainer::MetricProblem(name, kind)) {
      findings.Add(*problem);
    }
  }
  findings.ThrowIfAny(ErrorKind::kUsage);
  return asked;
}

int Evaluate(CommandLine& line, const EvaluateOptions& options) {
  RefuseSwapped(line, "evaluate", options.model, options.data);
  const trainer::Booster booster = LoadModel(line, options.model);
  const std::vector<std::string> metrics = MetricsFor(booster, options.metrics);
  std::map<std::string, double> scores;
  RunWithThreads(AvailableCores(), [&] {
    trainer::Notices notices;
    const trainer::Dataset table = trainer::ReadWithSchema(
        options.data, booster.schema, true, line.disk, &notices, ColumnOf(options.label));
    for (const std::string& notice : notices) Say("notice: " + notice);
    std::vector<trainer::RowIndex> rows(table.n_rows);
    std::iota(rows.begin(), rows.end(), 0);
    scores = EvaluateOn(booster, table, rows, metrics);
  });
  // Relevances may be grades, which some metrics of rankings cannot mean.
  const bool ranks = trainer::PredictionOf(booster.objective) == trainer::PredictionKind::kRank;
  if (ranks && options.metrics.empty()) {
    std::erase_if(scores, [](const auto& score) { return std::isnan(score.second); });
  }
  if (options.format == "json") {
    Print(Json(scores).dump(2) + "\n");
    return kDone;
  }
  results::Table table;
  table.columns = {"metric", "value"};
  for (const auto& [name, value] : scores) table.rows.push_back({name, value});
  Print(results::Render(table, results::FormatFromText(options.format)));
  return kDone;
}

}  // namespace

void AddEvaluate(CommandLine& line) {
  auto options = std::make_shared<EvaluateOptions>();
  Verb(line, "evaluate", "Scores a model on labelled data.",
       "coppice evaluate model.json holdout.csv --metrics auc,logloss")
      .Word("MODEL", &options->model, "a model file, or a study's name or folder")
      .Word("DATA", &options->data, "a file with the columns of the training data")
      .Text("--label", &options->label,
            "the column of labels, by name or number from 0; default: as in training", "COLUMN")
      .Texts("--metrics", &options->metrics, "default: those that are usual for the objective",
             "LIST", ',')
      .Format(&options->format, TableFormats())
      .Does([&line, options] { return Evaluate(line, *options); });
}

}  // namespace coppice::tuner
