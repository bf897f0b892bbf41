#include "trainer/bins/binned_matrix.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <array>
#include <utility>

#include "base/error.h"
#include "trainer/bins/bin_lookup.h"

namespace coppice::trainer {
namespace {

constexpr RowIndex kRowsPerTask = 16384;

FeatureBins BinAll(const Dataset& data, const QuantileCuts& cuts) {
  FeatureBins result;
  result.bins.resize(data.n_features());
  result.n_bins.resize(data.n_features());
  tbb::parallel_for(std::size_t{0}, data.n_features(), [&](std::size_t f) {
    const FeatureCuts& of_feature = cuts.features[f];
    result.n_bins[f] = of_feature.n_bins() + (of_feature.has_missing ? 1 : 0);
    std::vector<std::uint8_t>& bins = result.bins[f];
    bins.resize(data.n_rows);
    const BinLookup lookup(of_feature, data.n_rows);
    tbb::parallel_for(tbb::blocked_range<RowIndex>(0, data.n_rows, kRowsPerTask),
                      [&](const auto& rows) {
                        lookup.BinsOf({data.values[f].data() + rows.begin(), rows.size()},
                                      bins.data() + rows.begin());
                      });
  });
  return result;
}

}  // namespace

BinnedMatrix::BinnedMatrix(const Dataset& data, QuantileCuts cuts)
    : cuts_(std::move(cuts)), n_rows_(data.n_rows) {
  COPPICE_CHECK(cuts_.features.size() == data.n_features(), "cuts are of this data");
  columns_ = MakeColumns(BinAll(data, cuts_));
  places_.resize(data.n_features());
  for (int c = 0; c < n_columns(); ++c) {
    for (std::size_t m = 0; m < column(c).members.size(); ++m) {
      places_[static_cast<std::size_t>(column(c).members[m].feature)] = {c, static_cast<int>(m)};
    }
  }
  const auto n_blocks_a_row = static_cast<std::size_t>(n_blocks());
  words_.resize(n_blocks_a_row * n_rows_ + kWindow);
  tbb::parallel_for(tbb::blocked_range<RowIndex>(0, n_rows_, kRowsPerTask), [&](const auto& rows) {
    for (int block = 0; block < n_blocks(); ++block) FillWords(block, rows.begin(), rows.end());
  });
}

void BinnedMatrix::FillWords(int block, RowIndex begin, RowIndex end) {
  const auto n_blocks_a_row = static_cast<std::size_t>(n_blocks());
  std::uint64_t* const words = words_.data() + static_cast<std::size_t>(block);
  const int first = block * kLanes;
  if (n_columns() - first < kLanes) {
    for (int c = first; c < n_columns(); ++c) {
      const std::uint8_t* codes = Codes(c);
      for (RowIndex row = begin; row < end; ++row) {
        words[row * n_blocks_a_row] |= std::uint64_t{codes[row]} << (8 * (c - first));
      }
    }
    return;
  }
  // A word at once, since the words of one block lie too far apart to be touched eight times.
  std::array<const std::uint8_t*, kLanes> codes;
  for (int lane = 0; lane < kLanes; ++lane) {
    codes[static_cast<std::size_t>(lane)] = Codes(first + lane);
  }
  for (RowIndex row = begin; row < end; ++row) {
    std::uint64_t word = 0;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      word |= std::uint64_t{codes[lane][row]} << (8 * lane);
    }
    words[row * n_blocks_a_row] = word;
  }
}

std::size_t BinnedMatrix::Bytes() const {
  std::size_t bytes = words_.size() * sizeof(std::uint64_t);
  for (const Column& column : columns_) bytes += column.codes.size();
  for (const FeatureCuts& feature : cuts_.features) bytes += feature.cuts.size() * sizeof(float);
  return bytes;
}

}  // namespace coppice::trainer
