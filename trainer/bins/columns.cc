#include "trainer/bins/columns.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace coppice::trainer {
namespace {

// A shared column saves histogram updates, a few a row, and costs marginal sums, some hundreds a
// node: below this many rows the nodes are too small.
constexpr std::size_t kLeastRows = 16384;
// Features of more bins leave no room for others.
constexpr int kMostBins = 64;
// Open columns that a feature is tried in.
constexpr std::size_t kTried = 4;

// Numbers the pairs (code, bin) in the order in which they first occur.
class Pairs {
 public:
  Pairs(int n_codes, int n_bins)
      : n_bins_(static_cast<std::size_t>(n_bins)),
        number_(static_cast<std::size_t>(n_codes) * n_bins_, kNone) {}

  // False when there would be more than kMaxCodes.
  bool Add(std::uint8_t code, std::uint8_t bin) {
    std::int16_t& number = number_[code * n_bins_ + bin];
    if (number != kNone) return true;
    if (pairs_.size() == kMaxCodes) return false;
    number = static_cast<std::int16_t>(pairs_.size());
    pairs_.push_back({code, bin});
    return true;
  }
  std::uint8_t Number(std::uint8_t code, std::uint8_t bin) const {
    return static_cast<std::uint8_t>(number_[code * n_bins_ + bin]);
  }
  // By number.
  const std::vector<std::pair<std::uint8_t, std::uint8_t>>& pairs() const { return pairs_; }

 private:
  static constexpr std::int16_t kNone = -1;
  std::size_t n_bins_;
  std::vector<std::int16_t> number_;
  std::vector<std::pair<std::uint8_t, std::uint8_t>> pairs_;
};

std::optional<Pairs> CombinationsOf(const Column& column, const std::vector<std::uint8_t>& bins,
                                    int n_bins) {
  // A sample first: most that do not fit show it there.
  const std::size_t n_rows = bins.size();
  for (const std::size_t step : {std::max<std::size_t>(1, n_rows / 2048), std::size_t{1}}) {
    Pairs pairs(column.n_codes, n_bins);
    bool fits = true;
    for (std::size_t row = 0; fits && row < n_rows; row += step) {
      fits = pairs.Add(column.codes[row], bins[row]);
    }
    if (!fits) return std::nullopt;
    if (step == 1) return pairs;
  }
  return std::nullopt;
}

void Join(Column& column, int feature, const std::vector<std::uint8_t>& bins, const Pairs& pairs) {
  for (Column::Member& member : column.members) {
    std::vector<std::uint8_t> bin_of_code;
    for (const auto& [code, bin] : pairs.pairs()) {
      bin_of_code.push_back(member.bin_of_code.empty() ? code : member.bin_of_code[code]);
    }
    member.bin_of_code = std::move(bin_of_code);
  }
  Column::Member joined{feature, {}};
  for (const auto& [code, bin] : pairs.pairs()) joined.bin_of_code.push_back(bin);
  column.members.push_back(std::move(joined));
  column.n_codes = static_cast<int>(pairs.pairs().size());
  for (std::size_t row = 0; row < bins.size(); ++row) {
    column.codes[row] = pairs.Number(column.codes[row], bins[row]);
  }
}

// Whether one of the last few columns took the feature in.
bool Share(std::vector<Column>& open, int feature, const std::vector<std::uint8_t>& bins,
           int n_bins) {
  const std::size_t first = open.size() - std::min(open.size(), kTried);
  for (std::size_t i = first; i < open.size(); ++i) {
    if (const std::optional<Pairs> pairs = CombinationsOf(open[i], bins, n_bins)) {
      Join(open[i], feature, bins, *pairs);
      return true;
    }
  }
  return false;
}

}  // namespace

std::vector<Column> MakeColumns(FeatureBins features) {
  std::vector<Column> columns;
  std::vector<Column> open;
  for (std::size_t f = 0; f < features.bins.size(); ++f) {
    const int feature = static_cast<int>(f);
    std::vector<std::uint8_t>& bins = features.bins[f];
    const int n_bins = features.n_bins[f];
    const bool may_share = bins.size() >= kLeastRows && n_bins <= kMostBins;
    if (may_share && Share(open, feature, bins, n_bins)) {
      bins = {};
      continue;
    }
    (may_share ? open : columns).push_back({{{feature, {}}}, n_bins, std::move(bins)});
  }
  std::move(open.begin(), open.end(), std::back_inserter(columns));
  std::stable_sort(columns.begin(), columns.end(),
                   [](const Column& a, const Column& b) { return a.n_codes > b.n_codes; });
  return columns;
}

}  // namespace coppice::trainer
