#include "trainer/model_io/xgboost_tree.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace coppice::trainer {
namespace {

std::vector<std::uint8_t> ReadFlags(ModelScanner& scan) {
  const ModelScanner::Mark mark = scan.Here();
  std::vector<std::uint8_t> flags;
  for (const std::int32_t value : scan.Ints()) {
    if (value != 0 && value != 1) scan.FailAt(mark, fmt::format("`{}` is not 0 or 1", value));
    flags.push_back(static_cast<std::uint8_t>(value));
  }
  return flags;
}

void ReadTreeParam(ModelScanner& scan, TreeText& text) {
  scan.Object([&](const std::string& key) {
    if (key == "num_nodes") {
      text.num_nodes = ReadQuotedInt(scan);
    } else if (key == "size_leaf_vector") {
      text.leaf_size = ReadQuotedInt(scan);
    } else {
      scan.Skip();
    }
  });
}

bool ReadShape(ModelScanner& scan, const std::string& key, Tree& tree) {
  if (key == "left_children") {
    tree.left = scan.Ints();
  } else if (key == "right_children") {
    tree.right = scan.Ints();
  } else if (key == "parents") {
    tree.parent = scan.Ints();
  } else if (key == "split_indices") {
    tree.feature = scan.Ints();
  } else if (key == "split_conditions") {
    tree.threshold = scan.Floats();
  } else if (key == "default_left") {
    tree.default_left = ReadFlags(scan);
  } else if (key == "split_type") {
    tree.is_categorical = ReadFlags(scan);
  } else {
    return false;
  }
  return true;
}

bool ReadStatistics(ModelScanner& scan, const std::string& key, Tree& tree) {
  if (key == "base_weights") {
    tree.base_weight = scan.Floats();
  } else if (key == "loss_changes") {
    tree.loss_change = scan.Floats();
  } else if (key == "sum_hessian") {
    tree.sum_hessian = scan.Floats();
  } else {
    return false;
  }
  return true;
}

bool ReadCategories(ModelScanner& scan, const std::string& key, TreeText& text) {
  if (key == "categories") {
    text.tree.categories = scan.Ints();
  } else if (key == "categories_nodes") {
    text.category_nodes = scan.Ints();
  } else if (key == "categories_segments") {
    text.category_begins = scan.Ints();
  } else if (key == "categories_sizes") {
    text.category_sizes = scan.Ints();
  } else {
    return false;
  }
  return true;
}

// The checks of one tree, in the order in which they rely on each other.
class Checker {
 public:
  Checker(TreeText& text, const std::vector<FeatureSchema>& features, const ModelScanner& scan)
      : text_(text), tree_(text.tree), features_(features), scan_(scan) {}

  void Run() {
    Lengths();
    Categories();
    Walk();
  }

 private:
  [[noreturn]] void Fail(const std::string& array, std::size_t index,
                         const std::string& message) const {
    ModelScanner::Mark mark = text_.mark;
    mark.path += fmt::format(".{}[{}]", array, index);
    scan_.FailAt(mark, message);
  }

  void Length(const char* array, std::size_t length) const {
    if (length == n_) return;
    ModelScanner::Mark mark = text_.mark;
    mark.path += fmt::format(".{}", array);
    scan_.FailAt(mark, fmt::format("`{}` has {} items, and the tree {} nodes", array, length, n_));
  }

  void Lengths() {
    n_ = tree_.left.size();
    if (n_ == 0) scan_.FailAt(text_.mark, "the tree has no `left_children`");
    if (text_.leaf_size > 1) {
      scan_.FailAt(text_.mark, "trees with several numbers a leaf are not supported yet",
                   "train with `multi_strategy` set to `one_output_per_tree`");
    }
    Length("tree_param.num_nodes", static_cast<std::size_t>(text_.num_nodes));
    Length("right_children", tree_.right.size());
    Length("parents", tree_.parent.size());
    Length("split_indices", tree_.feature.size());
    Length("split_conditions", tree_.threshold.size());
    Length("default_left", tree_.default_left.size());
    Length("base_weights", tree_.base_weight.size());
    Length("loss_changes", tree_.loss_change.size());
    Length("sum_hessian", tree_.sum_hessian.size());
    // Models from before categories have no split types.
    if (tree_.is_categorical.empty()) tree_.is_categorical.assign(n_, 0);
    Length("split_type", tree_.is_categorical.size());
  }

  void Categories() {
    tree_.category_begin.assign(n_, 0);
    tree_.category_size.assign(n_, 0);
    const std::size_t n_sets = text_.category_nodes.size();
    if (text_.category_begins.size() != n_sets || text_.category_sizes.size() != n_sets) {
      scan_.FailAt(text_.mark,
                   "`categories_nodes`, `categories_segments` and `categories_sizes` differ in "
                   "length");
    }
    std::vector<std::uint8_t> has_set(n_, 0);
    for (std::size_t set = 0; set < n_sets; ++set) {
      const auto node = static_cast<std::size_t>(text_.category_nodes[set]);
      if (node >= n_ || tree_.is_categorical[node] == 0 || has_set[node] != 0) {
        Fail("categories_nodes", set,
             fmt::format("`{}` is not a categorical node that still lacks its set",
                         text_.category_nodes[set]));
      }
      has_set[node] = 1;
      CategorySet(set, node);
    }
    for (std::size_t node = 0; node < n_; ++node) {
      if (tree_.is_categorical[node] != has_set[node]) {
        Fail("split_type", node, "the categorical node has no set of categories");
      }
    }
  }

