#include "strategies/study/configuration.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/json.h"

namespace coppice::study {
namespace {

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == ':' || c == '+';
}

// Words with anything that could be taken for the text around them are quoted, so that different
// configurations never have one text.
std::string Quoted(const std::string& word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), IsPlain)) return word;
  std::string quoted = "\"";
  for (char c : word) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

const Value* Configuration::Find(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

std::string Configuration::CanonicalText() const {
  std::string text;
  for (const auto& [name, value] : values_) {
    if (!text.empty()) text += ' ';
    text += Quoted(name);
    text += '=';
    text += Quoted(ToText(value));
  }
  return text;
}

Json Configuration::ToJson() const {
  Json json = Json::object();
  for (const auto& [name, value] : values_) json[name] = coppice::ToJson(value);
  return json;
}

Configuration Configuration::FromJson(const Json& json) {
  COPPICE_CHECK(json.is_object(), "a configuration is an object");
  std::map<std::string, Value> values;
  for (const auto& [name, value] : json.items()) values[name] = ValueFromJson(value);
  return Configuration(std::move(values));
}

}  // namespace coppice::study
