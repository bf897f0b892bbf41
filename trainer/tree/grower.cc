#include "trainer/tree/grower.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "base/error.h"
#include "trainer/tree/gain.h"
#include "trainer/tree/split_finder.h"

namespace coppice::trainer {
namespace {

// A loss change up to this is rounding (XGBoost's kRtEps).
constexpr float kMinLossChange = 1e-6F;

// Histogram updates below this are not worth a task.
constexpr std::size_t kUpdatesPerTask = 1 << 16;

constexpr std::size_t kPoolBytes = std::size_t{64} << 20;

int PoolCapacity(const BinnedMatrix& matrix) {
  const std::size_t buffer =
      static_cast<std::size_t>(matrix.n_blocks()) * kBlockEntries * sizeof(PackedPair);
  return static_cast<int>(std::max<std::size_t>(4, kPoolBytes / std::max<std::size_t>(1, buffer)));
}

// A node that may be split, with the best way to do it.
struct OpenNode {
  std::int32_t node = 0;
  int depth = 0;
  std::uint64_t path = 0;
  RowRange rows;
  NodeSums sums;
  SplitCandidate best;
  int histogram = HistogramPool::kNone;
};

// Nodes in the order in which XGBoost numbers them: `order[new] = old`.
std::vector<std::int32_t> LevelOrder(const Tree& tree) {
  std::vector<std::int32_t> order = {0};
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (tree.IsLeaf(order[i])) continue;
    const auto node = static_cast<std::size_t>(order[i]);
    order.push_back(tree.left[node]);
    order.push_back(tree.right[node]);
  }
  return order;
}

}  // namespace

// One run of TreeGrower::Grow.
class Growth {
 public:
  Growth(TreeGrower& grower, std::span<const PackedPair> gradients, FixedPointScale scale,
         TreeKey key)
      : matrix_(grower.matrix_),
        params_(grower.params_),
        partition_(grower.partition_),
        pool_(grower.pool_),
        leaf_rows_(grower.leaf_rows_),
        gradients_(gradients),
        scale_(scale),
        finder_(matrix_.cuts(), params_, scale),
        columns_(matrix_.n_features(), params_, key) {
    for (int feature : columns_.TreeFeatures()) {
      const int block = feature / kLanes;
      if (blocks_.empty() || blocks_.back() != block) blocks_.push_back(block);
    }
  }

  GrownTree Run() {
    partition_.Reset();
    leaf_rows_.clear();
    OpenRoot();
    while (std::optional<OpenNode> node = NextNode()) Expand(std::move(*node));
    CloseRest();
    if (params_.grow_policy == GrowPolicy::kDepthwise) NumberByLevel();
    return std::move(result_);
  }

 private:
  bool is_lossguide() const { return params_.grow_policy == GrowPolicy::kLossguide; }

  std::int32_t AddNode(std::int32_t parent, PackedPair sum) {
    Tree& tree = result_.tree;
    const std::int32_t node = tree.AddNode(parent);
    const auto i = static_cast<std::size_t>(node);
    result_.splits.emplace_back();
    const GradientSum unpacked = scale_.Unpack(sum);
    const double weight = NodeWeight(unpacked, finder_.regularisation());
    tree.base_weight[i] = static_cast<float>(weight);
    tree.sum_hessian[i] = static_cast<float>(unpacked.hessian);
    return node;
  }

  void OpenRoot() {
    PackedPair total = 0;
    for (RowIndex row : partition_.Rows(partition_.Root())) total += gradients_[row];
    OpenNode root;
    root.node = AddNode(Tree::kNone, total);
    root.path = ColumnSampler::RootPath();
    root.rows = partition_.Root();
    root.sums = finder_.SumsOf(total);
    if (!MaySplit(root)) {
      Close(root);
      return;
    }
    root.histogram = pool_.Take();
    FindSplits({&root, HistogramPool::kNone, true});
    Admit(std::move(root));
  }

  // Whether it is worth looking for a split at all.
  bool MaySplit(const OpenNode& node) const {
    const bool deep = params_.max_depth > 0 && node.depth >= params_.max_depth;
    return !deep && node.rows.size() > 1;
  }

  // Into the list of open nodes, or closed as a leaf.
  void Admit(OpenNode node) {
    const float change = node.best.loss_change;
    const bool admissible =
        node.best.found() && change > kMinLossChange && change >= static_cast<float>(params_.gamma);
    if (!admissible) {
      pool_.Release(node.histogram);
      Close(node);
      return;
    }
    open_.push_back(std::move(node));
    if (is_lossguide()) std::push_heap(open_.begin(), open_.end(), IsWorse);
  }

  // Lossguide: smaller gain, ties to the larger number.
  static bool IsWorse(const OpenNode& a, const OpenNode& b) {
    if (a.best.loss_change != b.best.loss_change) {
      return a.best.loss_change < b.best.loss_change;
    }
    return a.node > b.node;
  }

