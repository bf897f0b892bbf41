#include "trainer/predict/flat_trees.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "trainer/predict/tile_steps.h"

namespace coppice::trainer {
namespace {

constexpr std::int32_t kLeast = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max();

// The full part of a tree has 2^levels nodes at most this many; and at most four times as many as
// the tree has leaves, so that a long and thin tree stays small.
constexpr int kMostFullLevels = 12;
// Below the fourth level a position of the full part pays when so many rows go through the tree.
constexpr std::size_t kRowsAFullNode = 4;

// A tile of this many cells or fewer stays in the second cache.
constexpr std::size_t kTileCells = 65536;
constexpr std::size_t kMostTileRows = 64;

}  // namespace

// Fills a FlatTrees, tree by tree: what hangs on it is how soon few rows are predicted, so a tree
// is gone through once, and its full part is made from the links.
class FlatTrees::Builder {
 public:
  Builder(FlatTrees* flat, std::size_t n_rows)
      : flat_(*flat), most_full_levels_(MostFullLevels(n_rows)) {}

  void Add(const Tree& tree, float weight) {
    Layout layout;
    layout.first_full = flat_.full_.size();
    layout.first_linked = flat_.linked_.size();
    layout.first_entry = flat_.entries_.size();
    layout.first_leaf = flat_.values_.size();
    const int depth = Link(tree, &layout.has_sets);
    if (!layout.has_sets) {
      const int wide = static_cast<int>(std::bit_width(nodes_.size() / 2 + 1)) + 1;
      layout.full_levels = std::max(kTopLevels, std::min({depth, wide, most_full_levels_}));
    }
    layout.has_links = depth > layout.full_levels;
    AddFull(layout.full_levels);
    const std::size_t n_ends = std::size_t{1} << layout.full_levels;
    const std::span<const std::uint32_t> ends(&places_[n_ends - 1], n_ends);
    if (layout.has_links) {
      flat_.entries_.insert(flat_.entries_.end(), ends.begin(), ends.end());
      flat_.linked_.insert(flat_.linked_.end(), nodes_.begin(), nodes_.end());
      for (const std::int32_t node : reached_) AddLeaf(tree, node, weight);
    } else {
      for (const std::uint32_t place : ends) AddLeaf(tree, reached_[place], weight);
    }
    flat_.trees_.push_back(layout);
  }

  // Once all trees are there.
  void Finish() {
    // A tree of one leaf looks at a column, too.
    if (flat_.columns_.empty()) flat_.columns_.push_back({0, View::kMissingRight});
    const std::size_t fit = kTileCells / flat_.columns_.size();
    const std::size_t rows = std::clamp(fit / kTileStep * kTileStep, kTileStep, kMostTileRows);
    flat_.tile_rows_ = rows;
    // So far a column is its number.
    const auto scale = static_cast<std::uint32_t>(rows);
    for (FullNode& node : flat_.full_) node.column *= scale;
    for (LinkedNode& node : flat_.linked_) node.column = (node.column * scale) & 0x7FFFFFFFU;
  }

 private:
  static int MostFullLevels(std::size_t n_rows) {
    return std::min(kMostFullLevels, static_cast<int>(std::bit_width(n_rows / kRowsAFullNode)));
  }

  // The number of the column that shows the values that `node` asks for.
  std::uint32_t ColumnOf(const Tree& tree, std::size_t node) {
    const View view = tree.is_categorical[node] != 0 ? View::kCode
                      : tree.default_left[node] != 0 ? View::kMissingLeft
                                                     : View::kMissingRight;
    const std::size_t at =
        3 * static_cast<std::size_t>(tree.feature[node]) + static_cast<std::size_t>(view);
    if (at >= number_of_column_.size()) number_of_column_.resize(at + 1, kNoNumber);
    std::uint32_t& number = number_of_column_[at];
    if (number == kNoNumber) {
      number = static_cast<std::uint32_t>(flat_.columns_.size());
      flat_.columns_.push_back({tree.feature[node], view});
    }
    return number;
  }

  // The nodes that the root leads to, breadth first, children side by side; returns the depth. Each
  // is reached once, as in every tree.
  int Link(const Tree& tree, bool* has_sets) {
    nodes_.resize(tree.left.size());
    reached_.resize(tree.left.size());
    reached_[0] = 0;
    std::uint32_t end = 1;
    int depth = 0;
    std::uint32_t level_end = 1;
    for (std::uint32_t at = 0; at < end; ++at) {
      if (at == level_end) {
        ++depth;
        level_end = end;
      }
      const auto i = static_cast<std::size_t>(reached_[at]);
      LinkedNode linked{kLeast, 0, 0, at - 1U};
      if (tree.left[i] != Tree::kNone) {
        linked.column = ColumnOf(tree, i) & 0x7FFFFFFFU;
        linked.is_set = tree.is_categorical[i] != 0;
        linked.key = linked.is_set != 0 ? AddSet(tree, i) : KeyOf(tree.threshold[i]);
        linked.left = end;
        *has_sets |= linked.is_set != 0;
        reached_[end++] = tree.left[i];
        reached_[end++] = tree.right[i];
      }
      nodes_[at] = linked;
    }
    nodes_.resize(end);
    reached_.resize(end);
    return depth;
  }

