#include "trainer/tree/block_scan.h"

#include "base/error.h"

namespace coppice::trainer {

void ScanBaseline(const ScanBlock& block, const ScanNode& node, BlockSplits* splits);
#ifdef COPPICE_X86_LOOPS
void ScanAvx2(const ScanBlock& block, const ScanNode& node, BlockSplits* splits);
void ScanAvx512(const ScanBlock& block, const ScanNode& node, BlockSplits* splits);
#endif

bool IsAvailable(InstructionSet set) {
  if (set == InstructionSet::kBaseline) return true;
#ifdef COPPICE_X86_LOOPS
  if (set == InstructionSet::kAvx2) return __builtin_cpu_supports("avx2") != 0;
  return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512vl") != 0;
#else
  return false;
#endif
}

InstructionSet BestInstructionSet() {
  static const InstructionSet best = [] {
    if (IsAvailable(InstructionSet::kAvx512)) return InstructionSet::kAvx512;
    return IsAvailable(InstructionSet::kAvx2) ? InstructionSet::kAvx2 : InstructionSet::kBaseline;
  }();
  return best;
}

void Scan(InstructionSet set, const ScanBlock& block, const ScanNode& node, BlockSplits* splits) {
  COPPICE_CHECK(IsAvailable(set), "only what the CPU has can run");
#ifdef COPPICE_X86_LOOPS
  if (set == InstructionSet::kAvx512) return ScanAvx512(block, node, splits);
  if (set == InstructionSet::kAvx2) return ScanAvx2(block, node, splits);
#endif
  ScanBaseline(block, node, splits);
}

}  // namespace coppice::trainer
