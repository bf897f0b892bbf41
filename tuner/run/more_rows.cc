#include "tuner/run/more_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "trainer/data/number_field.h"
#include "trainer/data/queries.h"
#include "trainer/objective/objective.h"

namespace coppice::tuner {
namespace {

using trainer::ColumnKind;
using trainer::DataPart;
using trainer::Dataset;
using trainer::FeatureSchema;
using trainer::RowIndex;

bool HasValue(const std::vector<float>& column) {
  return std::any_of(column.begin(), column.end(), [](float value) { return !std::isnan(value); });
}

bool HasNumber(const std::vector<std::string>& categories, const trainer::Schema& schema) {
  const trainer::MissingTexts missing(schema.missing);
  return std::any_of(categories.begin(), categories.end(), [&](const std::string& text) {
    float value = 0;
    return trainer::ReadNumber(text, missing, &value) == trainer::FieldMeaning::kNumber;
  });
}

// Where the study has texts, none of them a number, a file of numbers alone means something else:
// read together, each number would become a category of its own.
void CheckKinds(const std::string& file, const trainer::Schema& schema, const Spec& spec,
                FileSystem& disk, Findings* findings) {
  const bool has_texts = std::any_of(
      schema.features.begin(), schema.features.end(),
      [](const FeatureSchema& feature) { return feature.kind == ColumnKind::kCategorical; });
  if (!has_texts || !spec.data.read.categorical_auto) return;
  trainer::ReadOptions options = spec.data.read;
  options.label_kind = trainer::LabelKind::kNone;
  const Dataset alone = trainer::ReadDataset({{file}, {}, {}}, options, disk, nullptr);
  for (const FeatureSchema& feature : schema.features) {
    if (feature.kind != ColumnKind::kCategorical || HasNumber(feature.categories, schema)) continue;
    for (std::size_t f = 0; f < alone.n_features(); ++f) {
      const FeatureSchema& own = alone.schema.features[f];
      if (own.name != feature.name || own.kind != ColumnKind::kNumeric) continue;
      if (!HasValue(alone.values[f])) continue;
      findings->Add(
          fmt::format("the column `{}` holds numbers, and texts in the study's data", feature.name),
          {file, 0, 0, fmt::format("column {}", feature.name)},
          "give the file the columns of the study's data");
    }
  }
}

// The rows of a file that can stand beside the study's.
std::size_t CheckFile(const std::string& file, const StudyData& data, const Spec& spec,
                      FileSystem& disk, Findings* findings) {
  try {
    const std::size_t n_rows =
        trainer::ReadWithSchema(file, data.table->schema, /*with_label=*/true, disk, nullptr)
            .n_rows;
    CheckKinds(file, data.table->schema, spec, disk, findings);
    return n_rows;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kData) throw;
    for (const Finding& found : error.findings()) {
      findings->Add(found.message, found.place, found.hint);
    }
    return 0;
  }
}

// What checking the files one by one cannot see: what the joint table came to.
void CheckJoined(const Dataset& joined, const StudyData& data, const std::string& files) {
  const trainer::Schema& schema = data.table->schema;
  Findings findings;
  if (joined.schema.features.size() != schema.features.size()) {
    findings.Add(fmt::format("with {} there are {} features, and {} in the study", files,
                             joined.schema.features.size(), schema.features.size()),
                 {}, "leave out what the study's data do not have");
  }
  for (std::size_t f = 0; findings.empty() && f < schema.features.size(); ++f) {
    if (joined.schema.features[f].kind == schema.features[f].kind) continue;
    findings.Add(fmt::format("with {} the column `{}` holds {}, and {} in the study", files,
                             schema.features[f].name,
                             schema.features[f].kind == ColumnKind::kNumeric ? "texts" : "numbers",
                             schema.features[f].kind == ColumnKind::kNumeric ? "numbers" : "texts"),
                 {}, "give the files the columns of the study's data");
  }
  if (joined.schema.classes != schema.classes) {
    findings.Add(fmt::format("with {} the label has the classes {}, and {} in the study", files,
                             ListWords(joined.schema.classes), ListWords(schema.classes)),
                 {}, "correct the label or leave the rows out");
  }
  findings.ThrowIfAny(ErrorKind::kData);
}

// The study's split in a table that has `n_added` rows behind the study's `n_train` first ones.
trainer::Split Moved(const trainer::Split& split, RowIndex n_train, RowIndex n_added) {
  const auto move = [&](std::vector<RowIndex>& rows) {
    for (RowIndex& row : rows) row += row < n_train ? 0 : n_added;
  };
  trainer::Split moved = split;
  for (trainer::Fold& fold : moved.folds) {
    move(fold.train);
    move(fold.validation);
  }
  move(moved.test);
  return moved;
}

}  // namespace

JoinedData WithRowsOf(const std::vector<std::string>& files, const StudyData& data,
                      const Spec& spec, FileSystem& disk, trainer::Notices* notices) {
  JoinedData joined;
  Findings findings;
  for (const std::string& file : files) {
    joined.added_rows.push_back(CheckFile(file, data, spec, disk, &findings));
  }
  findings.ThrowIfAny(ErrorKind::kData);

  trainer::DataFiles all = FilesOf(spec, disk);
  all.train.insert(all.train.end(), files.begin(), files.end());
  auto table =
      std::make_shared<const Dataset>(trainer::ReadDataset(all, spec.data.read, disk, notices));
  CheckJoined(*table, data, ListWords(files));
  if (trainer::PredictionOf(spec.ParamsFor({}).objective) == trainer::PredictionKind::kRank) {
    trainer::CheckQueries(*table);
  }
  const auto count = [](const Dataset& of, DataPart part) {
    return static_cast<RowIndex>(std::count(of.part.begin(), of.part.end(), part));
  };
  const RowIndex n_train = count(*data.table, DataPart::kTrain);
  const RowIndex n_added = count(*table, DataPart::kTrain) - n_train;
  COPPICE_CHECK(std::accumulate(joined.added_rows.begin(), joined.added_rows.end(),
                                std::size_t{0}) == n_added,
                "a row is one row, however it is read");

  joined.data = data;
  joined.data.split = Moved(data.split, n_train, n_added);
  std::vector<RowIndex> cut_from = joined.data.split.TrainingRows();
  for (RowIndex i = 0; i < n_added; ++i) cut_from.push_back(n_train + i);
  std::sort(cut_from.begin(), cut_from.end());
  trainer::QuantileCuts cuts = trainer::FindCuts(*table, cut_from, spec.ParamsFor({}).max_bin);
  joined.data.matrix = std::make_shared<const trainer::BinnedMatrix>(*table, std::move(cuts));
  joined.data.table = std::move(table);
  joined.data.hash = HashOfTable(*joined.data.table, joined.data.split);
  return joined;
}

}  // namespace coppice::tuner
