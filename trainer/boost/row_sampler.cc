#include "trainer/boost/row_sampler.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "base/random.h"
#include "trainer/boost/row_chunks.h"
#include "trainer/objective/clones.h"

namespace coppice::trainer {
namespace {

// The paper's lambda; XGBoost fixes it too.
constexpr float kHessianShare = 0.1F;

float MeasureOf(GradientPair pair) {
  return std::sqrt(pair.gradient * pair.gradient + kHessianShare * pair.hessian * pair.hessian);
}

COPPICE_CLONES void Measure(std::size_t n, const PackedPair* pairs, float* measures) {
  for (std::size_t i = 0; i < n; ++i)
    measures[i] = MeasureOf(std::bit_cast<GradientPair>(pairs[i]));
}

// The sum of the measures below a threshold, and how many are not below it.
struct Cut {
  double below = 0;
  double n_above = 0;
};

// In a fixed shape.
COPPICE_CLONES Cut CutChunk(std::size_t n, const float* measures, float threshold) {
  constexpr std::size_t kParts = 8;
  double below[kParts] = {};
  double n_above[kParts] = {};
  const auto add = [&](std::size_t part, float measure) {
    const bool is_below = measure < threshold;
    below[part] += is_below ? static_cast<double>(measure) : 0.0;
    n_above[part] += is_below ? 0.0 : 1.0;
  };
  std::size_t i = 0;
  for (; i + kParts <= n; i += kParts) {
    for (std::size_t part = 0; part < kParts; ++part) add(part, measures[i + part]);
  }
  for (; i < n; ++i) add(i % kParts, measures[i]);
  return {std::accumulate(below, below + kParts, 0.0),
          std::accumulate(n_above, n_above + kParts, 0.0)};
}

Cut CutAt(std::span<const float> measures, float threshold) {
  std::vector<Cut> chunks(ChunksOf(measures.size()));
  ForEachChunk(measures.size(), [&](std::size_t chunk, std::size_t begin, std::size_t end) {
    chunks[chunk] = CutChunk(end - begin, measures.data() + begin, threshold);
  });
  Cut total;
  for (const Cut& cut : chunks) {
    total.below += cut.below;
    total.n_above += cut.n_above;
  }
  return total;
}

}  // namespace

RowSampler::RowSampler(const TrainParams& params, std::uint64_t seed, std::uint64_t fold,
                       std::size_t n_rows)
    : share_(params.subsample),
      by_gradient_(params.sampling_method == SamplingMethod::kGradientBased),
      seed_(seed),
      fold_(fold),
      n_wanted_(std::max<std::size_t>(
          1, static_cast<std::size_t>(params.subsample * static_cast<double>(n_rows)))) {}

void RowSampler::Draw(Name name, std::uint64_t chunk, std::span<std::uint32_t> numbers) const {
  RandomStream(seed_, {Purpose::kRowSample, fold_, name.round << 32 | chunk, name.tree})
      .Fill(numbers);
}

void RowSampler::Drop(Name name, std::uint64_t chunk, std::size_t n_outputs,
                      std::span<GradientPair> pairs) const {
  std::vector<std::uint32_t> drawn(pairs.size() / n_outputs);
  Draw(name, chunk, drawn);
  const auto keep_below = static_cast<std::uint32_t>(share_ * 0x1p32);
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const float kept = drawn[i] < keep_below ? 1.0F : 0.0F;
    for (std::size_t k = 0; k < n_outputs; ++k) {
      pairs[i * n_outputs + k].gradient *= kept;
      pairs[i * n_outputs + k].hessian *= kept;
    }
  }
}

// The sum over min(c, t) - n_wanted * t is concave in t and 0 at the threshold sought. From above,
// where the chances add up to too little, Newton's steps go down to it and end there, as the sum is
// made of straight lines.
float RowSampler::Threshold(std::span<const PackedPair> pairs) const {
  std::vector<float> measures(pairs.size());
  ForEachChunk(pairs.size(), [&](std::size_t, std::size_t begin, std::size_t end) {
    Measure(end - begin, pairs.data() + begin, measures.data() + begin);
  });
  const auto n_wanted = static_cast<double>(n_wanted_);
  float threshold = std::numeric_limits<float>::infinity();
  while (true) {
    const Cut cut = CutAt(measures, threshold);
    if (cut.n_above >= n_wanted || cut.below <= 0) return 0;
    const auto next = static_cast<float>(cut.below / (n_wanted - cut.n_above));
    if (!(next < threshold)) return threshold;
    threshold = next;
  }
}

void RowSampler::Scale(Name name, std::uint64_t chunk, float threshold,
                       std::span<GradientPair> pairs) const {
  std::vector<std::uint32_t> drawn(pairs.size());
  Draw(name, chunk, drawn);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const float measure = MeasureOf(pairs[i]);
    if (measure >= threshold) continue;
    const float chance = measure / threshold;
    const bool kept = static_cast<double>(drawn[i]) < static_cast<double>(chance) * 0x1p32;
    const float factor = kept ? 1.0F / chance : 0.0F;
    pairs[i].gradient *= factor;
    pairs[i].hessian *= factor;
  }
}

}  // namespace coppice::trainer
