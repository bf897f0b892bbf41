#include "trainer/data/column_reader.h"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <optional>
#include <utility>

namespace coppice::trainer {
namespace {

void AddNumber(const Field& field, const MissingTexts& missing, ColumnContent& content) {
  float value = 0;
  switch (ReadNumber(field.text, missing, &value)) {
    case FieldMeaning::kNumber:
      ++content.n_numbers;
      break;
    case FieldMeaning::kInfinite:
      ++content.n_numbers;
      content.infinite.Add(field);
      break;
    case FieldMeaning::kMissing:
      content.missing.Add(field);
      break;
    case FieldMeaning::kText:
      content.texts.Add(field);
      break;
  }
  content.numbers.push_back(value);
}

void AddText(const Field& field, const MissingTexts& missing, TextDictionary& dictionary,
             std::string& storage, ColumnContent& content) {
  const std::string_view text = ContentOf(field, storage);
  const bool known = !missing.Contains(text);
  if (!known) content.missing.Add(field);
  content.codes.push_back(known ? dictionary.Add(text) : -1);
}

void AddRagged(const CsvFile& file, const char* record, std::size_t n_fields,
               FindingList& findings) {
  const auto fields = [](std::size_t n) { return fmt::format("{} field{}", n, n == 1 ? "" : "s"); };
  findings.Add(fmt::format("this row has {}, the {} has {}", fields(n_fields),
                           file.has_header ? "header" : "first row", file.n_columns()),
               findings.HasRoom() ? file.source->PlaceOf(record) : Place{},
               "a field that holds the delimiter or a line end must stand in quotes");
}

// Texts are parted for several threads from twice this size on.
constexpr std::size_t kLeastPart = std::size_t{1} << 20;
// More parts would not help, and each part may have to look far for the end of a quoted field.
constexpr std::size_t kMostParts = 64;

// Reads the records that begin in a part of a file's body.
class PartReader {
 public:
  // Borrows all. `dictionaries` [n_requests], null where numbers are read.
  PartReader(const CsvFile& file, const std::vector<ColumnRequest>& requests,
             const MissingTexts& missing, std::vector<TextDictionary*> dictionaries)
      : file_(file),
        requests_(requests),
        missing_(missing),
        dictionaries_(std::move(dictionaries)),
        as_number_(file.n_columns()),
        fields_(file.n_columns()),
        numbers_(file.n_columns()) {
    content_.columns.resize(requests.size());
    if (missing.MayBeNumber()) return;
    for (const ColumnRequest& request : requests) as_number_[request.column] = true;
    for (const ColumnRequest& request : requests) {
      if (request.dictionary != nullptr) as_number_[request.column] = false;
    }
  }

  // From `begin`, where a record may begin, up to the first that begins at or behind `until`.
  // Returns where the last one ended. Faults are added to `findings`, or only noted if it is null.
  const char* Read(const char* begin, const char* until, FindingList* findings) {
    const char* const end = file_.body.data() + file_.body.size();
    CsvTokenizer records({begin, static_cast<std::size_t>(end - begin)}, file_.delimiter);
    const char* last_end = begin;
    while (records.StartRecord() && records.record_begin() < until) {
      const std::size_t n_fields = ReadRecord(records);
      last_end = records.position();
      if (records.fault() != CsvFault::kNone || n_fields != file_.n_columns()) {
        has_fault_ = true;
        if (findings != nullptr) AddFault(records, n_fields, *findings);
        continue;
      }
      AddRow();
      if (content_.n_rows == kRowsToGuess) Reserve(last_end - begin, until - begin);
    }
    return last_end;
  }

  bool has_fault() const { return has_fault_; }
  TableContent& content() { return content_; }

 private:
  static constexpr std::size_t kRowsToGuess = 256;

  // Fills fields_ and numbers_ as far as there are columns; returns the number of fields.
  std::size_t ReadRecord(CsvTokenizer& records) {
    const std::size_t n_columns = file_.n_columns();
    std::size_t n_fields = 0;
    Field beyond;
    for (bool more = true; more; ++n_fields) {
      const bool has_column = n_fields < n_columns;
      if (has_column && as_number_[n_fields] != 0 &&
          records.TakeNumber(&numbers_[n_fields], &more)) {
        fields_[n_fields] = {};
      } else {
        more = records.NextField(has_column ? &fields_[n_fields] : &beyond);
      }
    }
    return n_fields;
  }

  void AddRow() {
    ++content_.n_rows;
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      const std::size_t column = requests_[i].column;
      const Field& field = fields_[column];
      ColumnContent& content = content_.columns[i];
      if (field.text.data() == nullptr) {
        ++content.n_numbers;
        content.numbers.push_back(numbers_[column]);
      } else if (dictionaries_[i] == nullptr) {
        AddNumber(field, missing_, content);
      } else {
        AddText(field, missing_, *dictionaries_[i], storage_, content);
      }
    }
  }

  void AddFault(const CsvTokenizer& records, std::size_t n_fields, FindingList& findings) const {
    if (records.fault() != CsvFault::kNone) {
      AddQuoteFault(records, *file_.source, findings);
    } else {
      AddRagged(file_, records.record_begin(), n_fields, findings);
    }
  }

  // Room for the rows that the first ones lead to expect.
  void Reserve(std::ptrdiff_t bytes_read, std::ptrdiff_t bytes) {
    const std::size_t n_rows =
        content_.n_rows * static_cast<std::size_t>(bytes) / static_cast<std::size_t>(bytes_read);
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      if (dictionaries_[i] == nullptr) {
        content_.columns[i].numbers.reserve(n_rows + n_rows / 16);
      } else {
        content_.columns[i].codes.reserve(n_rows + n_rows / 16);
      }
    }
  }

