#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "results/views/comparison.h"
#include "results/views/row_query.h"
#include "results/views/ties.h"
#include "trainer/metric/metric.h"
#include "trainer/params.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/terminal.h"
#include "tuner/report/answer_words.h"
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

// "2 completed, 1 failed" as numbers.
Json StatesJson(const std::map<std::string, int>& states) {
  Json json = Json::object();
  for (const auto& [state, count] : states) json[state] = count;
  return json;
}

std::map<std::string, int> CountStates(const results::TrialStore& store) {
  std::map<std::string, int> states;
  for (const study::Trial& trial : store.Trials()) ++states[study::ToText(trial.state)];
  return states;
}

// "cv of 5 folds, by time; test_fraction 0.2"; empty where another program evaluates.
std::string SplitText(const Spec& spec) {
  if (spec.is_external) return {};
  const trainer::SplitSpec& split = spec.split;
  std::string text;
  switch (split.kind) {
    case trainer::SplitKind::kCrossValidation:
      text = fmt::format("cv of {} folds", split.folds);
      if (split.repeats > 1) text += fmt::format(", {} times", split.repeats);
      break;
    case trainer::SplitKind::kHoldout:
      text = fmt::format("holdout of {:.6g}", split.validation_fraction);
      break;
    case trainer::SplitKind::kFiles:
      text = "validation files";
      break;
  }
  if (split.by_time) text += ", by time";
  if (split.grouped) text += ", by group";
  if (!spec.data.test.empty()) {
    text += ", test files";
  } else if (split.kind != trainer::SplitKind::kFiles && split.test_fraction > 0) {
    text += fmt::format(", {:.6g} of the rows for the test", split.test_fraction);
  }
  return text;
}

// "titanic: auc, the larger the better; 28 completed, 2 failed; cv of 5 folds, ...".
std::string Heading(const results::Leaderboard& board, const Spec& spec,
                    const std::map<std::string, int>& states) {
  std::string text = fmt::format("{}: {}, the {} the better", board.study, board.metric,
                                 board.goal == study::Goal::kMaximize ? "larger" : "smaller");
  std::string counts;
  for (const auto& [state, count] : states) {
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, state);
  }
  if (!counts.empty()) text += "; " + counts;
  const std::string split = SplitText(spec);
  if (!split.empty()) text += "; " + split;
  return text;
}

// As people read it: of those that cannot be told apart the first has the number, the others the
// number and `=`.
Json RankText(const results::LeaderboardRow& row, const results::Leaderboard& board) {
  if (row.rank == 0) return Json();
  const results::LeaderboardRow& first = board.rows[static_cast<std::size_t>(row.rank_low - 1)];
  return fmt::format("{}{}", row.rank_low, first.trial == row.trial ? "" : "=");
}

bool IsForPeople(results::Format format) {
  return format == results::Format::kTable || format == results::Format::kMarkdown;
}

Json ToJson(const results::Leaderboard& board, const std::vector<results::LeaderboardRow>& rows,
            const OpenStudy& open) {
  Json json;
  json["study"] = board.study;
  json["objective"] = {{"metric", board.metric},
                       {"goal", board.goal == study::Goal::kMaximize ? "maximize" : "minimize"}};
  json["states"] = StatesJson(CountStates(*open.store));
  const std::string split = SplitText(open.spec);
  json["split"] = split.empty() ? Json() : Json(split);
  json["rows"] = Json::array();
  const results::LeaderboardRow* winner = board.is_confirmed() ? board.best() : nullptr;
  for (const auto& row : rows) {
    Json entry = {{"rank", row.rank},
                  {"rank_low", row.rank_low},
                  {"rank_high", row.rank_high},
                  {"trial", study::ToIndex(row.trial)},
                  {"state", study::ToText(row.state)},
                  {"score", Optional(row.score)},
                  {"std_error", Optional(row.std_error)},
                  {"vs_best", Optional(row.vs_best)},
                  {"round", row.round},
                  {"rounds", row.rounds},
                  {"seconds", row.seconds},
                  {"config", row.configuration.ToJson()}};
    if (!row.reason.empty()) entry["reason"] = row.reason;
    if (row.replicates > 1) entry["replicates"] = row.replicates;
    if (row.fresh) {
      entry["fresh"] = {{"score", row.fresh->score},
                        {"std_error", Optional(row.fresh->std_error)},
                        {"folds", row.fresh->fold_scores}};
    }
    if (winner != nullptr) entry["winner"] = row.trial == winner->trial;
    json["rows"].push_back(std::move(entry));
  }
  return json;
}

