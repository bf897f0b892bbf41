#include <fmt/format.h>

#include <memory>

#include "base/error.h"
#include "base/json.h"
#include "trainer/boost/booster.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/terminal.h"
#include "tuner/report/answer_words.h"
#include "tuner/run/fixed_spec.h"
#include "tuner/run/run_study.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

struct BestOptions {
  std::string study;
  std::string rule;  // empty: the study's own
  std::string as = "table";
};

// XGBoost wants to be told the number of classes; a study's model knows it.
Json ParamsOf(CommandLine& line, const OpenStudy& open, const results::LeaderboardRow& best) {
  Json params = XgboostParams(open.spec, best.configuration);
  const bool has_classes = open.spec.ParamsFor({}).objective.starts_with("multi:");
  if (!has_classes || params.contains("num_class")) return params;
  if (line.disk.Exists(open.folder.model())) {
    params["num_class"] = LoadModel(line, open.folder.path).n_outputs;
  } else {
    Say("notice: XGBoost also needs `num_class`, which the study's model will tell when it ends");
  }
  return params;
}

int ShowBest(CommandLine& line, const BestOptions& options) {
  const OpenStudy open = OpenForReading(line, options.study);
  if (options.as == "xgboost" || options.as == "python" || options.as == "spec") {
    RequireOwnTrials(open.spec, "best --as " + options.as);
  }
  const results::Leaderboard board = LeaderboardOf(*open.store, open.spec, false);
  const auto rule =
      options.rule == "best" ? results::BestRule::kBest : results::BestRule::kOneStdError;
  const results::LeaderboardRow* best =
      options.rule.empty() ? board.best() : results::ChooseBest(board, rule);
  if (best == nullptr) {
    Say("no trial has completed yet");
    return kAnswerIsNo;
  }
  const bool at_cap = EndsAtRoundCap(*best, open.spec);
  if (at_cap) Say("notice: " + RoundCapText(*best, open.spec));
  if (options.as == "json") {
    Json json = BestToJson(*best, open.spec);
    json["at_round_cap"] = at_cap;
    Print(json.dump(2) + "\n");
  } else if (options.as == "xgboost") {
    Print(XgboostCall(ParamsOf(line, open, *best), best->round).dump(2) + "\n");
  } else if (options.as == "python") {
    Print(XgboostPython(ParamsOf(line, open, *best), best->round));
  } else if (options.as == "spec") {
    const Json fixed = FixedSpec(open.record, open.spec, *best);
    Print(WithAbsolutePaths(fixed, open.record.spec_folder).dump(2) + "\n");
  } else {
    results::Table table;
    table.columns = {"what", "value"};
    table.rows = {{"trial", study::ToIndex(best->trial)},
                  {board.metric, *best->score},
                  {"round", best->round}};
    if (best->std_error) {
      table.rows.insert(table.rows.begin() + 2, {"standard error", *best->std_error});
    }
    if (best->fresh) {
      table.rows.push_back({"on fresh folds", best->fresh->score});
      if (best->fresh->std_error) {
        table.rows.push_back({"standard error there", *best->fresh->std_error});
      }
    }
    for (const auto& [name, value] : best->configuration.values()) {
      table.rows.push_back({name, coppice::ToJson(value)});
    }
    Print(results::Render(table, results::Format::kTable));
  }
  return kDone;
}

}  // namespace

void AddBest(CommandLine& line) {
  auto options = std::make_shared<BestOptions>();
  Verb(line, "best", "Prints the chosen configuration of a study.",
       "coppice best titanic --as xgboost")
      .Word("STUDY", &options->study, "the study's name or folder")
      .Choice(
          "--rule", &options->rule, {"best", "one-se"},
          "best score (where trials were confirmed, among these, by all folds), or fewest rounds "
          "within one standard error of it; default: best, or `confirm.choose`")
      .Choice(
          "--as", &options->as, {"table", "json", "xgboost", "python", "spec"},
          "xgboost: JSON of its `params` and `num_boost_round`; python: the call of xgboost.train; "
          "spec: one for `coppice train`, which then has the same score")
      .Does([&line, options] { return ShowBest(line, *options); });
}

}  // namespace coppice::tuner
