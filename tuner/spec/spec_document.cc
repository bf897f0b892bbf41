#include "tuner/spec/spec_document.h"

#include <fmt/format.h>

#include <charconv>
#include <cstddef>
#include <optional>
#include <vector>

#include "base/json.h"

namespace coppice::tuner {
namespace {

std::vector<std::string> SplitAtDots(const std::string& path) {
  std::vector<std::string> keys(1);
  for (char c : path) {
    if (c == '.') {
      keys.emplace_back();
    } else {
      keys.back() += c;
    }
  }
  return keys;
}

std::optional<std::size_t> AsIndex(const std::string& key) {
  std::size_t index = 0;
  const char* end = key.data() + key.size();
  const auto result = std::from_chars(key.data(), end, index);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return index;
}

// The command line may hold any bytes; JSON text may not.
bool IsUtf8(const std::string& text) {
  using Handler = Json::error_handler_t;
  const Json word(text);
  return word.dump(-1, ' ', false, Handler::replace) == word.dump(-1, ' ', false, Handler::ignore);
}

// JSON, or else a word.
Json ParseValue(const std::string& text) {
  Json value = Json::parse(text, nullptr, false);
  return value.is_discarded() ? Json(text) : value;
}

// For a path that leads through a value without parts.
std::string HintFor(const Json& value, const std::string& pointer) {
  if (pointer == "/search" && value == Json("auto")) {
    return "`search` is `auto` there: give it whole, as with `--set "
           "'search={\"eta\": {\"type\": \"float\", \"min\": 0.01, \"max\": 0.3}}'`, or write the "
           "ranges into the spec (`coppice export STUDY --what spec` shows those of `auto`)";
  }
  if (value.is_array()) {
    return value.empty() ? "the list is empty: give it whole"
                         : fmt::format("its elements are 0 to {}", value.size() - 1);
  }
  return {};
}

std::string FlagOf(const std::string& path) { return "--set " + path; }

}  // namespace

SpecDocument::SpecDocument(std::string_view text, const std::string& file,
                           const Overrides& overrides, Findings& findings)
    : written_(ParseJson(text, file, ErrorKind::kSpec)), root_(written_.root()) {
  for (const auto& [path, value] : overrides) Apply(path, value, findings);
}

void SpecDocument::Apply(const std::string& path, const std::string& text, Findings& findings) {
  if (!IsUtf8(path) || !IsUtf8(text)) {
    findings.Add("a value of `--set` is not UTF-8 text", {"--set", 0, 0, {}});
    return;
  }
  const Place place{FlagOf(path), 0, 0, {}};
  Json* at = &root_;
  std::string pointer;
  for (const std::string& key : SplitAtDots(path)) {
    if (key.empty()) {
      findings.Add(fmt::format("`{}` is not a path into the spec", path), place,
                   "write it like `stop.trials`");
      return;
    }
    if (at->is_null() && at != &root_) *at = Json::object();
    const auto index = at->is_array() ? AsIndex(key) : std::nullopt;
    if (index && *index < at->size()) {
      at = &(*at)[*index];
      pointer = PointerTo(pointer, *index);
    } else if (at->is_object()) {
      at = &(*at)[key];
      pointer = PointerTo(pointer, key);
    } else {
      findings.Add(fmt::format("`{}` leads nowhere: `{}` has no `{}`", path,
                               pointer.empty() ? "the spec" : ReadablePath(pointer), key),
                   place, HintFor(*at, pointer));
      return;
    }
  }
  *at = ParseValue(text);
  set_.insert(pointer);
}

const Json* SpecDocument::Find(const std::string& pointer) const {
  const Json::json_pointer at(pointer);
  return root_.contains(at) ? &root_.at(at) : nullptr;
}

bool SpecDocument::IsOverride(const std::string& pointer) const {
  for (std::string above = pointer; !above.empty(); above.resize(above.rfind('/'))) {
    if (set_.contains(above)) return true;
  }
  return false;
}

Place SpecDocument::PlaceOf(const std::string& pointer) const {
  for (std::string above = pointer; !above.empty(); above.resize(above.rfind('/'))) {
    if (!set_.contains(above)) continue;
    return {FlagOf(ReadablePath(above)), 0, 0,
            above == pointer ? std::string() : ReadablePath(pointer)};
  }
  return written_.PlaceOf(pointer);
}

}  // namespace coppice::tuner
