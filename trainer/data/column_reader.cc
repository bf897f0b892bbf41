#include "trainer/data/column_reader.h"

#include <fmt/format.h>

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

}  // namespace

std::int32_t TextDictionary::Add(std::string_view text) {
  auto found = codes_.find(text);
  if (found == codes_.end()) {
    found = codes_.emplace(text, static_cast<std::int32_t>(texts_.size())).first;
    texts_.emplace_back(text);
    counts_.push_back(0);
  }
  ++counts_[static_cast<std::size_t>(found->second)];
  return found->second;
}

TableContent ReadColumns(const CsvFile& file, const std::vector<ColumnRequest>& requests,
                         const MissingTexts& missing) {
  TableContent table;
  table.columns.resize(requests.size());
  FindingList findings;
  CsvTokenizer records(file.body, file.delimiter);
  std::vector<Field> fields;
  std::string storage;
  while (records.Next(fields)) {
    if (records.fault() != CsvFault::kNone) {
      AddQuoteFault(records, *file.source, findings);
      continue;
    }
    if (fields.size() != file.n_columns()) {
      AddRagged(file, records.record_begin(), fields.size(), findings);
      continue;
    }
    ++table.n_rows;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const Field& field = fields[requests[i].column];
      if (requests[i].dictionary == nullptr) {
        AddNumber(field, missing, table.columns[i]);
      } else {
        AddText(field, missing, *requests[i].dictionary, storage, table.columns[i]);
      }
    }
  }
  findings.ThrowIfAny();
  return table;
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
