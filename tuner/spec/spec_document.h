#pragma once
// The JSON of a spec with the command line's `--set path=value` laid over it. Every value keeps its
// place: in the file, or in the flag that gave it.

#include <set>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {

// Immutable.
class SpecDocument {
 public:
  // Throws Error (kSpec) when `text` is not JSON. An override that does not fit (its path leads
  // through a value that is no object) is added to `findings` and left out.
  SpecDocument(std::string_view text, const std::string& file, const Overrides& overrides,
               Findings& findings);

  // Null when nothing stands at the pointer. Lives as long as the document.
  const Json* Find(const std::string& pointer) const;
  Place PlaceOf(const std::string& pointer) const;
  // Whether an override gave the value, or one that it is a part of.
  bool IsOverride(const std::string& pointer) const;

 private:
  void Apply(const std::string& path, const std::string& text, Findings& findings);

  JsonDocument written_;
  Json root_;
  std::set<std::string> set_;  // pointers of the values that overrides gave
};

}  // namespace coppice::tuner
