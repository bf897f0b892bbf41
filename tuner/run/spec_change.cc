#include "tuner/run/spec_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "strategies/study/search_space.h"

namespace coppice::tuner {
namespace {

// The sections of which fields may change, each by itself.
constexpr std::array<std::string_view, 4> kChanging = {"stop", "limits", "parallel", "search"};

Spec ReadWith(Json resolved, const std::string& base_folder, const StudyFolder& folder,
              const Overrides& fields) {
  // What `warm_start` was called in a store of format 1, and always empty there.
  resolved.erase("start_from");
  // A study that was begun without a confirmation goes on without one.
  if (resolved.contains("data") && !resolved.contains("confirm")) {
    resolved["confirm"]["share"] = 0;
  }
  return ReadSpecText(resolved.dump(2), folder.resolved_spec(), base_folder, fields,
                      SpecUse::kEither);
}

// Fields of one section that differ. Members never come or go in a resolved spec, but parameters of
// the search could.
void Differences(const std::string& section, const Json& before, const Json& after,
                 std::vector<std::string>* paths) {
  if (before == after) return;
  if (!before.is_object() || !after.is_object()) {
    paths->push_back(section);
    return;
  }
  for (const auto& [key, value] : after.items()) {
    if (before.value(key, Json()) != value) paths->push_back(section + "." + key);
  }
  for (const auto& [key, value] : before.items()) {
    if (!after.contains(key)) paths->push_back(section + "." + key);
  }
}

void CheckFixed(const std::string& path, Findings* findings) {
  findings->Add(fmt::format("`{}` cannot change in a study that has begun", path), {},
                "`resume` changes `stop`, `limits`, `parallel.slots`, `parallel.threads` and the "
                "ranges of `search`; `coppice tune --name OTHER` with `warm_start` begins another "
                "study with what is known");
}

// Who has proposed knows these parameters and no others, and every trial has its place.
void CheckSearch(const Spec& before, const Spec& after, const std::vector<study::Trial>& trials,
                 Findings* findings) {
  const auto same_name = [](const auto& a, const auto& b) { return a.name() == b.name(); };
  if (!std::equal(before.search.begin(), before.search.end(), after.search.begin(),
                  after.search.end(), same_name)) {
    findings->Add("the parameters that are searched cannot change in a study that has begun", {},
                  "change their ranges only");
    return;
  }
  const study::SearchSpace space(after.search);
  for (const study::ParameterRange& range : space.ranges()) {
    for (const study::Trial& trial : trials) {
      const Value* value = trial.configuration.Find(range.name());
      if (value == nullptr || range.Contains(*value)) continue;
      findings->Add(fmt::format("trial {} has tried `{}` = `{}`, which the new range does not have",
                                study::ToIndex(trial.id), range.name(), coppice::ToText(*value)),
                    {"", 0, 0, "search." + range.name()}, "a range can be widened, not narrowed");
      break;
    }
  }
  if (!findings->empty()) return;
  for (const study::Trial& trial : trials) {
    if (space.Contains(trial.configuration)) continue;
    findings->Add(fmt::format("trial {} would have no place among the ranges: a `when` has changed",
                              study::ToIndex(trial.id)),
                  {"", 0, 0, "search"}, "leave the conditions as they are");
    return;
  }
}

std::string TextAt(const Json& json, const std::string& path) {
  const std::size_t dot = path.find('.');
  return json.at(path.substr(0, dot)).value(path.substr(dot + 1), Json()).dump();
}

}  // namespace

Spec SpecNow(const results::TrialStore& store, const StudyFolder& folder) {
  const results::StudyRecord record = store.study();
  Overrides fields;
  for (const results::LoggedEvent& logged : store.EventsWithoutCurves()) {
    const auto* change = std::get_if<study::StudyChanged>(&logged.event);
    if (change == nullptr) continue;
    fields.insert(fields.end(), change->fields.begin(), change->fields.end());
  }
  Spec spec = ReadWith(record.resolved_spec, record.spec_folder, folder, fields);
  if (fields.empty()) return spec;
  const int first = ReadWith(record.resolved_spec, record.spec_folder, folder, {}).parallel.slots;
  spec.parallel.first_slots = first;
  return spec;
}

Spec SpecWith(const Spec& now, const study::StudyChanged& change, const StudyFolder& folder) {
  Spec spec = ReadWith(ToJson(now), now.folder, folder, change.fields);
  spec.parallel.first_slots = now.parallel.first_slots.value_or(now.parallel.slots);
  return spec;
}

std::optional<study::StudyChanged> ChangeOf(const Spec& now, const Overrides& fields,
                                            const StudyFolder& folder,
                                            const std::vector<study::Trial>& trials) {
  const Json before = ToJson(now);
  const Spec spec = ReadWith(before, now.folder, folder, fields);
  const Json after = ToJson(spec);
  Findings findings;
  study::StudyChanged change;
  for (const auto& [section, value] : after.items()) {
    std::vector<std::string> paths;
    Differences(section, before.value(section, Json()), value, &paths);
    for (const std::string& path : paths) {
      const bool may_change =
          std::find(kChanging.begin(), kChanging.end(), section) != kChanging.end() &&
          path.find('.') != std::string::npos && path != "parallel.order";
      if (may_change) {
        change.fields.emplace_back(path, TextAt(after, path));
      } else {
        CheckFixed(path, &findings);
      }
    }
  }
  CheckSearch(now, spec, trials, &findings);
  findings.ThrowIfAny(ErrorKind::kSpec);
  if (change.fields.empty()) return std::nullopt;
  return change;
}

}  // namespace coppice::tuner
