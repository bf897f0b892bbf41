#include "trainer/boost/query_gradients.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include "base/random.h"
#include "trainer/objective/sum.h"

namespace coppice::trainer {

QueryGradients::QueryGradients(std::span<const RowIndex> rows, std::span<const float> label,
                               std::span<const float> weight, std::span<const std::int32_t> group)
    : order_(OrderByQuery(rows, group)) {
  label_.reserve(rows.size());
  for (const RowIndex row : order_.rows) label_.push_back(label[row]);
  const std::size_t n = order_.n_queries();
  weight_.reserve(n);
  id_.reserve(n);
  for (std::size_t q = 0; q < n; ++q) {
    const RowIndex first = order_.rows[order_.query_begin[q]];
    weight_.push_back(weight.empty() ? 1.0F : weight[first]);
    id_.push_back(static_cast<std::uint64_t>(group[first]));
  }
  const double sum = FixedSum(n, [&](std::size_t q) { return double{weight_[q]}; });
  if (!(sum > 0.0)) return;
  const double factor = static_cast<double>(n) / sum;
  for (float& w : weight_) w = static_cast<float>(w * factor);
}

void QueryGradients::Compute(const Objective& objective, std::span<const float> margins,
                             const RoundKey& key, std::span<GradientPair> pairs) const {
  const auto compute = [&](const tbb::blocked_range<std::size_t>& queries) {
    std::vector<float> of_query;
    std::vector<GradientPair> made;
    for (std::size_t q = queries.begin(); q < queries.end(); ++q) {
      const std::size_t begin = order_.query_begin[q];
      const std::size_t n = order_.query_begin[q + 1] - begin;
      const std::span<const RowIndex> rows(order_.rows.data() + begin, n);
      of_query.clear();
      for (const RowIndex row : rows) of_query.push_back(margins[row]);
      made.resize(n);
      const RandomStream draw(key.seed, {Purpose::kRankPairs, key.fold, key.round, id_[q]});
      objective.QueryGradients(of_query, {label_.data() + begin, n}, draw, made);
      for (std::size_t i = 0; i < n; ++i) {
        pairs[rows[i]] = {made[i].gradient * weight_[q], made[i].hessian * weight_[q]};
      }
    }
  };
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, order_.n_queries()), compute);
}

}  // namespace coppice::trainer
