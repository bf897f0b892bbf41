#pragma once
// Reads JSON from front to back straight into typed arrays. A model holds millions of numbers: a
// document tree of them would cost twenty times its file, and a float must be read as a float
// (through double it would be rounded twice).
//
//   JsonScanner scan(text, "model.json");
//   scan.Object([&](const std::string& key) {
//     if (key == "trees") scan.Array([&](std::size_t) { ReadTree(scan); });
//     else scan.Skip();
//   });
//   scan.End();
//
// Every failure is an Error (kData) with file, line, column and path. Beyond JSON it takes the
// numbers NaN, Infinity and -Infinity, as XGBoost writes them.

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace coppice::trainer {

// One thread at a time. Borrows the text.
class JsonScanner {
 public:
  // A place in the text, to be turned into an Error later.
  struct Mark {
    std::size_t offset = 0;
    std::string path;
  };

  JsonScanner(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}

  // member(key) must read the member's value whole. A key given twice is an error.
  template <typename Member>
  void Object(Member member);
  // element(index) must read the element whole.
  template <typename Element>
  void Array(Element element);

  std::string String();
  bool Bool();
  // Correctly rounded; a number beyond the range of float is an infinity.
  float Float();
  // A whole number within int32.
  std::int32_t Int();
  // The digits of a number as they stand in the text.
  std::string_view NumberText();
  std::vector<float> Floats();
  // true and false count as 1 and 0 (old models have them in default_left).
  std::vector<std::int32_t> Ints();
  // Any value, checked to be JSON.
  void Skip();
  // Nothing but space may follow.
  void End();

  // The character that the next value begins with; 0 at the end.
  char Peek();
  Mark Here();
  [[noreturn]] void Fail(const std::string& message, const std::string& hint = "");
  [[noreturn]] void FailAt(const Mark& mark, const std::string& message,
                           const std::string& hint = "") const;

 private:
  void SkipSpace();
  void Expect(char c);
  // Whether `c` comes next; then it is read.
  bool Take(char c);
  bool TakeWord(std::string_view word);
  void SkipAtDepth(int depth);
  void EscapedCharacter(std::string& out);
  unsigned Hex4();
  std::string Path() const;

  std::string_view text_;
  std::string file_;
  std::size_t at_ = 0;
  std::vector<std::string> path_;  // "key" or "[3]"
};

template <typename Member>
void JsonScanner::Object(Member member) {
  Expect('{');
  if (Take('}')) return;
  std::set<std::string> seen;
  do {
    const std::string key = String();
    if (!seen.insert(key).second) Fail("key `" + key + "` is given twice");
    Expect(':');
    path_.push_back(key);
    member(key);
    path_.pop_back();
  } while (Take(','));
  Expect('}');
}

template <typename Element>
void JsonScanner::Array(Element element) {
  Expect('[');
  if (Take(']')) return;
  std::size_t index = 0;
  do {
    path_.push_back("[" + std::to_string(index) + "]");
    element(index++);
    path_.pop_back();
  } while (Take(','));
  Expect(']');
}

}  // namespace coppice::trainer
