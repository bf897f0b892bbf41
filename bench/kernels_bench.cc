// Question: what does each step of growing a tree cost a row and feature?
// Bad news would be: a histogram update above 1 ns with all rows, or a partition above 3 ns a row.
// Each benchmark checks its result after the loop.

#include <benchmark/benchmark.h>

#include <memory>
#include <numeric>
#include <vector>

#include "base/random.h"
#include "trainer/bins/binned_matrix.h"
#include "trainer/objective/objective.h"
#include "trainer/tree/histogram.h"
#include "trainer/tree/row_partition.h"
#include "trainer/tree/split_finder.h"

namespace coppice::trainer {
namespace {

constexpr RowIndex kRows = 200000;

// Uniform bins, the worst case for the cache.
struct Table {
  Dataset data;
  std::vector<RowIndex> rows;
  std::unique_ptr<BinnedMatrix> matrix;
  std::vector<PackedPair> gradients;
};

const Table& UniformTable() {
  static const Table table = [] {
    Table made;
    made.data.n_rows = kRows;
    RandomStream random(1, {Purpose::kSynth});
    for (int f = 0; f < kLanes; ++f) {
      std::vector<float> column(kRows);
      for (float& value : column) value = static_cast<float>(random.Uniform());
      made.data.values.push_back(std::move(column));
      made.data.schema.features.push_back({"x", ColumnKind::kNumeric, {}});
    }
    made.rows.resize(kRows);
    std::iota(made.rows.begin(), made.rows.end(), 0);
    made.matrix = std::make_unique<BinnedMatrix>(made.data, FindCuts(made.data, made.rows, 256));
    for (RowIndex row = 0; row < kRows; ++row)
      made.gradients.push_back((PackedPair{row} << 32) | 1);
    return made;
  }();
  return table;
}

// Every `step`-th row.
std::vector<RowIndex> EveryNth(RowIndex step) {
  std::vector<RowIndex> rows;
  for (RowIndex row = 0; row < kRows; row += step) rows.push_back(row);
  return rows;
}

void Histogram(benchmark::State& state) {
  const Table& table = UniformTable();
  const std::vector<RowIndex> rows = EveryNth(static_cast<RowIndex>(state.range(0)));
  std::vector<PackedPair> histogram(kBlockEntries);
  for (auto _ : state) {
    BuildBlock(table.matrix->Block(0), table.gradients, rows, histogram);
    benchmark::DoNotOptimize(histogram.data());
  }
  PackedPair counted = 0;
  for (std::size_t bin = 0; bin < kBinsPerFeature; ++bin) counted += histogram[bin * kLanes];
  if (static_cast<std::uint32_t>(counted) != rows.size()) state.SkipWithError("rows were lost");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows.size()) * kLanes);
}
BENCHMARK(Histogram)->ArgName("every_nth_row")->Arg(1)->Arg(2)->Arg(10)->Arg(100);

void Subtract(benchmark::State& state) {
  std::vector<PackedPair> parent(kBlockEntries, 5);
  const std::vector<PackedPair> child(kBlockEntries, 0);
  for (auto _ : state) {
    SubtractBlock(parent, child);
    benchmark::DoNotOptimize(parent.data());
  }
  if (parent.front() != 5) state.SkipWithError("the difference is wrong");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBlockEntries));
}
BENCHMARK(Subtract);

void Partition(benchmark::State& state) {
  const Table& table = UniformTable();
  RowPartition partition(table.rows);
  std::size_t n_left = 0;
  for (auto _ : state) {
    n_left = partition.Split(partition.Root(), *table.matrix, {0, false, false, 127, {}});
    benchmark::DoNotOptimize(n_left);
  }
  if (n_left < kRows * 49 / 100 || n_left > kRows * 51 / 100) state.SkipWithError("wrong share");
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(Partition);

void SplitScan(benchmark::State& state) {
  const Table& table = UniformTable();
  std::vector<PackedPair> histogram(kBlockEntries);
  BuildBlock(table.matrix->Block(0), table.gradients, table.rows, histogram);
  const TrainParams params;
  const SplitFinder finder(table.matrix->cuts(), params, FixedPointScale(kRows, kRows, kRows));
  PackedPair total = 0;
  for (std::size_t bin = 0; bin < kBinsPerFeature; ++bin) total += histogram[bin * kLanes];
  const NodeSums node = finder.SumsOf(total);
  SplitCandidate best;
  for (auto _ : state) {
    best = {};
    for (int f = 0; f < kLanes; ++f) finder.Improve(f, histogram, node, &best);
    benchmark::DoNotOptimize(best);
  }
  if (!best.found()) state.SkipWithError("no split was found");
  state.SetItemsProcessed(state.iterations() * kLanes * kBinsPerFeature);
}
BENCHMARK(SplitScan);

void LogisticGradients(benchmark::State& state) {
  const auto objective = MakeObjective("binary:logistic", {});
  const std::vector<float> margins(4096, 0.5F);
  const std::vector<float> label(4096, 1.0F);
  std::vector<GradientPair> pairs(4096);
  for (auto _ : state) {
    objective->Gradients(margins, label, {}, pairs);
    benchmark::DoNotOptimize(pairs.data());
  }
  if (pairs[17].gradient > -0.377F || pairs[17].gradient < -0.378F) {
    state.SkipWithError("the gradient of margin 0.5 is -0.3775");
  }
  state.SetItemsProcessed(state.iterations() * 4096);
}
BENCHMARK(LogisticGradients);

}  // namespace
}  // namespace coppice::trainer

BENCHMARK_MAIN();
