#pragma once
// Which column of a file is the label, the weight, the group, a feature, or nothing.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "trainer/data/csv_layout.h"
#include "trainer/data/finding_list.h"
#include "trainer/data/reader.h"

namespace coppice::trainer {

struct FeatureColumn {
  std::string name;
  std::size_t column = 0;
  bool forced_categorical = false;
};

struct ColumnRoles {
  std::vector<FeatureColumn> features;
  std::optional<std::size_t> label;
  std::optional<std::size_t> label_upper;
  std::optional<std::size_t> weight;
  std::optional<std::size_t> group;
};

// What the options make of the columns `names` of `file`. Adds findings: a column that is not
// there, one with two roles; no feature left.
ColumnRoles RolesOf(const std::vector<std::string>& names, bool has_header, const std::string& file,
                    const ReadOptions& options, FindingList& findings);

// The same roles in another file of the data: by name, or by position when one of the two files
// has no header. Adds findings: a column is not there. Columns without a role may differ.
ColumnRoles RolesIn(const CsvFile& other, const ColumnRoles& roles, const CsvFile& first,
                    FindingList& findings);

// The roles that a schema gives to a file. `with_label`: it must have one, in the column `label` if
// that is given.
ColumnRoles RolesBySchema(const CsvFile& file, const Schema& schema, bool with_label,
                          const std::optional<ColumnRef>& label, FindingList& findings);

}  // namespace coppice::trainer
