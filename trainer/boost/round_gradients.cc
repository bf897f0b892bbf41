#include "trainer/boost/round_gradients.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "base/error.h"
#include "trainer/boost/row_chunks.h"
#include "trainer/objective/clones.h"

namespace coppice::trainer {
namespace {

// Sums |g| and h of float pairs, as they are in memory, in a fixed shape.
COPPICE_CLONES GradientSum SumPairs(std::size_t n, const PackedPair* pairs) {
  constexpr std::size_t kParts = 8;
  double gradient[kParts] = {};
  double hessian[kParts] = {};
  const auto add = [&](std::size_t part, PackedPair word) {
    const auto pair = std::bit_cast<GradientPair>(word);
    gradient[part] += std::abs(pair.gradient);
    hessian[part] += pair.hessian;
  };
  std::size_t i = 0;
  for (; i + kParts <= n; i += kParts) {
    for (std::size_t part = 0; part < kParts; ++part) add(part, pairs[i + part]);
  }
  for (; i < n; ++i) add(i % kParts, pairs[i]);
  return {std::accumulate(gradient, gradient + kParts, 0.0),
          std::accumulate(hessian, hessian + kParts, 0.0)};
}

// Float pairs to packed ones; returns their sum.
COPPICE_CLONES PackedPair PackInPlace(std::size_t n, FixedPointScale scale, PackedPair* pairs) {
  PackedPair total = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto pair = std::bit_cast<GradientPair>(pairs[i]);
    pairs[i] = scale.Pack(pair.gradient, pair.hessian);
    total += pairs[i];
  }
  return total;
}

// Output k of `pairs` [n, n_outputs] to `target` [n].
void SpreadPairs(std::span<const GradientPair> pairs, std::size_t k, std::size_t n_outputs,
                 std::span<PackedPair> target) {
  if (n_outputs > 1) {
    for (std::size_t i = 0; i < target.size(); ++i) {
      target[i] = std::bit_cast<PackedPair>(pairs[i * n_outputs + k]);
    }
  } else {
    std::memcpy(target.data(), pairs.data(), target.size_bytes());
  }
}

// Sums [n_chunks, n_outputs] over the chunks, in their order.
std::vector<GradientSum> SumOfChunks(std::span<const GradientSum> chunks, std::size_t n_outputs) {
  std::vector<GradientSum> sums(n_outputs);
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    sums[i % n_outputs].gradient += chunks[i].gradient;
    sums[i % n_outputs].hessian += chunks[i].hessian;
  }
  return sums;
}

}  // namespace

RoundGradients::RoundGradients(const Objective& objective, const SessionData& data, SessionKey key)
    : objective_(objective),
      train_(data.train),
      label_(data.label),
      weight_(data.weight),
      upper_(data.label_upper),
      key_(key),
      n_rows_(data.matrix->n_rows()),
      n_outputs_(static_cast<std::size_t>(objective.n_outputs())),
      words_(n_rows_ * n_outputs_) {
  if (objective.coupling() == Coupling::kQueries) {
    queries_.emplace(train_, label_, weight_, data.group);
  }
  if (train_.size() == n_rows_) return;
  // Gradients are taken of all rows in their order. Of the rows that do not train they are dropped,
  // but their labels must be such that the objective can bear them.
  const float any = train_.empty() ? 0 : label_[train_.front()];
  own_label_.assign(n_rows_, any);
  for (const RowIndex row : train_) own_label_[row] = label_[row];
  label_ = own_label_;
  if (upper_.empty()) return;
  own_upper_.assign(n_rows_, std::numeric_limits<float>::infinity());
  for (const RowIndex row : train_) own_upper_[row] = upper_[row];
  upper_ = own_upper_;
}

void RoundGradients::Compute(const Margins& margins, std::uint64_t round,
                             const RowSampler* sampler) {
  if (objective_.coupling() != Coupling::kNone) ComputeCoupled(margins, round);
  std::vector<GradientSum> sums(ChunksOf(n_rows_) * n_outputs_);
  ForEachChunk(n_rows_, [&](std::size_t chunk, std::size_t begin, std::size_t end) {
    std::vector<GradientPair> pairs((end - begin) * n_outputs_);
    GradientsOfChunk(margins, begin, end, pairs);
    if (sampler != nullptr && !sampler->takes_all()) {
      sampler->Drop({round, 0}, chunk, n_outputs_, pairs);
    }
    for (std::size_t k = 0; k < n_outputs_; ++k) {
      const std::span<PackedPair> target = Words(k).subspan(begin, end - begin);
      SpreadPairs(pairs, k, n_outputs_, target);
      sums[chunk * n_outputs_ + k] = SumPairs(target.size(), target.data());
    }
  });
  sums_ = SumOfChunks(sums, n_outputs_);
  for (const GradientSum& sum : sums_) {
    if (std::isfinite(sum.gradient) && std::isfinite(sum.hessian)) continue;
    throw Error(ErrorKind::kData,
                fmt::format("the gradients of round {} are not finite", round + 1), {},
                "the labels or weights are too large for single precision: rescale them");
  }
}

void RoundGradients::CopyPairs(std::size_t output, std::span<GradientPair> pairs) const {
  const std::span<const PackedPair> words = Words(output);
  for (std::size_t i = 0; i < n_rows_; ++i) pairs[i] = std::bit_cast<GradientPair>(words[i]);
}

