#pragma once
// One run of TreeGrower::Grow: from the root to the last leaf.

#include <array>
#include <atomic>
#include <deque>
#include <mutex>
#include <span>
#include <vector>

#include "trainer/tree/grower.h"
#include "trainer/tree/interaction_constraints.h"
#include "trainer/tree/split_finder.h"

namespace coppice::trainer {

class Growth {
 public:
  Growth(TreeGrower& grower, std::span<const PackedPair> gradients, FixedPointScale scale,
         PackedPair total, TreeKey key, std::span<float> margins, LeafUse leaf_use);

  GrownTree Run();

 private:
  struct Node {
    std::size_t number = 0;  // in the order of making
    Node* parent = nullptr;
    Node* left = nullptr;  // null at a leaf
    Node* right = nullptr;
    PackedPair sum = 0;
    float weight = 0;  // before eta
    float value = 0;   // of a leaf
    RowRange rows;     // of a leaf, where they are listed
    SplitCandidate best;
  };
  // A node that may yet be split.
  struct OpenNode {
    Node* node = nullptr;
    int depth = 0;
    std::uint64_t path = 0;
    RowRange rows;
    NodeSums sums;
    int histogram = HistogramPool::kNone;

    float loss_change() const { return node->best.loss_change; }
    // Lossguide's order: smaller loss change, ties to the larger number.
    static bool IsWorse(const OpenNode& a, const OpenNode& b) {
      if (a.loss_change() != b.loss_change()) return a.loss_change() < b.loss_change();
      return a.node->number > b.node->number;
    }
  };

  bool is_lossguide() const { return params_.grow_policy == GrowPolicy::kLossguide; }
  bool grows_depth_first() const { return !is_lossguide() && params_.max_leaves == 0; }
  void GrowInOrder(OpenNode root);
  void GrowDepthFirst(OpenNode node);
  OpenNode NextNode();

  OpenNode OpenRoot();
  // Left and right.
  std::array<OpenNode, 2> MakeChildren(const OpenNode& parent, RowRange left, RowRange right);
  OpenNode MakeChild(const OpenNode& parent, bool is_right, RowRange rows, const NodeSums& sums);
  Node* AddNode(Node* parent, const NodeSums& sums);
  bool GivenUp() const { return given_up_.load(std::memory_order_relaxed); }
  bool IsDeepest(int depth) const;
  bool MaySplit(const OpenNode& node) const;
  bool IsAdmissible(const OpenNode& node) const;
  void Expand(const OpenNode& parent, std::vector<OpenNode>* children);
  void SplitIntoLeaves(const OpenNode& parent);
  void AddLeafValues(std::span<const RowIndex> rows, const CodeSplit& split,
                     std::array<float, 2> values);
  std::size_t SplitRows(const OpenNode& parent);
  void FindChildren(int parent_histogram, OpenNode& small, OpenNode& large);
  void FindFromRows(OpenNode& node);
  void FindBest(OpenNode& node, const NodeHistogram& histogram);
  // Marks of the features that the node may split on.
  std::vector<std::uint8_t> AllowedAt(const OpenNode& node) const;
  void BuildHistogram(const OpenNode& node, Histogram histogram);
  int TakeHistogram();
  void Close(const OpenNode& leaf);
  float LeafValue(const Node& node) const;

  GrownTree Assemble() const;
  void Record(const Node& node, std::size_t at, Tree* tree) const;

  const BinnedMatrix& matrix_;
  const TrainParams& params_;
  RowPartition& partition_;
  HistogramPool& pool_;
  const HistogramBuilder& builder_;
  std::span<const PackedPair> gradients_;
  FixedPointScale scale_;
  PackedPair total_;
  std::span<float> margins_;
  LeafUse leaf_use_;
  const WorkLimit* limit_;
  std::atomic<bool> given_up_{false};  // the limit was reached: whatever is open becomes a leaf
  SplitFinder finder_;
  ColumnSampler columns_;
  InteractionConstraints interactions_;
  std::vector<int> blocks_;            // that hold a feature of the tree
  std::vector<std::uint8_t> allowed_;  // [n_features]: the tree may use it
  std::mutex mutex_;                   // guards nodes_
  std::deque<Node> nodes_;
  std::deque<OpenNode> open_;  // where max_leaves sets an order
  int n_leaves_ = 1;
};

}  // namespace coppice::trainer
