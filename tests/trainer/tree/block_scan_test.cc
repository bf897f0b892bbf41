#include "trainer/tree/block_scan.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"

namespace coppice::trainer {
namespace {

constexpr int kHeight = 200;

// Sums of 8 columns with 1000 rows each; column l has kHeight - 9 l codes and its missing values
// behind them.
struct MadeUp {
  std::vector<PackedPair> entries = std::vector<PackedPair>(kHeight * kLanes);
  ScanNode node;

  explicit MadeUp(std::uint64_t seed, double lambda = 300, double alpha = 0, bool missing = true) {
    RandomStream random(seed, {Purpose::kSynth});
    node.lambda = lambda;
    node.alpha = alpha;
    node.min_hessian = 2000;
    node.any_missing = missing;
    for (int row = 0; row < 1000; ++row) {
      const std::uint64_t hessian = 100 + random.Below(200);
      for (int lane = 0; lane < kLanes; ++lane) {
        const int n_codes = kHeight - 9 * lane;
        const bool is_missing = missing && random.Below(5) == 0;
        const auto code =
            is_missing ? n_codes - 1
                       : static_cast<int>(random.Below(static_cast<std::uint64_t>(n_codes) - 1));
        const auto gradient = static_cast<std::int32_t>(row % 7 * 300) - 500 + code;
        const PackedPair pair =
            static_cast<PackedPair>(static_cast<std::uint32_t>(gradient)) << 32 | hessian;
        entries[static_cast<std::size_t>(code * kLanes + lane)] += pair;
        if (lane == 0) node.total += pair;
      }
    }
    // All columns must hold the same total: what differs goes to the first code.
    for (int lane = 0; lane < kLanes; ++lane) {
      PackedPair sum = 0;
      for (int code = 0; code < kHeight; ++code) {
        sum += entries[static_cast<std::size_t>(code * kLanes + lane)];
      }
      entries[static_cast<std::size_t>(lane)] += node.total - sum;
      const int last = kHeight - 9 * lane - 1;
      node.missing[static_cast<std::size_t>(lane)] =
          missing ? entries[static_cast<std::size_t>(last * kLanes + lane)] : 0;
    }
  }
};

double Reduced(double g, double alpha) {
  return g > alpha ? g - alpha : g < -alpha ? g + alpha : 0;
}

// The gain of both sides in double precision, or -1 where the split is not admissible.
double GainAt(const ScanNode& node, PackedPair left) {
  const auto h_left = static_cast<double>(static_cast<std::uint32_t>(left));
  const auto h_right = static_cast<double>(static_cast<std::uint32_t>(node.total)) - h_left;
  if (h_left < node.min_hessian || h_right < node.min_hessian) return -1;
  const double g_left = static_cast<std::int32_t>(left >> 32);
  const double g_right = static_cast<std::int32_t>((node.total - left) >> 32);
  return std::pow(Reduced(g_left, node.alpha), 2) / (h_left + node.lambda) +
         std::pow(Reduced(g_right, node.alpha), 2) / (h_right + node.lambda);
}

double ParentGain(const ScanNode& node) {
  const double gradient = static_cast<std::int32_t>(node.total >> 32);
  return std::pow(Reduced(gradient, node.alpha), 2) /
         (static_cast<double>(static_cast<std::uint32_t>(node.total)) + node.lambda);
}

void ExpectBest(const MadeUp& made, const LaneSplits& splits, bool missing_left) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    double best = -1;
    PackedPair sum = missing_left ? made.node.missing[lane] : 0;
    PackedPair at_found = 0;
    const int n_codes = kHeight - 9 * static_cast<int>(lane);
    for (int code = 0; code < n_codes - (made.node.any_missing ? 1 : 0); ++code) {
      sum += made.entries[static_cast<std::size_t>(code) * kLanes + lane];
      best = std::max(best, GainAt(made.node, sum));
      if (code == splits.code[lane]) at_found = sum;
    }
    if (splits.code[lane] == LaneSplits::kNone) {
      // With L1 a split may lose.
      EXPECT_GT(made.node.alpha, 0);
      EXPECT_LE(best, ParentGain(made.node) * (1 + 1e-12));
      continue;
    }
    EXPECT_EQ(splits.left[lane], at_found);
    EXPECT_GE(GainAt(made.node, splits.left[lane]), best * (1 - 1e-6));
  }
}