  const CsvFile& file_;
  const std::vector<ColumnRequest>& requests_;
  const MissingTexts& missing_;
  const std::vector<TextDictionary*> dictionaries_;
  std::vector<std::uint8_t> as_number_;  // [n_columns]: nobody wants its text
  std::vector<Field> fields_;            // [n_columns] of a record; without text: see numbers_
  std::vector<float> numbers_;           // [n_columns]
  std::string storage_;
  TableContent content_;
  bool has_fault_ = false;
};

// One part, with dictionaries of its own.
struct TablePart {
  const char* begin = nullptr;
  const char* until = nullptr;
  const char* end = nullptr;  // of its last record
  std::vector<TextDictionary> dictionaries;
  std::optional<PartReader> reader;

  void Read(const CsvFile& file, const std::vector<ColumnRequest>& requests,
            const MissingTexts& missing) {
    dictionaries = std::vector<TextDictionary>(requests.size());
    std::vector<TextDictionary*> used;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      used.push_back(requests[i].dictionary == nullptr ? nullptr : &dictionaries[i]);
    }
    reader.emplace(file, requests, missing, std::move(used));
    end = reader->Read(begin, until, nullptr);
  }
};

// The body cut behind line ends, whether or not these stand in quotes.
std::vector<TablePart> CutIntoParts(std::string_view body) {
  const std::size_t n_parts = std::clamp<std::size_t>(body.size() / kLeastPart, 1, kMostParts);
  std::vector<TablePart> parts;
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= n_parts && begin < body.size(); ++i) {
    const std::size_t wanted = std::max(begin, body.size() / n_parts * i);
    const std::size_t line_end = i == n_parts ? body.npos : body.find('\n', wanted);
    const std::size_t until = line_end == body.npos ? body.size() : line_end + 1;
    TablePart& part = parts.emplace_back();
    part.begin = body.data() + begin;
    part.until = body.data() + until;
    begin = until;
  }
  return parts;
}

// Puts the columns of the parts one behind the other.
void JoinColumn(std::vector<TablePart>& parts, std::size_t i, const ColumnRequest& request,
                std::size_t n_rows, ColumnContent& joined) {
  (request.dictionary == nullptr ? joined.numbers.reserve(n_rows) : joined.codes.reserve(n_rows));
  for (TablePart& part : parts) {
    ColumnContent& own = part.reader->content().columns[i];
    joined.n_numbers += own.n_numbers;
    joined.missing.Append(own.missing);
    joined.texts.Append(own.texts);
    joined.infinite.Append(own.infinite);
    joined.numbers.insert(joined.numbers.end(), own.numbers.begin(), own.numbers.end());
    std::vector<std::int32_t> codes;
    const TextDictionary& texts = part.dictionaries[i];
    for (std::size_t k = 0; k < texts.texts().size(); ++k) {
      codes.push_back(request.dictionary->Add(texts.texts()[k], texts.counts()[k]));
    }
    for (const std::int32_t code : own.codes) {
      joined.codes.push_back(code < 0 ? -1 : codes[static_cast<std::size_t>(code)]);
    }
    own = {};
  }
}

// In parts at the same time; nothing when a part has a fault, and the dictionaries are as before.
std::optional<TableContent> ReadInParts(const CsvFile& file,
                                        const std::vector<ColumnRequest>& requests,
                                        const MissingTexts& missing) {
  std::vector<TablePart> parts = CutIntoParts(file.body);
  tbb::parallel_for(std::size_t{0}, parts.size(),
                    [&](std::size_t i) { parts[i].Read(file, requests, missing); });
  TableContent table;
  table.columns.resize(requests.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    // A part that begins inside a quoted field was read in vain: the record before goes on in it.
    if (i > 0 && parts[i - 1].end > parts[i].begin) {
      parts[i].begin = parts[i - 1].end;
      parts[i].Read(file, requests, missing);
    }
    if (parts[i].reader->has_fault()) return std::nullopt;
    table.n_rows += parts[i].reader->content().n_rows;
  }
  for (std::size_t i = 0; i < requests.size(); ++i) {
    JoinColumn(parts, i, requests[i], table.n_rows, table.columns[i]);
  }
  return table;
}

}  // namespace

std::int32_t TextDictionary::Add(std::string_view text, std::size_t times) {
  auto found = codes_.find(text);
  if (found == codes_.end()) {
    found = codes_.emplace(text, static_cast<std::int32_t>(texts_.size())).first;
    texts_.emplace_back(text);
    counts_.push_back(0);
  }
  counts_[static_cast<std::size_t>(found->second)] += times;
  return found->second;
}

TableContent ReadColumns(const CsvFile& file, const std::vector<ColumnRequest>& requests,
                         const MissingTexts& missing) {
  if (file.body.size() >= 2 * kLeastPart) {
    std::optional<TableContent> table = ReadInParts(file, requests, missing);
    if (table) return std::move(*table);
    // Something is wrong, and is found in order.
  }
  FindingList findings;
  std::vector<TextDictionary*> dictionaries;
  for (const ColumnRequest& request : requests) dictionaries.push_back(request.dictionary);
  PartReader reader(file, requests, missing, std::move(dictionaries));
  reader.Read(file.body.data(), file.body.data() + file.body.size(), &findings);
  findings.ThrowIfAny();
  return std::move(reader.content());
}

Field FieldAt(const CsvFile& file, std::size_t row, std::size_t column) {
  CsvTokenizer records(file.body, file.delimiter);
  std::vector<Field> fields;
  for (std::size_t i = 0; i <= row; ++i) {
    COPPICE_CHECK(records.Next(fields), "the row was read before");
  }
  return fields[column];
}

}  // namespace coppice::trainer
