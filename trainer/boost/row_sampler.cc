#include "trainer/boost/row_sampler.h"

#include <vector>

#include "base/random.h"

namespace coppice::trainer {

void RowSampler::Drop(std::uint64_t round, std::uint64_t chunk, std::size_t n_outputs,
                      std::span<GradientPair> pairs) const {
  RandomStream stream(seed_, {Purpose::kRowSample, fold_, round << 32 | chunk});
  std::vector<std::uint32_t> drawn(pairs.size() / n_outputs);
  stream.Fill(drawn);
  const auto keep_below = static_cast<std::uint32_t>(share_ * 0x1p32);
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const float kept = drawn[i] < keep_below ? 1.0F : 0.0F;
    for (std::size_t k = 0; k < n_outputs; ++k) {
      pairs[i * n_outputs + k].gradient *= kept;
      pairs[i * n_outputs + k].hessian *= kept;
    }
  }
}

}  // namespace coppice::trainer
