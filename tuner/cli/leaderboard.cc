#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "results/views/row_query.h"
#include "trainer/metric/metric.h"
#include "trainer/params.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/terminal.h"
#include "tuner/report/contenders.h"
#include "tuner/run/run_study.h"
#include "tuner/run/trial_runner.h"

namespace coppice::tuner {
namespace {

struct LeaderboardOptions {
  std::string study;
  std::string format;
  std::string sort;
  std::vector<std::string> where;
  int n = 10;
  bool reverse = false;
  bool all = false;
};

Json Optional(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

// Parameters that differ between rows: what is worth a column.
std::vector<std::string> VaryingParameters(const std::vector<results::LeaderboardRow>& rows) {
  std::map<std::string, std::set<std::string>> texts;
  for (const auto& row : rows) {
    for (const auto& [name, value] : row.configuration.values()) texts[name].insert(ToText(value));
  }
  std::vector<std::string> varying;
  for (const auto& [name, different] : texts) {
    const bool everywhere = std::all_of(rows.begin(), rows.end(), [&](const auto& row) {
      return row.configuration.Find(name) != nullptr;
    });
    if (different.size() > 1 || !everywhere) varying.push_back(name);
  }
  return varying;
}

Json ToJson(const results::Leaderboard& board, const std::vector<results::LeaderboardRow>& rows) {
  Json json;
  json["study"] = board.study;
  json["objective"] = {{"metric", board.metric},
                       {"goal", board.goal == study::Goal::kMaximize ? "maximize" : "minimize"}};
  json["rows"] = Json::array();
  for (const auto& row : rows) {
    Json entry = {{"rank", row.rank},
                  {"trial", study::ToIndex(row.trial)},
                  {"state", study::ToText(row.state)},
                  {"score", Optional(row.score)},
                  {"std_error", Optional(row.std_error)},
                  {"round", row.round},
                  {"rounds", row.rounds},
                  {"seconds", row.seconds},
                  {"config", row.configuration.ToJson()}};
    if (!row.reason.empty()) entry["reason"] = row.reason;
    if (row.replicates > 1) entry["replicates"] = row.replicates;
    json["rows"].push_back(std::move(entry));
  }
  return json;
}

results::Table ToTable(const results::Leaderboard& board,
                       const std::vector<results::LeaderboardRow>& rows) {
  const std::vector<std::string> varying = VaryingParameters(board.rows);
  const bool failures =
      std::any_of(rows.begin(), rows.end(), [](const auto& row) { return !row.reason.empty(); });
  results::Table table;
  table.columns = {"rank",  "trial",  board.metric, "std_error",
                   "round", "rounds", "state",      "seconds"};
  table.columns.insert(table.columns.end(), varying.begin(), varying.end());
  const bool replicates =
      std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.replicates > 1; });
  if (replicates) table.columns.push_back("replicates");
  if (failures) table.columns.push_back("reason");
  for (const auto& row : rows) {
    std::vector<Json> cells = {row.rank,
                               study::ToIndex(row.trial),
                               Optional(row.score),
                               Optional(row.std_error),
                               row.round,
                               row.rounds,
                               study::ToText(row.state),
                               std::round(row.seconds * 1000) / 1000};
    for (const std::string& name : varying) {
      const Value* value = row.configuration.Find(name);
      cells.push_back(value == nullptr ? Json() : coppice::ToJson(*value));
    }
    if (replicates) cells.emplace_back(row.replicates);
    if (failures) cells.emplace_back(row.reason);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

// What a trial's recorded metric was, averaged over folds, at its best round.
std::optional<double> RecordedValue(const results::TrialStore& store,
                                    const results::LeaderboardRow& row, const std::string& metric) {
  if (row.round < 1) return std::nullopt;
  const std::vector<double> mean = MeanCurve(store.Curves(row.trial), metric);
  const auto at = static_cast<std::size_t>(row.round - 1);
  return at < mean.size() && std::isfinite(mean[at]) ? std::optional(mean[at]) : std::nullopt;
}

results::RowColumns ColumnsOf(const OpenStudy& open) {
  results::RowColumns columns;
  columns.metric = open.spec.metric;
  columns.goal = open.spec.goal;
  for (const auto& range : open.spec.search) columns.parameters.push_back(range.name());
  for (const trainer::ParamInfo& param : trainer::ParamTable()) {
    for (const std::string& alias : param.aliases) columns.aliases[alias] = param.name;
  }
  for (const std::string& name : open.spec.metrics) {
    const bool maximize = trainer::MakeMetric(name)->maximize();
    columns.recorded[name] = maximize ? study::Goal::kMaximize : study::Goal::kMinimize;
  }
  const results::TrialStore& store = *open.store;
  columns.value_of = [&store](const results::LeaderboardRow& row, const std::string& metric) {
    return RecordedValue(store, row, metric);
  };
  return columns;
}

// A further column for each recorded metric that was asked for, before the parameters.
void AddRecorded(const std::vector<std::string>& metrics, const results::RowColumns& columns,
                 const std::vector<results::LeaderboardRow>& rows, results::Table* table) {
  constexpr std::ptrdiff_t kBehindStdError = 4;
  for (auto metric = metrics.rbegin(); metric != metrics.rend(); ++metric) {
    table->columns.insert(table->columns.begin() + kBehindStdError, *metric);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto& cells = table->rows[i];
      cells.insert(cells.begin() + kBehindStdError, Optional(columns.value_of(rows[i], *metric)));
    }
  }
}

int ShowLeaderboard(CommandLine& line, const LeaderboardOptions& options) {
  const OpenStudy open = OpenForReading(line, options.study);
  const results::Leaderboard board = LeaderboardOf(*open.store, open.spec, options.all);
  std::vector<results::LeaderboardRow> rows = board.rows;
  const results::RowColumns columns = ColumnsOf(open);
  results::KeepRows(options.where, columns, &rows);
  if (!options.sort.empty()) {
    results::SortRows(options.sort, options.reverse, columns, &rows);
  } else if (options.reverse) {
    std::reverse(rows.begin(), rows.end());
  }
  const std::size_t found = rows.size();
  if (!options.all && options.n > 0 && rows.size() > static_cast<std::size_t>(options.n)) {
    rows.resize(static_cast<std::size_t>(options.n));
  }
  const std::optional<Flattery> flattery =
      FlatteryOf(ReadContenders(*open.store, open.spec, board), open.spec);
  const std::vector<std::string> recorded = RecordedIn(options.where, options.sort, columns);
  if (options.format == "json") {
    Json json = ToJson(board, rows);
    json["optimism"] = FlatteryJson(flattery);
    for (const std::string& metric : recorded) {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        json["rows"][i]["metrics"][metric] = Optional(columns.value_of(rows[i], metric));
      }
    }
    Print(json.dump(2) + "\n");
  } else {
    results::Table table = ToTable(board, rows);
    AddRecorded(recorded, columns, rows, &table);
    Print(results::Render(table, results::FormatFromText(options.format)));
  }
  if (found == 0) {
    Say(board.rows.empty() ? "no trial has ended yet" : "no trial fits `--where`");
    return kAnswerIsNo;
  }
  if (rows.size() < found) {
    Say(fmt::format("{} of {} trials; `-n 0` or `--all` lists every one", rows.size(), found));
  }
  if (flattery) Say(FlatteryText(*flattery));
  return kDone;
}

}  // namespace

void AddLeaderboard(CommandLine& line) {
  auto options = std::make_shared<LeaderboardOptions>();
  Verb(line, "leaderboard", "Ranks the trials of a study; failures come last.",
       "coppice leaderboard titanic -n 5 --where 'eta<0.1' --format md")
      .Word("STUDY", &options->study, "the study's name or folder")
      .Number("-n", &options->n, 0, 1 << 30, "so many rows, 0 for every one; default: 10")
      .Flag("--all", &options->all, "every trial, also those that wait or run")
      .Text("--sort", &options->sort,
            "by a column, metric (best first) or parameter; --sort=-COLUMN turns it round",
            "COLUMN")
      .Flag("--reverse", &options->reverse, "turns the order round")
      .Texts("--where", &options->where,
             "only rows that fit, as `eta<0.1 and max_depth>=4` or `state=failed or state=pruned`; "
             "a row without a "
             "value there fits no condition",
             "CONDITION")
      .Format(&options->format, TableFormats())
      .Does([&line, options] { return ShowLeaderboard(line, *options); });
}

}  // namespace coppice::tuner
