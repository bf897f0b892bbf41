// `data` and `split`.

#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "trainer/objective/objective.h"
#include "tuner/spec/sections.h"

namespace coppice::tuner {
namespace {

using trainer::ColumnRef;
using trainer::SplitKind;
using trainer::SplitSpec;
using trainer::TargetKind;

trainer::LabelKind LabelKindOf(TargetKind target) {
  switch (target) {
    case TargetKind::kNumber:
      return trainer::LabelKind::kNumber;
    case TargetKind::kBinary:
      return trainer::LabelKind::kBinary;
    case TargetKind::kMulticlass:
      return trainer::LabelKind::kMulticlass;
  }
  return trainer::LabelKind::kNumber;
}

// A name that is not empty, or an index from 0.
bool IsColumn(const Value& value) {
  if (const auto* name = std::get_if<std::string>(&value)) return !name->empty();
  const auto* index = std::get_if<std::int64_t>(&value);
  return index != nullptr && *index >= 0;
}

std::optional<ColumnRef> ReadColumn(ObjectReader& data, std::string_view key) {
  auto column = data.Scalar(key);
  if (!column || IsColumn(*column)) return column;
  data.Report(key, fmt::format("`{}` must be a column's name or its index from 0, not {}",
                               data.PathOf(key), Describe(data.Raw(key))));
  return std::nullopt;
}

std::vector<ColumnRef> ReadColumns(ObjectReader& data, std::string_view key) {
  auto columns = data.Scalars(key, false);
  if (!columns) return {};
  for (std::size_t i = 0; i < columns->size(); ++i) {
    if (IsColumn((*columns)[i])) continue;
    data.ReportElement(key, i,
                       fmt::format("`{}` must hold columns' names or indexes from 0, not {}",
                                   data.PathOf(key), Describe(data.Raw(key)[i])));
  }
  return std::move(*columns);
}

// One column cannot have two meanings.
void CheckRoles(ObjectReader& data, const trainer::ReadOptions& read) {
  const std::array<std::pair<const char*, std::optional<ColumnRef>>, 4> roles = {{
      {read.label_option(), read.label.value_or(ColumnRef(std::int64_t{0}))},
      {"label_upper_bound", read.label_upper},
      {"weight", read.weight},
      {"group", read.group},
  }};
  for (std::size_t i = 0; i < roles.size(); ++i) {
    const auto& [role, column] = roles[i];
    if (!column) continue;
    for (std::size_t j = 0; j < i; ++j) {
      if (roles[j].second != column) continue;
      data.Report(role, fmt::format("`data.{}` and `data.{}` are the same column `{}`",
                                    roles[j].first, role, ToText(*column)));
    }
    for (std::size_t j = 0; j < read.ignore.size(); ++j) {
      if (read.ignore[j] != *column) continue;
      data.ReportElement("ignore", j,
                         fmt::format("`data.ignore` holds the {} `{}`", role, ToText(*column)));
    }
  }
}

// `label`, or the two columns that it lies between.
void ReadLabel(ObjectReader& data, const Draft& draft, trainer::ReadOptions& read) {
  read.label = ReadColumn(data, "label");
  const bool has_lower = data.Has("label_lower_bound");
  const bool has_upper = data.Has("label_upper_bound");
  if (!has_lower && !has_upper) return;
  if (!has_lower || !has_upper) {
    data.Report(has_lower ? "label_lower_bound" : "label_upper_bound",
                fmt::format("`data.{}` needs `data.{}`",
                            has_lower ? "label_lower_bound" : "label_upper_bound",
                            has_lower ? "label_upper_bound" : "label_lower_bound"),
                "name both columns, or one with `data.label`");
    return;
  }
  if (read.label) {
    data.Report("label", "`data.label` and `data.label_lower_bound` are both given",
                "keep one of them");
  }
  const std::string objective = draft.spec.ParamsFor({}).objective;
  if (draft.target && objective != "survival:aft") {
    data.Report("label_lower_bound",
                fmt::format("`{}` cannot learn from labels between two bounds", objective),
                "use `survival:aft`, or name one column with `data.label`");
  }
  read.label = ReadColumn(data, "label_lower_bound");
  read.label_upper = ReadColumn(data, "label_upper_bound");
}

void ReadCategorical(ObjectReader& data, trainer::ReadOptions& read) {
  if (!data.Has("categorical")) return;
  const Json& json = data.Raw("categorical");
  if (json.is_array()) {
    read.categorical = ReadColumns(data, "categorical");
  } else if (json != Json("auto")) {
    data.ReportType("categorical", "`auto` or a list of columns");
  }
}

const std::vector<std::string> kSplitWords = {"cv", "holdout", "files"};

SplitKind ReadSplitKind(ObjectReader& split, const Spec& spec) {
  const bool has_validation = !spec.data.validation.empty();
  const auto word = split.Word("kind", kSplitWords);
  if (!word) return has_validation ? SplitKind::kFiles : SplitKind::kCrossValidation;
  if (*word == "files") return SplitKind::kFiles;
  if (has_validation) {
    split.Report("kind",
                 fmt::format("`split.kind` is `{}`, but `data.validation` names files", *word),
                 "use `files`, or leave `data.validation` out");
  }
  return *word == "cv" ? SplitKind::kCrossValidation : SplitKind::kHoldout;
}

// The field is of another kind than this one.
void RefuseField(ObjectReader& split, SplitKind kind, const char* key, const char* owner) {
  if (!split.Has(key)) return;
  if (split.IsOverride("kind") && !split.IsOverride(key)) {
    split.Report(key,
                 fmt::format("`split.{}` of the spec does not go with `--set split.kind={}`", key,
                             kSplitWords[static_cast<std::size_t>(kind)]),
                 fmt::format("`--set split.{}=null` takes it out", key));
    return;
  }
  split.Report(key,
               fmt::format("`split.{}` does not go with the kind `{}`", key,
                           kSplitWords[static_cast<std::size_t>(kind)]),
               fmt::format("leave it out, or use the kind {}", owner));
}

void ReadFractions(ObjectReader& split, const Spec& spec, SplitSpec& result) {
  const NumberBounds share{.min = 0, .max = 1, .max_open = true};
  const bool has_test = !spec.data.test.empty();
  if (result.kind == SplitKind::kFiles) {
    RefuseField(split, result.kind, "test_fraction", "`cv` or `holdout`");
    result.test_fraction = 0;
  } else {
    const auto fraction = split.Number("test_fraction", share);
    if (has_test && fraction.value_or(0) > 0) {
      split.Report("test_fraction", "`split.test_fraction` is given, but `data.test` names files",
                   "keep one of them");
    }
    result.test_fraction = fraction.value_or(has_test ? 0 : SplitSpec().test_fraction);
  }
  if (result.kind == SplitKind::kHoldout) {
    const NumberBounds part{.min = 0, .max = 1, .min_open = true, .max_open = true};
    result.validation_fraction =
        split.Number("validation_fraction", part).value_or(SplitSpec().validation_fraction);
  } else {
    RefuseField(split, result.kind, "validation_fraction", "`holdout`");
  }
}

// Folds of a ranking objective would have parts of one list.
void RefuseCutting(ObjectReader& split, std::optional<bool> grouped, const SplitSpec& result) {
  if (!grouped.value_or(true)) {
    split.Report("grouped", "`split.grouped` is false, but a ranking objective ranks whole groups",
                 "leave it out");
  }
  if (result.by_time) {
    split.Report("by_time", "`split.by_time` would cut the groups that a ranking objective ranks",
                 "leave it out, or give `data.validation` a file of later groups");
  }
  if (result.stratified) {
    split.Report("stratified", "`split.stratified` needs classes, and a ranking objective has none",
                 "leave it out");
  }
}

// Of all repeats: a trial trains as many models.
constexpr int kMostFolds = 1000;

void CheckRepeats(ObjectReader& split, const SplitSpec& result) {
  if (result.repeats == 1) return;
  if (result.by_time) {
    split.Report("repeats", "`split.repeats` does not go with `split.by_time`",
                 "rows in order of time can be divided in one way only: leave one of them out");
  } else if (result.repeats > kMostFolds / result.folds) {
    split.Report("repeats",
                 fmt::format("`{}` repeats of {} folds are more than {} folds in all",
                             result.repeats, result.folds, kMostFolds),
                 fmt::format("take up to {}", kMostFolds / result.folds));
  }
}

// stratified, grouped, by_time.
void ReadOrder(ObjectReader& split, const Draft& draft, SplitSpec& result) {
  const Spec& spec = draft.spec;
  const auto stratified = split.Flag("stratified");
  const auto grouped = split.Flag("grouped");
  const bool ranks = draft.prediction == trainer::PredictionKind::kRank;
  // What is ranked stays together; groups may come from a LibSVM file's `qid`.
  result.grouped = grouped.value_or(ranks);
  result.by_time = split.Flag("by_time").value_or(false);
  // With an unknown objective nothing is said against `stratified`.
  const bool has_classes = draft.target != TargetKind::kNumber;
  result.stratified = stratified.value_or(has_classes && !result.by_time);
  if (ranks) {
    RefuseCutting(split, grouped, result);
    return;
  }
  if (result.grouped && !spec.data.read.group) {
    split.Report("grouped", "`split.grouped` needs a column of groups, and `data.group` is absent",
                 "name the column with `data.group`");
  }
  if (stratified.value_or(false) && result.by_time) {
    split.Report("by_time", "`split.by_time` and `split.stratified` contradict each other",
                 "rows in order of time cannot be shared out by class: keep one of them");
  } else if (stratified.value_or(false) && !has_classes) {
    split.Report("stratified",
                 fmt::format("`split.stratified` needs classes, and `{}` has none",
                             spec.ParamsFor({}).objective),
                 "leave it out");
  }
  if (result.grouped && result.by_time) {
    split.Report("by_time", "`split.by_time` and `split.grouped` contradict each other",
                 "keep one of them");
  }
}

}  // namespace

void ReadData(ObjectReader& root, Draft& draft) {
  ObjectReader data = root.Object("data");
  if (!root.Has("data")) {
    root.Report("data", "`data` is missing",
                "say where the rows are: `\"data\": {\"train\": ...}`; for trials that another "
                "program runs there is `coppice ask`");
    return;
  }
  DataSpec& result = draft.spec.data;
  auto read_files = [&](const char* key) {
    return data.Texts(key, true, false).value_or(std::vector<std::string>());
  };
  result.train = read_files("train");
  const bool empty_list =
      data.Has("train") && data.Raw("train").is_array() && data.Raw("train").empty();
  if (data.is_given() && (!data.Has("train") || empty_list)) {
    data.Report("train", "`data.train` is missing", "name the file, or a list of them");
  }
  result.validation = read_files("validation");
  result.test = read_files("test");
  ReadLabel(data, draft, result.read);
  result.read.weight = ReadColumn(data, "weight");
  result.read.group = ReadColumn(data, "group");
  result.read.ignore = ReadColumns(data, "ignore");
  ReadCategorical(data, result.read);
  if (auto missing = data.Texts("missing", false, true)) {
    result.read.missing = std::move(*missing);
  }
  for (const char* option : {"label", "label_lower_bound", "label_upper_bound", "weight", "group",
                             "ignore", "categorical"}) {
    if (data.Has(option)) result.read.said_at[option] = data.PlaceOf(option);
  }
  CheckRoles(data, result.read);
  result.read.label_kind = LabelKindOf(draft.target.value_or(TargetKind::kNumber));
  data.RefuseOthers();
}

void ReadSplit(ObjectReader& root, Draft& draft) {
  ObjectReader split = root.Object("split");
  const Spec& spec = draft.spec;
  SplitSpec& result = draft.spec.split;
  result.kind = ReadSplitKind(split, spec);
  if (result.kind == SplitKind::kCrossValidation) {
    result.folds = split.Int("folds", 2, kMostFolds).value_or(SplitSpec().folds);
    result.repeats = split.Int("repeats", 1, kMostFolds).value_or(SplitSpec().repeats);
  } else {
    RefuseField(split, result.kind, "folds", "`cv`");
    RefuseField(split, result.kind, "repeats", "`cv`");
  }
  ReadFractions(split, spec, result);
  if (result.kind == SplitKind::kFiles) {
    for (const char* key : {"stratified", "grouped", "by_time"}) {
      RefuseField(split, result.kind, key, "`cv` or `holdout`");
    }
    result.stratified = false;
  } else {
    ReadOrder(split, draft, result);
  }
  CheckRepeats(split, result);
  split.RefuseOthers();
}

}  // namespace coppice::tuner
