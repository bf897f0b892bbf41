// Question: what does each step of growing a tree cost a row and feature?
// Bad news would be: a histogram update above 1 ns with all rows, or a partition above 3 ns a row.
// Each benchmark checks its result after the loop.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

#include "base/random.h"
#include "trainer/bins/binned_matrix.h"
#include "trainer/objective/clones.h"
#include "trainer/objective/objective.h"
#include "trainer/tree/block_scan.h"
#include "trainer/tree/feature_splits.h"
#include "trainer/tree/histogram.h"
#include "trainer/tree/row_partition.h"

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

constexpr int kAllBlocks[] = {0};

void Histogram(benchmark::State& state) {
  const Table& table = UniformTable();
  const HistogramLayout layout(*table.matrix);
  const HistogramBuilder builder(*table.matrix, layout);
  // 0: all rows in their order, without a list of them.
  const std::vector<RowIndex> rows =
      EveryNth(state.range(0) == 0 ? 1 : static_cast<RowIndex>(state.range(0)));
  const RowSpan span{state.range(0) == 0 ? nullptr : rows.data(), 0, rows.size()};
  std::vector<PackedPair> histogram(layout.size());
  for (auto _ : state) {
    builder.Build(span, table.gradients.data(), kAllBlocks, histogram);
    benchmark::DoNotOptimize(histogram.data());
  }
  PackedPair counted = 0;
  for (std::size_t code = 0; code < histogram.size(); code += kLanes) counted += histogram[code];
  if (static_cast<std::uint32_t>(counted) != rows.size()) state.SkipWithError("rows were lost");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows.size()) * kLanes);
}
BENCHMARK(Histogram)->ArgName("every_nth_row")->Arg(0)->Arg(1)->Arg(2)->Arg(10)->Arg(100);

// The roots of five folds, which differ in gradients alone: each by its listed rows, each in the
// order of the rows with nothing for those held out, or all in one pass that adds five gradients to
// neighbouring sums. Items are additions that the folds need, four a row and feature.
constexpr RowIndex kFolds = 5;
constexpr std::size_t kFoldStride = 8;

using FoldGradients = std::vector<PackedPair>;  // [kRows][kFoldStride]

COPPICE_CLONES void AddSharedRoots(const std::uint64_t* words, const FoldGradients& gradients,
                                   PackedPair* __restrict__ sums) {
  for (std::size_t row = 0; row < kRows; ++row) {
    const PackedPair* __restrict__ of_row = gradients.data() + row * kFoldStride;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::size_t code = words[row] >> (8 * lane) & 0xFF;
      PackedPair* __restrict__ sum = sums + (code * kLanes + lane) * kFoldStride;
      for (std::size_t fold = 0; fold < kFoldStride; ++fold) sum[fold] += of_row[fold];
    }
  }
}

void FoldRoots(benchmark::State& state) {
  const Table& table = UniformTable();
  const HistogramLayout layout(*table.matrix);
  const HistogramBuilder builder(*table.matrix, layout);
  std::vector<std::vector<PackedPair>> own(kFolds, table.gradients);
  std::vector<std::vector<RowIndex>> kept(kFolds);
  FoldGradients shared(kRows * kFoldStride);
  for (RowIndex row = 0; row < kRows; ++row) {
    for (RowIndex fold = 0; fold < kFolds; ++fold) {
      if (row % kFolds == fold) {
        own[fold][row] = 0;
        continue;
      }
      kept[fold].push_back(row);
      shared[row * kFoldStride + fold] = table.gradients[row];
    }
  }
  std::vector<PackedPair> sums(layout.size() * kFoldStride);
  const std::span<PackedPair> of_one = std::span(sums).first(layout.size());
  PackedPair counted = 0;
  for (auto _ : state) {
    if (state.range(0) == 2) {
      std::fill(sums.begin(), sums.end(), 0);
      AddSharedRoots(table.matrix->Words(0), shared, sums.data());
    } else {
      for (RowIndex fold = 0; fold < kFolds; ++fold) {
        const bool lists = state.range(0) == 0;
        builder.Build({lists ? kept[fold].data() : nullptr, 0, lists ? kept[fold].size() : kRows},
                      own[fold].data(), kAllBlocks, of_one);
      }
    }
    benchmark::DoNotOptimize(sums.data());
  }
  // Lane 0 of the last fold.
  const bool is_shared = state.range(0) == 2;
  for (std::size_t code = 0; code < kBinsPerFeature; ++code) {
    counted += is_shared ? sums[code * kLanes * kFoldStride + kFolds - 1] : sums[code * kLanes];
  }
  if (static_cast<std::uint32_t>(counted) != kRows / kFolds * (kFolds - 1)) {
    state.SkipWithError("rows were lost");
  }
  state.SetItemsProcessed(state.iterations() * kRows * (kFolds - 1) * kLanes);
}
BENCHMARK(FoldRoots)->ArgName("listed_inorder_shared")->Arg(0)->Arg(1)->Arg(2);

