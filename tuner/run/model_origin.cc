#include "tuner/run/model_origin.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/json.h"
#include "tuner/run/version.h"

namespace coppice::tuner {

std::string RuleText(const ModelOrigin& origin) {
  if (origin.rounds_given) return "as given";
  std::string text = fmt::format("{} in folds of {:.6g} rows, in proportion to the rows",
                                 origin.chosen.round, origin.fold_rows);
  if (origin.rounds > origin.num_round) {
    text += fmt::format("; beyond `num_round`, which bounds the search at {}", origin.num_round);
  }
  return text;
}

std::string SourcesText(const ModelOrigin& origin) {
  std::string text;
  if (!origin.study_files.empty()) text = fmt::format("{} rows of the study", origin.n_study_rows);
  for (const ModelOrigin::Added& added : origin.added) {
    text += fmt::format("{}{}{} of `{}`", text.empty() ? "" : ", ", added.n_rows,
                        text.empty() ? " rows" : "", added.file);
  }
  return text;
}

Json ToJson(const ModelOrigin& origin) {
  Json sources = Json::array();
  if (!origin.study_files.empty()) {
    sources.push_back(
        {{"from", "study"}, {"rows", origin.n_study_rows}, {"files", origin.study_files}});
  }
  for (const ModelOrigin::Added& added : origin.added) {
    sources.push_back({{"from", "data"}, {"rows", added.n_rows}, {"files", {added.file}}});
  }
  Json rule = {{"kind", origin.rounds_given ? "given" : "proportional"}};
  if (!origin.rounds_given) {
    rule["best_round"] = origin.chosen.round;
    rule["fold_rows"] = origin.fold_rows;
    rule["num_round"] = origin.num_round;
  }
  return {{"study", origin.study},
          {"trial", study::ToIndex(origin.chosen.trial)},
          {"config", origin.chosen.configuration.ToJson()},
          {"rounds", origin.rounds},
          {"rule", std::move(rule)},
          {"seeds", origin.seeds},
          {"rows", origin.n_rows},
          {"row_choice", origin.row_choice},
          {"sources", std::move(sources)},
          {"data_hash", origin.data_hash},
          {"program", fmt::format("coppice {}", kVersion)}};
}

std::string OriginFileOf(const std::string& model) {
  return std::filesystem::path(model).replace_extension(".origin.json").string();
}

}  // namespace coppice::tuner
