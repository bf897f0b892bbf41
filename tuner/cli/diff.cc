#include <fmt/format.h>

#include <limits>
#include <memory>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "results/report/score_text.h"
#include "results/views/comparison.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/terminal.h"
#include "tuner/run/fold_words.h"
#include "tuner/run/run_study.h"

namespace coppice::tuner {
namespace {

constexpr int kMostTrials = std::numeric_limits<int>::max();

struct DiffOptions {
  std::string study;
  int first = 0;
  int second = 0;
  std::string format;
};

const results::LeaderboardRow& RowOf(const results::Leaderboard& board, int trial) {
  for (const results::LeaderboardRow& row : board.rows) {
    if (study::ToIndex(row.trial) == trial) return row;
  }
  throw Error(ErrorKind::kUsage, fmt::format("the study `{}` has no trial {}", board.study, trial),
              {},
              board.rows.empty() ? "it has no trials yet"
                                 : fmt::format("its trials are 0 to {}", board.rows.size() - 1));
}

Json OrNull(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json ValueOf(const results::LeaderboardRow& row, const std::string& parameter) {
  const Value* value = row.configuration.Find(parameter);
  return value == nullptr ? Json() : coppice::ToJson(*value);
}

// Of either trial, in their order; those that differ.
std::vector<std::string> DifferentParameters(const results::LeaderboardRow& a,
                                             const results::LeaderboardRow& b) {
  std::set<std::string> names;
  for (const auto* row : {&a, &b}) {
    for (const auto& [name, value] : row->configuration.values()) names.insert(name);
  }
  std::erase_if(names, [&](const auto& name) { return ValueOf(a, name) == ValueOf(b, name); });
  return {names.begin(), names.end()};
}

results::Table ToTable(const results::LeaderboardRow& a, const results::LeaderboardRow& b,
                       const std::string& metric) {
  results::Table table;
  table.columns = {"what", fmt::format("trial {}", study::ToIndex(a.trial)),
                   fmt::format("trial {}", study::ToIndex(b.trial))};
  table.rows = {{metric, OrNull(a.score), OrNull(b.score)},
                {"std_error", OrNull(a.std_error), OrNull(b.std_error)},
                {"state", study::ToText(a.state), study::ToText(b.state)},
                {"round", a.round, b.round},
                {"rounds", a.rounds, b.rounds},
                {"seconds", a.seconds, b.seconds}};
  for (const std::string& name : DifferentParameters(a, b)) {
    table.rows.push_back({name, ValueOf(a, name), ValueOf(b, name)});
  }
  return table;
}

std::string GainWords(const results::LeaderboardRow& a, const results::LeaderboardRow& b,
                      const std::optional<results::PairedGain>& gain, const Spec& spec) {
  const std::string& metric = spec.metric;
  const int first = study::ToIndex(a.trial);
  const int second = study::ToIndex(b.trial);
  if (!gain) return fmt::format("trials {} and {} have no folds in common", first, second);
  const bool is_first = gain->gain >= 0;
  results::PairedGain ahead = *gain;
  if (!is_first) ahead.gain = -ahead.gain;
  std::string text = fmt::format("trial {} is ahead of trial {} in {} by {}",
                                 is_first ? first : second, is_first ? second : first, metric,
                                 results::ScoreText(ahead.gain, ahead.std_error, 3));
  if (ahead.gain == 0) {
    text = fmt::format("trials {} and {} have the same {}", first, second, metric);
  }
  if (!ahead.std_error) return text + " (one fold: no error is known)";
  text += " over " + FoldsText(spec.split, ahead.folds);
  return ahead.is_within_noise() ? text + ", which is within noise" : text;
}

Json ToJson(const results::LeaderboardRow& row) {
  return {{"trial", study::ToIndex(row.trial)},
          {"state", study::ToText(row.state)},
          {"score", OrNull(row.score)},
          {"std_error", OrNull(row.std_error)},
          {"round", row.round},
          {"rounds", row.rounds},
          {"seconds", row.seconds},
          {"config", row.configuration.ToJson()}};
}

Json ToJson(const std::optional<results::PairedGain>& gain) {
  if (!gain) return nullptr;
  return {{"gain", gain->gain},
          {"std_error", OrNull(gain->std_error)},
          {"folds", gain->folds},
          {"within_noise", gain->is_within_noise()}};
}

int ShowDifference(CommandLine& line, const DiffOptions& options) {
  const OpenStudy open = OpenForReading(line, options.study);
  const results::Leaderboard board = LeaderboardOf(*open.store, open.spec, true);
  const results::LeaderboardRow& a = RowOf(board, options.first);
  const results::LeaderboardRow& b = RowOf(board, options.second);
  const auto curves_a = open.store->Curves(a.trial);
  const auto curves_b = open.store->Curves(b.trial);
  const auto gain =
      results::ComparePaired({curves_a, a.round}, {curves_b, b.round}, open.spec.metric,
                             open.spec.goal, open.spec.split.overlap());
  if (options.format == "json") {
    const Json json = {{"study", board.study},
                       {"metric", board.metric},
                       {"first", ToJson(a)},
                       {"second", ToJson(b)},
                       {"different", DifferentParameters(a, b)},
                       {"paired", ToJson(gain)}};
    Print(json.dump(2) + "\n");
    return kDone;
  }
  Print(results::Render(ToTable(a, b, board.metric), results::FormatFromText(options.format)));
  Say(GainWords(a, b, gain, open.spec));
  return kDone;
}

}  // namespace

void AddDiff(CommandLine& line) {
  auto options = std::make_shared<DiffOptions>();
  Verb(line, "diff", "Compares two trials of a study: what differs, and the gain over folds.",
       "coppice diff titanic 0 12")
      .Word("STUDY", &options->study, "the study's name or folder")
      .NumberRequired("A", &options->first, 0, kMostTrials, "a trial's number")
      .NumberRequired("B", &options->second, 0, kMostTrials, "another's")
      .Format(&options->format, {"table", "json", "md"})
      .Does([&line, options] { return ShowDifference(line, *options); });
}

}  // namespace coppice::tuner