void Partition(benchmark::State& state) {
  const Table& table = UniformTable();
  RowPartition partition(table.rows);
  const CodeSplit split(*table.matrix, {0, false, false, 127, {}});
  std::size_t n_left = 0;
  for (auto _ : state) {
    n_left = partition.Split(partition.Root(), *table.matrix, split);
    benchmark::DoNotOptimize(n_left);
  }
  if (n_left < kRows * 49 / 100 || n_left > kRows * 51 / 100) state.SkipWithError("wrong share");
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(Partition);

// The plain loops feature by feature, against the scan of all lanes on each instruction set.
struct ScanInput {
  HistogramLayout layout{*UniformTable().matrix};
  std::vector<PackedPair> histogram = std::vector<PackedPair>(layout.size());
  FixedPointScale scale{kRows, kRows, kRows};
  PackedPair total = 0;

  ScanInput() {
    const Table& table = UniformTable();
    HistogramBuilder(*table.matrix, layout)
        .Build({nullptr, 0, kRows}, table.gradients.data(), kAllBlocks, histogram);
    for (std::size_t code = 0; code < histogram.size(); code += kLanes) total += histogram[code];
  }
};

void SplitScanPlain(benchmark::State& state) {
  const ScanInput input;
  const FeatureSplits splits(UniformTable().matrix->cuts(), {}, input.scale);
  const NodeSums node = splits.SumsOf(input.total);
  std::vector<PackedPair> bins(kBinsPerFeature);
  for (std::size_t bin = 0; bin < bins.size(); ++bin) bins[bin] = input.histogram[bin * kLanes];
  SplitCandidate best;
  for (auto _ : state) {
    best = splits.Best(0, {bins, 0}, node);
    benchmark::DoNotOptimize(best);
  }
  if (!best.found()) state.SkipWithError("no split was found");
  state.SetItemsProcessed(state.iterations() * kBinsPerFeature);
}
BENCHMARK(SplitScanPlain);

void SplitScan(benchmark::State& state) {
  ScanInput input;
  const auto set = static_cast<InstructionSet>(state.range(0));
  if (!IsAvailable(set)) return state.SkipWithError("this CPU has not got it");
  const bool subtracts = state.range(1) != 0;
  std::vector<PackedPair> sibling(input.histogram.size());
  ScanNode node{input.total, 1, 0, 1, false, {}};
  node.is_bounded = state.range(2) != 0;
  node.lower = -0.5;
  node.upper = 0.5;
  const ScanBlock block{input.histogram.data(), subtracts ? sibling.data() : nullptr, true,
                        kBinsPerFeature};
  BlockSplits splits;
  for (auto _ : state) {
    Scan(set, block, node, &splits);
    benchmark::DoNotOptimize(splits);
  }
  if (splits.missing_right.code[0] < 0) state.SkipWithError("no split was found");
  state.SetItemsProcessed(state.iterations() * kLanes * kBinsPerFeature);
}
BENCHMARK(SplitScan)
    ->ArgNames({"instructions", "subtracts", "bounded"})
    ->ArgsProduct({{0, 1, 2}, {0, 1}, {0, 1}});

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
