#include <fmt/format.h>

#include <memory>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "results/report/score_text.h"
#include "results/views/comparison.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/terminal.h"
#include "tuner/run/data_fingerprint.h"
#include "tuner/run/fold_words.h"
#include "tuner/run/run_study.h"

namespace coppice::tuner {
namespace {

struct CompareOptions {
  std::string first;
  std::string second;
  std::string format;
};

// One study and where it stands.
struct Side {
  OpenStudy open;
  results::Leaderboard board;
  const results::LeaderboardRow* best = nullptr;
  int scored = 0;
  double seconds = 0;  // of work, over all trials

  const std::string& name() const { return open.record.name; }
};

Side SideOf(CommandLine& line, const std::string& study) {
  Side side{OpenForReading(line, study), {}};
  side.board = LeaderboardOf(*side.open.store, side.open.spec, false);
  side.best = side.board.best();
  for (const results::LeaderboardRow& row : side.board.rows) {
    side.scored += row.score ? 1 : 0;
    side.seconds += row.seconds;
  }
  return side;
}

// Scores of other metrics or goals say nothing of each other.
void RequireOneMetric(const Side& a, const Side& b) {
  const Spec& first = a.open.spec;
  const Spec& second = b.open.spec;
  if (first.metric == second.metric && first.goal == second.goal) return;
  throw Error(ErrorKind::kUsage,
              fmt::format("`{}` is scored by `{}` and `{}` by `{}`: their scores do not compare",
                          a.name(), first.metric, b.name(), second.metric),
              {}, "compare studies of one objective metric");
}

// Also the same division into folds.
bool HaveSameRows(const Side& a, const Side& b) {
  return !a.open.spec.is_external && !b.open.spec.is_external &&
         HashIn(a.open.record.data_hash) == HashIn(b.open.record.data_hash);
}

std::optional<results::PairedGain> PairedBests(const Side& a, const Side& b) {
  if (a.best == nullptr || b.best == nullptr || !HaveSameRows(a, b)) return std::nullopt;
  const auto ours = a.open.store->Curves(a.best->trial);
  const auto theirs = b.open.store->Curves(b.best->trial);
  return results::ComparePaired({ours, a.best->round}, {theirs, b.best->round}, a.open.spec.metric,
                                a.open.spec.goal, a.open.spec.split.overlap());
}

std::string ComparisonText(const Side& a, const Side& b,
                           const std::optional<results::PairedGain>& gain) {
  if (a.best == nullptr || b.best == nullptr) {
    return fmt::format("`{}` has no score yet", a.best == nullptr ? a.name() : b.name());
  }
  if (!HaveSameRows(a, b)) {
    return "the studies have other rows or folds, so that their scores are not paired: a "
           "difference "
           "may be that of the rows";
  }
  if (!gain) return "the best trials have no folds in common";
  if (gain->gain == 0) return "the best trials have the same score";
  const bool is_first = gain->gain > 0;
  results::PairedGain ahead = *gain;
  if (!is_first) ahead.gain = -ahead.gain;
  std::string text = fmt::format("`{}` is ahead by {}", is_first ? a.name() : b.name(),
                                 results::ScoreText(ahead.gain, ahead.std_error, 3));
  if (!ahead.std_error) return text + " on the same rows (one fold: no error is known)";
  text += fmt::format(" over {} in common", FoldsText(a.open.spec.split, ahead.folds));
  return ahead.is_within_noise() ? text + ", which is within noise" : text;
}

Json SideJson(const Side& side) {
  Json json = {{"study", side.name()},
               {"trials", side.board.rows.size()},
               {"scored", side.scored},
               {"seconds", side.seconds},
               {"best", nullptr}};
  if (side.best != nullptr) {
    json["best"] = {{"trial", study::ToIndex(side.best->trial)},
                    {"score", *side.best->score},
                    {"std_error", side.best->std_error ? Json(*side.best->std_error) : Json()},
                    {"round", side.best->round},
                    {"config", side.best->configuration.ToJson()}};
  }
  return json;
}

results::Table ComparisonTable(const Side& a, const Side& b) {
  const Json first = SideJson(a);
  const Json second = SideJson(b);
  results::Table table;
  table.columns = {"what", a.name(), b.name()};
  const auto add = [&](const std::string& what, const char* pointer) {
    const Json::json_pointer at(pointer);
    table.rows.push_back({what, first.contains(at) ? first.at(at) : Json(),
                          second.contains(at) ? second.at(at) : Json()});
  };
  add(a.open.spec.metric, "/best/score");
  add("std_error", "/best/std_error");
  add("best trial", "/best/trial");
  add("best round", "/best/round");
  add("trials", "/trials");
  add("with a score", "/scored");
  add("seconds of trials", "/seconds");
  return table;
}

int CompareStudies(CommandLine& line, const CompareOptions& options) {
  const Side a = SideOf(line, options.first);
  const Side b = SideOf(line, options.second);
  RequireOneMetric(a, b);
  const auto gain = PairedBests(a, b);
  if (options.format == "json") {
    const Json paired = gain
                            ? Json{{"gain", gain->gain},
                                   {"std_error", gain->std_error ? Json(*gain->std_error) : Json()},
                                   {"folds", gain->folds},
                                   {"within_noise", gain->is_within_noise()}}
                            : Json();
    const Json json = {{"metric", a.open.spec.metric},
                       {"same_rows", HaveSameRows(a, b)},
                       {"first", SideJson(a)},
                       {"second", SideJson(b)},
                       {"paired", paired}};
    Print(json.dump(2) + "\n");
    return kDone;
  }
  Print(results::Render(ComparisonTable(a, b), results::FormatFromText(options.format)));
  Say(ComparisonText(a, b, gain));
  return kDone;
}

}  // namespace

void AddCompare(CommandLine& line) {
  auto options = std::make_shared<CompareOptions>();
  Verb(line, "compare",
       "Compares the best trials of two studies, over common folds if they have any.",
       "coppice compare titanic titanic2")
      .Word("STUDY", &options->first, "a study's name or folder")
      .Word("OTHER", &options->second, "another's")
      .Format(&options->format, {"table", "json", "md"})
      .Does([&line, options] { return CompareStudies(line, *options); });
}

}  // namespace coppice::tuner
