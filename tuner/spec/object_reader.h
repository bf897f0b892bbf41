#pragma once
// Strict reading of one object of the spec. Each field is asked for by name and type; what does not
// fit is a finding, never an exception, so that all of them are reported at once.
//
//   ObjectReader stop = root.Object("stop");
//   spec.stop.trials = stop.Whole("trials", {.min = 1});
//   stop.RefuseOthers();   // keys that nobody asked for
//
// A field that is absent, null or wrong reads as nothing.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/value.h"
#include "tuner/spec/spec_document.h"

namespace coppice::tuner {

struct WholeBounds {
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

struct NumberBounds {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool min_open = false;  // min itself is not allowed
  bool max_open = false;
};

// One thread at a time. Document and findings outlive it.
class ObjectReader {
 public:
  // The value at `pointer`; a finding when it is there but no object.
  ObjectReader(const SpecDocument& document, std::string pointer, Findings& findings);

  // Whether the object itself is there.
  bool is_given() const { return json_ != nullptr; }
  // Whether the field is there and not null.
  bool Has(std::string_view key);
  // Whether it is there by an override of the command line.
  bool IsOverride(std::string_view key) const;
  // The raw value of a field that Has; counts as asked for.
  const Json& Raw(std::string_view key);
  // All keys with a value, as written; they count as asked for.
  std::vector<std::string> Keys();

  std::optional<std::int64_t> Whole(std::string_view key, WholeBounds bounds = {});
  std::optional<int> Int(std::string_view key, int min, int max = std::numeric_limits<int>::max());
  std::optional<double> Number(std::string_view key, NumberBounds bounds = {});
  std::optional<bool> Flag(std::string_view key);
  // Not empty.
  std::optional<std::string> Text(std::string_view key);
  // One of `words`.
  std::optional<std::string> Word(std::string_view key, std::span<const std::string> words);
  // A number or a text.
  std::optional<Value> Scalar(std::string_view key);
  // A list of them; a single one stands for a list of one when `single_allowed`.
  std::optional<std::vector<Value>> Scalars(std::string_view key, bool single_allowed);
  // Likewise of texts, which may be empty when `empty_allowed`.
  std::optional<std::vector<std::string>> Texts(std::string_view key, bool single_allowed,
                                                bool empty_allowed);
  ObjectReader Object(std::string_view key);
  // A list of objects; a finding when it is something else.
  std::vector<ObjectReader> Objects(std::string_view key);

  void Report(std::string_view key, std::string message, std::string hint = {});
  void ReportElement(std::string_view key, std::size_t index, std::string message,
                     std::string hint = {});
  // About the object as a whole.
  void ReportHere(std::string message, std::string hint = {});
  // "`split.folds` must be a list, not the number 3".
  void ReportType(std::string_view key, std::string_view expected);
  // A finding for each key that nobody asked for, with the nearest that somebody did.
  void RefuseOthers();

  // "split.folds".
  std::string PathOf(std::string_view key) const;
  Place PlaceOf(std::string_view key) const;

 private:
  const Json* Ask(std::string_view key);

  const SpecDocument* document_;
  std::string pointer_;
  Findings* findings_;
  const Json* json_ = nullptr;  // an object, or null
  std::vector<std::string> asked_;
};

// "the string \"40\"", "the number 4.5", "a list": for messages.
std::string Describe(const Json& json);

}  // namespace coppice::tuner