TEST(BlockScan, FindsTheBestCodeOfEveryLaneOnEitherSideOfTheMissingValues) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    for (const double alpha : {0.0, 700.0}) {
      MadeUp made(seed, seed % 3 == 0 ? 0 : 300, alpha);
      BlockSplits splits;
      Scan(BestInstructionSet(), {made.entries.data(), nullptr, true, kHeight}, made.node, &splits);
      ExpectBest(made, splits.missing_right, false);
      ExpectBest(made, splits.missing_left, true);
    }
  }
}

// The sum over a node of few large gradients of one sign: differences of gains would be lost in
// single precision.
TEST(BlockScan, SeesASmallGainInALargeNode) {
  ScanNode node;
  node.lambda = 0;
  std::vector<PackedPair> entries(4 * kLanes);
  for (std::size_t code = 0; code < 4; ++code) {
    // Behind code 1 the mean moves from 100000 to 100001.
    const std::uint32_t gradient = (code < 2 ? 100000U : 100001U) * 1000U;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      entries[code * kLanes + lane] = static_cast<PackedPair>(gradient) << 32 | 1000U;
    }
    node.total += entries[code * kLanes];
  }
  BlockSplits splits;
  Scan(BestInstructionSet(), {entries.data(), nullptr, true, 4}, node, &splits);
  for (const std::int32_t code : splits.missing_right.code) EXPECT_EQ(code, 1);
}

// Ten codes with the signal in the middle and next to nothing in the last one.
TEST(BlockScan, ALightSideDoesNotBeatTheRealSplit) {
  for (const std::uint32_t last : {20U, 100U, 200U, 4000U}) {
    ScanNode node;
    node.lambda = 1;
    node.min_hessian = 1;
    std::vector<PackedPair> entries(10 * kLanes);
    for (std::size_t code = 0; code < 10; ++code) {
      const std::uint32_t hessian = code == 9 ? last : 166666666U;
      const std::int32_t gradient = code == 9 ? 50 : code < 5 ? -50000000 : 50000000;
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        entries[code * kLanes + lane] =
            static_cast<PackedPair>(static_cast<std::uint32_t>(gradient)) << 32 | hessian;
      }
      node.total += entries[code * kLanes];
    }
    BlockSplits splits;
    Scan(BestInstructionSet(), {entries.data(), nullptr, true, 10}, node, &splits);
    for (const std::int32_t code : splits.missing_right.code) EXPECT_EQ(code, 4);
  }
}

TEST(BlockScan, SumsThatWrapBehindTheMissingValuesAreNoSplits) {
  ScanNode node;
  node.lambda = 1;
  node.any_missing = true;
  std::vector<PackedPair> entries(3 * kLanes);
  const std::uint32_t hessians[] = {1000, 2000, 2000000000};
  for (std::size_t code = 0; code < 3; ++code) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      entries[code * kLanes + lane] = PackedPair{1000 * code} << 32 | hessians[code];
    }
    node.total += entries[code * kLanes];
  }
  for (PackedPair& missing : node.missing) missing = entries[2 * kLanes];
  BlockSplits splits;
  Scan(BestInstructionSet(), {entries.data(), nullptr, true, 3}, node, &splits);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    EXPECT_LT(splits.missing_right.code[lane], 2);
    EXPECT_EQ(splits.missing_left.code[lane], 0);
  }
}

TEST(BlockScan, ASiblingIsSubtractedAndTheDifferenceKeptIfAsked) {
  MadeUp parent(1);
  const MadeUp child(2);
  std::vector<PackedPair> both = parent.entries;
  for (std::size_t i = 0; i < both.size(); ++i) both[i] += child.entries[i];
  BlockSplits expected;
  Scan(BestInstructionSet(), {parent.entries.data(), nullptr, true, kHeight}, parent.node,
       &expected);
  for (const bool keep : {false, true}) {
    std::vector<PackedPair> work = both;
    BlockSplits splits;
    Scan(BestInstructionSet(), {work.data(), child.entries.data(), keep, kHeight}, parent.node,
         &splits);
    EXPECT_EQ(splits.missing_right.code, expected.missing_right.code);
    EXPECT_EQ(splits.missing_left.left, expected.missing_left.left);
    EXPECT_EQ(work, keep ? parent.entries : both);
  }
}

