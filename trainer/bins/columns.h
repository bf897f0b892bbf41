#pragma once
// Which features share a stored column.
//
// A byte tells 256 codes apart, and many features have few bins: flags, small counts, the parts of
// a one-hot group. As long as the combinations of bins that really occur in the data stay within
// 256, such features are stored as one column, whose histogram is summed in one go and holds theirs
// as marginal sums. Nothing is lost, so unlike the exclusive feature bundling of Ke et al. 2017
// (LightGBM, section 4) no conflict is tolerated, and features need not be exclusive.

#include <cstdint>
#include <vector>

#include "trainer/data/dataset.h"

namespace coppice::trainer {

inline constexpr int kMaxCodes = 256;

struct Column {
  struct Member {
    int feature = 0;
    std::vector<std::uint8_t> bin_of_code;  // [n_codes]; empty where a code is the bin itself
  };

  std::vector<Member> members;  // ascending by feature
  int n_codes = 0;
  std::vector<std::uint8_t> codes;  // [n_rows]

  bool is_shared() const { return members.size() > 1; }
  std::uint8_t BinOf(int member, std::uint8_t code) const {
    const std::vector<std::uint8_t>& bins = members[static_cast<std::size_t>(member)].bin_of_code;
    return bins.empty() ? code : bins[code];
  }
};

struct FeaturePlace {
  int column = 0;
  int member = 0;  // of the column
};

// One column a feature: bins [n_features][n_rows], of which feature f has n_bins[f] (missing
// included).
struct FeatureBins {
  std::vector<std::vector<std::uint8_t>> bins;
  std::vector<int> n_bins;
};

// Features of few bins are put together where the data have rows enough for it to pay. The result
// depends on nothing but the bins.
std::vector<Column> MakeColumns(FeatureBins features);

}  // namespace coppice::trainer