  // The first levels, level by level; `places_` are then where each position, down to the ends,
  // stands in `nodes_`.
  void AddFull(int levels) {
    const std::size_t n = (std::size_t{1} << levels) - 1;
    places_.resize(std::max(places_.size(), 2 * n + 1));
    places_[0] = 0;
    const std::size_t first = flat_.full_.size();
    flat_.full_.resize(first + n);
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint32_t place = places_[i];
      const LinkedNode node = nodes_[place];
      flat_.full_[first + i] = {node.key, node.column};
      // Below a leaf both ways lead to it.
      places_[2 * i + 1] = node.left + static_cast<std::uint32_t>(node.left + 1U == place);
      places_[2 * i + 2] = node.left + 1U;
    }
  }

  void AddLeaf(const Tree& tree, std::int32_t leaf, float weight) {
    flat_.values_.push_back(weight * tree.threshold[static_cast<std::size_t>(leaf)]);
    flat_.numbers_.push_back(leaf);
  }

  std::int32_t AddSet(const Tree& tree, std::size_t node) {
    const std::size_t first = flat_.sets_.size();
    flat_.sets_.resize(first + kSetWords);
    const auto add = [&](std::int32_t code) {
      flat_.sets_[first + static_cast<std::size_t>(code) / 32] |= 1U << (code & 31);
    };
    const auto begin = static_cast<std::size_t>(tree.category_begin[node]);
    for (std::int32_t k = 0; k < tree.category_size[node]; ++k) {
      add(tree.categories[begin + static_cast<std::size_t>(k)]);
    }
    if (tree.default_left[node] == 0) add(kMissingCode);
    return static_cast<std::int32_t>(first);
  }

  static constexpr std::uint32_t kNoNumber = std::numeric_limits<std::uint32_t>::max();

  FlatTrees& flat_;
  int most_full_levels_;
  std::vector<std::uint32_t> number_of_column_;  // by feature and view
  // Of the tree at hand.
  std::vector<LinkedNode> nodes_;
  std::vector<std::int32_t> reached_;  // the tree's own number of each
  std::vector<std::uint32_t> places_;
};

FlatTrees::FlatTrees(std::span<const Tree> trees, std::span<const float> weights,
                     std::size_t n_rows) {
  Builder builder(this, n_rows);
  trees_.reserve(trees.size());
  std::size_t n_nodes = 0;
  for (const Tree& tree : trees) n_nodes += tree.left.size();
  linked_.reserve(n_nodes);
  values_.reserve(n_nodes);
  numbers_.reserve(n_nodes);
  for (std::size_t i = 0; i < trees.size(); ++i) {
    builder.Add(trees[i], weights.empty() ? 1.0f : weights[i]);
  }
  builder.Finish();
}

void FlatTrees::Load(std::span<const std::vector<float>> values, std::size_t begin,
                     std::size_t count, Tile* tile) const {
  tile->rows_ = (count + kTileStep - 1) / kTileStep * kTileStep;
  if (values.empty()) return;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const float* from = values[static_cast<std::size_t>(columns_[c].feature)].data() + begin;
    std::int32_t* to = tile->cells_.data() + c * tile_rows_;
    if (columns_[c].view == View::kCode) {
      ToCodes(from, count, to);
    } else {
      ToKeys(from, count, columns_[c].view == View::kMissingLeft ? kLeast : kMost, to);
    }
    // Rows beyond the last one walk as well; what an earlier tile left behind may be no code.
    std::fill(to + count, to + tile->rows_, 0);
  }
}

void FlatTrees::Walk(std::size_t tree, Tile* tile) const {
  const Layout& layout = trees_[tree];
  const std::int32_t* cells = tile->cells_.data();
  std::uint32_t* at = tile->at_.data();
  const std::size_t n = tile->rows_;
  std::uint32_t first_end = 0;
  if (layout.full_levels > 0) {
    const FullNode* nodes = full_.data() + layout.first_full;
    TopLevels(nodes, cells, n, at);
    for (int level = kTopLevels; level < layout.full_levels; ++level) {
      NextLevel(nodes, cells, n, at);
    }
    first_end = (1U << layout.full_levels) - 1U;
  } else {
    std::fill_n(at, n, 0U);
  }
  if (!layout.has_links) {
    for (std::size_t i = 0; i < n; ++i) at[i] -= first_end;
    return;
  }
  const std::uint32_t* entries = entries_.data() + layout.first_entry;
  for (std::size_t i = 0; i < n; ++i) at[i] = entries[at[i] - first_end];
  const LinkedNode* nodes = linked_.data() + layout.first_linked;
  const std::uint32_t* sets = layout.has_sets ? sets_.data() : nullptr;
  while (NextLink(nodes, sets, cells, n, at)) {
  }
}

void FlatTrees::AddValues(std::size_t tree, const Tile& tile, float* sums) const {
  const float* values = values_.data() + trees_[tree].first_leaf;
  for (std::size_t i = 0; i < tile.rows_; ++i) sums[i] += values[tile.at_[i]];
}

}  // namespace coppice::trainer
