#include <fmt/format.h>

#include <memory>

#include "base/error.h"
#include "base/json.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/terminal.h"
#include "tuner/run/run_study.h"

namespace coppice::tuner {
namespace {

struct Options {
  std::string study;
  std::string rule = "best";
  std::string as = "table";
};

// The spec's fixed parameters with the configuration over them, as XGBoost takes them.
Json XgboostParams(const Spec& spec, const study::Configuration& configuration) {
  Json params = Json::object();
  for (const auto& [name, value] : spec.train) params[name] = coppice::ToJson(value);
  for (const auto& [name, value] : configuration.values()) params[name] = coppice::ToJson(value);
  // 0 stands for "read off the label", which XGBoost does not do; the model knows.
  if (params.contains("num_class") && params["num_class"] == 0) params.erase("num_class");
  // The rounds are the best ones already, and stopping early would need rows to watch.
  params.erase("early_stopping_rounds");
  return params;
}

// The study's spec with nothing left to search, for `coppice train`.
Json FixedSpec(const results::StudyRecord& record, const Spec& spec,
               const results::LeaderboardRow& best) {
  Json json = record.resolved_spec;
  for (const char* part : {"search", "start", "strategy", "prune", "stop"}) json.erase(part);
  json["name"] = spec.name + "-best";
  json["train"] = XgboostParams(spec, best.configuration);
  json["train"]["num_round"] = best.round;
  json["train"].erase("early_stopping_rounds");
  return json;
}

int ShowBest(CommandLine& line, const Options& options) {
  const OpenStudy open = OpenForReading(line, options.study);
  const results::Leaderboard board = LeaderboardOf(*open.store, open.spec, false);
  const auto rule =
      options.rule == "best" ? results::BestRule::kBest : results::BestRule::kOneStdError;
  const results::LeaderboardRow* best = results::ChooseBest(board, rule);
  if (best == nullptr) {
    Say("no trial has completed yet");
    return kAnswerIsNo;
  }
  if (options.as == "json") {
    Print(BestToJson(*best, open.spec).dump(2) + "\n");
  } else if (options.as == "xgboost") {
    Json params = XgboostParams(open.spec, best->configuration);
    params["num_round"] = best->round;
    Print(params.dump(2) + "\n");
  } else if (options.as == "spec") {
    Print(FixedSpec(open.record, open.spec, *best).dump(2) + "\n");
  } else {
    results::Table table;
    table.columns = {"what", "value"};
    table.rows = {{"trial", study::ToIndex(best->trial)},
                  {board.metric, *best->score},
                  {"standard error", best->std_error ? Json(*best->std_error) : Json()},
                  {"round", best->round}};
    for (const auto& [name, value] : best->configuration.values()) {
      table.rows.push_back({name, coppice::ToJson(value)});
    }
    Print(results::Render(table, results::Format::kTable));
  }
  return kDone;
}

}  // namespace

void AddBest(CommandLine& line) {
  auto options = std::make_shared<Options>();
  Verb(line, "best", "Prints the chosen configuration of a study.",
       "coppice best titanic --as xgboost")
      .Word("STUDY", &options->study, "the study's name or folder")
      .Choice("--rule", &options->rule, {"best", "one-se"},
              "best score, or fewest rounds within one standard error of it")
      .Choice("--as", &options->as, {"table", "json", "xgboost", "spec"},
              "xgboost: its parameters; spec: one for `coppice train`")
      .Does([&line, options] { return ShowBest(line, *options); });
}

}  // namespace coppice::tuner