void ExpectBaselinesBits(InstructionSet set, MadeUp& made) {
  BlockSplits plain;
  BlockSplits wide;
  Scan(InstructionSet::kBaseline, {made.entries.data(), nullptr, true, kHeight}, made.node, &plain);
  Scan(set, {made.entries.data(), nullptr, true, kHeight}, made.node, &wide);
  EXPECT_EQ(wide.missing_right.code, plain.missing_right.code);
  EXPECT_EQ(wide.missing_right.left, plain.missing_right.left);
  if (!made.node.any_missing) return;
  EXPECT_EQ(wide.missing_left.code, plain.missing_left.code);
  EXPECT_EQ(wide.missing_left.left, plain.missing_left.left);
}

TEST(BlockScan, EveryInstructionSetGivesTheSameBits) {
  for (const InstructionSet set : {InstructionSet::kAvx2, InstructionSet::kAvx512}) {
    if (!IsAvailable(set)) continue;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      MadeUp made(seed, seed % 5 == 0 ? 0 : 40, seed % 2 == 0 ? 0 : 900, seed % 3 != 0);
      ExpectBaselinesBits(set, made);
    }
  }
}

TEST(BlockScan, BoundsAndSignsGiveTheSameBitsToo) {
  for (const InstructionSet set : {InstructionSet::kAvx2, InstructionSet::kAvx512}) {
    if (!IsAvailable(set)) continue;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      MadeUp made(seed, seed % 5 == 0 ? 0 : 40, seed % 2 == 0 ? 0 : 900, seed % 3 != 0);
      made.node.is_bounded = seed % 4 != 0;
      made.node.lower = -0.4;
      made.node.upper = seed % 8 == 1 ? std::numeric_limits<double>::infinity() : 0.9;
      made.node.any_sign = seed % 4 != 1;
      if (made.node.any_sign) made.node.sign = {1, -1, 0, 0, 1, 1, -1, 0};
      ExpectBaselinesBits(set, made);
    }
  }
}

// Hessians of 10; gradients of -10 and -5 at two codes and of 20 where the value is missing. The
// missing values alone on one side gain the most: 400 / 10 + 225 / 20. Their weight is -2, that of
// the others 0.75, so it rises where they are on the left and falls where they are on the right.
TEST(BlockScan, ASignTellsTheMissingValuesAloneOnTheLeftFromThemAloneOnTheRight) {
  ScanNode node;
  node.any_missing = true;
  node.any_sign = true;
  std::vector<PackedPair> entries(3 * kLanes);
  const std::int32_t gradients[] = {-10, -5, 20};
  for (std::size_t code = 0; code < 3; ++code) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      entries[code * kLanes + lane] =
          PackedPair{static_cast<std::uint32_t>(gradients[code])} << 32 | 10U;
    }
    node.total += entries[code * kLanes];
  }
  for (PackedPair& missing : node.missing) missing = entries[2 * kLanes];
  for (const double sign : {1.0, -1.0}) {
    node.sign.fill(sign);
    BlockSplits splits;
    Scan(BestInstructionSet(), {entries.data(), nullptr, true, 3}, node, &splits);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      if (sign > 0) {
        EXPECT_EQ(splits.missing_left.code[lane], LaneSplits::kNoCode);
        EXPECT_EQ(splits.missing_left.left[lane], node.missing[lane]);
      } else {
        EXPECT_EQ(splits.missing_right.code[lane], 1);
      }
    }
  }
}

TEST(BlockScan, NothingAdmissibleIsNone) {
  MadeUp made(3);
  made.node.min_hessian = static_cast<std::uint32_t>(made.node.total) / 2 + 1;
  BlockSplits splits;
  Scan(BestInstructionSet(), {made.entries.data(), nullptr, true, kHeight}, made.node, &splits);
  for (const std::int32_t code : splits.missing_right.code) EXPECT_EQ(code, LaneSplits::kNone);
}

}  // namespace
}  // namespace coppice::trainer