  void CategorySet(std::size_t set, std::size_t node) {
    const std::int64_t begin = text_.category_begins[set];
    const std::int64_t size = text_.category_sizes[set];
    const auto n_codes = static_cast<std::int64_t>(tree_.categories.size());
    if (begin < 0 || size < 0 || begin + size > n_codes) {
      Fail(
          "categories_segments", set,
          fmt::format("`{}` with size `{}` is outside of the {} categories", begin, size, n_codes));
    }
    for (std::int64_t i = begin; i < begin + size; ++i) {
      const std::int32_t code = tree_.categories[static_cast<std::size_t>(i)];
      const bool ascends = i == begin || tree_.categories[static_cast<std::size_t>(i - 1)] < code;
      if (code >= 0 && code < kMaxCategories && ascends) continue;
      Fail("categories", static_cast<std::size_t>(i),
           fmt::format("`{}` is not a code from 0 to {} above the one before", code,
                       kMaxCategories - 1));
    }
    tree_.category_begin[node] = text_.category_begins[set];
    tree_.category_size[node] = text_.category_sizes[set];
  }

  // From the root down. Nodes that pruning cut off are never reached and stay as they are.
  void Walk() {
    if (tree_.parent[0] != kRootParent && tree_.parent[0] != Tree::kNone) {
      Fail("parents", 0, fmt::format("the root has `{}` as its parent", tree_.parent[0]));
    }
    tree_.parent[0] = Tree::kNone;
    std::vector<std::uint8_t> reached(n_, 0);
    std::vector<std::size_t> open = {0};
    reached[0] = 1;
    while (!open.empty()) {
      const std::size_t node = open.back();
      open.pop_back();
      if (!Splits(node)) continue;
      for (const bool is_left : {true, false}) {
        const auto& children = is_left ? tree_.left : tree_.right;
        const char* array = is_left ? "left_children" : "right_children";
        const auto child = static_cast<std::size_t>(children[node]);
        if (reached[child] != 0) {
          Fail(array, node, fmt::format("node `{}` is reached twice", child));
        }
        reached[child] = 1;
        if (tree_.parent[child] != static_cast<std::int32_t>(node)) {
          Fail("parents", child,
               fmt::format("`{}` is not the node that has it as a child, {}", tree_.parent[child],
                           node));
        }
        open.push_back(child);
      }
    }
    UnreachedChildren(reached);
  }

  // Whether a reached node is no leaf; its own numbers are checked.
  bool Splits(std::size_t node) const {
    if (tree_.left[node] == Tree::kNone && tree_.right[node] == Tree::kNone) {
      if (!std::isfinite(tree_.threshold[node])) {
        Fail("split_conditions", node, "the value of a leaf is not a finite number");
      }
      return false;
    }
    Child("left_children", node, tree_.left[node]);
    Child("right_children", node, tree_.right[node]);
    const auto feature = static_cast<std::size_t>(tree_.feature[node]);
    if (feature >= features_.size()) {
      Fail("split_indices", node,
           fmt::format("feature `{}` is not among the model's {}", tree_.feature[node],
                       features_.size()));
    }
    const bool categorical = features_[feature].kind == ColumnKind::kCategorical;
    if (categorical != (tree_.is_categorical[node] != 0)) {
      Fail("split_type", node,
           fmt::format("the split does not fit `{}`, which is {}", features_[feature].name,
                       categorical ? "categorical" : "numeric"));
    }
    if (std::isnan(tree_.threshold[node])) {
      Fail("split_conditions", node, "the threshold is not a number");
    }
    return true;
  }

  void Child(const char* array, std::size_t node, std::int32_t child) const {
    if (child > 0 && static_cast<std::size_t>(child) < n_) return;
    Fail(array, node, fmt::format("`{}` is not a node below the root", child));
  }

  // Nobody walks there, but code that goes over all nodes must not fall out of the arrays.
  void UnreachedChildren(const std::vector<std::uint8_t>& reached) const {
    for (std::size_t node = 0; node < n_; ++node) {
      if (reached[node] != 0) continue;
      if (tree_.left[node] != Tree::kNone) Child("left_children", node, tree_.left[node]);
      if (tree_.right[node] != Tree::kNone) Child("right_children", node, tree_.right[node]);
    }
  }

  const TreeText& text_;
  Tree& tree_;
  const std::vector<FeatureSchema>& features_;
  const ModelScanner& scan_;
  std::size_t n_ = 0;
};

}  // namespace

int ReadQuotedInt(ModelScanner& scan) {
  const ModelScanner::Mark mark = scan.Here();
  const std::string text = scan.String();
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    scan.FailAt(mark, fmt::format("`{}` is not a whole number", text));
  }
  return value;
}

TreeText ReadTreeText(ModelScanner& scan) {
  TreeText text;
  text.mark = scan.Here();
  scan.Object([&](const std::string& key) {
    if (key == "id") {
      text.id = scan.Int();
    } else if (key == "tree_param") {
      ReadTreeParam(scan, text);
    } else if (!ReadShape(scan, key, text.tree) && !ReadStatistics(scan, key, text.tree) &&
               !ReadCategories(scan, key, text)) {
      scan.Skip();
    }
  });
  return text;
}

Tree CheckedTree(TreeText text, const std::vector<FeatureSchema>& features,
                 const ModelScanner& scan) {
  Checker(text, features, scan).Run();
  return std::move(text.tree);
}

}  // namespace coppice::trainer
