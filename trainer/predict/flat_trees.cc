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

// A tile of this many cells or fewer stays in the second cache.
constexpr std::size_t kTileCells = 65536;
constexpr std::size_t kMostTileRows = 64;

// visit(node, depth) for each node that the root leads to.
template <typename Visit>
void ForEachReached(const Tree& tree, Visit visit) {
  std::vector<std::pair<std::int32_t, int>> open = {{0, 0}};
  while (!open.empty()) {
    const auto [node, depth] = open.back();
    open.pop_back();
    visit(node, depth);
    if (tree.IsLeaf(node)) continue;
    open.emplace_back(tree.left[static_cast<std::size_t>(node)], depth + 1);
    open.emplace_back(tree.right[static_cast<std::size_t>(node)], depth + 1);
  }
}

}  // namespace

// Fills a FlatTrees, tree by tree.
class FlatTrees::Builder {
 public:
  explicit Builder(FlatTrees* flat) : flat_(*flat) {}

  void FindColumns(std::span<const Tree> trees) {
    for (const Tree& tree : trees) {
      ForEachReached(tree, [&](std::int32_t node, int) {
        if (!tree.IsLeaf(node)) flat_.columns_.push_back(ColumnOf(tree, node));
      });
    }
    std::sort(flat_.columns_.begin(), flat_.columns_.end());
    flat_.columns_.erase(std::unique(flat_.columns_.begin(), flat_.columns_.end()),
                         flat_.columns_.end());
    const std::size_t fit = kTileCells / std::max<std::size_t>(1, flat_.columns_.size());
    flat_.tile_rows_ = std::clamp(fit / kTileStep * kTileStep, kTileStep, kMostTileRows);
  }

  void Add(const Tree& tree, float weight) {
    Layout layout;
    layout.first_full = flat_.full_.size();
    layout.first_linked = flat_.linked_.size();
    layout.first_entry = flat_.entries_.size();
    layout.first_leaf = flat_.values_.size();
    int depth = 0;
    unsigned n_leaves = 0;
    ForEachReached(tree, [&](std::int32_t node, int at) {
      depth = std::max(depth, at);
      n_leaves += tree.IsLeaf(node) ? 1 : 0;
      layout.has_sets |= tree.is_categorical[static_cast<std::size_t>(node)] != 0;
    });
    if (!layout.has_sets) {
      const int wide = std::bit_width(n_leaves) + 1;
      layout.full_levels = std::max(kTopLevels, std::min({depth, wide, kMostFullLevels}));
    }
    layout.has_links = depth > layout.full_levels;
    const std::vector<std::int32_t> ends = AddFull(tree, layout.full_levels);
    if (layout.has_links) {
      AddLinked(tree, ends, weight);
    } else {
      for (const std::int32_t leaf : ends) AddLeaf(tree, leaf, weight);
    }
    flat_.trees_.push_back(layout);
  }

 private:
  static Column ColumnOf(const Tree& tree, std::int32_t node) {
    const auto i = static_cast<std::size_t>(node);
    if (tree.is_categorical[i] != 0) return {tree.feature[i], View::kCode};
    return {tree.feature[i], tree.default_left[i] != 0 ? View::kMissingLeft : View::kMissingRight};
  }

  std::uint32_t OffsetOf(const Column& column) const {
    const auto found = std::lower_bound(flat_.columns_.begin(), flat_.columns_.end(), column);
    return static_cast<std::uint32_t>(static_cast<std::size_t>(found - flat_.columns_.begin()) *
                                      flat_.tile_rows_);
  }

  void AddLeaf(const Tree& tree, std::int32_t leaf, float weight) {
    flat_.values_.push_back(weight * tree.threshold[static_cast<std::size_t>(leaf)]);
    flat_.numbers_.push_back(leaf);
  }

  // Level by level; returns the nodes that its ends stand for.
  std::vector<std::int32_t> AddFull(const Tree& tree, int levels) {
    std::vector<std::int32_t> level = {0};
    for (int depth = 0; depth < levels; ++depth) {
      std::vector<std::int32_t> next;
      for (const std::int32_t node : level) {
        const auto i = static_cast<std::size_t>(node);
        const bool leaf = tree.IsLeaf(node);
        // Below a leaf both ways lead to it, so the test may be any.
        flat_.full_.push_back(
            leaf ? FullNode{0, 0}
                 : FullNode{KeyOf(tree.threshold[i]), OffsetOf(ColumnOf(tree, node))});
        next.push_back(leaf ? node : tree.left[i]);
        next.push_back(leaf ? node : tree.right[i]);
      }
      level = std::move(next);
    }
    return level;
  }

  // What is below `roots`, children side by side, breadth first.
  void AddLinked(const Tree& tree, const std::vector<std::int32_t>& roots, float weight) {
    std::vector<std::int32_t> nodes;  // of the tree, in the order of the linked nodes
    for (const std::int32_t root : roots) {
      const bool repeated = !nodes.empty() && nodes.back() == root;
      if (!repeated) nodes.push_back(root);
      flat_.entries_.push_back(static_cast<std::uint32_t>(nodes.size() - 1));
    }
    for (std::size_t at = 0; at < nodes.size(); ++at) {
      const std::int32_t node = nodes[at];
      const auto i = static_cast<std::size_t>(node);
      LinkedNode linked{kLeast, 0, 0, static_cast<std::uint32_t>(at) - 1U};
      if (!tree.IsLeaf(node)) {
        linked.column = OffsetOf(ColumnOf(tree, node)) & 0x7FFFFFFFU;
        linked.is_set = tree.is_categorical[i] != 0;
        linked.key = linked.is_set != 0 ? AddSet(tree, i) : KeyOf(tree.threshold[i]);
        linked.left = static_cast<std::uint32_t>(nodes.size());
        nodes.push_back(tree.left[i]);
        nodes.push_back(tree.right[i]);
      }
      flat_.linked_.push_back(linked);
    }
    for (const std::int32_t node : nodes) AddLeaf(tree, node, weight);
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

  FlatTrees& flat_;
};

FlatTrees::FlatTrees(std::span<const Tree> trees, std::span<const float> weights) {
  Builder builder(this);
  builder.FindColumns(trees);
  trees_.reserve(trees.size());
  for (std::size_t i = 0; i < trees.size(); ++i) {
    builder.Add(trees[i], weights.empty() ? 1.0f : weights[i]);
  }
  // A tree of one leaf looks at a column, too.
  if (columns_.empty()) columns_.push_back({0, View::kMissingRight});
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
