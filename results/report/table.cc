#include "results/report/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

namespace coppice::results {
namespace {

constexpr std::array<std::pair<const char*, Format>, 5> kWords = {{{"table", Format::kTable},
                                                                   {"json", Format::kJson},
                                                                   {"jsonl", Format::kJsonl},
                                                                   {"csv", Format::kCsv},
                                                                   {"md", Format::kMarkdown}}};

// Bytes that are not UTF-8 become U+FFFD: they must not stop a report.
std::string JsonText(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The part before the point is written whole, as 1.2346e+06 says less than 1234568 in no less room.
std::string RoundedText(double number, int digits) {
  const double size = std::fabs(number);
  // Less one half: what rounds up to the power of ten belongs to it.
  if (size >= std::pow(10.0, digits) - 0.5 && size < 1e15) return fmt::format("{:.0f}", number);
  return fmt::format("{:.{}g}", number, digits);
}

std::string ExactText(const Json& cell) {
  if (cell.is_null()) return "";
  if (cell.is_string()) return cell.get<std::string>();
  if (cell.is_number_float() && !std::isfinite(cell.get<double>())) {
    return fmt::format("{}", cell.get<double>());
  }
  return JsonText(cell);
}

// One line without control characters.
std::string Visible(const std::string& text) {
  std::string visible;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      visible += "\\n";
    } else if (c == '\t') {
      visible += "\\t";
    } else if (c == '\r') {
      visible += "\\r";
    } else if (byte < 0x20 || byte == 0x7F) {
      visible += fmt::format("\\x{:02x}", byte);
    } else {
      visible += c;
    }
  }
  return visible;
}

std::string PeopleText(const Json& cell, int digits) {
  if (cell.is_number_float()) return RoundedText(cell.get<double>(), digits);
  return Visible(ExactText(cell));
}

// Code points: what nearly every terminal shows as one column each.
std::size_t WidthOf(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// A column of numbers and empty cells, with at least one number.
std::vector<bool> NumberColumns(const Table& table) {
  std::vector<bool> numbers(table.columns.size(), false);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    bool others = false;
    for (const auto& row : table.rows) {
      if (row[i].is_number()) numbers[i] = true;
      if (!row[i].is_number() && !row[i].is_null()) others = true;
    }
    if (others) numbers[i] = false;
  }
  return numbers;
}

using Lines = std::vector<std::vector<std::string>>;

// The header and the rows as people read them.
Lines PeopleLines(const Table& table, int digits) {
  Lines lines;
  std::vector<std::string> header;
  for (const std::string& column : table.columns) header.push_back(Visible(column));
  lines.push_back(std::move(header));
  for (const auto& row : table.rows) {
    std::vector<std::string> cells;
    for (const Json& cell : row) cells.push_back(PeopleText(cell, digits));
    lines.push_back(std::move(cells));
  }
  return lines;
}

std::string Padded(const std::string& text, std::size_t width, bool right) {
  const std::string blank(width - WidthOf(text), ' ');
  return right ? blank + text : text + blank;
}

// Cells side by side, without blanks at the end.
std::string Joined(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                   const std::vector<bool>& right) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += "  ";
    line += Padded(cells[i], widths[i], right[i]);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string RenderTable(const Table& table, int digits) {
  const Lines lines = PeopleLines(table, digits);
  const std::vector<bool> right = NumberColumns(table);
  std::vector<std::size_t> widths(table.columns.size(), 0);
  for (const auto& cells : lines) {
    for (std::size_t i = 0; i < cells.size(); ++i)
      widths[i] = std::max(widths[i], WidthOf(cells[i]));
  }
  std::vector<std::string> rule;
  for (const std::size_t width : widths) rule.emplace_back(width, '-');
  std::string text = Joined(lines[0], widths, right) + Joined(rule, widths, right);
  for (std::size_t i = 1; i < lines.size(); ++i) text += Joined(lines[i], widths, right);
  return text;
}

std::string MarkdownLine(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) {
    line += ' ';
    for (const char c : cell) {
      if (c == '|' || c == '\\') line += '\\';
      line += c;
    }
    line += " |";
  }
  return line + "\n";
}

std::string RenderMarkdown(const Table& table, int digits) {
  const Lines lines = PeopleLines(table, digits);
  std::vector<std::string> rule;
  for (const bool right : NumberColumns(table)) rule.emplace_back(right ? "---:" : "---");
  std::string text = MarkdownLine(lines[0]) + MarkdownLine(rule);
  for (std::size_t i = 1; i < lines.size(); ++i) text += MarkdownLine(lines[i]);
  return text;
}

std::string CsvLine(const std::vector<std::string>& cells) {
  // A line with one empty field would look like no line at all.
  if (cells.size() == 1 && cells[0].empty()) return "\"\"\n";
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += ',';
    line += CsvField(cells[i]);
  }
  return line + "\n";
}

std::string RenderCsv(const Table& table) {
  std::string text = CsvLine(table.columns);
  for (const auto& row : table.rows) {
    std::vector<std::string> cells;
    for (const Json& cell : row) cells.push_back(ExactText(cell));
    text += CsvLine(cells);
  }
  return text;
}

std::string ObjectText(const Table& table, const std::vector<Json>& row) {
  Json object = Json::object();
  for (std::size_t i = 0; i < row.size(); ++i) object[table.columns[i]] = row[i];
  return JsonText(object);
}

std::string RenderJsonl(const Table& table) {
  std::string text;
  for (const auto& row : table.rows) text += ObjectText(table, row) + "\n";
  return text;
}

std::string RenderJson(const Table& table) {
  std::string text = "[";
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    text += (i == 0 ? "\n  " : ",\n  ") + ObjectText(table, table.rows[i]);
  }
  return text + (table.rows.empty() ? "]\n" : "\n]\n");
}

}  // namespace

Format FormatFromText(const std::string& word) {
  std::vector<std::string> words;
  for (const auto& [text, format] : kWords) {
    if (word == text) return format;
    words.emplace_back(text);
  }
  std::string hint = SuggestWord(word, words);
  if (hint.empty()) hint = "use " + ListWords(words);
  throw Error(ErrorKind::kUsage, fmt::format("`{}` is not a format", word), {}, hint);
}

std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string field = "\"";
  for (const char c : text) {
    if (c == '"') field += '"';
    field += c;
  }
  return field + '"';
}

std::string Render(const Table& table, Format format, int digits) {
  for (const auto& row : table.rows) {
    COPPICE_CHECK(row.size() == table.columns.size(), "a row has a cell for every column");
  }
  switch (format) {
    case Format::kTable:
      return RenderTable(table, digits);
    case Format::kJson:
      return RenderJson(table);
    case Format::kJsonl:
      return RenderJsonl(table);
    case Format::kCsv:
      return RenderCsv(table);
    case Format::kMarkdown:
      return RenderMarkdown(table, digits);
  }
  return {};
}

}  // namespace coppice::results
