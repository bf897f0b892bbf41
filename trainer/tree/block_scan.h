#pragma once
// Finds, for the 8 columns of a histogram block side by side, behind which code to split best.
//
// With m = G / (H + 2 lambda) and c = G_left - m (H_left + lambda), the loss change of a split is
//   c^2 (H + 2 lambda) / ((H_left + lambda) (H_right + lambda)) + a constant of the node,
// for any G and lambda, because the c of the two sides are opposite. So codes are ranked by
// c^2 / ((H_left + lambda) (H_right + lambda)): one division a code and no difference of gains,
// which is what makes single precision enough. With L1 regularisation, or where one side of a split
// may be less than a millionth of the node, the gain itself is taken in double precision.
//
// Where weights are bounded (max_delta_step, monotone constraints) many splits are worth the same.
// Then the loss change is taken step by step as FeatureSplits::LossChange takes it, so that the
// same split wins to the last bit.
//
// Ranked is not measured: whoever reads the result computes the loss change of the winners exactly.
//
// The loops are compiled for several instruction sets from one source (block_scan_loops.inc)
// without contraction, so each gives the same bits.

#include <array>
#include <cstdint>

#include "trainer/bins/binned_matrix.h"
#include "trainer/tree/fixed_point.h"

namespace coppice::trainer {

enum class InstructionSet { kBaseline, kAvx2, kAvx512 };

// Whether this CPU has it (and this build the loops for it).
bool IsAvailable(InstructionSet set);
// The widest that is available.
InstructionSet BestInstructionSet();

// The node whose split is sought. Sums and weights are in units of the fixed point.
struct ScanNode {
  PackedPair total = 0;
  double lambda = 0;  // of the hessian's unit
  double alpha = 0;   // of the gradient's unit
  std::uint32_t min_hessian = 1;
  bool any_missing = false;
  std::array<PackedPair, kLanes> missing{};  // of each lane's feature
  // Where weights are bounded: between which ones both sides must stay, in the gradient's unit over
  // the hessian's.
  bool is_bounded = false;
  double lower = 0;
  double upper = 0;
  // Of each lane's feature, where any has one: what the weight must do from left to right, rise
  // (1), fall (-1), or either (0).
  bool any_sign = false;
  std::array<double, kLanes> sign{};
};

// For each lane: the last code on the left, and what lies left of it. kNone: no admissible split.
// kNoCode: the missing values alone, which is a split of its own only where there is a sign.
struct LaneSplits {
  static constexpr std::int32_t kNoCode = -1;
  static constexpr std::int32_t kNone = -2;
  std::array<std::int32_t, kLanes> code;
  std::array<PackedPair, kLanes> left;
};

struct BlockSplits {
  LaneSplits missing_right;  // ties go to the lower code
  LaneSplits missing_left;   // ties go to the higher code; filled only where any_missing
};

// histogram [height][kLanes]. With a `sibling`, the histogram's entries are first made less by the
// sibling's; they are written back where `keep`.
struct ScanBlock {
  PackedPair* histogram = nullptr;
  const PackedPair* sibling = nullptr;
  bool keep = false;
  int height = 0;
};

void Scan(InstructionSet set, const ScanBlock& block, const ScanNode& node, BlockSplits* splits);

}  // namespace coppice::trainer
