#include "trainer/boost/leaf_quantiles.h"

#include <tbb/parallel_for.h>

#include <vector>

#include "trainer/objective/quantile.h"

namespace coppice::trainer {
namespace {

// NaN when no row counts.
float QuantileOfRows(const LeafQuantiles& rule, std::span<const RowIndex> rows) {
  std::vector<float> residuals;
  std::vector<float> weights;
  residuals.reserve(rows.size());
  if (!rule.weight.empty()) weights.reserve(rows.size());
  for (const RowIndex row : rows) {
    if (rule.gradients[row] == 0) continue;
    residuals.push_back(rule.label[row] - rule.margins[row]);
    if (!rule.weight.empty()) weights.push_back(rule.weight[row]);
  }
  return QuantileOf(residuals, weights, rule.alpha);
}

}  // namespace

void SetLeafQuantiles(const LeafQuantiles& rule, const RowPartition& partition,
                      std::span<float> sums, GrownTree* grown) {
  Tree& tree = grown->tree;
  tbb::parallel_for(std::size_t{0}, tree.left.size(), [&](std::size_t node) {
    if (!tree.IsLeaf(static_cast<std::int32_t>(node))) return;
    const std::span<const RowIndex> rows = partition.Rows(grown->leaf_rows[node]);
    const float quantile = QuantileOfRows(rule, rows);
    // The base weight stays what gradients said, as XGBoost has it.
    if (quantile == quantile) tree.threshold[node] = rule.eta * quantile;
    for (const RowIndex row : rows) sums[row] += tree.threshold[node];
  });
}

}  // namespace coppice::trainer
