#pragma once
// Reads a model file from front to back straight into typed arrays, be it JSON (json_scanner.h) or
// UBJSON (ubjson_scanner.h). A model holds millions of numbers: a document tree of them would cost
// twenty times its file, and a float must be read as a float (through double it would be rounded
// twice).
//
//   scan.Object([&](const std::string& key) {
//     if (key == "trees") scan.Array([&](std::size_t) { ReadTree(scan); });
//     else scan.Skip();
//   });
//   scan.End();
//
// Every failure is an Error (kData) with the file, the place in it and the path.

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace coppice::trainer {

// One thread at a time.
class ModelScanner {
 public:
  // A place in the file, to be turned into an Error later.
  struct Mark {
    std::size_t offset = 0;
    std::string path;
  };

  explicit ModelScanner(std::string file) : file_(std::move(file)) {}
  virtual ~ModelScanner() = default;
  ModelScanner(const ModelScanner&) = delete;
  ModelScanner& operator=(const ModelScanner&) = delete;

  // member(key) must read the member's value whole. A key given twice is an error.
  template <typename Member>
  void Object(Member member);
  // element(index) must read the element whole.
  template <typename Element>
  void Array(Element element);

  virtual std::string String() = 0;
  // A number beyond the range of float is an infinity.
  virtual float Float() = 0;
  // A whole number within int32.
  virtual std::int32_t Int() = 0;
  virtual std::vector<float> Floats() = 0;
  // true and false count as 1 and 0 (old models have them in default_left).
  virtual std::vector<std::int32_t> Ints() = 0;
  // The shortest texts of a list's numbers, of whatever type.
  virtual std::vector<std::string> NumberTexts() = 0;
  // Any value, checked to be one.
  virtual void Skip() = 0;
  // Nothing may follow.
  virtual void End() = 0;

  // Whether an object comes next.
  virtual bool AtObject() = 0;
  virtual Mark Here() = 0;
  [[noreturn]] void FailAt(const Mark& mark, const std::string& message,
                           const std::string& hint = "") const {
    throw Error(ErrorKind::kData, message, PlaceOf(mark), hint);
  }
  [[noreturn]] void Fail(const std::string& message, const std::string& hint = "") const {
    FailAt({Offset(), Path()}, message, hint);
  }

 protected:
  // Deeper nesting is no model, and would exhaust the stack.
  static constexpr int kMostDepth = 64;

  virtual void OpenObject() = 0;
  // Reads the next member's key, or the end of the object (then false).
  virtual bool NextKey(bool first, std::string* key) = 0;
  // Elements to come, or -1 where only the end tells.
  virtual std::int64_t OpenArray() = 0;
  // Whether an element follows; else the end of the array is read.
  virtual bool NextElement(bool first, std::int64_t* to_come) = 0;
  virtual std::size_t Offset() const = 0;
  virtual Place PlaceOf(const Mark& mark) const = 0;

  const std::string& file() const { return file_; }
  std::string Path() const {
    std::string path;
    for (const std::string& part : path_) {
      if (!path.empty() && !part.starts_with("[")) path += '.';
      path += part;
    }
    return path;
  }

 private:
  std::string file_;
  std::vector<std::string> path_;  // "key" or "[3]"
};

template <typename Member>
void ModelScanner::Object(Member member) {
  OpenObject();
  std::set<std::string> seen;
  std::string key;
  for (bool first = true; NextKey(first, &key); first = false) {
    if (!seen.insert(key).second) Fail("key `" + key + "` is given twice");
    path_.push_back(key);
    member(std::as_const(key));
    path_.pop_back();
  }
}

template <typename Element>
void ModelScanner::Array(Element element) {
  std::int64_t to_come = OpenArray();
  for (std::size_t index = 0; NextElement(index == 0, &to_come); ++index) {
    path_.push_back("[" + std::to_string(index) + "]");
    element(index);
    path_.pop_back();
  }
}

}  // namespace coppice::trainer
