#include "trainer/tree/growth.h"

#include <tbb/parallel_invoke.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "trainer/tree/gain.h"

namespace coppice::trainer {
namespace {

// A loss change up to this is rounding (XGBoost's kRtEps).
constexpr float kMinLossChange = 1e-6F;

// Rows times columns below which a subtree is not worth a task.
constexpr std::size_t kUpdatesPerTask = 1 << 16;

// The root may take all rows of the matrix in their order instead of a list of its own, whose words
// lie apart, as long as not too many of them have zero gradients.
constexpr double kLeastShareOfRows = 0.7;

// Nodes between two looks at the limit, beside those that large histograms take.
constexpr std::size_t kNodesPerLook = 64;

std::vector<std::uint8_t> MarksOf(const std::vector<int>& features, int n_features) {
  std::vector<std::uint8_t> marks(static_cast<std::size_t>(n_features));
  for (int feature : features) marks[static_cast<std::size_t>(feature)] = 1;
  return marks;
}

}  // namespace

Growth::Growth(TreeGrower& grower, std::span<const PackedPair> gradients, FixedPointScale scale,
               PackedPair total, TreeKey key, std::span<float> margins, LeafUse leaf_use)
    : matrix_(grower.matrix_),
      params_(grower.params_),
      partition_(grower.partition_),
      pool_(grower.pool_),
      builder_(grower.builder_),
      gradients_(gradients),
      scale_(scale),
      total_(total),
      margins_(margins),
      leaf_use_(leaf_use),
      limit_(grower.limit_),
      finder_(matrix_, grower.layout_, params_, scale, grower.instructions_),
      columns_(matrix_.n_features(), params_, key),
      interactions_(params_.interaction_constraints.by_position),
      allowed_(MarksOf(columns_.TreeFeatures(), matrix_.n_features())) {
  for (int feature : columns_.TreeFeatures()) {
    blocks_.push_back(matrix_.place(feature).column / kLanes);
  }
  std::sort(blocks_.begin(), blocks_.end());
  blocks_.erase(std::unique(blocks_.begin(), blocks_.end()), blocks_.end());
}

GrownTree Growth::Run() {
  partition_.Reset();
  OpenNode root = OpenRoot();
  if (!IsAdmissible(root)) {
    pool_.Release(root.histogram);
    Close(root);
  } else if (grows_depth_first()) {
    GrowDepthFirst(std::move(root));
  } else {
    GrowInOrder(std::move(root));
  }
  return Assemble();
}

Growth::OpenNode Growth::OpenRoot() {
  OpenNode root;
  root.sums = finder_.feature_splits().SumsOf(total_);
  root.node = AddNode(nullptr, root.sums);
  root.path = ColumnSampler::RootPath();
  root.rows = partition_.Root();
  if (MaySplit(root)) FindFromRows(root);
  return root;
}

// The two sides of a node do not touch each other's rows, so large ones are tasks of their own.
void Growth::GrowDepthFirst(OpenNode node) {
  const auto is_large = [&](const OpenNode& open) {
    return open.rows.size() * static_cast<std::size_t>(matrix_.n_columns()) >= kUpdatesPerTask;
  };
  std::vector<OpenNode> waiting;
  std::vector<OpenNode> children;
  waiting.push_back(std::move(node));
  while (!waiting.empty()) {
    const OpenNode next = std::move(waiting.back());
    waiting.pop_back();
    children.clear();
    Expand(next, &children);
    if (children.size() == 2 && is_large(children[0]) && is_large(children[1])) {
      tbb::parallel_invoke([&] { GrowDepthFirst(std::move(children[0])); },
                           [&] { GrowDepthFirst(std::move(children[1])); });
    } else {
      std::move(children.begin(), children.end(), std::back_inserter(waiting));
    }
  }
}

void Growth::GrowInOrder(OpenNode root) {
  open_.push_back(std::move(root));
  std::vector<OpenNode> children;
  while (!open_.empty() && (params_.max_leaves == 0 || n_leaves_ < params_.max_leaves)) {
    children.clear();
    Expand(NextNode(), &children);
    ++n_leaves_;
    for (OpenNode& child : children) {
      open_.push_back(std::move(child));
      if (is_lossguide()) std::push_heap(open_.begin(), open_.end(), OpenNode::IsWorse);
    }
  }
  for (const OpenNode& node : open_) {
    pool_.Release(node.histogram);
    Close(node);
  }
  open_.clear();
}

// Under lossguide the open nodes are a heap, else a queue.
Growth::OpenNode Growth::NextNode() {
  OpenNode next;
  if (is_lossguide()) {
    std::pop_heap(open_.begin(), open_.end(), OpenNode::IsWorse);
    next = std::move(open_.back());
    open_.pop_back();
  } else {
    next = std::move(open_.front());
    open_.pop_front();
  }
  return next;
}

// Splits the node; `children` takes those that are worth splitting further.
void Growth::Expand(const OpenNode& parent, std::vector<OpenNode>* children) {
  if (GivenUp()) {
    pool_.Release(parent.histogram);
    Close(parent);
    return;
  }
  if (IsDeepest(parent.depth + 1)) {
    pool_.Release(parent.histogram);
    SplitIntoLeaves(parent);
    return;
  }
  const std::size_t middle = SplitRows(parent);
  auto [left, right] = MakeChildren(parent, {parent.rows.begin, middle}, {middle, parent.rows.end});
  OpenNode& small = left.rows.size() <= right.rows.size() ? left : right;
  FindChildren(parent.histogram, small, &small == &left ? right : left);
  for (OpenNode* child : {&left, &right}) {
    if (IsAdmissible(*child)) {
      children->push_back(std::move(*child));
    } else {
      pool_.Release(child->histogram);
      Close(*child);
    }
  }
}

// Where the right side begins.
std::size_t Growth::SplitRows(const OpenNode& parent) {
  const CodeSplit split(matrix_, parent.node->best.split);
  return parent.rows.begin + partition_.Split(parent.rows, matrix_, split);
}

// At the last level rows need not be moved unless they are listed: only which leaf they reach
// matters.
void Growth::SplitIntoLeaves(const OpenNode& parent) {
  if (leaf_use_ == LeafUse::kListRows) {
    const std::size_t middle = SplitRows(parent);
    for (const OpenNode& leaf :
         MakeChildren(parent, {parent.rows.begin, middle}, {middle, parent.rows.end})) {
      Close(leaf);
    }
    return;
  }
  const auto [left, right] = MakeChildren(parent, {}, {});
  left.node->value = LeafValue(*left.node);
  right.node->value = LeafValue(*right.node);
  const CodeSplit split(matrix_, parent.node->best.split);
  AddLeafValues(partition_.Rows(parent.rows), split, {right.node->value, left.node->value});
}

// To the margins of rows that stop behind `split`: values[1] on its left. Rows lie apart by now,
// codes and margins each in a line of memory of their own, which are asked for some rows ahead.
void Growth::AddLeafValues(std::span<const RowIndex> rows, const CodeSplit& split,
                           std::array<float, 2> values) {
  constexpr std::size_t kAhead = 64;
  const std::uint8_t* codes = matrix_.Codes(split.column());
  const std::uint8_t* is_left = split.is_left().data();
  float* margins = margins_.data();
  const auto add = [&](RowIndex row) { margins[row] += values[is_left[codes[row]]]; };
  const std::size_t n_asking = rows.size() - std::min(rows.size(), kAhead);
  for (std::size_t i = 0; i < n_asking; ++i) {
    __builtin_prefetch(codes + rows[i + kAhead]);
    __builtin_prefetch(margins + rows[i + kAhead], 1);
    add(rows[i]);
  }
  for (const RowIndex row : rows.subspan(n_asking)) add(row);
}

Growth::Node* Growth::AddNode(Node* parent, const NodeSums& sums) {
  const std::lock_guard lock(mutex_);
  const std::size_t number = nodes_.size();
  if (number % kNodesPerLook == 0 && IsReached(limit_)) given_up_ = true;
  Node& node = nodes_.emplace_back();
  node.number = number;
  node.parent = parent;
  node.sum = sums.packed;
  node.weight = static_cast<float>(finder_.feature_splits().WeightOf(sums));
  return &node;
}

std::array<Growth::OpenNode, 2> Growth::MakeChildren(const OpenNode& parent, RowRange left,
                                                     RowRange right) {
  const FeatureSplits& splits = finder_.feature_splits();
  const SplitCandidate& best = parent.node->best;
  const std::array<WeightLimits, 2> limits = splits.LimitsBelow(parent.sums, best);
  const PackedPair right_sum = parent.sums.packed - best.left_sum;
  return {MakeChild(parent, false, left, splits.SumsOf(best.left_sum, limits[0])),
          MakeChild(parent, true, right, splits.SumsOf(right_sum, limits[1]))};
}

Growth::OpenNode Growth::MakeChild(const OpenNode& parent, bool is_right, RowRange rows,
                                   const NodeSums& sums) {
  OpenNode child;
  child.node = AddNode(parent.node, sums);
  (is_right ? parent.node->right : parent.node->left) = child.node;
  child.depth = parent.depth + 1;
  child.path = ColumnSampler::ChildPath(parent.path, is_right);
  child.rows = rows;
  child.sums = sums;
  return child;
}

bool Growth::IsDeepest(int depth) const {
  return params_.max_depth > 0 && depth >= params_.max_depth;
}

// Whether it is worth looking for a split at all.
bool Growth::MaySplit(const OpenNode& node) const {
  return !IsDeepest(node.depth) && node.rows.size() > 1 && !GivenUp();
}

bool Growth::IsAdmissible(const OpenNode& node) const {
  const float change = node.loss_change();
  return node.node->best.found() && change > kMinLossChange &&
         change >= static_cast<float>(params_.gamma);
}

// The smaller child is summed from its rows; the larger is what is left of the parent, in the
// parent's own buffer. Without the parent's histogram both are summed.
void Growth::FindChildren(int parent_histogram, OpenNode& small, OpenNode& large) {
  const bool need_large = MaySplit(large);
  if (!need_large && !MaySplit(small)) {
    pool_.Release(parent_histogram);
    return;
  }
  const int of_small =
      parent_histogram == HistogramPool::kNone ? HistogramPool::kNone : pool_.Take();
  if (of_small == HistogramPool::kNone || !need_large) {
    pool_.Release(of_small);
    pool_.Release(parent_histogram);
    if (MaySplit(small)) FindFromRows(small);
    if (need_large) FindFromRows(large);
    return;
  }
  small.histogram = of_small;
  BuildHistogram(small, pool_.At(of_small));
  if (MaySplit(small)) FindBest(small, {pool_.At(of_small), {}, true});
  large.histogram = parent_histogram;
  // Where the next level is the last, nothing will be made of it.
  const bool keep = !IsDeepest(large.depth + 1);
  FindBest(large, {pool_.At(parent_histogram), pool_.At(of_small), keep});
}

// A node that finds no buffer to keep borrows one.
void Growth::FindFromRows(OpenNode& node) {
  node.histogram = TakeHistogram();
  const bool borrows = node.histogram == HistogramPool::kNone;
  const int buffer = borrows ? pool_.Borrow() : node.histogram;
  BuildHistogram(node, pool_.At(buffer));
  FindBest(node, {pool_.At(buffer), {}, true});
  if (borrows) pool_.Release(buffer);
}

// Where all buffers wait with open nodes, the first of these gives its up and is summed anew later.
int Growth::TakeHistogram() {
  const int buffer = pool_.Take();
  if (buffer != HistogramPool::kNone) return buffer;
  const auto holder = std::find_if(open_.begin(), open_.end(), [](const OpenNode& open) {
    return open.histogram != HistogramPool::kNone;
  });
  return holder == open_.end() ? HistogramPool::kNone
                               : std::exchange(holder->histogram, HistogramPool::kNone);
}

void Growth::BuildHistogram(const OpenNode& node, Histogram histogram) {
  const std::span<const RowIndex> rows = partition_.Rows(node.rows);
  const bool in_order =
      node.depth == 0 && static_cast<double>(rows.size()) >= kLeastShareOfRows * matrix_.n_rows();
  const RowSpan span =
      in_order ? RowSpan{nullptr, 0, matrix_.n_rows()} : RowSpan{rows.data(), 0, rows.size()};
  if (!builder_.Build(span, gradients_.data(), blocks_, histogram, limit_)) given_up_ = true;
}

void Growth::FindBest(OpenNode& node, const NodeHistogram& histogram) {
  if (GivenUp()) return;  // the sums may not be whole
  if (columns_.samples_nodes() || !interactions_.empty()) {
    node.node->best = finder_.Find(histogram, node.sums, blocks_, AllowedAt(node));
  } else {
    node.node->best = finder_.Find(histogram, node.sums, blocks_, allowed_);
  }
}

std::vector<std::uint8_t> Growth::AllowedAt(const OpenNode& node) const {
  std::vector<std::uint8_t> allowed =
      columns_.samples_nodes()
          ? MarksOf(columns_.NodeFeatures(node.depth, node.path), matrix_.n_features())
          : allowed_;
  if (interactions_.empty()) return allowed;
  std::vector<int> path;
  for (const Node* at = node.node->parent; at != nullptr; at = at->parent) {
    path.push_back(at->best.split.feature);
  }
  interactions_.Restrict(path, &allowed);
  return allowed;
}

float Growth::LeafValue(const Node& node) const {
  return static_cast<float>(Eta(params_) * node.weight);
}

void Growth::Close(const OpenNode& leaf) {
  leaf.node->value = LeafValue(*leaf.node);
  leaf.node->best = {};
  if (leaf_use_ == LeafUse::kListRows) {
    leaf.node->rows = leaf.rows;
    return;
  }
  for (RowIndex row : partition_.Rows(leaf.rows)) margins_[row] += leaf.node->value;
}

void ReserveNodes(std::size_t n, Tree* tree) {
  for (auto* array : {&tree->left, &tree->right, &tree->parent, &tree->feature,
                      &tree->category_begin, &tree->category_size}) {
    array->reserve(n);
  }
  for (auto* array :
       {&tree->threshold, &tree->base_weight, &tree->loss_change, &tree->sum_hessian}) {
    array->reserve(n);
  }
  tree->default_left.reserve(n);
  tree->is_categorical.reserve(n);
}

// Into arrays: level by level, or in the order of making, which is that of splitting.
GrownTree Growth::Assemble() const {
  std::vector<const Node*> order;
  if (params_.grow_policy == GrowPolicy::kDepthwise) {
    order.push_back(&nodes_.front());
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (order[i]->left == nullptr) continue;
      const Node* node = order[i];
      order.push_back(node->left);
      order.push_back(node->right);
    }
  } else {
    for (const Node& node : nodes_) order.push_back(&node);
  }
  std::vector<std::int32_t> place(nodes_.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[order[i]->number] = static_cast<std::int32_t>(i);
  }
  GrownTree grown;
  // A session keeps hundreds of trees: no more than they need.
  ReserveNodes(order.size(), &grown.tree);
  grown.splits.reserve(order.size());
  if (leaf_use_ == LeafUse::kListRows) grown.leaf_rows.reserve(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Node& node = *order[i];
    grown.tree.AddNode(node.parent == nullptr ? Tree::kNone : place[node.parent->number]);
    if (node.left != nullptr) {
      grown.tree.left[i] = place[node.left->number];
      grown.tree.right[i] = place[node.right->number];
    }
    Record(node, i, &grown.tree);
    grown.splits.push_back(node.best.split);
    if (leaf_use_ == LeafUse::kListRows) grown.leaf_rows.push_back(node.rows);
  }
  return grown;
}

