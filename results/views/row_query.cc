#include "results/views/row_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "base/value.h"

namespace coppice::results {
namespace {

constexpr std::array<const char*, 8> kFixed = {"rank",    "trial", "state",  "std_error",
                                               "vs_best", "round", "rounds", "seconds"};
constexpr const char* kOperators = "<>=!";

struct Condition {
  std::string text;  // as written
  std::string column;
  std::string op;
  Value wanted;
};

std::optional<Value> Cell(const LeaderboardRow& row, const std::string& column,
                          const RowColumns& columns) {
  const auto from = [](const std::optional<double>& x) {
    return x ? std::optional<Value>(*x) : std::nullopt;
  };
  if (column == "rank") return std::int64_t{row.rank};
  if (column == "trial") return std::int64_t{study::ToIndex(row.trial)};
  if (column == "state") return study::ToText(row.state);
  if (column == columns.metric) return from(row.score);
  if (column == "std_error") return from(row.std_error);
  if (column == "vs_best") return from(row.vs_best);
  if (column == "seconds") return row.seconds;
  // A trial without an outcome has no rounds to speak of.
  if (column == "round") return row.score ? std::optional<Value>(row.round) : std::nullopt;
  if (column == "rounds") return row.score ? std::optional<Value>(row.rounds) : std::nullopt;
  if (columns.recorded.contains(column)) return from(columns.value_of(row, column));
  const Value* value = row.configuration.Find(column);
  return value == nullptr ? std::nullopt : std::optional<Value>(*value);
}

// Numbers by value, words by bytes; numbers before words, which only a column of both has.
int Compare(const Value& a, const Value& b) {
  if (IsNumber(a) && IsNumber(b)) {
    const double x = AsDouble(a);
    const double y = AsDouble(b);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  if (IsNumber(a) != IsNumber(b)) return IsNumber(a) ? -1 : 1;
  return std::get<std::string>(a).compare(std::get<std::string>(b));
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
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// At ` and ` in any case and at `&&`, or at ` or ` and `||`.
std::vector<std::string> SplitAt(const std::string& text, const std::string& word,
                                 const std::string& sign) {
  std::string lower = text;
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t at_word = lower.find(word, begin);
    const std::size_t at_sign = lower.find(sign, begin);
    const std::size_t at = std::min(at_word, at_sign);
    parts.push_back(Trim(text.substr(begin, at == std::string::npos ? at : at - begin)));
    if (at == std::string::npos) return parts;
    begin = at + (at == at_word ? word.size() : sign.size());
  }
}

// Nothing, and a finding, when it is not COLUMN OP VALUE.
std::optional<Condition> Parse(const std::string& text, Findings& findings) {
  const std::size_t at = text.find_first_of(kOperators);
  const std::size_t end = text.find_first_not_of(kOperators, at);
  const bool whole = at != std::string::npos && end != std::string::npos;
  Condition condition{text, Trim(text.substr(0, at)), whole ? text.substr(at, end - at) : "", {}};
  const std::set<std::string> ops = {"<", "<=", ">", ">=", "=", "==", "!="};
  const std::string value = whole ? Trim(text.substr(end)) : std::string();
  if (!ops.contains(condition.op) || condition.column.empty() || value.empty()) {
    findings.Add(fmt::format("`--where {}` is not COLUMN, comparison, VALUE", text), {},
                 "for example `--where 'eta<0.1'` or `--where state=completed`");
    return std::nullopt;
  }
  if (value.find_first_of(kOperators) != std::string::npos) {
    findings.Add(fmt::format("`--where {}` holds more than one comparison", text), {},
                 "join them with `and` or `or`, or give `--where` several times");
    return std::nullopt;
  }
  double number = 0;
  condition.wanted = ParseDouble(value, &number) ? Value(number) : Value(value);
  return condition;
}

// `state` is one of few words.
void CheckState(const Condition& condition, Findings& findings) {
  using study::TrialState;
  std::vector<std::string> words;
  for (const TrialState state :
       {TrialState::kWaiting, TrialState::kRunning, TrialState::kPaused, TrialState::kCompleted,
        TrialState::kPruned, TrialState::kFailed, TrialState::kCancelled}) {
    words.push_back(study::ToText(state));
  }
  const std::string word = ToText(condition.wanted);
  if (std::find(words.begin(), words.end(), word) != words.end()) return;
  const std::string nearest = SuggestWord(word, words);
  findings.Add(fmt::format("`{}` is no state of a trial", word), {},
               nearest.empty() ? "use " + ListWords(words) : nearest);
}

// A number against words, or a word against numbers. Nothing is said of a column without values.
void CheckKind(const Condition& condition, const RowColumns& columns,
               const std::vector<LeaderboardRow>& rows, Findings& findings) {
  bool numbers = false;
  std::set<std::string> words;
  for (const LeaderboardRow& row : rows) {
    const auto cell = Cell(row, condition.column, columns);
    if (!cell) continue;
    if (IsNumber(*cell)) {
      numbers = true;
    } else {
      words.insert(std::get<std::string>(*cell));
    }
  }
  const std::string wanted = ToText(condition.wanted);
  if (numbers && words.empty() && !IsNumber(condition.wanted)) {
    findings.Add(fmt::format("`--where {}` compares the numbers of `{}` with `{}`", condition.text,
                             condition.column, wanted),
                 {}, "compare with a number; a row without a value fits no condition");
  } else if (!numbers && !words.empty() && IsNumber(condition.wanted)) {
    const std::vector<std::string> list(words.begin(), words.end());
    findings.Add(fmt::format("`--where {}` compares the words of `{}` with the number {}",
                             condition.text, condition.column, wanted),
                 {}, "compare with a word: " + ListWords(list));
  }
}

// A condition of the user's: one of the lists holds when all of its conditions do.
using Alternatives = std::vector<std::vector<Condition>>;

void ParseOne(const std::string& text, const RowColumns& columns,
              const std::vector<LeaderboardRow>& rows, std::vector<Condition>* conditions,
              Findings& findings) {
  auto condition = Parse(text, findings);
  if (!condition) return;
  try {
    condition->column = columns.Resolve(condition->column);
  } catch (const Error& error) {
    for (const Finding& found : error.findings()) {
      findings.Add(found.message, found.place, found.hint);
    }
    return;
  }
  if (condition->column == "state") {
    CheckState(*condition, findings);
  } else {
    CheckKind(*condition, columns, rows, findings);
  }
  conditions->push_back(*std::move(condition));
}

std::vector<Alternatives> ParseAll(const std::vector<std::string>& texts, const RowColumns& columns,
                                   const std::vector<LeaderboardRow>& rows) {
  Findings findings;
  std::vector<Alternatives> all;
  for (const std::string& text : texts) {
    Alternatives& alternatives = all.emplace_back();
    for (const std::string& either : SplitAt(text, " or ", "||")) {
      std::vector<Condition>& conditions = alternatives.emplace_back();
      for (const std::string& part : SplitAt(either, " and ", "&&")) {
        ParseOne(part, columns, rows, &conditions, findings);
      }
    }
  }
  findings.ThrowIfAny(ErrorKind::kUsage);
  return all;
}

bool Fits(const LeaderboardRow& row, const Condition& condition, const RowColumns& columns) {
  const auto cell = Cell(row, condition.column, columns);
  return cell && Holds(Compare(*cell, condition.wanted), condition.op);
}

bool FitsAny(const LeaderboardRow& row, const Alternatives& alternatives,
             const RowColumns& columns) {
  return std::any_of(alternatives.begin(), alternatives.end(), [&](const auto& conditions) {
    return std::all_of(conditions.begin(), conditions.end(),
                       [&](const Condition& condition) { return Fits(row, condition, columns); });
  });
}

// The way in which the column's values are read: best first.
bool IsDescending(const std::string& column, const RowColumns& columns) {
  if (column == columns.metric) return columns.goal == study::Goal::kMaximize;
  const auto recorded = columns.recorded.find(column);
  return recorded != columns.recorded.end() && recorded->second == study::Goal::kMaximize;
}

// An order as people write it: `COLUMN`, `-COLUMN`, `COLUMN:asc`, `COLUMN:desc`.
struct Order {
  std::string column;
  bool turned = false;             // by the minus
  std::optional<bool> descending;  // as said; else as the column is read
};

Order ParseOrder(const std::string& text) {
  Order order;
  order.turned = text.starts_with('-');
  order.column = order.turned ? text.substr(1) : text;
  const std::size_t colon = order.column.rfind(':');
  if (colon == std::string::npos) return order;
  // Metrics have colons too, but none ends so.
  const std::string way = order.column.substr(colon + 1);
  if (way != "asc" && way != "desc") return order;
  order.descending = way == "desc";
  order.column.resize(colon);
  return order;
}

}  // namespace

std::string RowColumns::Resolve(const std::string& word) const {
  if (word == "score") return metric;
  const auto alias = aliases.find(word);
  const std::string& name = alias == aliases.end() ? word : alias->second;
  std::set<std::string> known(kFixed.begin(), kFixed.end());
  known.insert(metric);
  known.insert(parameters.begin(), parameters.end());
  for (const auto& [recorded_name, direction] : recorded) known.insert(recorded_name);
  if (known.contains(name)) return name;
  known.insert("score");
  for (const auto& [other, parameter] : aliases) {
    if (known.contains(parameter)) known.insert(other);
  }
  const std::vector<std::string> words(known.begin(), known.end());
  std::string hint = SuggestWord(word, words);
  if (hint.empty()) hint = "there are " + ListWords(words, words.size());
  throw Error(ErrorKind::kUsage, fmt::format("there is no column `{}`", word), {}, hint);
}

void KeepRows(const std::vector<std::string>& conditions, const RowColumns& columns,
              std::vector<LeaderboardRow>* rows) {
  for (const Alternatives& alternatives : ParseAll(conditions, columns, *rows)) {
    std::erase_if(*rows,
                  [&](const LeaderboardRow& row) { return !FitsAny(row, alternatives, columns); });
  }
}

void SortRows(const std::string& column, bool reverse, const RowColumns& columns,
              std::vector<LeaderboardRow>* rows) {
  const Order order = ParseOrder(column);
  const std::string name = columns.Resolve(order.column);
  const bool turned = reverse != order.turned;
  const bool descending = order.descending.value_or(IsDescending(name, columns)) != turned;
  std::vector<std::pair<std::optional<Value>, LeaderboardRow>> keyed;
  for (LeaderboardRow& row : *rows) {
    auto cell = Cell(row, name, columns);
    keyed.emplace_back(std::move(cell), std::move(row));
  }
  std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
    if (!a.first || !b.first) return a.first.has_value() && !b.first.has_value();
    const int compared = Compare(*a.first, *b.first);
    return descending ? compared > 0 : compared < 0;
  });
  for (std::size_t i = 0; i < keyed.size(); ++i) (*rows)[i] = std::move(keyed[i].second);
}

std::vector<std::string> RecordedIn(const std::vector<std::string>& conditions,
                                    const std::string& order, const RowColumns& columns) {
  std::set<std::string> named;
  for (const Alternatives& alternatives : ParseAll(conditions, columns, {})) {
    for (const std::vector<Condition>& joined : alternatives) {
      for (const Condition& condition : joined) {
        if (columns.recorded.contains(condition.column)) named.insert(condition.column);
      }
    }
  }
  if (!order.empty()) {
    const std::string name = columns.Resolve(ParseOrder(order).column);
    if (columns.recorded.contains(name)) named.insert(name);
  }
  return {named.begin(), named.end()};
}

}  // namespace coppice::results
