#pragma once
// Cuts delimited text into records of fields without copying.
//
//   CsvTokenizer records(text, ',');
//   std::vector<Field> fields;
//   while (records.Next(fields)) Use(fields);
//
// or, where the fields of a record need not be kept,
//
//   while (records.StartRecord()) {
//     for (bool more = true; more;) {
//       if (!records.TakeNumber(&number, &more)) more = records.NextField(&field);
//     }
//   }
//
// RFC 4180, and what people really have: spaces and tabs around a field do not count, lines end in
// LF or CRLF, blank lines are no records, a quote inside a field that does not begin with one is a
// character like any other.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/data/plain_decimal.h"

namespace coppice::trainer {

enum class FieldForm : std::uint8_t {
  kPlain,
  kQuoted,   // the quotes are not part of `text`
  kEscaped,  // quoted, and quotes inside are doubled
};

// A piece of the text, which must outlive it.
struct Field {
  std::string_view text;
  FieldForm form = FieldForm::kPlain;
};

// What the field says. `storage` is used, and must live on, when quotes had to be undoubled.
std::string_view ContentOf(const Field& field, std::string& storage);

enum class CsvFault { kNone, kOpenQuote, kTextAfterQuote };

// One thread at a time; any number may read parts of one text that begin at a record.
class CsvTokenizer {
 public:
  // `delimiter` is not a quote, a space or a line end.
  CsvTokenizer(std::string_view text, char delimiter);

  // Replaces `fields` by those of the next record; false at the end of the text.
  bool Next(std::vector<Field>& fields);

  // Goes to the next record; false at the end of the text.
  bool StartRecord();
  // The next field of the record; true when more follow.
  bool NextField(Field* field);
  // The same for a field that is a finite number and begins with a digit or a minus, without blanks
  // and quotes. False, and nothing is taken, where it is anything else. `*value` is the nearest
  // float.
  bool TakeNumber(float* value, bool* more) {
    if (end_ - at_ >= kPlainDecimalRoom) {
      const char* const number_end = ReadPlainDecimal(at_, value);
      if (number_end != nullptr && EndField(number_end, more)) return true;
    }
    return TakeAnyNumber(value, more);
  }

  // Where the record that Next gave begins, and where the next one may begin.
  const char* record_begin() const { return record_begin_; }
  const char* position() const { return at_; }
  // Of that record: the first thing wrong with its quotes. The fields are then a best guess.
  CsvFault fault() const { return fault_; }
  const char* fault_at() const { return fault_at_; }

 private:
  bool TakeAnyNumber(float* value, bool* more);
  // Goes behind what ends a field at `field_end`; false, and stays, when nothing does.
  bool EndField(const char* field_end, bool* more) {
    if (field_end == end_ || *field_end == delimiter_ || *field_end == '\n') {
      *more = field_end != end_ && *field_end == delimiter_;
      at_ = field_end + (field_end == end_ ? 0 : 1);
      return true;
    }
    if (end_ - field_end < 2 || field_end[0] != '\r' || field_end[1] != '\n') return false;
    *more = false;
    at_ = field_end + 2;
    return true;
  }
  bool IsBlank(char c) const { return c == ' ' || (c == '\t' && delimiter_ != '\t'); }
  // Both leave `at_` behind the field and whatever ended it; true when the record goes on.
  bool ReadPlain(Field* field);
  bool ReadQuoted(Field* field);
  bool SkipToNextField();
  void SkipBlankLines();
  void Note(CsvFault fault, const char* at);

  const char* at_;
  const char* const end_;
  const char delimiter_;
  const char* record_begin_;
  CsvFault fault_ = CsvFault::kNone;
  const char* fault_at_ = nullptr;
};

}  // namespace coppice::trainer