PackedGradients RoundGradients::Pack(std::size_t output) {
  return PackWords(Words(output), sums_[output]);
}

PackedGradients RoundGradients::PackSample(std::size_t output, const RowSampler& sampler,
                                           RowSampler::Name name) {
  const std::span<const PackedPair> words = Words(output);
  sample_.resize(n_rows_);
  const float threshold = sampler.by_gradient() ? sampler.Threshold(words) : 0;
  std::vector<GradientSum> sums(ChunksOf(n_rows_));
  ForEachChunk(n_rows_, [&](std::size_t chunk, std::size_t begin, std::size_t end) {
    std::vector<GradientPair> pairs(end - begin);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      pairs[i] = std::bit_cast<GradientPair>(words[begin + i]);
    }
    if (sampler.by_gradient()) {
      sampler.Scale(name, chunk, threshold, pairs);
    } else {
      sampler.Drop(name, chunk, 1, pairs);
    }
    const std::span<PackedPair> target(sample_.data() + begin, pairs.size());
    SpreadPairs(pairs, 0, 1, target);
    sums[chunk] = SumPairs(target.size(), target.data());
  });
  return PackWords(sample_, SumOfChunks(sums, 1).front());
}

PackedGradients RoundGradients::PackWords(std::span<PackedPair> words,
                                          const GradientSum& sum) const {
  PackedGradients packed;
  packed.pairs = words;
  packed.scale = FixedPointScale(sum.gradient, sum.hessian, train_.size());
  std::vector<PackedPair> totals(ChunksOf(n_rows_));
  ForEachChunk(n_rows_, [&](std::size_t chunk, std::size_t begin, std::size_t end) {
    totals[chunk] = PackInPlace(end - begin, packed.scale, words.data() + begin);
  });
  packed.total = std::accumulate(totals.begin(), totals.end(), PackedPair{0});
  return packed;
}

// `pairs` is [end - begin, n_outputs].
void RoundGradients::GradientsOfChunk(const Margins& margins, std::size_t begin, std::size_t end,
                                      std::span<GradientPair> pairs) const {
  if (!coupled_.empty()) {
    std::copy_n(coupled_.data() + begin * n_outputs_, pairs.size(), pairs.data());
    return;
  }
  const std::size_t n = end - begin;
  std::span<const float> chunk_margins = margins.Of(0).subspan(begin, n);
  std::vector<float> by_row(n_outputs_ == 1 ? 0 : n * n_outputs_);
  if (n_outputs_ > 1) {
    for (std::size_t k = 0; k < n_outputs_; ++k) {
      const std::span<const float> own = margins.Of(k).subspan(begin, n);
      for (std::size_t i = 0; i < n; ++i) by_row[i * n_outputs_ + k] = own[i];
    }
    chunk_margins = by_row;
  }
  const std::span<const float> weight = weight_.empty() ? weight_ : weight_.subspan(begin, n);
  Labels labels(label_.subspan(begin, n));
  if (!upper_.empty()) labels.upper = upper_.subspan(begin, n);
  objective_.Gradients(chunk_margins, labels, weight, pairs);
  DropOthers(begin, end, pairs);
}

// For an objective that couples rows: the pairs of all rows that train, and zeros elsewhere.
void RoundGradients::ComputeCoupled(const Margins& margins, std::uint64_t round) {
  if (queries_) {
    coupled_.assign(n_rows_, {});
    queries_->Compute(objective_, margins.Of(0), {key_.seed, key_.fold, round}, coupled_);
    return;
  }
  const std::size_t n = train_.size();
  std::vector<float> by_row(n * n_outputs_);
  for (std::size_t k = 0; k < n_outputs_; ++k) {
    const std::span<const float> own = margins.Of(k);
    for (std::size_t i = 0; i < n; ++i) by_row[i * n_outputs_ + k] = own[train_[i]];
  }
  std::vector<GradientPair> pairs(n * n_outputs_);
  objective_.Gradients(by_row, GatherRows(label_, train_), GatherRows(weight_, train_), pairs);
  coupled_.assign(n_rows_ * n_outputs_, {});
  for (std::size_t i = 0; i < n; ++i) {
    std::copy_n(pairs.data() + i * n_outputs_, n_outputs_,
                coupled_.data() + train_[i] * n_outputs_);
  }
}

// Rows of [begin, end) that are not of the training set: the gaps between those that are.
void RoundGradients::DropOthers(std::size_t begin, std::size_t end,
                                std::span<GradientPair> pairs) const {
  if (train_.size() == n_rows_) return;
  const auto drop = [&](std::size_t from, std::size_t to) {
    std::fill(pairs.begin() + static_cast<std::ptrdiff_t>((from - begin) * n_outputs_),
              pairs.begin() + static_cast<std::ptrdiff_t>((to - begin) * n_outputs_),
              GradientPair{});
  };
  std::size_t next = begin;
  auto row = std::lower_bound(train_.begin(), train_.end(), begin);
  for (; row != train_.end() && *row < end; ++row) {
    drop(next, *row);
    next = *row + std::size_t{1};
  }
  drop(next, end);
}

}  // namespace coppice::trainer
