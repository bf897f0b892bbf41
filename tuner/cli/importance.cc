#include <fmt/format.h>

#include <memory>

#include "base/json.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/terminal.h"
#include "tuner/report/search_importance.h"
#include "tuner/run/run_study.h"

namespace coppice::tuner {
namespace {

struct ImportanceOptions {
  std::string study;
  std::string format;
  double good_region = 1;
};

Json ToJson(const OpenStudy& open, const std::vector<results::ParameterImportance>& importance,
            const std::vector<RangeAdvice>& advice, double good_region) {
  Json json = {{"study", open.record.name},
               {"good_region", good_region},
               {"rows", Json::array()},
               {"advice", Json::array()}};
  for (const results::ParameterImportance& one : importance) {
    json["rows"].push_back({{"parameter", one.name},
                            {"share", one.share},
                            {"share_low", one.share_low},
                            {"share_high", one.share_high},
                            {"divergence", one.divergence},
                            {"by_chance", one.by_chance},
                            {"is_chance", one.is_chance}});
  }
  for (const RangeAdvice& one : advice) {
    json["advice"].push_back({{"parameter", one.parameter},
                              {"end", one.is_upper ? "max" : "min"},
                              {"text", one.text},
                              {"hint", one.hint}});
  }
  return json;
}

int ShowImportance(CommandLine& line, const ImportanceOptions& options) {
  const OpenStudy open = OpenForReading(line, options.study);
  const results::Leaderboard board = LeaderboardOf(*open.store, open.spec, false);
  const auto importance = SearchImportance(open.spec, board, options.good_region);
  const auto advice = AdviceOnRanges(open.spec, board);
  if (options.format == "json") {
    Print(ToJson(open, importance, advice, options.good_region).dump(2) + "\n");
  } else {
    results::Table table;
    table.columns = {"parameter",  "share",     "share_low", "share_high",
                     "divergence", "by_chance", "verdict"};
    for (const results::ParameterImportance& one : importance) {
      table.rows.push_back({one.name, one.share, one.share_low, one.share_high, one.divergence,
                            one.by_chance, one.is_chance ? "no more than chance" : "decides"});
    }
    Print(results::Render(table, results::FormatFromText(options.format), 3));
  }
  if (importance.empty()) {
    Say(options.good_region < 1
            ? "notice: too few trials are in the good region to say which parameters decide there "
              "(ten are needed)"
            : "notice: too few trials have a score to say which parameters decide (ten are "
              "needed)");
  }
  for (const RangeAdvice& one : advice) Say("notice: " + one.text + ": " + one.hint);
  return kDone;
}

}  // namespace

void AddImportance(CommandLine& line) {
  auto options = std::make_shared<ImportanceOptions>();
  Verb(line, "importance", "Tells which parameters decided, and which ranges ended too soon.",
       "coppice importance titanic")
      .Word("STUDY", &options->study, "the study's name or folder")
      .Number("--good-region", &options->good_region, 1e-9, 1,
              "only among this part of the trials, the best ones, as 0.5; default: 1, all")
      .Format(&options->format, TableFormats())
      .Does([&line, options] { return ShowImportance(line, *options); });
}

}  // namespace coppice::tuner
