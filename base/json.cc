#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace coppice {
namespace {

// Reads `text` and counts how much of it the parser has taken: the parser itself does not tell.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* taken) : at_(at), taken_(taken) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*taken_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  std::size_t* taken_;
};

std::string EscapePointer(std::string_view key) {
  std::string escaped;
  for (char c : key) {
    if (c == '~') {
      escaped += "~0";
    } else if (c == '/') {
      escaped += "~1";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

// What the parser expected, by the end of its sentence, and what is often meant.
std::string HintFor(std::string_view sentence, std::string_view found) {
  const bool closes = found.starts_with('}') || found.starts_with(']');
  if (sentence.ends_with("expected '}'")) {
    return "`,` or `}` was expected: a comma may be missing before it";
  }
  if (sentence.ends_with("expected ']'")) {
    return "`,` or `]` was expected: a comma may be missing before it";
  }
  if (sentence.ends_with("expected ':'")) return "`:` was expected, between a key and its value";
  if (sentence.ends_with("expected string literal")) {
    return closes ? "a key was expected: take the comma before it away"
                  : "a key was expected, in double quotes";
  }
  if (sentence.ends_with("or a literal")) {
    return closes ? "a value was expected: write it, or take the comma before it away"
                  : "a value was expected";
  }
  if (sentence.ends_with("expected end of input")) return "the JSON ends before it";
  if (sentence.find("invalid literal") != std::string_view::npos) {
    return "words stand in double quotes; numbers, true, false and null do not";
  }
  return {};
}

// Builds the tree from the parser's events and notes where each value begins.
class Builder : public nlohmann::json_sax<Json> {
 public:
  Builder(std::string_view text, const std::size_t* taken, std::string file, ErrorKind kind)
      : text_(text), taken_(taken), file_(std::move(file)), kind_(kind) {}

  bool null() override { return Add(nullptr, TokenStart()); }
  bool boolean(bool value) override { return Add(value, TokenStart()); }
  bool number_integer(number_integer_t value) override { return Add(value, TokenStart()); }
  bool number_unsigned(number_unsigned_t value) override { return Add(value, TokenStart()); }
  bool number_float(number_float_t value, const string_t&) override {
    return Add(value, TokenStart());
  }
  bool string(string_t& value) override { return Add(value, StringStart()); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return Open(Json::object()); }
  bool start_array(std::size_t) override { return Open(Json::array()); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool key(string_t& name) override {
    Level& level = open_.back();
    if (level.value->contains(name)) {
      const auto at = PositionOf(StringStart());
      throw Error(kind_, fmt::format("the key `{}` is given twice", name),
                  {file_, at.line, at.column, {}}, "keep one of them");
    }
    level.key = name;
    return true;
  }

  // `position` counts what the parser has used, which is one more than there is at the end.
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    const std::size_t end = std::min(position, text_.size());
    const bool cut = position > text_.size();
    const std::size_t begin = cut || end == 0 ? end - std::min<std::size_t>(1, end) : StartOf(end);
    const auto at = PositionOf(begin);
    const std::string excerpt = Excerpt(begin);
    const std::string message =
        text_.empty()     ? "the file is empty, JSON was expected"
        : cut             ? "the JSON ends too early: a bracket or a quote is not closed"
        : excerpt.empty() ? "this is not JSON: a line end or a tab inside a string"
                          : fmt::format("this is not JSON: `{}` is not expected here", excerpt);
    const std::string hint = cut ? std::string() : HintFor(error.what(), excerpt);
    throw Error(kind_, message, {file_, at.line, at.column, {}}, hint);
  }

  Json TakeRoot() { return std::move(root_); }
  std::map<std::string, JsonDocument::Position> TakePositions() { return std::move(positions_); }

 private:
  struct Level {
    Json* value;
    std::string pointer;
    std::string key;
  };

  template <typename T>
  bool Add(T&& value, std::size_t offset) {
    Place(Json(std::forward<T>(value)), offset);
    return true;
  }

  Json* Place(Json value, std::size_t offset) {
    std::string pointer;
    Json* placed = nullptr;
    if (open_.empty()) {
      root_ = std::move(value);
      placed = &root_;
    } else if (Level& level = open_.back(); level.value->is_array()) {
      pointer = PointerTo(level.pointer, level.value->size());
      level.value->push_back(std::move(value));
      placed = &level.value->back();
    } else {
      pointer = PointerTo(level.pointer, level.key);
      placed = &((*level.value)[level.key] = std::move(value));
    }
    last_pointer_ = pointer;
    positions_[pointer] = PositionOf(offset);
    return placed;
  }

  bool Open(Json empty) {
    Json* placed = Place(std::move(empty), *taken_ - 1);
    open_.push_back({placed, last_pointer_, {}});
    return true;
  }

  bool Close() {
    open_.pop_back();
    return true;
  }

  bool IsWordCharacter(std::size_t i) const {
    const char c = text_[i];
    return std::isalnum(static_cast<unsigned char>(c)) || c == '+' || c == '-' || c == '.';
  }

  // The parser has taken one character past a number and stands right behind a word.
  std::size_t TokenStart() const {
    std::size_t end = std::min(*taken_, text_.size());
    while (end > 0 && !IsWordCharacter(end - 1)) --end;
    return WordStart(end);
  }

  // Of the word or number whose last character is before `end`.
  std::size_t WordStart(std::size_t end) const {
    while (end > 0 && IsWordCharacter(end - 1)) --end;
    return end;
  }

  // The parser stands right behind the closing quote.
  std::size_t StringStart() const { return QuoteBefore(*taken_ - 1); }

  // The last quote before `at` that no backslash takes away.
  std::size_t QuoteBefore(std::size_t at) const {
    while (at > 0) {
      --at;
      if (text_[at] != '"') continue;
      std::size_t backslashes = 0;
      while (backslashes < at && text_[at - 1 - backslashes] == '\\') ++backslashes;
      if (backslashes % 2 == 0) break;
    }
    return at;
  }

  // Of whatever ends before `end` > 0: a string, a word, a number or a single character.
  std::size_t StartOf(std::size_t end) const {
    if (text_[end - 1] == '"') return QuoteBefore(end - 1);
    return IsWordCharacter(end - 1) ? WordStart(end) : end - 1;
  }

  JsonDocument::Position PositionOf(std::size_t offset) {
    // Offsets only grow, but for a step back of one token: continue from the last line seen.
    if (offset < line_start_) {
      line_start_ = 0;
      line_ = 1;
    }
    for (std::size_t i = text_.find('\n', line_start_); i != std::string_view::npos && i < offset;
         i = text_.find('\n', i + 1)) {
      ++line_;
      line_start_ = i + 1;
    }
    return {line_, static_cast<int>(offset - line_start_) + 1};
  }

  std::string Excerpt(std::size_t offset) const {
    std::string excerpt;
    for (std::size_t i = offset; i < text_.size() && excerpt.size() < 12; ++i) {
      if (std::isspace(static_cast<unsigned char>(text_[i]))) break;
      excerpt += text_[i];
    }
    return excerpt;
  }

  std::string_view text_;
  const std::size_t* taken_;
  std::string file_;
  ErrorKind kind_;
  Json root_;
  std::vector<Level> open_;
  std::string last_pointer_;
  std::map<std::string, JsonDocument::Position> positions_;
  std::size_t line_start_ = 0;
  int line_ = 1;
};

}  // namespace

std::string PointerTo(const std::string& parent, std::string_view key) {
  return parent + "/" + EscapePointer(key);
}

std::string PointerTo(const std::string& parent, std::size_t index) {
  return fmt::format("{}/{}", parent, index);
}

std::string ReadablePath(const std::string& pointer) {
  std::string path;
  for (std::size_t i = 1; i < pointer.size(); ++i) {
    if (pointer[i] == '~' && i + 1 < pointer.size()) {
      path += pointer[++i] == '1' ? '/' : '~';
    } else {
      path += pointer[i] == '/' ? '.' : pointer[i];
    }
  }
  return path;
}

JsonDocument::JsonDocument(Json root, std::string file, std::map<std::string, Position> positions)
    : root_(std::move(root)), file_(std::move(file)), positions_(std::move(positions)) {}

Place JsonDocument::PlaceOf(const std::string& pointer) const {
  std::string known = pointer;
  while (!known.empty() && !positions_.contains(known)) known.resize(known.rfind('/'));
  const auto found = positions_.find(known);
  const Position at = found == positions_.end() ? Position{} : found->second;
  return {file_, at.line, at.column, ReadablePath(pointer)};
}

JsonDocument ParseJson(std::string_view text, const std::string& file, ErrorKind kind) {
  std::size_t taken = 0;
  Builder builder(text, &taken, file, kind);
  const CountingIterator begin(text.data(), &taken);
  const CountingIterator end(text.data() + text.size(), &taken);
  Json::sax_parse(begin, end, &builder, nlohmann::detail::input_format_t::json, true, true);
  Json root = builder.TakeRoot();
  return JsonDocument(std::move(root), file, builder.TakePositions());
}

}  // namespace coppice
