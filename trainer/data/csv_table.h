#pragma once
// A data set from delimited files: types and classes are settled on the train files, then every
// file is read by them.

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "trainer/data/reader.h"
#include "trainer/data/text_source.h"

namespace coppice::trainer {

struct DataSource {
  DataSource(const std::string& path, FileSystem& disk, DataPart of) : text(path, disk), part(of) {}

  TextFile text;
  DataPart part = DataPart::kTrain;
};

// As ReadDataset and ReadWithSchema say. `sources`: train files first, at least one. Their texts
// are read once, unless a column turns out to be of another kind than its first rows say.
Dataset ReadCsvDataset(std::deque<DataSource>& sources, const ReadOptions& options,
                       Notices* notices);
Dataset ReadCsvWithSchema(TextFile& source, const Schema& schema, bool with_label, Notices* notices,
                          const std::optional<ColumnRef>& label);

}  // namespace coppice::trainer
