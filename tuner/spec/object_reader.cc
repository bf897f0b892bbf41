#include "tuner/spec/object_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "tuner/spec/foreign_words.h"

namespace coppice::tuner {
namespace {

// JSON's whole numbers, and reals without a fraction ("1e3").
std::optional<std::int64_t> AsWhole(const Json& json) {
  if (!json.is_number()) return std::nullopt;
  const Value value = ValueFromJson(json);
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  const double real = AsDouble(value);
  if (real != std::floor(real)) return std::nullopt;
  // Beyond 64 bits the nearest end is as good: a bound will refuse it.
  if (real >= 0x1p63) return std::numeric_limits<std::int64_t>::max();
  if (real < -0x1p63) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(real);
}

std::string BoundsText(const NumberBounds& bounds) {
  std::string text;
  if (std::isfinite(bounds.min)) {
    text = fmt::format("{} {:g}", bounds.min_open ? "above" : "at least", bounds.min);
  }
  if (std::isfinite(bounds.max)) {
    if (!text.empty()) text += " and ";
    text += fmt::format("{} {:g}", bounds.max_open ? "below" : "at most", bounds.max);
  }
  return text;
}

bool IsWithin(double number, const NumberBounds& bounds) {
  const bool above = bounds.min_open ? number > bounds.min : number >= bounds.min;
  const bool below = bounds.max_open ? number < bounds.max : number <= bounds.max;
  return above && below;
}

}  // namespace

std::string Describe(const Json& json) {
  if (json.is_null()) return "null";
  if (json.is_boolean()) return json.get<bool>() ? "`true`" : "`false`";
  if (json.is_array()) return "a list";
  if (json.is_object()) return "an object";
  std::string text = json.dump();
  constexpr std::size_t kMost = 60;
  if (text.size() > kMost) {
    std::size_t end = kMost;
    // Not in the middle of a character.
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text = text.substr(0, end) + "...";
  }
  return (json.is_string() ? "the string " : "the number ") + text;
}

ObjectReader::ObjectReader(const SpecDocument& document, std::string pointer, Findings& findings)
    : document_(&document), pointer_(std::move(pointer)), findings_(&findings) {
  const Json* found = document.Find(pointer_);
  if (found == nullptr || (found->is_null() && !pointer_.empty())) return;
  if (found->is_object()) {
    json_ = found;
    return;
  }
  const std::string path = pointer_.empty() ? "the spec" : "`" + ReadablePath(pointer_) + "`";
  ReportHere(fmt::format("{} must be an object, not {}", path, Describe(*found)));
}

const Json* ObjectReader::Ask(std::string_view key) {
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
  if (json_ == nullptr) return nullptr;
  const auto found = json_->find(std::string(key));
  return found == json_->end() || found->is_null() ? nullptr : &*found;
}

bool ObjectReader::Has(std::string_view key) { return Ask(key) != nullptr; }

bool ObjectReader::IsOverride(std::string_view key) const {
  return document_->IsOverride(PointerTo(pointer_, key));
}

const Json& ObjectReader::Raw(std::string_view key) {
  const Json* json = Ask(key);
  COPPICE_CHECK(json != nullptr, "Has is asked before Raw");
  return *json;
}

std::vector<std::string> ObjectReader::Keys() {
  std::vector<std::string> keys;
  if (json_ == nullptr) return keys;
  for (const auto& [key, value] : json_->items()) {
    if (Ask(key) != nullptr) keys.push_back(key);
  }
  return keys;
}

std::optional<std::int64_t> ObjectReader::Whole(std::string_view key, WholeBounds bounds) {
  const Json* json = Ask(key);
  if (json == nullptr) return std::nullopt;
  const auto whole = AsWhole(*json);
  if (!whole) {
    const bool quoted = json->is_string() && Json::accept(json->get<std::string>());
    Report(key, fmt::format("`{}` must be a whole number, not {}", PathOf(key), Describe(*json)),
           quoted ? "take the quotes away" : "");
    return std::nullopt;
  }
  if (*whole < bounds.min) {
    Report(key,
           fmt::format("`{}` must be at least {}, not {}", PathOf(key), bounds.min, json->dump()));
    return std::nullopt;
  }
  if (*whole > bounds.max) {
    Report(key,
           fmt::format("`{}` must be at most {}, not {}", PathOf(key), bounds.max, json->dump()));
    return std::nullopt;
  }
  return whole;
}

std::optional<int> ObjectReader::Int(std::string_view key, int min, int max) {
  const auto whole = Whole(key, {min, max});
  return whole ? std::optional<int>(static_cast<int>(*whole)) : std::nullopt;
}

std::optional<double> ObjectReader::Number(std::string_view key, NumberBounds bounds) {
  const Json* json = Ask(key);
  if (json == nullptr) return std::nullopt;
  if (!json->is_number()) {
    const bool quoted = json->is_string() && Json::accept(json->get<std::string>());
    Report(key, fmt::format("`{}` must be a number, not {}", PathOf(key), Describe(*json)),
           quoted ? "take the quotes away" : "");
    return std::nullopt;
  }
  const double number = json->get<double>();
  if (!IsWithin(number, bounds)) {
    Report(key,
           fmt::format("`{}` must be {}, not {}", PathOf(key), BoundsText(bounds), json->dump()));
    return std::nullopt;
  }
  return number;
}

std::optional<bool> ObjectReader::Flag(std::string_view key) {
  const Json* json = Ask(key);
  if (json == nullptr) return std::nullopt;
  if (json->is_boolean()) return json->get<bool>();
  ReportType(key, "true or false");
  return std::nullopt;
}

std::optional<std::string> ObjectReader::Text(std::string_view key) {
  const Json* json = Ask(key);
  if (json == nullptr) return std::nullopt;
  if (!json->is_string()) {
    ReportType(key, "a string");
    return std::nullopt;
  }
  auto text = json->get<std::string>();
  if (text.empty()) {
    Report(key, fmt::format("`{}` is empty", PathOf(key)));
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> ObjectReader::Word(std::string_view key,
                                              std::span<const std::string> words) {
  const Json* json = Ask(key);
  if (json == nullptr) return std::nullopt;
  if (!json->is_string()) {
    ReportType(key, ListWords(words));
    return std::nullopt;
  }
  auto word = json->get<std::string>();
  if (std::find(words.begin(), words.end(), word) != words.end()) return word;
  std::string hint = ForeignValueHint(word).value_or(SuggestWord(word, words));
  if (hint.empty()) hint = "use " + ListWords(words);
  Report(key, fmt::format("`{}` cannot be `{}`", PathOf(key), word), std::move(hint));
  return std::nullopt;
}

std::optional<Value> ObjectReader::Scalar(std::string_view key) {
  const Json* json = Ask(key);
  if (json == nullptr) return std::nullopt;
  if (json->is_number() || json->is_string()) return ValueFromJson(*json);
  ReportType(key, "a number or a string");
  return std::nullopt;
}

std::optional<std::vector<Value>> ObjectReader::Scalars(std::string_view key, bool single_allowed) {
  const Json* json = Ask(key);
  if (json == nullptr) return std::nullopt;
  if (single_allowed && (json->is_number() || json->is_string())) {
    return std::vector<Value>{ValueFromJson(*json)};
  }
  if (!json->is_array()) {
    ReportType(key, single_allowed ? "a number, a string or a list of them" : "a list");
    return std::nullopt;
  }
  std::vector<Value> values;
  for (std::size_t i = 0; i < json->size(); ++i) {
    const Json& element = (*json)[i];
    if (element.is_number() || element.is_string()) {
      values.push_back(ValueFromJson(element));
    } else {
      ReportElement(
          key, i,
          fmt::format("`{}` must hold numbers or strings, not {}", PathOf(key), Describe(element)));
    }
  }
  return values.size() == json->size() ? std::optional(std::move(values)) : std::nullopt;
}

std::optional<std::vector<std::string>> ObjectReader::Texts(std::string_view key,
                                                            bool single_allowed,
                                                            bool empty_allowed) {
  const Json* json = Ask(key);
  if (json == nullptr) return std::nullopt;
  if (single_allowed && json->is_string()) {
    auto text = Text(key);
    return text ? std::optional(std::vector<std::string>{std::move(*text)}) : std::nullopt;
  }
  if (!json->is_array()) {
    ReportType(key, single_allowed ? "a string or a list of strings" : "a list of strings");
    return std::nullopt;
  }
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < json->size(); ++i) {
    const Json& element = (*json)[i];
    if (!element.is_string()) {
      ReportElement(key, i,
                    fmt::format("`{}` must hold strings, not {}", PathOf(key), Describe(element)));
    } else if (element.get_ref<const std::string&>().empty() && !empty_allowed) {
      ReportElement(key, i, fmt::format("`{}` holds an empty string", PathOf(key)));
    } else {
      texts.push_back(element.get<std::string>());
    }
  }
  return texts.size() == json->size() ? std::optional(std::move(texts)) : std::nullopt;
}

ObjectReader ObjectReader::Object(std::string_view key) {
  Ask(key);
  return ObjectReader(*document_, PointerTo(pointer_, key), *findings_);
}

std::vector<ObjectReader> ObjectReader::Objects(std::string_view key) {
  std::vector<ObjectReader> objects;
  const Json* json = Ask(key);
  if (json == nullptr) return objects;
  if (!json->is_array()) {
    ReportType(key, "a list of objects");
    return objects;
  }
  for (std::size_t i = 0; i < json->size(); ++i) {
    objects.emplace_back(*document_, PointerTo(PointerTo(pointer_, key), i), *findings_);
  }
  return objects;
}

void ObjectReader::Report(std::string_view key, std::string message, std::string hint) {
  findings_->Add(std::move(message), document_->PlaceOf(PointerTo(pointer_, key)), std::move(hint));
}

void ObjectReader::ReportElement(std::string_view key, std::size_t index, std::string message,
                                 std::string hint) {
  findings_->Add(std::move(message), document_->PlaceOf(PointerTo(PointerTo(pointer_, key), index)),
                 std::move(hint));
}

void ObjectReader::ReportHere(std::string message, std::string hint) {
  findings_->Add(std::move(message), document_->PlaceOf(pointer_), std::move(hint));
}

void ObjectReader::ReportType(std::string_view key, std::string_view expected) {
  Report(key, fmt::format("`{}` must be {}, not {}", PathOf(key), expected, Describe(Raw(key))));
}

void ObjectReader::RefuseOthers() {
  if (json_ == nullptr) return;
  for (const auto& [key, value] : json_->items()) {
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    std::string hint = ForeignFieldHint(key).value_or(SuggestWord(key, asked_));
    if (hint.empty()) hint = "use " + ListWords(asked_);
    Report(key, fmt::format("unknown field `{}`", PathOf(key)), std::move(hint));
  }
}

std::string ObjectReader::PathOf(std::string_view key) const {
  return ReadablePath(PointerTo(pointer_, key));
}

Place ObjectReader::PlaceOf(std::string_view key) const {
  return document_->PlaceOf(PointerTo(pointer_, key));
}

}  // namespace coppice::tuner
