#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <system_error>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "results/report/score_text.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/terminal.h"
#include "tuner/report/answer_words.h"
#include "tuner/report/decision_trace.h"
#include "tuner/run/trial_runner.h"

namespace coppice::tuner {
namespace {

struct ShowOptions {
  std::string study;
  std::string trial;
  std::string format;
};

const study::Trial& FindTrial(const std::vector<study::Trial>& trials, int wanted,
                              const std::string& study) {
  for (const study::Trial& trial : trials) {
    if (study::ToIndex(trial.id) == wanted) return trial;
  }
  throw Error(ErrorKind::kUsage, fmt::format("the study `{}` has no trial {}", study, wanted), {},
              trials.empty() ? "it has no trials yet"
                             : fmt::format("its trials are 0 to {}", trials.size() - 1));
}

Json OutcomeJson(const study::Trial& trial) {
  if (!trial.outcome) return nullptr;
  Json json = Json::object();
  if (const study::Completed* result = study::ResultOf(*trial.outcome)) {
    json = {{"score", result->score},
            {"std_error", result->std_error ? Json(*result->std_error) : Json()},
            {"round", result->best_round},
            {"rounds", result->rounds}};
  }
  if (const auto* failed = std::get_if<study::Failed>(&*trial.outcome)) {
    json["failure"] = study::ToText(failed->kind);
  }
  const std::string reason = ReasonOf(*trial.outcome);
  if (!reason.empty()) json["reason"] = reason;
  return json;
}

// Trial 0 of a search; the only trial of a training has nothing to be moved into.
bool IsDefault(const study::Trial& trial, const Spec& spec) {
  return study::ToIndex(trial.id) == 0 && !spec.search.empty();
}

Json ToJson(const study::Trial& trial, const std::vector<study::Curve>& curves,
            const std::vector<TraceStep>& trace, const Spec& spec) {
  Json json = {{"trial", study::ToIndex(trial.id)},
               {"state", study::ToText(trial.state)},
               {"origin", trial.origin},
               {"config", trial.configuration.ToJson()},
               {"outcome", OutcomeJson(trial)},
               {"seconds", trial.seconds},
               {"attempts", trial.attempts}};
  if (trial.fresh) {
    json["fresh"] = {{"score", trial.fresh->score},
                     {"std_error", trial.fresh->std_error ? Json(*trial.fresh->std_error) : Json()},
                     {"folds", trial.fresh->fold_scores},
                     {"seconds", trial.fresh->seconds}};
  }
  if (IsDefault(trial, spec)) json["moved"] = MovedDefaultsJson(spec);
  json["trace"] = ToJson(trace);
  json["curves"] = Json::array();
  for (const study::Curve& curve : curves) {
    json["curves"].push_back({{"fold", curve.fold},
                              {"part", curve.part},
                              {"metric", curve.metric},
                              {"values", curve.values}});
  }
  return json;
}

// Eight heights of blocks for a curve of at most `width` points.
std::string Spark(const std::vector<double>& curve, std::size_t width) {
  if (curve.empty()) return {};
  const auto [low, high] = std::minmax_element(curve.begin(), curve.end());
  const double span = *high - *low;
  std::string line;
  const std::size_t points = std::min(width, curve.size());
  for (std::size_t i = 0; i < points; ++i) {
    const double value = curve[i * curve.size() / points];
    const int height = span > 0 ? static_cast<int>((value - *low) / span * 7.999) : 0;
    line += fmt::format("\xE2\x96{}", static_cast<char>(0x81 + height));
  }
  return line;
}

// One row a fold, one column a metric: the value at the trial's best round.
results::Table FoldTable(const std::vector<study::Curve>& curves, const trainer::SplitSpec& split,
                         int best_round) {
  results::Table table;
  table.columns = {"fold"};
  if (split.repeats > 1) table.columns = {"repeat", "fold"};
  std::map<int, std::vector<Json>> rows;
  for (const study::Curve& curve : curves) {
    if (curve.fold == 0) table.columns.push_back(curve.metric);
    auto& row = rows[curve.fold];
    if (row.empty() && split.repeats > 1)
      row = {curve.fold / split.folds, curve.fold % split.folds};
    if (row.empty()) row.emplace_back(curve.fold);
    const auto at = static_cast<std::size_t>(best_round - 1);
    row.emplace_back(at < curve.values.size() ? Json(curve.values[at]) : Json());
  }
  for (auto& [fold, row] : rows) table.rows.push_back(std::move(row));
  return table;
}

// A row a step, and behind a proposal a row for each thing that the model knew.
results::Table TraceTable(const std::vector<TraceStep>& trace) {
  results::Table table;
  table.columns = {"at", "what", "why"};
  for (const TraceStep& step : trace) {
    table.rows.push_back({FormatSeconds(step.elapsed_seconds), step.what, step.why});
    for (const auto& [name, text] : step.details) table.rows.push_back({Json(), name, text});
  }
  return table;
}

std::string ToPage(const study::Trial& trial, const std::vector<study::Curve>& curves,
                   const std::vector<TraceStep>& trace, const Spec& spec, results::Format format) {
  results::Table facts;
  facts.columns = {"what", "value"};
  facts.rows = {{"trial", study::ToIndex(trial.id)},
                {"state", study::ToText(trial.state)},
                {"time", FormatSeconds(trial.seconds)},
                {"attempts", trial.attempts}};
  const std::string moved = IsDefault(trial, spec) ? MovedDefaultsText(spec) : std::string();
  if (!moved.empty()) facts.rows.push_back({"moved into the ranges", moved});
  int best_round = 0;
  if (trial.outcome) {
    if (const study::Completed* result = study::ResultOf(*trial.outcome)) {
      best_round = result->best_round;
      facts.rows.push_back({spec.metric, result->score});
      if (result->std_error) facts.rows.push_back({"standard error", *result->std_error});
      facts.rows.push_back({"best round", result->best_round});
      facts.rows.push_back({"rounds", result->rounds});
    } else if (const auto* failed = std::get_if<study::Failed>(&*trial.outcome)) {
      facts.rows.push_back({"failure", study::ToText(failed->kind)});
    }
  }
  if (trial.fresh) {
    facts.rows.push_back(
        {"on fresh folds", results::ScoreText(trial.fresh->score, trial.fresh->std_error)});
  }
  for (const auto& [name, value] : trial.configuration.values()) {
    facts.rows.push_back({name, coppice::ToJson(value)});
  }
  std::string page = results::Render(facts, format);
  page += "\n" + results::Render(TraceTable(trace), format);
  if (best_round == 0) return page;
  page += "\n" + results::Render(FoldTable(curves, spec.split, best_round), format);
  page +=
      fmt::format("\n{} by round: {}\n", spec.metric, Spark(MeanCurve(curves, spec.metric), 60));
  return page;
}

// Throws Error (kUsage) for what is no number; the two words may be swapped.
int TrialOf(CommandLine& line, const ShowOptions& options) {
  int trial = 0;
  const char* const end = options.trial.data() + options.trial.size();
  const auto [stop, error] = std::from_chars(options.trial.data(), end, trial);
  if (error == std::errc() && stop == end && trial >= 0) return trial;
  const bool swapped = LookForStudy(options.trial, StoreFolder(line.store), line.disk).has_value();
  if (swapped) {
    throw Error(
        ErrorKind::kUsage, fmt::format("`{}` is a study, not a trial's number", options.trial), {},
        fmt::format("the study comes first: `coppice show {} {}`", options.trial, options.study));
  }
  throw Error(ErrorKind::kUsage, fmt::format("`TRIAL` cannot be `{}`", options.trial), {},
              "use a number from 0 up: `leaderboard` lists them");
}

int ShowTrial(CommandLine& line, const ShowOptions& options) {
  const int number = TrialOf(line, options);
  const OpenStudy open = OpenForReading(line, options.study);
  const std::vector<study::Trial> trials = open.store->Trials();
  const study::Trial& trial = FindTrial(trials, number, options.study);
  const std::vector<study::Curve> curves = open.store->Curves(trial.id);
  const std::vector<TraceStep> trace =
      TraceOf(open.store->EventsWithoutCurves(), trial.id, open.spec);
  if (options.format == "json") {
    Print(ToJson(trial, curves, trace, open.spec).dump(2) + "\n");
  } else {
    Print(ToPage(trial, curves, trace, open.spec, results::FormatFromText(options.format)));
  }
  return kDone;
}

}  // namespace

void AddShow(CommandLine& line) {
  auto options = std::make_shared<ShowOptions>();
  Verb(line, "show", "Shows one trial: parameters, why it was proposed and stopped, folds, curve.",
       "coppice show titanic 12")
      .Word("STUDY", &options->study, "the study's name or folder")
      .Word("TRIAL", &options->trial, "the trial's number")
      .Format(&options->format, {"table", "json", "md"})
      .Does([&line, options] { return ShowTrial(line, *options); });
}

}  // namespace coppice::tuner
