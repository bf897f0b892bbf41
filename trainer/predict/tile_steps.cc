#include "trainer/predict/tile_steps.h"

#include <array>
#include <bit>
#include <limits>

#include "trainer/objective/clones.h"

namespace coppice::trainer {
namespace {

// Whether each of a node's rows goes right, decided by all rows of one column.
struct Test {
  Test(const FlatTrees::FullNode& node, const std::int32_t* cells)
      : column(cells + node.column), key(node.key) {}
  bool operator()(std::size_t i) const { return column[i] >= key; }

  const std::int32_t* column;
  std::int32_t key;
};

// The three levels below the root's left (0) or right (1) child: the position of one of 8 nodes of
// the fifth level.
inline __attribute__((always_inline)) void Half(const FlatTrees::FullNode* nodes, std::size_t half,
                                                const std::int32_t* cells, std::size_t n,
                                                std::uint32_t* at) {
  const Test root(nodes[1 + half], cells);
  const Test left(nodes[3 + 2 * half], cells);
  const Test right(nodes[4 + 2 * half], cells);
  const FlatTrees::FullNode* last = nodes + 7 + 4 * half;
  const Test a(last[0], cells);
  const Test b(last[1], cells);
  const Test c(last[2], cells);
  const Test d(last[3], cells);
  const auto end = static_cast<std::uint32_t>(15 + 8 * half);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t at_a = end + static_cast<std::uint32_t>(a(i));
    const std::uint32_t at_b = end + 2 + static_cast<std::uint32_t>(b(i));
    const std::uint32_t at_c = end + 4 + static_cast<std::uint32_t>(c(i));
    const std::uint32_t at_d = end + 6 + static_cast<std::uint32_t>(d(i));
    const std::uint32_t at_left = left(i) ? at_b : at_a;
    const std::uint32_t at_right = right(i) ? at_d : at_c;
    at[i] = root(i) ? at_right : at_left;
  }
}

}  // namespace

std::int32_t KeyOf(float value) {
  // The sum makes 0 of -0. Of two negative numbers the one with the larger bits is the smaller.
  const auto bits = std::bit_cast<std::int32_t>(value + 0.0f);
  return bits ^ ((bits >> 31) & 0x7FFFFFFF);
}

COPPICE_CLONES void ToKeys(const float* values, std::size_t n, std::int32_t missing,
                           std::int32_t* keys) {
  for (std::size_t i = 0; i < n; ++i) {
    const float value = values[i];
    const auto bits = std::bit_cast<std::int32_t>(value + 0.0f);
    const std::int32_t key = bits ^ ((bits >> 31) & 0x7FFFFFFF);
    keys[i] = value != value ? missing : key;
  }
}

void ToCodes(const float* values, std::size_t n, std::int32_t* codes) {
  for (std::size_t i = 0; i < n; ++i) {
    const float value = values[i];
    std::int32_t code = kNoCode;
    if (value != value) {
      code = kMissingCode;
    } else if (value >= 0 && value < static_cast<float>(kNoCode)) {
      const auto whole = static_cast<std::int32_t>(value);
      if (static_cast<float>(whole) == value) code = whole;
    }
    codes[i] = code;
  }
}

COPPICE_CLONES void TopLevels(const FlatTrees::FullNode* nodes, const std::int32_t* cells,
                              std::size_t n, std::uint32_t* at) {
  std::array<std::uint32_t, kTileStep> left;
  std::array<std::uint32_t, kTileStep> right;
  for (std::size_t begin = 0; begin < n; begin += kTileStep) {
    const std::int32_t* rows = cells + begin;
    Half(nodes, 0, rows, kTileStep, left.data());
    Half(nodes, 1, rows, kTileStep, right.data());
    const Test root(nodes[0], rows);
    for (std::size_t i = 0; i < kTileStep; ++i) at[begin + i] = root(i) ? right[i] : left[i];
  }
}

// Vectorised, its loads become gathers, which are slower than the loads themselves.
#if defined(__GNUC__) && !defined(__clang__)
__attribute__((optimize("no-tree-vectorize", "unroll-loops")))
#endif
void NextLevel(const FlatTrees::FullNode* nodes, const std::int32_t* cells, std::size_t n,
               std::uint32_t* at) {
  for (std::size_t i = 0; i < n; ++i) {
    const FlatTrees::FullNode node = nodes[at[i]];
    at[i] = 2 * at[i] + 1 + static_cast<std::uint32_t>(cells[node.column + i] >= node.key);
  }
}

bool NextLink(const FlatTrees::LinkedNode* nodes, const std::uint32_t* sets,
              const std::int32_t* cells, std::size_t n, std::uint32_t* at) {
  std::uint32_t moved = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const FlatTrees::LinkedNode node = nodes[at[i]];
    const std::int32_t cell = cells[node.column + i];
    auto goes_right = static_cast<std::uint32_t>(cell >= node.key);
    if (sets != nullptr && node.is_set != 0) {
      const std::uint32_t word = sets[static_cast<std::size_t>(node.key + (cell >> 5))];
      goes_right = word >> (static_cast<std::uint32_t>(cell) & 31U) & 1U;
    }
    const std::uint32_t next = node.left + goes_right;
    moved |= next ^ at[i];
    at[i] = next;
  }
  return moved != 0;
}

}  // namespace coppice::trainer
