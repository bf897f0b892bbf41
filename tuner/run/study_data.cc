#include "tuner/run/study_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "trainer/boost/session_bytes.h"
#include "trainer/data/queries.h"
#include "trainer/objective/objective.h"
#include "trainer/resolve_features.h"

namespace coppice::tuner {
namespace {

std::vector<std::string> Expand(const std::vector<std::string>& patterns, const std::string& folder,
                                FileSystem& disk) {
  std::vector<std::string> files;
  for (const std::string& pattern : patterns) {
    for (std::string& file : trainer::ExpandPattern(pattern, folder)) {
      if (!disk.Exists(file)) {
        throw Error(ErrorKind::kData, fmt::format("there is no data file `{}`", file), {},
                    "a path in a spec begins at the spec's own folder");
      }
      files.push_back(std::move(file));
    }
  }
  return files;
}

// The number of classes, given or read off the label; 0 for other objectives.
int ClassesOf(const trainer::TrainParams& params, const trainer::Dataset& table) {
  if (trainer::TargetOf(params.objective) != trainer::TargetKind::kMulticlass) return 0;
  const int found = static_cast<int>(table.schema.classes.size());
  if (params.num_class == 0) return found;
  if (params.num_class < found) {
    throw Error(
        ErrorKind::kData,
        fmt::format("the label has {} classes, but `num_class` is {}", found, params.num_class), {},
        "leave `num_class` out: it is read off the label");
  }
  return params.num_class;
}

// A linear model multiplies: codes of categories mean nothing to it.
void CheckColumns(const trainer::TrainParams& params, const trainer::Dataset& table) {
  if (params.booster != trainer::BoosterKind::kGblinear) return;
  Findings findings;
  for (const trainer::FeatureSchema& feature : table.schema.features) {
    if (feature.kind != trainer::ColumnKind::kCategorical) continue;
    findings.Add(fmt::format("`gblinear` cannot use the categorical column `{}`", feature.name), {},
                 "leave it out with `data.ignore`, or use a booster of trees");
  }
  findings.ThrowIfAny(ErrorKind::kData);
}

// Of an objective without classes.
int OutputsOf(const trainer::TrainParams& params) {
  return trainer::MakeObjective(params.objective, trainer::SettingsOf(params))->n_outputs();
}

// Parameters of which one takes as much memory as any trial may: those that decide about it at the
// ends of their ranges.
std::vector<trainer::TrainParams> CostliestParams(const StudyData& data, const Spec& spec) {
  std::vector<trainer::TrainParams> all = {spec.ParamsFor({})};
  if (data.num_class > 0) all.front().num_class = data.num_class;
  for (const study::ParameterRange& range : spec.search) {
    if (!trainer::DecidesSessionBytes(range.name())) continue;
    const std::vector<Value> ends = range.kind() == study::RangeKind::kCategorical
                                        ? range.spec().values
                                        : std::vector<Value>{range.Decode(0), range.Decode(1)};
    std::vector<trainer::TrainParams> next;
    for (const trainer::TrainParams& params : all) {
      for (const Value& value : ends) {
        trainer::SetParam(next.emplace_back(params), range.name(), value);
      }
    }
    all = std::move(next);
  }
  return all;
}

std::size_t BytesOfFolds(const StudyData& data, const trainer::TrainParams& params) {
  std::size_t bytes = 0;
  for (const trainer::Fold& fold : data.split.folds) {
    bytes += trainer::SessionBytes(params, SessionDataOf(data, fold.train, fold.validation),
                                   /*train_metrics=*/false);
  }
  return bytes;
}

}  // namespace

trainer::DataFiles FilesOf(const Spec& spec, FileSystem& disk) {
  return {Expand(spec.data.train, spec.folder, disk),
          Expand(spec.data.validation, spec.folder, disk),
          Expand(spec.data.test, spec.folder, disk)};
}

std::string HashOfTable(const trainer::Dataset& table, const trainer::Split& split) {
  ContentHash hash;
  hash.Add(table.ContentHash());
  for (const trainer::Fold& fold : split.folds) {
    hash.AddSpan<trainer::RowIndex>(fold.train);
    hash.AddSpan<trainer::RowIndex>(fold.validation);
  }
  hash.AddSpan<trainer::RowIndex>(split.test);
  return hash.Hex();
}

StudyData LoadStudyData(const Spec& spec, FileSystem& disk, trainer::Notices* notices) {
  const RealClock clock;
  const double start = clock.Now();
  StudyData study;
  auto table = std::make_shared<const trainer::Dataset>(
      trainer::ReadDataset(FilesOf(spec, disk), spec.data.read, disk, notices));
  trainer::TrainParams params = spec.ParamsFor({});
  Findings findings;
  trainer::ResolveFeatures(table->schema.features, &params, &findings);
  findings.ThrowIfAny(ErrorKind::kSpec);
  study.num_class = ClassesOf(params, *table);
  CheckColumns(params, *table);
  study.n_outputs = study.num_class > 0 ? study.num_class : OutputsOf(params);
  if (trainer::PredictionOf(params.objective) == trainer::PredictionKind::kRank) {
    trainer::CheckQueries(*table);
  }
  study.split = trainer::MakeSplit(*table, spec.split, spec.seed);
  study.hash = HashOfTable(*table, study.split);
  const double loaded = clock.Now();
  trainer::QuantileCuts cuts =
      trainer::FindCuts(*table, study.split.TrainingRows(), params.max_bin);
  study.matrix = std::make_shared<const trainer::BinnedMatrix>(*table, std::move(cuts));
  study.table = std::move(table);
  study.load_seconds = loaded - start;
  study.bin_seconds = clock.Now() - loaded;
  return study;
}

trainer::SessionData SessionDataOf(const StudyData& data, std::span<const trainer::RowIndex> train,
                                   std::span<const trainer::RowIndex> validation,
                                   trainer::SessionStart start) {
  const trainer::Dataset& table = *data.table;
  return {data.matrix, table.label,  table.weight,      train,      validation,
          start,       table.values, table.label_upper, table.group};
}

std::uint64_t TrialSeed(std::uint64_t seed, study::TrialId trial) {
  return (seed + static_cast<std::uint64_t>(study::ToIndex(trial))) % kTrainingSeeds;
}

trainer::TrainParams ParamsOn(const StudyData& data, const Spec& spec, study::TrialId trial,
                              const study::Configuration& configuration) {
  trainer::TrainParams params = spec.ParamsFor(configuration);
  Findings findings;
  trainer::ResolveFeatures(data.table->schema.features, &params, &findings);
  COPPICE_CHECK(findings.empty(), "loading the data has checked them");
  params.seed = TrialSeed(params.seed, trial);
  if (data.num_class > 0) params.num_class = data.num_class;
  return params;
}

std::size_t TrialBytes(const StudyData& data, const Spec& spec) {
  std::size_t most = 0;
  for (const trainer::TrainParams& params : CostliestParams(data, spec)) {
    most = std::max(most, BytesOfFolds(data, params));
  }
  return most;
}

std::size_t TrialBytes(const StudyData& data, const Spec& spec,
                       const study::Configuration& configuration, int threads) {
  const trainer::TrainParams params = ParamsOn(data, spec, study::TrialId{0}, configuration);
  const std::size_t histograms =
      trainer::SessionHistogramBytes(params, *data.matrix, threads) * data.split.folds.size();
  return BytesOfFolds(data, params) + histograms;
}

std::size_t TrialTreeBytes(const StudyData& data, const Spec& spec,
                           const study::Configuration& configuration, bool is_paused) {
  const trainer::TrainParams params = ParamsOn(data, spec, study::TrialId{0}, configuration);
  std::size_t bytes = 0;
  for (const trainer::Fold& fold : data.split.folds) {
    const trainer::SessionData rows = SessionDataOf(data, fold.train, fold.validation);
    bytes += trainer::SessionTreeBytes(params, rows);
    if (is_paused) bytes += trainer::SessionStateBytes(params, rows);
  }
  return bytes;
}

}  // namespace coppice::tuner
