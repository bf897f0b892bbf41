#include "trainer/data/block_parser.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "trainer/data/csv_tokenizer.h"

namespace coppice::trainer {

// The rows of one block while it is parsed.
class BlockParser::Rows {
 public:
  Rows(const BlockParser& parser, std::uint64_t offset, std::string_view text)
      : parser_(parser), offset_(offset), text_(text), records_(text, parser.delimiter_) {
    block_.table.columns.resize(parser.as_text_.size());
    block_.dictionaries.resize(parser.as_text_.size());
    numbers_.resize(parser.as_text_.size());
    codes_.resize(parser.as_text_.size());
  }

  // `is_last`: nothing follows that an open field could go on in.
  ParsedBlock Read(bool is_last) {
    while (records_.StartRecord()) {
      if (n_rows_ == n_places_) MakePlaces();
      const bool whole = ReadRecord();
      if (records_.fault() == CsvFault::kOpenQuote && !is_last) {
        block_.is_open = true;
        block_.open_at = OffsetIn(records_.record_begin());
        break;
      }
      if (!whole || records_.fault() != CsvFault::kNone) {
        block_.has_fault = true;
        break;
      }
      ++n_rows_;
    }
    Finish();
    return std::move(block_);
  }

 private:
  std::size_t OffsetIn(const char* at) const { return static_cast<std::size_t>(at - text_.data()); }

  // True when it has as many fields as there are columns.
  bool ReadRecord() {
    const std::size_t n_columns = parser_.ways_.size();
    bool more = true;
    std::size_t column = 0;
    for (; more && column < n_columns; ++column) {
      switch (parser_.ways_[column]) {
        case Way::kNumber: {
          const std::size_t request = parser_.asked_by_[column].front();
          float value = 0;
          if (!records_.TakeNumber(&value, &more)) {
            Field field;
            more = records_.NextField(&field);
            value = NumberOf(field, request);
          }
          numbers_[request][n_rows_] = value;
          break;
        }
        case Way::kField: {
          Field field;
          more = records_.NextField(&field);
          for (const std::size_t request : parser_.asked_by_[column]) AddField(field, request);
          break;
        }
        case Way::kSkipped: {
          Field field;
          more = records_.NextField(&field);
          break;
        }
      }
    }
    return !more && column == n_columns;
  }

  void AddField(const Field& field, std::size_t request) {
    if (!parser_.as_text_[request]) {
      numbers_[request][n_rows_] = NumberOf(field, request);
      return;
    }
    const std::string_view text = ContentOf(field, storage_);
    const bool known = !parser_.missing_.Contains(text);
    if (!known) Add(field, block_.table.columns[request].missing);
    codes_[request][n_rows_] = known ? block_.dictionaries[request].Add(text) : -1;
  }

  float NumberOf(const Field& field, std::size_t request) {
    ColumnContent& content = block_.table.columns[request];
    float value = 0;
    switch (ReadNumber(field.text, parser_.missing_, &value)) {
      case FieldMeaning::kNumber:
        break;
      case FieldMeaning::kInfinite:
        Add(field, content.infinite);
        break;
      case FieldMeaning::kMissing:
        Add(field, content.missing);
        break;
      case FieldMeaning::kText:
        Add(field, content.texts);
        break;
    }
    return value;
  }

  void Add(const Field& field, FieldSample& sample) {
    ++sample.count;
    if (!sample.HasRoom()) return;
    std::string storage;
    const std::size_t quote = field.form == FieldForm::kPlain ? 0 : 1;
    sample.first.push_back(
        {std::string(ContentOf(field, storage)), offset_ + OffsetIn(field.text.data()) - quote});
  }

  // Room for the rows that those before, or else the first line, lead to expect.
  void MakePlaces() {
    const std::size_t read = OffsetIn(records_.position());
    const std::size_t line = std::min(text_.find('\n', read), text_.size() - 1) + 1;
    n_places_ = (n_rows_ + 1) * text_.size() / line * 9 / 8 + 1;
    for (std::size_t i = 0; i < parser_.as_text_.size(); ++i) {
      ColumnContent& content = block_.table.columns[i];
      if (parser_.as_text_[i]) {
        content.codes.resize(n_places_);
        codes_[i] = content.codes.data();
      } else {
        content.numbers.resize(n_places_);
        numbers_[i] = content.numbers.data();
      }
    }
  }

  void Finish() {
    block_.table.n_rows = n_rows_;
    for (std::size_t i = 0; i < parser_.as_text_.size(); ++i) {
      ColumnContent& content = block_.table.columns[i];
      if (parser_.as_text_[i]) {
        content.codes.resize(n_rows_);
      } else {
        content.numbers.resize(n_rows_);
        content.n_numbers = n_rows_ - content.missing.count - content.texts.count;
      }
    }
  }

  const BlockParser& parser_;
  const std::uint64_t offset_;
  const std::string_view text_;
  CsvTokenizer records_;
  ParsedBlock block_;
  std::size_t n_rows_ = 0;
  std::size_t n_places_ = 0;          // for rows, in each column
  std::vector<float*> numbers_;       // [n_requests][n_places_]
  std::vector<std::int32_t*> codes_;  // [n_requests][n_places_]
  std::string storage_;
};

BlockParser::BlockParser(const CsvFile& file, const std::vector<ColumnRequest>& requests,
                         const MissingTexts& missing)
    : delimiter_(file.delimiter),
      missing_(missing),
      ways_(file.n_columns(), Way::kSkipped),
      asked_by_(file.n_columns()) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const std::size_t column = requests[i].column;
    as_text_.push_back(requests[i].dictionary != nullptr);
    asked_by_[column].push_back(i);
    const bool only_number =
        asked_by_[column].size() == 1 && !as_text_[i] && !missing.MayBeNumber();
    ways_[column] = only_number ? Way::kNumber : Way::kField;
  }
}

ParsedBlock BlockParser::Parse(const CsvBlock& block) const {
  const std::string_view text = block.text;
  ParsedBlock parsed = Rows(*this, block.offset, text).Read(block.is_last);
  if (parsed.is_open) {
    // Fields before the open one were counted: once more without their record.
    const std::size_t open_at = parsed.open_at;
    parsed = Rows(*this, block.offset, text.substr(0, open_at)).Read(true);
    parsed.is_open = true;
    parsed.open_at = open_at;
  }
  parsed.has_fault |= FirstNoText(text) != nullptr;
  return parsed;
}

}  // namespace coppice::trainer
