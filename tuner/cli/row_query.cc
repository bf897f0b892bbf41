#include "tuner/cli/row_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "base/value.h"

namespace coppice::tuner {
namespace {

using results::LeaderboardRow;

std::optional<Value> Cell(const LeaderboardRow& row, const std::string& column,
                          const std::string& metric) {
  const auto from = [](const std::optional<double>& x) {
    return x ? std::optional<Value>(*x) : std::nullopt;
  };
  if (column == "rank") return std::int64_t{row.rank};
  if (column == "trial") return std::int64_t{study::ToIndex(row.trial)};
  if (column == "state") return study::ToText(row.state);
  if (column == "score" || column == metric) return from(row.score);
  if (column == "std_error") return from(row.std_error);
  if (column == "round") return std::int64_t{row.round};
  if (column == "rounds") return std::int64_t{row.rounds};
  if (column == "seconds") return row.seconds;
  const Value* value = row.configuration.Find(column);
  return value == nullptr ? std::nullopt : std::optional<Value>(*value);
}

// Words among words by bytes, numbers among numbers by value, numbers before words.
int Compare(const Value& a, const Value& b) {
  if (IsNumber(a) && IsNumber(b)) {
    const double x = AsDouble(a);
    const double y = AsDouble(b);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  if (IsNumber(a) != IsNumber(b)) return IsNumber(a) ? -1 : 1;
  return std::get<std::string>(a).compare(std::get<std::string>(b));
}

void RequireColumn(const std::string& column, const std::string& metric,
                   const std::vector<LeaderboardRow>& rows) {
  std::set<std::string> known = {"rank",      "trial", "state",  "score",  metric,
                                 "std_error", "round", "rounds", "seconds"};
  for (const LeaderboardRow& row : rows) {
    for (const auto& [name, value] : row.configuration.values()) known.insert(name);
  }
  if (known.contains(column)) return;
  const std::vector<std::string> words(known.begin(), known.end());
  std::string hint = SuggestWord(column, words);
  if (hint.empty()) hint = "there are " + ListWords(words);
  throw Error(ErrorKind::kUsage, fmt::format("there is no column `{}`", column), {}, hint);
}

bool Holds(int order, const std::string& op) {
  if (op == "<") return order < 0;
  if (op == "<=") return order <= 0;
  if (op == ">") return order > 0;
  if (op == ">=") return order >= 0;
  if (op == "!=") return order != 0;
  return order == 0;
}

std::string Trim(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

}  // namespace

void KeepRows(const std::string& condition, const std::string& metric,
              std::vector<LeaderboardRow>* rows) {
  const std::size_t at = condition.find_first_of("<>=!");
  const std::size_t end = condition.find_first_not_of("<>=!", at);
  const std::string op =
      at == std::string::npos || end == std::string::npos ? "" : condition.substr(at, end - at);
  const std::set<std::string> ops = {"<", "<=", ">", ">=", "=", "==", "!="};
  if (!ops.contains(op) || Trim(condition.substr(0, at)).empty()) {
    throw Error(ErrorKind::kUsage,
                fmt::format("`--where {}` is not COLUMN, comparison, VALUE", condition), {},
                "for example `--where 'eta<0.1'` or `--where state=completed`");
  }
  const std::string column = Trim(condition.substr(0, at));
  RequireColumn(column, metric, *rows);
  const std::string text = Trim(condition.substr(end));
  double number = 0;
  const Value wanted = ParseDouble(text, &number) ? Value(number) : Value(text);
  std::erase_if(*rows, [&](const LeaderboardRow& row) {
    const auto cell = Cell(row, column, metric);
    return !cell || !Holds(Compare(*cell, wanted), op);
  });
}

void SortRows(const std::string& column, const std::string& metric,
              std::vector<LeaderboardRow>* rows) {
  const bool descending = column.starts_with('-');
  const std::string name = descending ? column.substr(1) : column;
  RequireColumn(name, metric, *rows);
  std::stable_sort(rows->begin(), rows->end(), [&](const auto& a, const auto& b) {
    const auto x = Cell(a, name, metric);
    const auto y = Cell(b, name, metric);
    if (!x || !y) return x.has_value() && !y.has_value();
    const int order = Compare(*x, *y);
    return descending ? order > 0 : order < 0;
  });
}

}  // namespace coppice::tuner
