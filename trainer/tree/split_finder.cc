#include "trainer/tree/split_finder.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace coppice::trainer {
namespace {

// Blocks that are worth more than one thread: each takes some microseconds.
constexpr std::size_t kManyBlocks = 64;
constexpr std::size_t kBlocksPerTask = 16;

// The scan squares its terms in single precision; beyond this they could leave its range.
constexpr double kMostLambda = 0x1p50;

// Sums of the codes of one column, which lie kLanes apart in the histogram.
using CodeSums = std::array<PackedPair, kMaxCodes>;

CodeSums ExtractLane(std::span<const PackedPair> block, int lane, int n_codes) {
  CodeSums sums;
  for (std::size_t code = 0; code < static_cast<std::size_t>(n_codes); ++code) {
    sums[code] = block[code * kLanes + static_cast<std::size_t>(lane)];
  }
  return sums;
}

}  // namespace

SplitFinder::SplitFinder(const BinnedMatrix& matrix, const HistogramLayout& layout,
                         const TrainParams& params, FixedPointScale scale,
                         InstructionSet instructions)
    : matrix_(matrix),
      layout_(layout),
      feature_splits_(matrix.cuts(), params, scale),
      instructions_(instructions),
      lambda_(Lambda(params) * scale.hessian_scale()),
      alpha_(params.alpha * scale.gradient_scale()),
      weight_scale_(scale.gradient_scale() / scale.hessian_scale()),
      plans_(static_cast<std::size_t>(matrix.n_blocks())) {
  const bool may_scan = lambda_ < kMostLambda && std::isnormal(weight_scale_);
  for (int c = 0; c < matrix.n_columns(); ++c) {
    BlockPlan& plan = plans_[static_cast<std::size_t>(c / kLanes)];
    const Column& column = matrix.column(c);
    const int feature = column.members.front().feature;
    const bool is_numeric =
        matrix.cuts().features[static_cast<std::size_t>(feature)].kind == ColumnKind::kNumeric;
    if (may_scan && is_numeric && !column.is_shared()) {
      plan.scanned.push_back(feature);
    } else {
      plan.extracted.push_back(c);
    }
  }
}

SplitCandidate SplitFinder::Find(const NodeHistogram& histogram, const NodeSums& node,
                                 std::span<const int> blocks,
                                 std::span<const std::uint8_t> allowed) const {
  if (blocks.size() < kManyBlocks) {
    SplitCandidate best;
    for (int block : blocks) {
      const SplitCandidate candidate = BestOfBlock(block, histogram, node, allowed);
      if (candidate.IsBetterThan(best)) best = candidate;
    }
    return best;
  }
  std::vector<SplitCandidate> best_of(blocks.size());
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, blocks.size(), kBlocksPerTask),
                    [&](const auto& range) {
                      for (std::size_t i = range.begin(); i != range.end(); ++i) {
                        best_of[i] = BestOfBlock(blocks[i], histogram, node, allowed);
                      }
                    });
  SplitCandidate best;
  for (const SplitCandidate& candidate : best_of) {
    if (candidate.IsBetterThan(best)) best = candidate;
  }
  return best;
}

void SplitFinder::Subtract(const NodeHistogram& histogram, std::span<const int> blocks) const {
  for (int block : blocks) SubtractBlock(block, histogram);
}

SplitCandidate SplitFinder::BestOfBlock(int block, const NodeHistogram& histogram,
                                        const NodeSums& node,
                                        std::span<const std::uint8_t> allowed) const {
  const BlockPlan& plan = plans_[static_cast<std::size_t>(block)];
  SplitCandidate best;
  if (!plan.scanned.empty()) {
    const bool keep = histogram.keep || !plan.extracted.empty();
    best = BestOfScanned(block, histogram, keep, node, allowed);
  } else if (!histogram.sibling.empty()) {
    SubtractBlock(block, histogram);
  }
  const auto entries = histogram.own.subspan(layout_.Offset(block),
                                             layout_.Offset(block + 1) - layout_.Offset(block));
  for (int column : plan.extracted) {
    const SplitCandidate candidate = BestOfColumn(column, entries, node, allowed);
    if (candidate.IsBetterThan(best)) best = candidate;
  }
  return best;
}