  std::optional<OpenNode> NextNode() {
    if (open_.empty() || (params_.max_leaves > 0 && n_leaves_ >= params_.max_leaves)) {
      return std::nullopt;
    }
    OpenNode next;
    if (is_lossguide()) {
      std::pop_heap(open_.begin(), open_.end(), IsWorse);
      next = std::move(open_.back());
      open_.pop_back();
    } else if (params_.max_leaves > 0) {
      next = std::move(open_.front());
      open_.pop_front();
    } else {
      next = std::move(open_.back());
      open_.pop_back();
    }
    return next;
  }

  void Expand(OpenNode parent) {
    Record(parent);
    const std::size_t n_left = partition_.Split(parent.rows, matrix_, parent.best.split);
    const std::size_t middle = parent.rows.begin + n_left;
    OpenNode left = MakeChild(parent, false, {parent.rows.begin, middle}, parent.best.left_sum);
    OpenNode right = MakeChild(parent, true, {middle, parent.rows.end},
                               parent.sums.packed - parent.best.left_sum);
    ++n_leaves_;
    OpenNode& small = left.rows.size() <= right.rows.size() ? left : right;
    OpenNode& large = &small == &left ? right : left;
    FindChildren(parent.histogram, small, large);
    for (OpenNode* child : {&left, &right}) {
      if (MaySplit(*child)) {
        Admit(std::move(*child));
      } else {
        pool_.Release(child->histogram);
        Close(*child);
      }
    }
  }

  // Writes the split into the tree.
  void Record(const OpenNode& node) {
    Tree& tree = result_.tree;
    const auto i = static_cast<std::size_t>(node.node);
    const BinnedSplit& split = node.best.split;
    const FeatureCuts& cuts = matrix_.cuts().features[static_cast<std::size_t>(split.feature)];
    result_.splits[i] = split;
    tree.feature[i] = split.feature;
    tree.default_left[i] = split.default_left ? 1 : 0;
    tree.loss_change[i] = node.best.loss_change;
    if (!split.is_categorical) {
      // A value above all that trained lies in the last bin: where that bin goes left, so must it.
      const bool all_left = split.last_left + 1 == cuts.n_bins();
      tree.threshold[i] = all_left ? std::numeric_limits<float>::max() : cuts.cuts[split.last_left];
      return;
    }
    tree.is_categorical[i] = 1;
    tree.category_begin[i] = static_cast<std::int32_t>(tree.categories.size());
    for (int code = 0; code < cuts.n_categories; ++code) {
      if (split.right.Has(static_cast<std::uint8_t>(code))) tree.categories.push_back(code);
    }
    tree.category_size[i] =
        static_cast<std::int32_t>(tree.categories.size()) - tree.category_begin[i];
  }

  OpenNode MakeChild(const OpenNode& parent, bool is_right, RowRange rows, PackedPair sum) {
    OpenNode child;
    child.node = AddNode(parent.node, sum);
    auto& side = is_right ? result_.tree.right : result_.tree.left;
    side[static_cast<std::size_t>(parent.node)] = child.node;
    child.depth = parent.depth + 1;
    child.path = ColumnSampler::ChildPath(parent.path, is_right);
    child.rows = rows;
    child.sums = finder_.SumsOf(sum);
    return child;
  }

  // The smaller child is summed from its rows; the larger is what is left of the parent, in the
  // parent's own buffer. Without the parent's histogram both are summed.
  void FindChildren(int parent_histogram, OpenNode& small, OpenNode& large) {
    const bool need_small = MaySplit(small);
    const bool need_large = MaySplit(large);
    if (!need_small && !need_large) {
      pool_.Release(parent_histogram);
      return;
    }
    if (parent_histogram == HistogramPool::kNone) {
      if (need_small) BuildAlone(small);
      if (need_large) BuildAlone(large);
      return;
    }
    small.histogram = pool_.Take();
    if (small.histogram == HistogramPool::kNone) {
      pool_.Release(parent_histogram);
      if (need_small) BuildAlone(small);
      if (need_large) BuildAlone(large);
      return;
    }
    FindSplits({&small, HistogramPool::kNone, need_small});
    if (need_large) {
      large.histogram = parent_histogram;
      FindSplits({&large, small.histogram, true});
    } else {
      pool_.Release(parent_histogram);
    }
  }

  void BuildAlone(OpenNode& node) {
    node.histogram = pool_.Take();
    if (node.histogram == HistogramPool::kNone) {
      // All buffers wait with open nodes: one of them gives its up and is summed anew later.
      for (OpenNode& open : open_) {
        if (open.histogram == HistogramPool::kNone) continue;
        node.histogram = std::exchange(open.histogram, HistogramPool::kNone);
        break;
      }
    }
    FindSplits({&node, HistogramPool::kNone, true});
  }

  struct Work {
    OpenNode* node;
    int sibling;  // kNone: sum the rows; else subtract this from what the buffer holds
    bool find;    // whether a split is sought, or only the histogram
  };

