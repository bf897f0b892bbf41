#pragma once
// Which leaf a row of the matrix reaches: for rows that took no part in growing the tree.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "trainer/bins/binned_matrix.h"
#include "trainer/tree/grower.h"

namespace coppice::trainer {

// Borrows the matrix and the tree. Immutable; thread-safe.
class BinnedWalk {
 public:
  BinnedWalk(const BinnedMatrix& matrix, const GrownTree& grown);

  std::int32_t LeafOf(RowIndex row) const;
  // Adds each row's leaf value times `weight` to margins[row], both rounded to float.
  void AddLeafValues(std::span<const RowIndex> rows, std::span<float> margins,
                     float weight = 1) const;

 private:
  static constexpr std::size_t kWalkers = 8;

  struct Node {
    const std::uint8_t* codes;
    std::int32_t child[2];  // right, left; itself at a leaf
    std::uint32_t table;    // of the node's decisions
  };

  void Step(const RowIndex* rows, std::int32_t* at, std::size_t n) const;

  const Tree& tree_;
  int depth_ = 0;
  std::vector<Node> nodes_;
  std::vector<std::array<std::uint8_t, kMaxCodes>> tables_;  // 1 for left, by code
};

}  // namespace coppice::trainer