// The columns before those of the recorded metrics, the rounds and the parameters.
std::vector<std::string> FirstColumns(const results::Leaderboard& board, results::Format format) {
  if (IsForPeople(format)) return {"rank", "trial", board.metric, "std_error", "vs best"};
  return {"rank", "rank_low", "rank_high", "trial", board.metric, "std_error", "vs_best"};
}

std::vector<Json> FirstCells(const results::LeaderboardRow& row, const results::Leaderboard& board,
                             results::Format format) {
  const Json trial = study::ToIndex(row.trial);
  if (!IsForPeople(format)) {
    return {row.rank,
            row.rank_low,
            row.rank_high,
            trial,
            Optional(row.score),
            Optional(row.std_error),
            Optional(row.vs_best)};
  }
  const bool is_best = row.vs_best && row.trial == board.rows.front().trial;
  return {RankText(row, board), trial, Optional(row.score), Optional(row.std_error),
          is_best ? Json() : Optional(row.vs_best)};
}

results::Table ToTable(const results::Leaderboard& board,
                       const std::vector<results::LeaderboardRow>& rows, results::Format format) {
  const std::vector<std::string> varying = VaryingParameters(board.rows);
  const bool failures =
      std::any_of(rows.begin(), rows.end(), [](const auto& row) { return !row.reason.empty(); });
  results::Table table;
  table.columns = FirstColumns(board, format);
  for (const char* column : {"round", "rounds", "state", "seconds"})
    table.columns.push_back(column);
  table.columns.insert(table.columns.end(), varying.begin(), varying.end());
  const bool replicates =
      std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.replicates > 1; });
  if (replicates) table.columns.push_back("replicates");
  if (failures) table.columns.push_back("reason");
  for (const auto& row : rows) {
    std::vector<Json> cells = FirstCells(row, board, format);
    cells.emplace_back(row.round);
    cells.emplace_back(row.rounds);
    cells.emplace_back(study::ToText(row.state));
    cells.emplace_back(std::round(row.seconds * 1000) / 1000);
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

// Where the columns of rounds begin: what else was scored comes before them.
std::ptrdiff_t RoundColumn(const results::Table& table) {
  return std::find(table.columns.begin(), table.columns.end(), "round") - table.columns.begin();
}

// Columns of the fresh folds behind those of the search, and whose row the winner's is.
void AddFresh(const results::Leaderboard& board, const std::vector<results::LeaderboardRow>& rows,
              results::Table* table) {
  if (!board.is_confirmed()) return;
  const study::TrialId winner = board.best()->trial;
  const std::vector<std::string> names = {"fresh", "fresh_std_error", "winner"};
  const std::ptrdiff_t at = RoundColumn(*table);
  table->columns.insert(table->columns.begin() + at, names.begin(), names.end());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& fresh = rows[i].fresh;
    const std::vector<Json> cells = {fresh ? Json(fresh->score) : Json(),
                                     fresh ? Optional(fresh->std_error) : Json(),
                                     rows[i].trial == winner ? Json("*") : Json()};
    auto& row = table->rows[i];
    row.insert(row.begin() + at, cells.begin(), cells.end());
  }
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

// A further column for each recorded metric that was asked for, before the rounds.
void AddRecorded(const std::vector<std::string>& metrics, const results::RowColumns& columns,
                 const std::vector<results::LeaderboardRow>& rows, results::Table* table) {
  const std::ptrdiff_t at = RoundColumn(*table);
  for (auto metric = metrics.rbegin(); metric != metrics.rend(); ++metric) {
    table->columns.insert(table->columns.begin() + at, *metric);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto& cells = table->rows[i];
      cells.insert(cells.begin() + at, Optional(columns.value_of(rows[i], *metric)));
    }
  }
}

