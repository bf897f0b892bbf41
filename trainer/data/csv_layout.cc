#include "trainer/data/csv_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "trainer/data/csv_blocks.h"
#include "trainer/data/csv_tokenizer.h"

namespace coppice::trainer {
namespace {

using Record = std::vector<Field>;

constexpr std::size_t kSniffedRecords = 20;
constexpr std::size_t kHeaderSample = 1000;
// Where rows are so long that a thousand of them are more than this, fewer must do.
constexpr std::size_t kMostHeadBytes = std::size_t{1} << 26;

std::vector<Record> FirstRecords(std::string_view text, char delimiter, std::size_t most) {
  std::vector<Record> records;
  CsvTokenizer tokenizer(text, delimiter);
  Record record;
  while (records.size() < most && tokenizer.Next(record)) records.push_back(record);
  return records;
}

// Where the first line that is no comment begins, and the line before it.
struct CommentEnd {
  std::size_t data = 0;
  std::size_t last_comment = 0;  // == data: there is none
  int comments = 0;
};

CommentEnd FindCommentEnd(std::string_view text) {
  CommentEnd end;
  std::size_t line = 0;
  while (line < text.size()) {
    const std::size_t start = text.find_first_not_of(" \t\r\n", line);
    // Nothing but comments: then they are what there is.
    if (start == std::string_view::npos) return {};
    if (text[start] != '|' && text[start] != '#') break;
    end.last_comment = start;
    ++end.comments;
    line = std::min(text.find('\n', start), text.size() - 1) + 1;
  }
  if (line >= text.size()) return {};
  end.data = line;
  if (end.comments == 0) end.last_comment = line;
  return end;
}

// How well a delimiter explains the first records: the share of them that have the commonest
// number of fields, and that number.
struct DelimiterFit {
  double agreement = 0;
  std::size_t n_fields = 0;
  bool operator>(const DelimiterFit& other) const {
    if ((n_fields > 1) != (other.n_fields > 1)) return n_fields > 1;
    if (agreement != other.agreement) return agreement > other.agreement;
    return n_fields > other.n_fields;
  }
};

DelimiterFit FitOf(std::string_view text, char delimiter) {
  std::map<std::size_t, int> counts;
  int n_records = 0;
  for (const Record& record : FirstRecords(text, delimiter, kSniffedRecords)) {
    ++counts[record.size()];
    ++n_records;
  }
  DelimiterFit fit;
  int most = 0;
  for (const auto& [n_fields, count] : counts) {
    if (count < most) continue;
    most = count;
    fit.n_fields = n_fields;
  }
  fit.agreement = n_records == 0 ? 0 : static_cast<double>(most) / n_records;
  return fit;
}

char SniffDelimiter(std::string_view text) {
  constexpr std::array<char, 3> kCandidates = {',', '\t', ';'};
  char best = kCandidates[0];
  DelimiterFit best_fit = FitOf(text, best);
  for (const char candidate : {kCandidates[1], kCandidates[2]}) {
    const DelimiterFit fit = FitOf(text, candidate);
    if (fit > best_fit) {
      best = candidate;
      best_fit = fit;
    }
  }
  return best;
}

bool SaysNumber(const Field& field, const MissingTexts& missing) {
  float value = 0;
  const FieldMeaning meaning = ReadNumber(field.text, missing, &value);
  return meaning == FieldMeaning::kNumber || meaning == FieldMeaning::kInfinite;
}

// Some column of the records behind the first holds numbers more often than not.
bool HasNumberColumn(const std::vector<Record>& records, const MissingTexts& missing) {
  for (std::size_t column = 0; column < records[0].size(); ++column) {
    std::size_t n_numbers = 0;
    std::size_t n_known = 0;
    for (std::size_t row = 1; row < records.size(); ++row) {
      if (column >= records[row].size() || missing.Contains(records[row][column].text)) continue;
      ++n_known;
      n_numbers += SaysNumber(records[row][column], missing) ? 1 : 0;
    }
    if (n_numbers * 2 > n_known) return true;
  }
  return false;
}

// The first record's fields are all different, none empty, and none stands in its column again.
bool IsLineOfUniqueWords(const TextFile& source, std::uint64_t begin, char delimiter) {
  RecordWalk records(source, begin, delimiter);
  std::vector<std::string> first;
  std::set<std::string> words;
  Record record;
  records.Next(record);
  for (const Field& field : record) {
    first.emplace_back(field.text);
    if (field.text.empty() || !words.insert(first.back()).second) return false;
  }
  while (records.Next(record)) {
    for (std::size_t i = 0; i < std::min(first.size(), record.size()); ++i) {
      if (record[i].text == first[i]) return false;
    }
  }
  return true;
}

bool IsHeader(const TextFile& source, std::uint64_t begin, char delimiter,
              const MissingTexts& missing) {
  const std::vector<Record> records =
      FirstRecords(source.head().substr(begin), delimiter, kHeaderSample);
  int n_empty = 0;
  for (const Field& field : records[0]) {
    // A table's index column has no name, and a line's last delimiter makes another.
    if (field.text.empty()) {
      if (++n_empty > 1) return false;
    } else if (SaysNumber(field, missing) || missing.Contains(field.text)) {
      return false;
    }
  }
  return HasNumberColumn(records, missing) || IsLineOfUniqueWords(source, begin, delimiter);
}

// At least half of the fields are names of known columns.
bool HasKnownNames(const Record& first, const KnownColumns& known) {
  std::string storage;
  std::size_t n_known = 0;
  for (const Field& field : first) {
    const auto begin = known.names.begin();
    n_known += std::find(begin, known.names.end(), ContentOf(field, storage)) != known.names.end();
  }
  return n_known * 2 >= first.size();
}

std::uint64_t OffsetInHead(const TextFile& source, const char* at) {
  return static_cast<std::uint64_t>(at - source.head().data());
}

void NameColumns(CsvFile& file, const Record& first, FindingList& findings) {
  std::map<std::string, std::size_t> seen;
  std::string storage;
  for (std::size_t i = 0; i < first.size(); ++i) {
    std::string name(file.has_header ? ContentOf(first[i], storage) : std::string_view());
    if (name.empty()) name = fmt::format("f{}", i);
    const auto [place, is_new] = seen.emplace(name, i);
    if (!is_new) {
      findings.Add(fmt::format("two columns are named `{}`: {} and {}", name, place->second, i),
                   file.source->PlaceOf(OffsetInHead(*file.source, first[i].text.data())),
                   "columns are counted from 0; give each its own name");
    }
    file.names.push_back(std::move(name));
  }
}

// Where the text begins behind its comment lines; says so. A last "comment" with as many fields as
// the data is a header such as `#id,x,y`.
std::size_t SkipComments(const TextFile& source, bool tabs, char* delimiter,
                         std::vector<std::string>* notices) {
  const std::string_view text = source.head();
  CommentEnd end = FindCommentEnd(text);
  *delimiter = tabs ? '\t' : SniffDelimiter(text.substr(end.data));
  if (end.comments == 0) return 0;
  const auto ahead = FirstRecords(text.substr(end.last_comment), *delimiter, 2);
  if (ahead.size() == 2 && ahead[0].size() == ahead[1].size() && ahead[0].size() > 1) {
    end.data = end.last_comment;
    --end.comments;
  }
  if (end.comments > 0 && notices != nullptr) {
    notices->push_back(
        end.comments == 1
            ? fmt::format("`{}`: a comment line before the data is skipped", source.path())
            : fmt::format("`{}`: {} comment lines before the data are skipped", source.path(),
                          end.comments));
  }
  return end.data;
}

// Until it has the records that decide about a header, and one for those that it ends within.
void GrowHead(TextFile& source, bool tabs) {
  while (!source.head_is_all() && source.head().size() < kMostHeadBytes) {
    const std::string_view text = source.head();
    const CommentEnd end = FindCommentEnd(text);
    const std::string_view data = text.substr(end.data);
    const char delimiter = tabs ? '\t' : SniffDelimiter(data);
    if (FirstRecords(data, delimiter, kHeaderSample + 2).size() > kHeaderSample + 1) return;
    source.GrowHead();
  }
}

bool IsBlankFrom(const TextFile& source, std::uint64_t begin) {
  const std::string_view blanks = " \t\r\n";
  if (source.head().find_first_not_of(blanks, begin) != std::string_view::npos) return false;
  CsvBlocks blocks(source, begin);
  for (CsvBlock block; blocks.Next(block);) {
    if (block.text.find_first_not_of(blanks) != std::string::npos) return false;
  }
  return true;
}

}  // namespace

void AddQuoteFault(CsvFault fault, std::uint64_t offset, const TextFile& source,
                   FindingList& findings) {
  const bool open = fault == CsvFault::kOpenQuote;
  findings.Add(open ? "a quote opens here and never closes" : "text after the closing quote",
               findings.HasRoom() ? source.PlaceOf(offset) : Place{},
               "inside a quoted field, write a quote as two: `\"\"`");
}

std::vector<ColumnTaste> TasteColumns(const CsvFile& file, const MissingTexts& missing) {
  std::vector<ColumnTaste> tastes(file.n_columns());
  const std::string_view body = file.source->head().substr(file.body_begin);
  for (const Record& record : FirstRecords(body, file.delimiter, kHeaderSample)) {
    for (std::size_t i = 0; i < std::min(record.size(), tastes.size()); ++i) {
      if (missing.Contains(record[i].text)) continue;
      ++(SaysNumber(record[i], missing) ? tastes[i].n_numbers : tastes[i].n_texts);
    }
  }
  return tastes;
}

Error ChangedWhileRead(const TextFile& source) {
  return Error(ErrorKind::kData, fmt::format("`{}` changed while it was read", source.path()),
               {source.path(), 0, 0, {}}, "run the command again when the file is complete");
}

CsvFile OpenCsv(TextFile& source, const MissingTexts& missing, const KnownColumns* known,
                FindingList& findings, std::vector<std::string>* notices) {
  CsvFile file;
  file.source = &source;
  const bool tabs = FormatOf(source) == TextFormat::kTabs;
  GrowHead(source, tabs);
  const std::size_t begin = SkipComments(source, tabs, &file.delimiter, notices);
  const std::string_view text = source.head().substr(begin);
  CsvTokenizer tokenizer(text, file.delimiter);
  Record first;
  tokenizer.Next(first);
  if (tokenizer.fault() != CsvFault::kNone) {
    AddQuoteFault(tokenizer.fault(), OffsetInHead(source, tokenizer.fault_at()), source, findings);
  }
  findings.ThrowIfAny();
  if (known == nullptr) {
    file.has_header = IsHeader(source, begin, file.delimiter, missing);
  } else if (known->has_header) {
    file.has_header =
        HasKnownNames(first, *known) || IsHeader(source, begin, file.delimiter, missing);
  }
  NameColumns(file, first, findings);
  file.body_begin = file.has_header ? OffsetInHead(source, tokenizer.position()) : begin;
  if (IsBlankFrom(source, file.body_begin)) {
    throw Error(ErrorKind::kData, fmt::format("`{}` has a header but no rows", source.path()),
                {source.path(), 0, 0, {}}, "a data file has a row for each example");
  }
  return file;
}

}  // namespace coppice::trainer