  // Fills the node's histogram and finds its best split, block by block.
  void FindSplits(const Work& work) {
    OpenNode& node = *work.node;
    const std::vector<int> features = columns_.NodeFeatures(node.depth, node.path);
    std::vector<SplitCandidate> best_of_block(blocks_.size());
    const std::span<const RowIndex> rows = partition_.Rows(node.rows);
    const auto do_block = [&](std::size_t i) {
      const int block = blocks_[i];
      const BlockHistogram histogram = pool_.Block(node.histogram, block);
      if (work.sibling == HistogramPool::kNone) {
        BuildBlock(matrix_.Block(block), gradients_, rows, histogram);
      } else {
        SubtractBlock(histogram, pool_.Block(work.sibling, block));
      }
      if (!work.find) return;
      auto feature = std::lower_bound(features.begin(), features.end(), block * kLanes);
      for (; feature != features.end() && *feature < (block + 1) * kLanes; ++feature) {
        finder_.Improve(*feature, histogram, node.sums, &best_of_block[i]);
      }
    };
    if (rows.size() * kLanes * blocks_.size() >= 2 * kUpdatesPerTask && blocks_.size() > 1) {
      tbb::parallel_for(std::size_t{0}, blocks_.size(), do_block);
    } else {
      for (std::size_t i = 0; i < blocks_.size(); ++i) do_block(i);
    }
    for (const SplitCandidate& candidate : best_of_block) {
      if (candidate.loss_change > node.best.loss_change) node.best = candidate;
    }
  }

  void Close(const OpenNode& leaf) {
    Tree& tree = result_.tree;
    const auto i = static_cast<std::size_t>(leaf.node);
    const auto value = static_cast<float>(params_.eta * tree.base_weight[i]);
    tree.threshold[i] = value;
    tree.base_weight[i] = value;
    leaf_rows_.push_back({leaf.node, leaf.rows});
  }

  // What max_leaves left open.
  void CloseRest() {
    for (const OpenNode& node : open_) {
      pool_.Release(node.histogram);
      Close(node);
    }
    open_.clear();
  }

  void NumberByLevel();

  const BinnedMatrix& matrix_;
  const TrainParams& params_;
  RowPartition& partition_;
  HistogramPool& pool_;
  std::vector<TreeGrower::LeafRows>& leaf_rows_;
  std::span<const PackedPair> gradients_;
  FixedPointScale scale_;
  SplitFinder finder_;
  ColumnSampler columns_;
  std::vector<int> blocks_;  // that hold a feature of the tree
  std::deque<OpenNode> open_;
  int n_leaves_ = 1;
  GrownTree result_;
};

void Growth::NumberByLevel() {
  const GrownTree old = std::move(result_);
  result_ = GrownTree{};
  const std::vector<std::int32_t> order = LevelOrder(old.tree);
  std::vector<std::int32_t> new_number(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    new_number[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
  }
  const auto renumber = [&](std::int32_t node) {
    return node == Tree::kNone ? node : new_number[static_cast<std::size_t>(node)];
  };
  Tree& tree = result_.tree;
  for (std::int32_t was : order) {
    const auto from = static_cast<std::size_t>(was);
    const auto to = static_cast<std::size_t>(tree.AddNode(renumber(old.tree.parent[from])));
    tree.left[to] = renumber(old.tree.left[from]);
    tree.right[to] = renumber(old.tree.right[from]);
    tree.feature[to] = old.tree.feature[from];
    tree.threshold[to] = old.tree.threshold[from];
    tree.default_left[to] = old.tree.default_left[from];
    tree.base_weight[to] = old.tree.base_weight[from];
    tree.loss_change[to] = old.tree.loss_change[from];
    tree.sum_hessian[to] = old.tree.sum_hessian[from];
    tree.is_categorical[to] = old.tree.is_categorical[from];
    if (tree.is_categorical[to] != 0) {
      const auto begin = old.tree.categories.begin() + old.tree.category_begin[from];
      tree.category_begin[to] = static_cast<std::int32_t>(tree.categories.size());
      tree.category_size[to] = old.tree.category_size[from];
      tree.categories.insert(tree.categories.end(), begin, begin + tree.category_size[to]);
    }
    result_.splits.push_back(old.splits[from]);
  }
  for (TreeGrower::LeafRows& leaf : leaf_rows_) leaf.node = renumber(leaf.node);
}

std::int32_t GrownTree::LeafOf(const BinnedMatrix& matrix, RowIndex row) const {
  std::int32_t node = 0;
  while (!tree.IsLeaf(node)) {
    const auto i = static_cast<std::size_t>(node);
    const BinnedSplit& split = splits[i];
    node = split.GoesLeft(matrix.Bin(row, split.feature)) ? tree.left[i] : tree.right[i];
  }
  return node;
}

TreeGrower::TreeGrower(const BinnedMatrix& matrix, const TrainParams& params,
                       RowPartition& partition)
    : matrix_(matrix),
      params_(params),
      partition_(partition),
      pool_(matrix.n_blocks(), PoolCapacity(matrix)) {}

GrownTree TreeGrower::Grow(std::span<const PackedPair> gradients, FixedPointScale scale,
                           TreeKey key) {
  return Growth(*this, gradients, scale, key).Run();
}

}  // namespace coppice::trainer
