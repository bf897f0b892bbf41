#include "trainer/tree/tree_work.h"

#include <algorithm>
#include <cstddef>

namespace coppice::trainer {
namespace {

// In additions, as measured on tables of 10,000 to 1,000,000 rows.
constexpr double kGradientOfRow = 6;  // and the update of its margin
constexpr double kMoveOfRow = 3;      // to one side of a split
constexpr double kLookAtEntry = 1;    // of a histogram: zeroing, subtracting, scanning

}  // namespace

double TreeWork(const Tree& tree, const BinnedMatrix& matrix, std::size_t n_rows) {
  double n_entries = 0;
  for (const FeatureCuts& feature : matrix.cuts().features) n_entries += feature.n_bins();
  const auto rows = static_cast<double>(n_rows);
  const auto columns = static_cast<double>(matrix.n_columns());
  double work = rows * (kGradientOfRow + columns) + n_entries * kLookAtEntry;
  const double all = std::max(1e-30, static_cast<double>(tree.sum_hessian.front()));
  for (std::int32_t node = 0; node < tree.n_nodes(); ++node) {
    if (tree.IsLeaf(node)) continue;
    const auto i = static_cast<std::size_t>(node);
    work += rows * tree.sum_hessian[i] / all * kMoveOfRow;
    // Children that both stay leaves lie, as a rule, at the depth where none is looked for.
    if (tree.IsLeaf(tree.left[i]) && tree.IsLeaf(tree.right[i])) continue;
    const double small = std::min(tree.sum_hessian[static_cast<std::size_t>(tree.left[i])],
                                  tree.sum_hessian[static_cast<std::size_t>(tree.right[i])]);
    work += rows * small / all * columns + 2 * n_entries * kLookAtEntry;
  }
  return work;
}

}  // namespace coppice::trainer
