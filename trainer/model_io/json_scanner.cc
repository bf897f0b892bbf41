#include "trainer/model_io/json_scanner.h"

#include <fast_float/fast_float.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace coppice::trainer {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void AppendUtf8(std::string& out, unsigned code) {
  const auto add = [&](unsigned byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0 | (code >> 6));
    add(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    add(0xE0 | (code >> 12));
    add(0x80 | ((code >> 6) & 0x3F));
    add(0x80 | (code & 0x3F));
  } else {
    add(0xF0 | (code >> 18));
    add(0x80 | ((code >> 12) & 0x3F));
    add(0x80 | ((code >> 6) & 0x3F));
    add(0x80 | (code & 0x3F));
  }
}

}  // namespace

void JsonScanner::SkipSpace() {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
    ++at_;
  }
}

char JsonScanner::Peek() {
  SkipSpace();
  return at_ < text_.size() ? text_[at_] : '\0';
}

bool JsonScanner::Take(char c) {
  if (Peek() != c || at_ == text_.size()) return false;
  ++at_;
  return true;
}

void JsonScanner::Expect(char c) {
  if (Take(c)) return;
  if (at_ == text_.size()) Fail(fmt::format("the file ends where `{}` must stand", c));
  Fail(fmt::format("`{}` must stand here", c));
}

bool JsonScanner::TakeWord(std::string_view word) {
  if (text_.substr(at_, word.size()) != word) return false;
  at_ += word.size();
  return true;
}

bool JsonScanner::NextKey(bool first, std::string* key) {
  if (first ? Take('}') : !Take(',')) {
    if (!first) Expect('}');
    return false;
  }
  *key = String();
  Expect(':');
  return true;
}

std::int64_t JsonScanner::OpenArray() {
  Expect('[');
  return -1;
}

bool JsonScanner::NextElement(bool first, std::int64_t*) {
  if (first ? !Take(']') : Take(',')) return true;
  if (!first) Expect(']');
  return false;
}

void JsonScanner::End() {
  if (Peek() != '\0' || at_ != text_.size()) Fail("text follows the end of the model");
}

bool JsonScanner::Bool() {
  SkipSpace();
  if (TakeWord("true")) return true;
  if (TakeWord("false")) return false;
  Fail("`true` or `false` must stand here");
}

std::string_view JsonScanner::NumberText() {
  SkipSpace();
  const std::size_t begin = at_;
  std::size_t end = at_;
  const auto digits = [&] {
    const std::size_t first = end;
    while (end < text_.size() && IsDigit(text_[end])) ++end;
    return end > first;
  };
  const auto is = [&](char a, char b) {
    return end < text_.size() && (text_[end] == a || text_[end] == b);
  };
  if (is('-', '-')) ++end;
  bool good = digits();
  if (good && is('.', '.')) {
    ++end;
    good = digits();
  }
  if (good && is('e', 'E')) {
    ++end;
    if (is('+', '-')) ++end;
    good = digits();
  }
  if (!good) Fail("a number must stand here");
  at_ = end;
  return text_.substr(begin, end - begin);
}

float JsonScanner::Float() {
  SkipSpace();
  if (TakeWord("NaN")) return std::numeric_limits<float>::quiet_NaN();
  if (TakeWord("Infinity")) return std::numeric_limits<float>::infinity();
  if (TakeWord("-Infinity")) return -std::numeric_limits<float>::infinity();
  const std::string_view number = NumberText();
  float value = 0;
  fast_float::from_chars(number.data(), number.data() + number.size(), value);
  return value;
}

std::int32_t JsonScanner::Int() {
  SkipSpace();
  const std::size_t begin = at_;
  const std::string_view number = NumberText();
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error == std::errc() && end == number.data() + number.size()) return value;
  at_ = begin;
  Fail(fmt::format("`{}` is not a whole number of 32 bits", number));
}

std::vector<float> JsonScanner::Floats() {
  std::vector<float> values;
  Expect('[');
  if (Take(']')) return values;
  do {
    values.push_back(Float());
  } while (Take(','));
  Expect(']');
  return values;
}

std::vector<std::int32_t> JsonScanner::Ints() {
  std::vector<std::int32_t> values;
  Expect('[');
  if (Take(']')) return values;
  do {
    const char first = Peek();
    values.push_back(first == 't' || first == 'f' ? static_cast<std::int32_t>(Bool()) : Int());
  } while (Take(','));
  Expect(']');
  return values;
}

std::vector<std::string> JsonScanner::NumberTexts() {
  std::vector<std::string> texts;
  Array([&](std::size_t) { texts.emplace_back(NumberText()); });
  return texts;
}

std::string JsonScanner::String() {
  if (!Take('"')) Fail("a text in quotes must stand here");
  std::string out;
  for (;;) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
           static_cast<unsigned char>(text_[at_]) >= 0x20) {
      ++at_;
    }
    out.append(text_.substr(begin, at_ - begin));
    if (at_ == text_.size()) Fail("the file ends inside a text");
    const char c = text_[at_];
    if (c == '"') break;
    if (c != '\\') Fail("a control character stands inside a text");
    ++at_;
    EscapedCharacter(out);
  }
  ++at_;
  return out;
}

void JsonScanner::EscapedCharacter(std::string& out) {
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  if (at_ == text_.size()) Fail("the file ends inside a text");
  const char c = text_[at_];
  if (const std::size_t known = kNames.find(c); known != std::string_view::npos) {
    ++at_;
    out.push_back(kMeanings[known]);
    return;
  }
  if (c != 'u') Fail(fmt::format("`\\{}` has no meaning in a text", c));
  ++at_;
  unsigned code = Hex4();
  const bool high = code >= 0xD800 && code < 0xDC00;
  if (high) {
    const unsigned low = TakeWord("\\u") ? Hex4() : 0;
    if (low < 0xDC00 || low >= 0xE000) Fail("half of a surrogate pair stands alone");
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  } else if (code >= 0xDC00 && code < 0xE000) {
    Fail("half of a surrogate pair stands alone");
  }
  AppendUtf8(out, code);
}

unsigned JsonScanner::Hex4() {
  const std::string_view digits = text_.substr(at_, 4);
  unsigned code = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  if (digits.size() != 4 || error != std::errc() || end != digits.data() + 4) {
    Fail("`\\u` needs four hexadecimal digits");
  }
  at_ += 4;
  return code;
}

void JsonScanner::Skip() { SkipAtDepth(0); }

void JsonScanner::SkipAtDepth(int depth) {
  if (depth > kMostDepth) Fail("values are nested too deep");
  switch (Peek()) {
    case '{':
      Object([&](const std::string&) { SkipAtDepth(depth + 1); });
      break;
    case '[':
      Array([&](std::size_t) { SkipAtDepth(depth + 1); });
      break;
    case '"':
      String();
      break;
    case 't':
    case 'f':
      Bool();
      break;
    case 'n':
      if (!TakeWord("null")) Fail("a value must stand here");
      break;
    default:
      Float();
  }
}

JsonScanner::Mark JsonScanner::Here() {
  SkipSpace();
  return {at_, Path()};
}

Place JsonScanner::PlaceOf(const Mark& mark) const {
  Place place;
  place.file = file();
  place.path = mark.path;
  const std::string_view before = text_.substr(0, mark.offset);
  place.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t line_begin = before.rfind('\n');
  place.column =
      1 + static_cast<int>(line_begin == std::string_view::npos ? before.size()
                                                                : before.size() - line_begin - 1);
  return place;
}

}  // namespace coppice::trainer
