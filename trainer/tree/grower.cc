#include "trainer/tree/grower.h"

#include <algorithm>

#include "base/error.h"
#include "trainer/tree/growth.h"

namespace coppice::trainer {
namespace {

// What a session may keep for the histograms of open nodes: enough that all leaves of usual trees
// have theirs, little enough that hundreds of sessions fit.
constexpr std::size_t kPoolBytes = std::size_t{16} << 20;
constexpr int kLeastBuffers = 4;

// Depth-first growth holds one more than there are levels on its way down.
int PoolCapacity(const HistogramLayout& layout, const TrainParams& params) {
  const std::size_t bytes = std::max<std::size_t>(1, layout.size() * sizeof(PackedPair));
  return std::max({kLeastBuffers, params.max_depth + 1, static_cast<int>(kPoolBytes / bytes)});
}

}  // namespace

std::size_t HistogramBytes(const BinnedMatrix& matrix, const TrainParams& params, int threads) {
  const HistogramLayout layout(matrix);
  const std::size_t bytes = layout.size() * sizeof(PackedPair);
  int buffers = PoolCapacity(layout, params);
  const bool depth_first = params.grow_policy == GrowPolicy::kDepthwise && params.max_leaves == 0 &&
                           params.max_depth > 0;
  // Each thread on its way down has one a level, and the sibling of the last.
  if (depth_first) buffers = std::min(buffers, (params.max_depth + 1) * threads);
  // Each thread may borrow one beyond the pool, and sum a share of its own.
  return bytes * static_cast<std::size_t>(buffers + 2 * threads);
}

TreeGrower::TreeGrower(const BinnedMatrix& matrix, const TrainParams& params,
                       RowPartition& partition, InstructionSet instructions, const WorkLimit* limit)
    : matrix_(matrix),
      params_(params),
      partition_(partition),
      instructions_(instructions),
      layout_(matrix),
      builder_(matrix_, layout_),
      pool_(layout_.size(), PoolCapacity(layout_, params)),
      limit_(limit) {
  const auto fits = [&](const FeatureNumbers& numbers) {
    return numbers.by_name.empty() &&
           (numbers.by_position.empty() ||
            numbers.by_position.size() == static_cast<std::size_t>(matrix.n_features()));
  };
  COPPICE_CHECK(fits(params.monotone_constraints) && fits(params.feature_weights) &&
                    params.interaction_constraints.by_name.empty(),
                "ResolveFeatures has turned names into positions");
}

GrownTree TreeGrower::Grow(std::span<const PackedPair> gradients, FixedPointScale scale,
                           PackedPair total, TreeKey key, std::span<float> margins,
                           LeafUse leaf_use) {
  return Growth(*this, gradients, scale, total, key, margins, leaf_use).Run();
}

}  // namespace coppice::trainer