void Growth::Record(const Node& node, std::size_t at, Tree* tree) const {
  tree->sum_hessian[at] = static_cast<float>(scale_.Unpack(node.sum).hessian);
  if (node.left == nullptr) {
    tree->threshold[at] = node.value;
    tree->base_weight[at] = node.value;
    return;
  }
  const BinnedSplit& split = node.best.split;
  const FeatureCuts& cuts = matrix_.cuts().features[static_cast<std::size_t>(split.feature)];
  tree->base_weight[at] = node.weight;
  tree->feature[at] = split.feature;
  tree->default_left[at] = split.default_left ? 1 : 0;
  tree->loss_change[at] = node.best.loss_change;
  if (!split.is_categorical) {
    // A value above all that trained lies in the last bin: where that bin goes left, so must it
    // (all but the largest float itself, which no threshold is above).
    const bool all_left = split.last_left + 1 == cuts.n_bins();
    const bool none_left = split.last_left < 0;
    tree->threshold[at] = all_left    ? std::numeric_limits<float>::max()
                          : none_left ? std::numeric_limits<float>::lowest()
                                      : cuts.cuts[static_cast<std::size_t>(split.last_left)];
    return;
  }
  tree->is_categorical[at] = 1;
  tree->category_begin[at] = static_cast<std::int32_t>(tree->categories.size());
  for (int code = 0; code < cuts.n_categories; ++code) {
    if (split.right.Has(code)) tree->categories.push_back(code);
  }
  tree->category_size[at] =
      static_cast<std::int32_t>(tree->categories.size()) - tree->category_begin[at];
}

}  // namespace coppice::trainer
