#include "trainer/data/reader.h"

#include <fmt/format.h>

#include <deque>

#include "base/error.h"
#include "trainer/data/csv_table.h"
#include "trainer/data/libsvm_reader.h"

namespace coppice::trainer {
namespace {

bool IsLibsvm(const DataSource& source) { return FormatOf(source.text) == TextFormat::kLibsvm; }

}  // namespace

Dataset ReadDataset(const DataFiles& files, const ReadOptions& options, FileSystem& disk,
                    Notices* notices) {
  std::deque<DataSource> sources;
  const auto load = [&](const std::vector<std::string>& paths, DataPart part) {
    for (const std::string& path : paths) sources.emplace_back(path, disk, part);
  };
  load(files.train, DataPart::kTrain);
  if (sources.empty()) {
    throw Error(ErrorKind::kData, "there is no training file", {}, "name one in `data.train`");
  }
  load(files.validation, DataPart::kValidation);
  load(files.test, DataPart::kTest);
  const bool libsvm = IsLibsvm(sources[0]);
  for (const DataSource& source : sources) {
    if (IsLibsvm(source) == libsvm) continue;
    throw Error(
        ErrorKind::kData,
        fmt::format("`{}` is {}, `{}` is {}", sources[0].text.path(), libsvm ? "LibSVM" : "a table",
                    source.text.path(), libsvm ? "a table" : "LibSVM"),
        {source.text.path(), 0, 0, {}}, "files of one data set have one format");
  }
  return libsvm ? ReadLibsvmDataset(sources, options, notices)
                : ReadCsvDataset(sources, options, notices);
}

Dataset ReadWithSchema(const std::string& file, const Schema& schema, bool with_label,
                       FileSystem& disk, Notices* notices, const std::optional<ColumnRef>& label) {
  TextFile source(file, disk);
  if (FormatOf(source) != TextFormat::kLibsvm) {
    return ReadCsvWithSchema(source, schema, with_label, notices, label);
  }
  if (label) {
    throw Error(ErrorKind::kData,
                fmt::format("a LibSVM file has no column `{}` to be the label", ToText(*label)),
                {file, 0, 0, {}}, "its label is the first word of each line: name none");
  }
  return ReadLibsvmWithSchema(LoadText(source), schema, with_label, notices);
}

}  // namespace coppice::trainer
