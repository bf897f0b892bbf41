#pragma once
// A data set from LibSVM files: "label [qid:N] index:value ...", a `#` begins a comment.

#include <deque>

#include "trainer/data/csv_table.h"

namespace coppice::trainer {

// As ReadDataset and ReadWithSchema say. A feature is named `f` and its index in the file; f0 is
// one only if the index 0 occurs in the train files. `qid` is the group. Of the options, `ignore`
// takes such names or indexes; `label`, `weight`, `group` and `categorical` do not apply, and
// giving them is an error. Indexes beyond those of the train files are left out with a notice.
Dataset ReadLibsvmDataset(const std::deque<DataSource>& sources, const ReadOptions& options,
                          Notices* notices);
Dataset ReadLibsvmWithSchema(const TextSource& source, const Schema& schema, bool with_label,
                             Notices* notices);

}  // namespace coppice::trainer
