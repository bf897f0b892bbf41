#include "trainer/data/csv_tokenizer.h"

#include <cstring>

namespace coppice::trainer {
namespace {

std::string_view Between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::string_view ContentOf(const Field& field, std::string& storage) {
  if (field.form != FieldForm::kEscaped) return field.text;
  storage.clear();
  for (std::size_t i = 0; i < field.text.size(); ++i) {
    storage.push_back(field.text[i]);
    if (field.text[i] == '"') ++i;
  }
  return storage;
}

CsvTokenizer::CsvTokenizer(std::string_view text, char delimiter)
    : at_(text.data()),
      end_(text.data() + text.size()),
      delimiter_(delimiter),
      record_begin_(text.data()) {}

bool CsvTokenizer::Next(std::vector<Field>& fields) {
  SkipBlankLines();
  fields.clear();
  fault_ = CsvFault::kNone;
  record_begin_ = at_;
  if (at_ == end_) return false;
  for (bool more = true; more;) {
    while (at_ < end_ && IsBlank(*at_)) ++at_;
    more = at_ < end_ && *at_ == '"' ? ReadQuoted(fields) : ReadPlain(fields);
  }
  return true;
}

bool CsvTokenizer::ReadPlain(std::vector<Field>& fields) {
  const char* const begin = at_;
  while (at_ < end_ && *at_ != delimiter_ && *at_ != '\n') ++at_;
  const char* last = at_;
  const bool goes_on = at_ < end_ && *at_ == delimiter_;
  if (at_ < end_) ++at_;
  if (!goes_on && last > begin && last[-1] == '\r') --last;
  while (last > begin && IsBlank(last[-1])) --last;
  fields.push_back({Between(begin, last), FieldForm::kPlain});
  return goes_on;
}

bool CsvTokenizer::ReadQuoted(std::vector<Field>& fields) {
  const char* const open = at_++;
  FieldForm form = FieldForm::kQuoted;
  for (;;) {
    const void* found = std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_));
    if (found == nullptr) {
      Note(CsvFault::kOpenQuote, open);
      fields.push_back({Between(open + 1, end_), form});
      at_ = end_;
      return false;
    }
    at_ = static_cast<const char*>(found) + 1;
    if (at_ == end_ || *at_ != '"') break;
    form = FieldForm::kEscaped;
    ++at_;
  }
  fields.push_back({Between(open + 1, at_ - 1), form});
  return SkipToNextField();
}

bool CsvTokenizer::SkipToNextField() {
  while (at_ < end_) {
    const char c = *at_;
    if (c == delimiter_ || c == '\n') {
      ++at_;
      return c == delimiter_;
    }
    const bool line_end = c == '\r' && (at_ + 1 == end_ || at_[1] == '\n');
    if (!line_end && !IsBlank(c)) Note(CsvFault::kTextAfterQuote, at_);
    ++at_;
  }
  return false;
}

void CsvTokenizer::SkipBlankLines() {
  for (const char* p = at_; p < end_; ++p) {
    if (*p == '\n') {
      at_ = p + 1;
    } else if (!IsBlank(*p) && *p != '\r') {
      return;
    }
  }
  at_ = end_;
}

void CsvTokenizer::Note(CsvFault fault, const char* at) {
  if (fault_ != CsvFault::kNone) return;
  fault_ = fault;
  fault_at_ = at;
}

}  // namespace coppice::trainer
