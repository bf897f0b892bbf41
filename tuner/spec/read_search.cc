// `search`, `start` and `warm_start`.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "tuner/spec/auto_space.h"
#include "tuner/spec/param_field.h"
#include "tuner/spec/sections.h"

namespace coppice::tuner {
namespace {

using study::RangeKind;
using study::RangeSpec;
using trainer::ParamInfo;
using trainer::ParamType;

const std::vector<std::string> kTypeWords = {"float", "int", "categorical"};

constexpr std::array kScales = {study::Scale::kAuto, study::Scale::kLinear, study::Scale::kLog,
                                study::Scale::kLog0, study::Scale::kReverseLog};

// False, with a finding, when a range of this kind cannot be searched for this parameter.
bool KindFits(ObjectReader& range, const ParamInfo* info, RangeKind kind) {
  if (kind == RangeKind::kCategorical || info == nullptr) return true;
  const ParamInfo& param = *info;
  if (param.type == ParamType::kWord) {
    range.Report("type",
                 fmt::format("`{}` takes words, so its range cannot be `{}`", param.name,
                             kind == RangeKind::kInt ? "int" : "float"),
                 "use the type `categorical` with `values`");
    return false;
  }
  if (param.type == ParamType::kInt && kind == RangeKind::kFloat) {
    range.Report(
        "type", fmt::format("`{}` takes whole numbers, so its range cannot be `float`", param.name),
        "use the type `int`");
    return false;
  }
  return true;
}

// One end of a numeric range, legal for the parameter.
std::optional<double> ReadBound(ObjectReader& range, const ParamInfo* param, RangeKind kind,
                                const char* key) {
  if (!range.Has(key)) {
    range.Report(key, fmt::format("`{}` is missing", range.PathOf(key)));
    return std::nullopt;
  }
  std::optional<double> bound;
  if (kind == RangeKind::kInt) {
    // Whole numbers beyond 2^53 would not survive the search's arithmetic.
    constexpr std::int64_t kLargest = std::int64_t{1} << 53;
    if (const auto whole = range.Whole(key, {-kLargest, kLargest})) {
      bound = static_cast<double>(*whole);
    }
  } else {
    bound = range.Number(key);
  }
  if (!bound) return std::nullopt;
  const Value value =
      kind == RangeKind::kInt ? Value(static_cast<std::int64_t>(*bound)) : Value(*bound);
  if (auto problem = ProblemOf(param, value)) {
    range.Report(key, std::move(problem->message), std::move(problem->hint));
    return std::nullopt;
  }
  return bound;
}

void RefuseFields(ObjectReader& range, std::initializer_list<const char*> keys, RangeKind kind) {
  const std::string& word = kTypeWords[static_cast<std::size_t>(kind)];
  for (const char* key : keys) {
    if (!range.Has(key)) continue;
    range.Report(key, fmt::format("`{}` does not go with the type `{}`", range.PathOf(key), word),
                 kind == RangeKind::kCategorical ? "leave it out, or use `int` or `float`"
                                                 : "leave it out, or use `categorical`");
  }
}

// False when there are findings.
bool ReadNumeric(ObjectReader& range, const ParamInfo* param, RangeSpec& spec) {
  const auto min = ReadBound(range, param, spec.kind, "min");
  const auto max = ReadBound(range, param, spec.kind, "max");
  std::vector<std::string> words;
  for (const study::Scale scale : kScales) words.push_back(ToText(scale));
  const auto scale = range.Word("scale", words);
  if (scale) {
    const auto index = std::find(words.begin(), words.end(), *scale) - words.begin();
    spec.scale = kScales[static_cast<std::size_t>(index)];
  }
  if (spec.kind == RangeKind::kInt) {
    if (const auto step = range.Whole("step", {.min = 1, .max = std::int64_t{1} << 53})) {
      spec.step = static_cast<double>(*step);
    }
  } else {
    spec.step = range.Number("step", {.min = 0, .min_open = true});
  }
  if (!min || !max || range.Has("scale") != scale.has_value() ||
      range.Has("step") != spec.step.has_value()) {
    return false;
  }
  spec.min = *min;
  spec.max = *max;
  return true;
}

bool ReadCategories(ObjectReader& range, const ParamInfo* param, RangeSpec& spec) {
  const auto ordered = range.Flag("ordered");
  spec.ordered = ordered.value_or(false);
  if (!range.Has("values")) {
    range.Report("values", fmt::format("`{}` is missing", range.PathOf("values")),
                 "list the values to choose from");
    return false;
  }
  const auto values = range.Scalars("values", false);
  if (!values) return false;
  bool good = range.Has("ordered") == ordered.has_value();
  for (std::size_t i = 0; i < values->size(); ++i) {
    if (auto problem = ProblemOf(param, (*values)[i])) {
      range.ReportElement("values", i, std::move(problem->message), std::move(problem->hint));
      good = false;
    } else {
      spec.values.push_back(Canonical(param, (*values)[i]));
    }
  }
  return good;
}

// `{"grow_policy": "lossguide"}`, or a list of values.
bool ReadCondition(ObjectReader& range, bool any_name, RangeSpec& spec) {
  if (!range.Has("when")) return true;
  ObjectReader when = range.Object("when");
  if (!when.is_given()) return false;
  const std::vector<std::string> keys = when.Keys();
  if (keys.size() != 1) {
    range.Report(
        "when",
        fmt::format("`{}` must name one parameter, not {}", range.PathOf("when"), keys.size()),
        "write it like `{\"grow_policy\": \"lossguide\"}`");
    return false;
  }
  const auto named = NamedParams(when, any_name);
  const auto values = when.Scalars(keys.front(), true);
  if (named.empty() || !values) return false;
  const ParamInfo* param = named.front().param;
  study::Condition condition;
  condition.parameter = named.front().name;
  for (const Value& value : *values) {
    if (auto problem = ProblemOf(param, value)) {
      when.Report(keys.front(), std::move(problem->message), std::move(problem->hint));
      return false;
    }
    condition.values.push_back(Canonical(param, value));
  }
  spec.when = std::move(condition);
  return true;
}

// A range that is no object: a list of both ends or of values, a number, a word.
void ReportNoRange(ObjectReader& search, const NamedParam& named) {
  const Json& json = search.Raw(named.key);
  std::string hint = "to fix it, set it in `train`";
  const bool ends =
      json.is_array() && json.size() == 2 && json[0].is_number() && json[1].is_number();
  if (ends) {
    const bool whole = named.param != nullptr && named.param->type == ParamType::kInt;
    hint = fmt::format(R"(write `{{"type": "{}", "min": {}, "max": {}}}`)", whole ? "int" : "float",
                       json[0].dump(), json[1].dump());
  } else if (json.is_array()) {
    hint = fmt::format(R"(write `{{"type": "categorical", "values": {}}}`)",
                       json.dump(-1, ' ', false, Json::error_handler_t::replace));
  } else if (json.is_string()) {
    hint = R"(write it like `{"type": "float", "min": 0.01, "max": 0.3, "scale": "log"}`)";
  }
  search.Report(
      named.key,
      fmt::format("`{}` must be an object, not {}", search.PathOf(named.key), Describe(json)),
      std::move(hint));
}

// What a range without a good type holds besides, so that all is said at once.
void RefuseOthersOfRange(ObjectReader& range) {
  for (const char* key : {"type", "min", "max", "scale", "step", "values", "ordered", "when"}) {
    range.Has(key);
  }
  range.RefuseOthers();
}

std::optional<study::ParameterRange> ReadRange(ObjectReader& search, const NamedParam& named) {
  if (!search.Raw(named.key).is_object()) {
    ReportNoRange(search, named);
    return std::nullopt;
  }
  ObjectReader range = search.Object(named.key);
  if (!range.is_given()) return std::nullopt;
  RangeSpec spec;
  spec.name = named.name;
  if (!range.Has("type")) {
    range.Report("type", fmt::format("`{}` is missing", range.PathOf("type")),
                 "use " + ListWords(kTypeWords));
    RefuseOthersOfRange(range);
    return std::nullopt;
  }
  const auto type = range.Word("type", kTypeWords);
  if (!type) {
    RefuseOthersOfRange(range);
    return std::nullopt;
  }
  const auto index = std::find(kTypeWords.begin(), kTypeWords.end(), *type) - kTypeWords.begin();
  spec.kind = static_cast<RangeKind>(index);
  if (!KindFits(range, named.param, spec.kind)) return std::nullopt;
  const bool categorical = spec.kind == RangeKind::kCategorical;
  bool good = categorical ? ReadCategories(range, named.param, spec)
                          : ReadNumeric(range, named.param, spec);
  good = ReadCondition(range, named.param == nullptr, spec) && good;
  if (categorical) {
    RefuseFields(range, {"min", "max", "scale", "step"}, spec.kind);
  } else {
    RefuseFields(range, {"values", "ordered"}, spec.kind);
  }
  range.RefuseOthers();
  if (!good) return std::nullopt;
  const auto problems = study::ParameterRange::Problems(spec);
  for (const auto& [field, sentence] : problems) range.Report(field, sentence);
  if (!problems.empty()) return std::nullopt;
  return study::ParameterRange(std::move(spec));
}

// The ranges as written. False when there are findings.
bool ReadRanges(ObjectReader& search, Spec& spec) {
  const std::size_t n_keys = search.Keys().size();
  std::map<std::string, std::string> key_of;
  for (const NamedParam& named : NamedParams(search, spec.is_external)) {
    key_of.emplace(named.name, named.key);
    if (named.param != nullptr && !named.param->searchable) {
      search.Report(named.key, fmt::format("`{}` cannot be searched", named.name),
                    named.param->search_hint);
      continue;
    }
    auto range = ReadRange(search, named);
    if (spec.train.contains(named.name)) {
      search.Report(named.key, fmt::format("`{}` is fixed in `train` and searched too", named.name),
                    "keep one of them");
    } else if (range) {
      spec.search.push_back(std::move(*range));
    }
  }
  if (spec.search.size() != n_keys) return false;
  const auto problems = study::SearchSpace::Problems(spec.search);
  for (const auto& [name, sentence] : problems) {
    ObjectReader range = search.Object(key_of.at(name));
    if (range.Has("when")) {
      range.Report("when", sentence);
    } else {
      range.ReportHere(sentence);
    }
  }
  return problems.empty();
}

// A configuration in which no tree would have a limit is found before any trial meets it: both
// parameters as near to 0 as the space has them, under each value that a condition asks for.
std::optional<study::Configuration> UnlimitedConfiguration(const Spec& spec) {
  const study::SearchSpace space(spec.search);
  std::map<std::string, Value> wanted = trainer::ParamValues(spec.ParamsFor({}));
  wanted["max_depth"] = std::int64_t{0};
  wanted["max_leaves"] = std::int64_t{0};
  std::vector<std::map<std::string, Value>> attempts = {wanted};
  for (const study::ParameterRange& range : spec.search) {
    if (range.kind() != RangeKind::kCategorical) continue;
    for (const Value& value : range.spec().values) {
      attempts.push_back(wanted);
      attempts.back()[range.name()] = value;
    }
  }
  for (const auto& attempt : attempts) {
    study::Configuration configuration = space.Project(attempt);
    const trainer::TrainParams params = spec.ParamsFor(configuration);
    if (params.max_depth == 0 && params.max_leaves == 0) return configuration;
  }
  return std::nullopt;
}

// One configuration of `start`.
void ReadStartOne(ObjectReader& start, const study::SearchSpace& space, Spec& spec) {
  std::map<std::string, Value> values;
  std::map<std::string, std::string> key_of;
  bool good = true;
  for (const NamedParam& named : NamedParams(start, spec.is_external)) {
    const std::string& name = named.name;
    const auto range = std::find_if(space.ranges().begin(), space.ranges().end(),
                                    [&](const auto& each) { return each.name() == name; });
    if (range == space.ranges().end()) {
      start.Report(named.key,
                   fmt::format("`{}` is not searched, so it cannot be started with", named.key),
                   "add a range for it to `search`, or set it in `train`");
      good = false;
      continue;
    }
    const auto value = ReadParamValue(start, named);
    if (!value) {
      good = false;
    } else if (const Value nearest = range->Nearest(*value); range->Contains(*value)) {
      values.emplace(name, *value);
      key_of.emplace(name, named.key);
    } else {
      start.Report(named.key,
                   fmt::format("`{}` is outside the range of `{}`", ToText(*value), name),
                   fmt::format("the nearest value is `{}`", ToText(nearest)));
      good = false;
    }
  }
  if (!good) return;
  std::map<std::string, Value> whole = spec.Defaults();
  for (const auto& [name, value] : values) whole[name] = value;
  const study::Configuration configuration = space.Project(whole);
  for (const auto& [name, value] : values) {
    if (configuration.Find(name) != nullptr) continue;
    start.Report(key_of.at(name),
                 fmt::format("`{}` is not active here: its condition does not hold", name),
                 "leave it out, or add what its `when` asks for");
    good = false;
  }
  if (good) spec.start.push_back(std::move(values));
}

// `["titanic"]` for `[{"study": "titanic"}]`.
bool ReadNamesOfStudies(ObjectReader& root, Spec& spec) {
  if (!root.Has("warm_start")) return false;
  const Json& json = root.Raw("warm_start");
  const bool names = json.is_array() && !json.empty() &&
                     std::all_of(json.begin(), json.end(), [](const Json& each) {
                       return each.is_string() && !each.get<std::string>().empty();
                     });
  if (!names) return false;
  for (const Json& each : json) spec.warm_start.push_back({each.get<std::string>()});
  return true;
}

void ReadStudies(ObjectReader& root, Spec& spec) {
  static const std::vector<std::string> kinds = {"transfer", "identical"};
  for (ObjectReader& from : root.Objects("warm_start")) {
    WarmStart read;
    if (auto study = from.Text("study")) {
      read.study = std::move(*study);
    } else if (!from.Has("study")) {
      from.Report("study", fmt::format("`{}` is missing", from.PathOf("study")),
                  "name an earlier study, or its folder");
    }
    if (from.Word("kind", kinds) == "identical") read.kind = WarmStartKind::kIdentical;
    constexpr int kMost = 1000;
    read.best = from.Int("best", 1, kMost).value_or(read.best);
    if (from.Has("best") && read.kind == WarmStartKind::kIdentical) {
      from.Report("best", "`best` goes with the kind `transfer`: `identical` takes every trial",
                  "leave it out");
    }
    if (read.kind == WarmStartKind::kIdentical && spec.is_external) {
      from.Report("kind", "another program's trials cannot be known to be identical",
                  "use the kind `transfer`");
    }
    from.RefuseOthers();
    spec.warm_start.push_back(std::move(read));
  }
}

// `warm_start`: `{"study": "titanic", "kind": "transfer", "best": 3}`, one or more.
void ReadWarmStart(ObjectReader& root, Draft& draft) {
  Spec& spec = draft.spec;
  if (!ReadNamesOfStudies(root, spec)) ReadStudies(root, spec);
  if (!spec.warm_start.empty() && draft.search_is_good && spec.search.empty()) {
    root.Report("warm_start", "`warm_start` has no meaning where nothing is searched",
                "add ranges to `search`, or leave it out");
  }
}

// Whether `search` makes a space.
bool ReadSpace(ObjectReader& root, Spec& spec) {
  if (!root.Has("search")) return true;
  const Json& json = root.Raw("search");
  if (json == Json("auto") && !spec.is_external) {
    spec.auto_search = true;
    spec.search = AutoSpace(spec.train);
    return true;
  }
  if (json.is_object()) {
    ObjectReader search = root.Object("search");
    return ReadRanges(search, spec);
  }
  root.ReportType("search",
                  spec.is_external ? "an object of ranges" : "an object of ranges or `auto`");
  return false;
}

bool Searches(const Spec& spec, const std::string& name) {
  return std::any_of(spec.search.begin(), spec.search.end(),
                     [&](const auto& range) { return range.name() == name; });
}

// What parameters mean together, fixed and searched ones.
void CheckCombinations(ObjectReader& root, const Draft& draft) {
  const Spec& spec = draft.spec;
  for (const auto& range : spec.search) {
    const trainer::ParamInfo* param = trainer::FindParam(range.name());
    if (auto problem = trainer::MeaningProblem(*param, spec.ParamsFor({}))) {
      root.Report("search", *problem + ", so there is nothing to search",
                  "leave it out of `search`");
      return;
    }
  }
  if (Searches(spec, "max_depth") || Searches(spec, "max_leaves")) {
    if (const auto unlimited = UnlimitedConfiguration(spec)) {
      root.Report("search",
                  fmt::format("`search` holds `{}`, where neither `max_depth` nor `max_leaves` "
                              "limits a tree",
                              unlimited->CanonicalText()),
                  "let one of them begin above 0");
      return;
    }
  }
  const trainer::TrainParams params = spec.ParamsFor(spec.DefaultConfiguration());
  if (auto problem = trainer::CombinationProblem(params)) {
    root.Report("train", std::move(problem->message), std::move(problem->hint));
  }
}

}  // namespace

void ReadSearch(ObjectReader& root, Draft& draft) {
  draft.search_is_good = ReadSpace(root, draft.spec);
  // Asked for in any case, so that it is not taken for an unknown field.
  std::vector<ObjectReader> starts = root.Objects("start");
  ReadWarmStart(root, draft);
  if (!draft.search_is_good) return;
  if (draft.train_is_good && !draft.spec.is_external) CheckCombinations(root, draft);
  const study::SearchSpace space(draft.spec.search);
  for (ObjectReader& start : starts) ReadStartOne(start, space, draft.spec);
}

}  // namespace coppice::tuner