SplitCandidate SplitFinder::BestOfScanned(int block, const NodeHistogram& histogram, bool keep,
                                          const NodeSums& node,
                                          std::span<const std::uint8_t> allowed) const {
  const BlockPlan& plan = plans_[static_cast<std::size_t>(block)];
  const std::size_t offset = layout_.Offset(block);
  const ScanBlock entries{histogram.own.data() + offset,
                          histogram.sibling.empty() ? nullptr : histogram.sibling.data() + offset,
                          keep, layout_.Height(block)};
  ScanNode scan = ScanNodeOf(node);
  for (int feature : plan.scanned) {
    const auto lane = static_cast<std::size_t>(matrix_.place(feature).column % kLanes);
    scan.missing[lane] = MissingSum(feature, histogram);
    scan.any_missing |= scan.missing[lane] != 0;
    scan.sign[lane] = feature_splits_.SignOf(feature);
    scan.any_sign |= scan.sign[lane] != 0;
  }
  BlockSplits splits;
  Scan(instructions_, entries, scan, &splits);
  SplitCandidate best;
  for (int feature : plan.scanned) {
    if (allowed[static_cast<std::size_t>(feature)] == 0) continue;
    const auto lane = static_cast<std::size_t>(matrix_.place(feature).column % kLanes);
    SplitCandidate of_feature;
    const auto consider = [&](const LaneSplits& lanes, bool missing_left) {
      if (lanes.code[lane] == LaneSplits::kNone) return;
      const float change = feature_splits_.LossChange(feature, node, lanes.left[lane]);
      if (change <= of_feature.loss_change) return;
      const auto last_left = static_cast<std::int16_t>(lanes.code[lane]);
      of_feature = {change, {feature, false, missing_left, last_left, {}}, lanes.left[lane]};
    };
    consider(splits.missing_right, false);
    if (scan.missing[lane] != 0) consider(splits.missing_left, true);
    if (of_feature.IsBetterThan(best)) best = of_feature;
  }
  return best;
}

ScanNode SplitFinder::ScanNodeOf(const NodeSums& node) const {
  ScanNode scan;
  scan.total = node.packed;
  scan.lambda = lambda_;
  scan.alpha = alpha_;
  scan.min_hessian = feature_splits_.min_hessian();
  const WeightLimits limits = feature_splits_.SideLimits(node);
  scan.is_bounded = !limits.is_open();
  scan.lower = limits.lower * weight_scale_;
  scan.upper = limits.upper * weight_scale_;
  return scan;
}

SplitCandidate SplitFinder::BestOfColumn(int column, std::span<const PackedPair> histogram,
                                         const NodeSums& node,
                                         std::span<const std::uint8_t> allowed) const {
  const Column& stored = matrix_.column(column);
  const CodeSums codes = ExtractLane(histogram, column % kLanes, stored.n_codes);
  SplitCandidate best;
  for (const Column::Member& member : stored.members) {
    if (allowed[static_cast<std::size_t>(member.feature)] == 0) continue;
    // One more for the missing ones, which have the last number where there are any.
    std::array<PackedPair, kMaxCodes + 1> marginal;
    const auto n_bins = static_cast<std::size_t>(matrix_.n_bins(member.feature));
    std::fill_n(marginal.begin(), n_bins + 1, PackedPair{0});
    for (std::size_t code = 0; code < static_cast<std::size_t>(stored.n_codes); ++code) {
      const std::size_t bin = member.bin_of_code.empty() ? code : member.bin_of_code[code];
      marginal[bin] += codes[code];
    }
    const SplitCandidate candidate =
        feature_splits_.Best(member.feature, {{marginal.data(), n_bins}, marginal[n_bins]}, node);
    if (candidate.IsBetterThan(best)) best = candidate;
  }
  return best;
}

void SplitFinder::SubtractBlock(int block, const NodeHistogram& histogram) const {
  for (std::size_t i = layout_.Offset(block); i < layout_.Offset(block + 1); ++i) {
    histogram.own[i] -= histogram.sibling[i];
  }
}

PackedPair SplitFinder::MissingSum(int feature, const NodeHistogram& histogram) const {
  if (!matrix_.cuts().features[static_cast<std::size_t>(feature)].has_missing) return 0;
  const int column = matrix_.place(feature).column;
  const std::size_t at = layout_.Offset(column / kLanes) +
                         static_cast<std::size_t>(matrix_.MissingBin(feature)) * kLanes +
                         static_cast<std::size_t>(column % kLanes);
  return histogram.own[at] - (histogram.sibling.empty() ? 0 : histogram.sibling[at]);
}

}  // namespace coppice::trainer
