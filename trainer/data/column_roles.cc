#include "trainer/data/column_roles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <utility>

#include "base/text.h"

namespace coppice::trainer {
namespace {

std::optional<std::size_t> IndexOf(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

std::string HintForName(const std::string& name, const std::vector<std::string>& names) {
  const std::string suggestion = SuggestWord(name, names);
  return suggestion.empty() ? fmt::format("the columns are {}", ListWords(names)) : suggestion;
}

// Finds columns by what the options call them.
class ColumnFinder {
 public:
  ColumnFinder(const std::vector<std::string>& names, bool has_header, const std::string& file,
               const ReadOptions& options, FindingList& findings)
      : names_(names),
        has_header_(has_header),
        file_(file),
        options_(options),
        findings_(findings) {}

  std::optional<std::size_t> Find(const ColumnRef& ref, const char* option) {
    if (const auto* name = std::get_if<std::string>(&ref)) return FindName(*name, option);
    const double index = AsDouble(ref);
    if (index >= 0 && index == std::floor(index) && index < static_cast<double>(names_.size())) {
      return static_cast<std::size_t>(index);
    }
    findings_.Add(
        fmt::format("`data.{}` is {}, which is no column of `{}`", option, ToText(ref), file_),
        options_.PlaceOf(option, file_),
        fmt::format("columns are counted from 0 to {}", names_.size() - 1));
    return std::nullopt;
  }

  std::set<std::size_t> FindAll(const std::vector<ColumnRef>& refs, const char* option) {
    std::set<std::size_t> columns;
    for (const ColumnRef& ref : refs) {
      if (const auto column = Find(ref, option)) columns.insert(*column);
    }
    return columns;
  }

 private:
  std::optional<std::size_t> FindName(const std::string& name, const char* option) {
    const auto column = IndexOf(names_, name);
    if (column) return column;
    findings_.Add(
        fmt::format("`data.{}` names `{}`, which is no column of `{}`", option, name, file_),
        options_.PlaceOf(option, file_),
        has_header_
            ? HintForName(name, names_)
            : fmt::format("the file has no header: give the index, 0 to {}", names_.size() - 1));
    return std::nullopt;
  }

  const std::vector<std::string>& names_;
  const bool has_header_;
  const std::string& file_;
  const ReadOptions& options_;
  FindingList& findings_;
};

// Labels, weight and group are different columns, none of them ignored (the labels) or categorical.
void CheckRolesDiffer(const ColumnRoles& roles, const std::vector<std::string>& names,
                      const std::set<std::size_t>& ignored,
                      const std::set<std::size_t>& categorical, const std::string& file,
                      FindingList& findings) {
  const auto clash = [&](std::size_t column, const std::string& is, const std::string& also) {
    findings.Add(fmt::format("column `{}` is both the {} and {}", names[column], is, also),
                 {file, 0, 0, {}}, "give each column one role");
  };
  const char* label = roles.label_upper ? "lower bound of the label" : "label";
  const std::pair<const char*, std::optional<std::size_t>> all[] = {
      {label, roles.label},
      {"upper bound of the label", roles.label_upper},
      {"weight", roles.weight},
      {"group", roles.group}};
  for (const auto& [role, column] : all) {
    if (!column) continue;
    for (const auto& [other, same] : all) {
      if (other == role) break;
      if (same == column) clash(*column, other, fmt::format("the {}", role));
    }
  }
  for (const auto& [role, column] : all) {
    if (!column) continue;
    const bool is_label = role != all[2].first && role != all[3].first;
    if (is_label && ignored.contains(*column)) clash(*column, role, "ignored");
    if (categorical.contains(*column)) clash(*column, role, "in `data.categorical`");
  }
  for (const std::size_t column : categorical) {
    if (!ignored.contains(column)) continue;
    findings.Add(fmt::format("column `{}` is ignored and in `data.categorical`", names[column]),
                 {file, 0, 0, {}}, "take it out of one of the two");
  }
}

// Where a column of the schema's file stands in a file without a header.
class Positions {
 public:
  Positions(const CsvFile& file, const Schema& schema)
      : n_columns_(file.n_columns()), n_features_(schema.features.size()), schema_(schema) {
    const auto n_schema = static_cast<std::size_t>(schema.n_columns);
    by_column_ = n_schema > 0;
    for (const FeatureSchema& feature : schema.features) by_column_ &= feature.column >= 0;
    if (by_column_ && n_columns_ == n_schema) {
      fits_ = true;
    } else if (by_column_ && n_columns_ + 1 == n_schema && schema.label_column >= 0) {
      fits_ = label_left_out_ = true;
    } else {
      // Only features, or the label in front of them as is the default.
      by_column_ = false;
      fits_ = n_columns_ == n_features_ || n_columns_ == n_features_ + 1;
    }
  }

  bool fits() const { return fits_; }

  std::size_t OfFeature(std::size_t i) const {
    if (!by_column_) return i + (n_columns_ - n_features_);
    const int column = schema_.features[i].column;
    const bool behind_label = label_left_out_ && column > schema_.label_column;
    return static_cast<std::size_t>(column) - (behind_label ? 1 : 0);
  }

  std::optional<std::size_t> OfLabel() const {
    if (!by_column_) {
      return n_columns_ > n_features_ ? std::optional<std::size_t>(0) : std::nullopt;
    }
    if (label_left_out_ || schema_.label_column < 0) return std::nullopt;
    return static_cast<std::size_t>(schema_.label_column);
  }

  // Of another column of a file that has them all.
  std::optional<std::size_t> OfColumn(int column) const {
    if (!by_column_ || label_left_out_ || column < 0) return std::nullopt;
    return static_cast<std::size_t>(column);
  }

 private:
  const std::size_t n_columns_;
  const std::size_t n_features_;
  const Schema& schema_;
  bool by_column_ = false;
  bool fits_ = false;
  bool label_left_out_ = false;
};

void AddNoColumn(const std::string& name, const char* what, const CsvFile& file,
                 FindingList& findings) {
  findings.Add(fmt::format("there is no column `{}`, {}", name, what),
               {file.source->path(), 0, 0, {}}, HintForName(name, file.names));
}

// Features of the model. A file that lacks many of them is another file: one finding says so.
void AddAbsent(const std::vector<std::string>& absent, std::size_t n_features, const CsvFile& file,
               FindingList& findings) {
  constexpr std::size_t kMostSingly = 5;
  if (absent.size() <= kMostSingly) {
    for (const std::string& name : absent) {
      AddNoColumn(name, "a feature of the model", file, findings);
    }
    return;
  }
  findings.Add(fmt::format("there are no columns {}: {} of the model's {} features",
                           ListWords(absent), absent.size(), n_features),
               {file.source->path(), 0, 0, {}},
               fmt::format("the columns are {}", ListWords(file.names)));
}

// The label by a name or number that the user gave. Nothing, and a finding, when it is not there.
std::optional<std::size_t> LabelAt(const CsvFile& file, const ColumnRef& label,
                                   FindingList& findings) {
  if (const auto* index = std::get_if<std::int64_t>(&label)) {
    if (*index >= 0 && *index < static_cast<std::int64_t>(file.n_columns())) {
      return static_cast<std::size_t>(*index);
    }
    findings.Add(fmt::format("`{}` has {} columns, so none is column {}", file.source->path(),
                             file.n_columns(), *index),
                 {file.source->path(), 0, 0, {}}, "columns count from 0");
    return std::nullopt;
  }
  const std::string name = ToText(label);
  if (!file.has_header) {
    findings.Add(
        fmt::format("`{}` has no header, and so no column `{}`", file.source->path(), name),
        {file.source->path(), 0, 0, {}}, "give the label's number, from 0");
    return std::nullopt;
  }
  const auto found = IndexOf(file.names, name);
  if (!found) AddNoColumn(name, "which is the label", file, findings);
  return found;
}

// Of a file with a header.
ColumnRoles RolesByName(const CsvFile& file, const Schema& schema, bool with_label,
                        const std::optional<ColumnRef>& label, FindingList& findings) {
  ColumnRoles roles;
  std::vector<std::string> absent;
  for (const FeatureSchema& feature : schema.features) {
    const auto column = IndexOf(file.names, feature.name);
    if (!column) absent.push_back(feature.name);
    roles.features.push_back({feature.name, column.value_or(0), false});
  }
  AddAbsent(absent, schema.features.size(), file, findings);
  if (!with_label) return roles;
  if (label) {
    roles.label = LabelAt(file, *label, findings);
  } else if (schema.label.empty()) {
    findings.Add(fmt::format("the model does not say which column of `{}` is the label",
                             file.source->path()),
                 {file.source->path(), 0, 0, {}}, "name it with `--label COLUMN`");
  } else {
    roles.label = IndexOf(file.names, schema.label);
    if (!roles.label) AddNoColumn(schema.label, "which is the label", file, findings);
  }
  if (schema.label_upper_column >= 0) {
    roles.label_upper = IndexOf(file.names, schema.label_upper);
    if (!roles.label_upper) {
      AddNoColumn(schema.label_upper, "which is the upper bound of the label", file, findings);
    }
  }
  if (schema.group_column >= 0) roles.group = IndexOf(file.names, schema.group);
  return roles;
}

// Of a file without one: its other columns are the features, in order.
ColumnRoles RolesAroundLabel(const CsvFile& file, const Schema& schema, const ColumnRef& label,
                             FindingList& findings) {
  ColumnRoles roles;
  roles.label = LabelAt(file, label, findings);
  if (!roles.label) return roles;
  if (file.n_columns() != schema.features.size() + 1) {
    findings.Add(fmt::format("`{}` has {} columns and no header, the model has {} features",
                             file.source->path(), file.n_columns(), schema.features.size()),
                 {file.source->path(), 0, 0, {}},
                 "give it the features and the label, or a header");
    return roles;
  }
  for (std::size_t i = 0; i < schema.features.size(); ++i) {
    roles.features.push_back({schema.features[i].name, i + (i >= *roles.label ? 1 : 0), false});
  }
  return roles;
}

}  // namespace

ColumnRoles RolesOf(const std::vector<std::string>& names, bool has_header, const std::string& file,
                    const ReadOptions& options, FindingList& findings) {
  ColumnFinder finder(names, has_header, file, options, findings);
  ColumnRoles roles;
  const bool wants_label = options.label_kind != LabelKind::kNone;
  if (options.label && wants_label) {
    roles.label = finder.Find(*options.label, options.label_option());
  } else if (options.label && std::holds_alternative<std::string>(*options.label)) {
    roles.label = IndexOf(names, std::get<std::string>(*options.label));
  } else if (options.label) {
    roles.label = finder.Find(*options.label, options.label_option());
  } else if (wants_label) {
    roles.label = 0;
  }
  if (options.label_upper) {
    roles.label_upper = finder.Find(*options.label_upper, "label_upper_bound");
  }
  if (options.weight) roles.weight = finder.Find(*options.weight, "weight");
  if (options.group) roles.group = finder.Find(*options.group, "group");
  const std::set<std::size_t> ignored = finder.FindAll(options.ignore, "ignore");
  const std::set<std::size_t> categorical = finder.FindAll(options.categorical, "categorical");
  CheckRolesDiffer(roles, names, ignored, categorical, file, findings);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool has_role =
        i == roles.label || i == roles.label_upper || i == roles.weight || i == roles.group;
    if (has_role || ignored.contains(i)) continue;
    roles.features.push_back({names[i], i, categorical.contains(i)});
  }
  if (!wants_label) roles.label.reset();
  if (!wants_label) roles.label_upper.reset();
  if (roles.features.empty() && findings.empty()) {
    findings.Add(fmt::format("no column of `{}` is a feature", file), {file, 0, 0, {}},
                 names.size() == 1 ? "fields must stand apart by a comma, a tab or a semicolon"
                                   : "all of them are label, weight, group or ignored");
  }
  return roles;
}

ColumnRoles RolesIn(const CsvFile& other, const ColumnRoles& roles, const CsvFile& first,
                    FindingList& findings) {
  ColumnRoles found = roles;
  if (!first.has_header || !other.has_header) {
    if (other.n_columns() != first.n_columns()) {
      findings.Add(fmt::format("`{}` has {} columns and no header, `{}` has {} columns",
                               other.source->path(), other.n_columns(), first.source->path(),
                               first.n_columns()),
                   {other.source->path(), 0, 0, {}}, "files of one data set have the same columns");
    }
    return found;
  }
  const auto find = [&](std::size_t column, const char* what) -> std::size_t {
    const auto index = IndexOf(other.names, first.names[column]);
    if (!index) AddNoColumn(first.names[column], what, other, findings);
    return index.value_or(0);
  };
  if (roles.label) found.label = find(*roles.label, "which is the label");
  if (roles.label_upper) {
    found.label_upper = find(*roles.label_upper, "which is the upper bound of the label");
  }
  if (roles.weight) found.weight = find(*roles.weight, "which is the weight");
  if (roles.group) found.group = find(*roles.group, "which is the group");
  for (FeatureColumn& feature : found.features) {
    feature.column = find(feature.column, "a feature of the training data");
  }
  return found;
}

ColumnRoles RolesBySchema(const CsvFile& file, const Schema& schema, bool with_label,
                          const std::optional<ColumnRef>& label, FindingList& findings) {
  if (file.has_header) return RolesByName(file, schema, with_label, label, findings);
  if (with_label && label) return RolesAroundLabel(file, schema, *label, findings);
  ColumnRoles roles;
  const Positions positions(file, schema);
  if (!positions.fits()) {
    const auto wanted = static_cast<std::size_t>(schema.n_columns);
    findings.Add(fmt::format("`{}` has {} columns and no header, the model's data had {}",
                             file.source->path(), file.n_columns(),
                             wanted > 0 ? wanted : schema.features.size()),
                 {file.source->path(), 0, 0, {}},
                 "give it the same columns (the label may be left out), or a header");
    return roles;
  }
  for (std::size_t i = 0; i < schema.features.size(); ++i) {
    roles.features.push_back({schema.features[i].name, positions.OfFeature(i), false});
  }
  if (!with_label) return roles;
  roles.label = positions.OfLabel();
  if (!roles.label) {
    findings.Add(fmt::format("`{}` has no label column", file.source->path()),
                 {file.source->path(), 0, 0, {}}, "evaluation compares predictions with labels");
  }
  roles.label_upper = positions.OfColumn(schema.label_upper_column);
  roles.group = positions.OfColumn(schema.group_column);
  return roles;
}

}  // namespace coppice::trainer