// The score of each fold at the row's best round, as the store has it.
results::FoldScoresOf FoldScoresIn(const OpenStudy& open) {
  return [&open](const results::LeaderboardRow& row) {
    return results::ScoresByFold({open.store->Curves(row.trial), row.round}, open.spec.metric);
  };
}

// The rows that are asked for, in their order; `found` says how many there are in all.
std::vector<results::LeaderboardRow> RowsFor(const LeaderboardOptions& options,
                                             const results::RowColumns& columns,
                                             const OpenStudy& open, results::Leaderboard* board,
                                             std::size_t* found) {
  const bool cut = !options.all && options.n > 0;
  // By rank the first rows are the answer, and no other's folds need be read.
  const bool by_rank = options.where.empty() && options.sort.empty() && !options.reverse;
  const std::size_t n = cut ? static_cast<std::size_t>(options.n) : board->rows.size();
  results::TieRows(FoldScoresIn(open), open.spec.split.overlap(), by_rank ? n : board->rows.size(),
                   board);
  std::vector<results::LeaderboardRow> rows = board->rows;
  results::KeepRows(options.where, columns, &rows);
  if (!options.sort.empty()) {
    results::SortRows(options.sort, options.reverse, columns, &rows);
  } else if (options.reverse) {
    std::reverse(rows.begin(), rows.end());
  }
  *found = rows.size();
  if (cut && rows.size() > n) rows.resize(n);
  return rows;
}

void PrintJson(const results::Leaderboard& board, const std::vector<results::LeaderboardRow>& rows,
               const std::vector<std::string>& recorded, const results::RowColumns& columns,
               const std::optional<Flattery>& flattery, const OpenStudy& open) {
  Json json = ToJson(board, rows, open);
  json["optimism"] = FlatteryJson(flattery);
  for (const std::string& metric : recorded) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      json["rows"][i]["metrics"][metric] = Optional(columns.value_of(rows[i], metric));
    }
  }
  Print(json.dump(2) + "\n");
}

void PrintTable(const results::Leaderboard& board, const std::vector<results::LeaderboardRow>& rows,
                const std::vector<std::string>& recorded, const results::RowColumns& columns,
                const OpenStudy& open, results::Format format) {
  if (IsForPeople(format)) {
    Print(Heading(board, open.spec, CountStates(*open.store)) + "\n\n");
  }
  results::Table table = ToTable(board, rows, format);
  AddFresh(board, rows, &table);
  AddRecorded(recorded, columns, rows, &table);
  Print(results::Render(table, format));
}

int ShowLeaderboard(CommandLine& line, const LeaderboardOptions& options) {
  const OpenStudy open = OpenForReading(line, options.study);
  results::Leaderboard board = LeaderboardOf(*open.store, open.spec, options.all);
  const results::RowColumns columns = ColumnsOf(open);
  std::size_t found = 0;
  const std::vector<results::LeaderboardRow> rows = RowsFor(options, columns, open, &board, &found);
  const std::optional<Flattery> flattery =
      FlatteryOf(ReadContenders(*open.store, open.spec, board), open.spec);
  const std::vector<std::string> recorded = RecordedIn(options.where, options.sort, columns);
  if (options.format == "json") {
    PrintJson(board, rows, recorded, columns, flattery, open);
  } else {
    PrintTable(board, rows, recorded, columns, open, results::FormatFromText(options.format));
  }
  if (found == 0) {
    Say(board.rows.empty() ? "no trial has ended yet" : "no trial fits `--where`");
    return kAnswerIsNo;
  }
  const auto confirmed = ConfirmedOf(board, *open.store, open.spec);
  if (confirmed) Say(ConfirmText(*confirmed));
  if (rows.size() < found) {
    Say(fmt::format("{} of {} trials; `-n 0` or `--all` lists every one", rows.size(), found));
  }
  if (flattery) Say(FlatteryText(*flattery));
  if (options.format == "json" || board.best() == nullptr) return kDone;
  if (confirmed && confirmed->by_default) return kDone;  // the fresh gain is the one to believe
  if (const std::string gain = GainText(*open.store, open.spec, *board.best()); !gain.empty()) {
    Say(gain);
  }
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
            "by a column, metric (best first) or parameter; COLUMN:asc and COLUMN:desc go by "
            "value, --sort=-COLUMN turns it round",
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
