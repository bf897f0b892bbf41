#include "trainer/bins/binned_matrix.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <cmath>
#include <utility>

#include "base/error.h"

namespace coppice::trainer {

BinnedMatrix::BinnedMatrix(const Dataset& data, QuantileCuts cuts)
    : cuts_(std::move(cuts)), n_rows_(data.n_rows) {
  COPPICE_CHECK(cuts_.features.size() == data.n_features(), "cuts are of this data");
  words_.assign(static_cast<std::size_t>(n_blocks()) * n_rows_, 0);
  constexpr RowIndex kRowsPerTask = 16384;
  tbb::parallel_for(0, n_blocks(), [&](int block) {
    std::uint64_t* words = words_.data() + static_cast<std::size_t>(block) * n_rows_;
    const int last = std::min(n_features(), (block + 1) * kLanes);
    tbb::parallel_for(
        tbb::blocked_range<RowIndex>(0, n_rows_, kRowsPerTask), [&](const auto& rows) {
          for (int feature = block * kLanes; feature < last; ++feature) {
            const auto f = static_cast<std::size_t>(feature);
            const FeatureCuts& of_feature = cuts_.features[f];
            const float* values = data.values[f].data();
            const int shift = 8 * (feature % kLanes);
            for (RowIndex row = rows.begin(); row != rows.end(); ++row) {
              const std::uint64_t bin =
                  std::isnan(values[row]) ? kMissingBin : of_feature.BinOf(values[row]);
              words[row] |= bin << shift;
            }
          }
        });
  });
}

std::size_t BinnedMatrix::Bytes() const {
  std::size_t bytes = words_.size() * sizeof(std::uint64_t);
  for (const FeatureCuts& feature : cuts_.features) bytes += feature.cuts.size() * sizeof(float);
  return bytes;
}

}  // namespace coppice::trainer
