#pragma once
// Trees laid out for walking a tile of rows at once.
//
//   const FlatTrees flat(trees, {}, n_rows);
//   FlatTrees::Tile tile(flat);
//   flat.Load(values, begin, count, &tile);
//   flat.Walk(tree, &tile);             // then, of row i of the tile:
//   flat.ValueOf(tree, tile.leaf(i));   // or flat.NumberOf(tree, tile.leaf(i))
//
// A tile holds its rows column after column as integers that compare as the floats do, one column
// for each (feature, way of a missing value) that the trees ask for, so that a missing value is a
// number like any other: below all where it goes left, above all where it goes right.
//
// The first levels of a tree are a full binary tree (what hangs below a leaf that stands higher
// leads to that leaf), whose positions need no links. Its first four levels are decided for all
// rows without looking anything up. Deeper trees go on by links; so do trees with categories, from
// their root.

#include <cstdint>
#include <span>
#include <vector>

#include "trainer/data/dataset.h"
#include "trainer/tree/tree.h"

namespace coppice::trainer {

// Does not keep the trees. Immutable.
class FlatTrees {
 public:
  class Tile;

  // `weights` [n_trees] multiply the leaves; empty: all 1.
  // `n_rows`: how many will walk; the layout depends on it, the leaves do not.
  FlatTrees(std::span<const Tree> trees, std::span<const float> weights, std::size_t n_rows);

  std::size_t size() const { return trees_.size(); }
  // Rows that a tile takes.
  std::size_t tile_rows() const { return tile_rows_; }

  // Rows [begin, begin + count) of a column-major table; count <= tile_rows().
  void Load(std::span<const std::vector<float>> values, std::size_t begin, std::size_t count,
            Tile* tile) const;
  // Takes every row of the tile to its leaf.
  void Walk(std::size_t tree, Tile* tile) const;
  // Adds the leaves' values of the tile's rows to sums [tile_rows].
  void AddValues(std::size_t tree, const Tile& tile, float* sums) const;
  // The leaf's number, as in Tree.
  std::int32_t NumberOf(std::size_t tree, std::uint32_t leaf) const {
    return numbers_[trees_[tree].first_leaf + leaf];
  }

  struct FullNode {
    std::int32_t key;      // left below it
    std::uint32_t column;  // where the tile's column begins
  };
  struct LinkedNode {
    std::int32_t key;  // of a category set: where its words begin
    std::uint32_t column : 31;
    std::uint32_t is_set : 1;
    std::uint32_t left;  // the right child follows; at a leaf, one before itself
  };

 private:
  class Builder;

  // How a column shows the values of a feature.
  enum class View : std::uint8_t { kMissingRight, kMissingLeft, kCode };
  struct Column {
    std::int32_t feature;
    View view;
  };
  struct Layout {
    std::size_t first_full = 0;    // in full_
    std::size_t first_linked = 0;  // in linked_
    std::size_t first_entry = 0;   // in entries_
    std::size_t first_leaf = 0;    // in values_ and numbers_
    int full_levels = 0;           // 0: only links
    bool has_links = false;        // whether it goes on below the full part
    bool has_sets = false;
  };

  std::vector<Column> columns_;
  std::size_t tile_rows_ = 0;
  std::vector<Layout> trees_;
  std::vector<FullNode> full_;
  std::vector<std::uint32_t> entries_;  // linked node of each end of the full tree
  std::vector<LinkedNode> linked_;
  std::vector<std::uint32_t> sets_;  // bits of codes that go right
  // Of the ends of the full tree, or of the linked nodes where there are any.
  std::vector<float> values_;
  std::vector<std::int32_t> numbers_;
};

// Rows under way. One thread at a time.
class FlatTrees::Tile {
 public:
  explicit Tile(const FlatTrees& trees)
      : cells_(trees.columns_.size() * trees.tile_rows_), at_(trees.tile_rows_) {}

  // The leaf that row i reached, for FlatTrees.
  std::uint32_t leaf(std::size_t i) const { return at_[i]; }

 private:
  friend class FlatTrees;

  std::vector<std::int32_t> cells_;  // [n_columns][tile_rows]
  std::vector<std::uint32_t> at_;    // [tile_rows]
  std::size_t rows_ = 0;             // in use, rounded up to whole steps
};

}  // namespace coppice::trainer
