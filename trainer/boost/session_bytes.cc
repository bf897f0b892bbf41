#include "trainer/boost/session_bytes.h"

#include <algorithm>
#include <memory>
#include <span>

#include "base/error.h"
#include "trainer/data/queries.h"
#include "trainer/objective/objective.h"
#include "trainer/objective/quantile.h"
#include "trainer/tree/fixed_point.h"
#include "trainer/tree/grower.h"
#include "trainer/tree/tree.h"

namespace coppice::trainer {
namespace {

constexpr std::size_t kFloat = sizeof(float);
constexpr std::size_t kRow = sizeof(RowIndex);
// A node in all arrays of a Tree together, without categories.
constexpr std::size_t kTreeNode = 10 * sizeof(std::int32_t) + 2 * sizeof(std::uint8_t);
constexpr std::size_t kPair = sizeof(GradientPair);
static_assert(kPair == sizeof(PackedPair), "gradients are packed where they stand");

// One member an owner of memory; each follows what the class of that name allocates.
class Count {
 public:
  Count(const TrainParams& params, const SessionData& data, bool train_metrics)
      : params_(params),
        data_(data),
        objective_(MakeObjective(params.objective, SettingsOf(params))),
        n_(data.matrix->n_rows()),
        n_train_(data.train.size()),
        judges_training_(train_metrics) {
    COPPICE_CHECK(objective_ != nullptr, "the objective's name was checked");
    n_outputs_ = static_cast<std::size_t>(objective_->n_outputs());
  }

  std::size_t Bytes() const {
    const std::size_t margins = kFloat * n_ * n_outputs_;
    const std::size_t kept = margins + RoundGradientsBytes() + MethodBytes() + EvaluationBytes();
    // What dart leaves out of a round, at all rows; and what a new tree adds.
    const bool drops = params_.booster == BoosterKind::kDart;
    const std::size_t growing = GrowthScratch() + (drops ? kFloat * n_ : 0);
    const std::size_t round = (drops ? margins : 0) + std::max(GradientScratch(), growing);
    return kept + std::max(round, EvaluationScratch());
  }

 private:
  bool is_linear() const { return params_.booster == BoosterKind::kGblinear; }
  bool is_bounded() const { return !data_.label_upper.empty(); }
  bool is_weighted() const { return !data_.weight.empty(); }
  bool ranks() const { return objective_->coupling() == Coupling::kQueries; }

  std::size_t RoundGradientsBytes() const {
    std::size_t bytes = kPair * n_ * n_outputs_;
    if (n_train_ < n_) bytes += kFloat * n_ * (is_bounded() ? 2 : 1);
    if (objective_->coupling() != Coupling::kNone) bytes += kPair * n_ * n_outputs_;
    if (ranks()) {
      const std::size_t a_query = sizeof(std::uint32_t) + kFloat + sizeof(std::uint64_t);
      bytes += (kRow + kFloat) * n_train_ + a_query * Queries(data_.train) + sizeof(std::uint32_t);
    }
    return bytes;
  }

  // All rows that train at once, side by side.
  std::size_t GradientScratch() const {
    if (objective_->coupling() != Coupling::kWholeData) return 0;
    const std::size_t labels = kFloat * (is_weighted() ? 2 : 1);
    return n_train_ *
           (n_outputs_ * (kFloat + kPair) + labels + objective_->gradient_scratch_bytes());
  }

  std::size_t MethodBytes() const {
    if (is_linear()) return kPair * n_ * n_outputs_;
    std::size_t bytes = 2 * kRow * n_train_;  // the partition
    if (SamplesEachTree()) bytes += kPair * n_;
    if (objective_->LeafQuantile(0)) bytes += kFloat * n_ * n_outputs_;  // the round's start
    return bytes;
  }

  std::size_t GrowthScratch() const {
    if (is_linear()) return 0;
    const std::size_t measures = SamplesByGradient() ? kFloat * n_ : 0;
    if (!objective_->LeafQuantile(0)) return measures;
    // Of all leaves together, or of a tree that is one leaf.
    const std::size_t residual = kFloat * (is_weighted() ? 2 : 1);
    return std::max(measures, n_train_ * (residual + QuantileScratchBytes(is_weighted())));
  }

  std::size_t EvaluationBytes() const {
    return SetBytes(data_.validation) + (judges_training_ ? SetBytes(data_.train) : 0);
  }
  std::size_t SetBytes(std::span<const RowIndex> rows) const {
    if (rows.empty()) return 0;
    const std::size_t labels = kFloat * (1 + (is_bounded() ? 1 : 0) + (is_weighted() ? 1 : 0));
    if (!ranks()) return rows.size() * labels;
    return rows.size() * (labels + kRow) + sizeof(std::uint32_t) * (Queries(rows) + 1);
  }
  // Predictions of one set after the other.
  std::size_t EvaluationScratch() const {
    return kFloat * n_outputs_ *
           std::max(data_.validation.size(), judges_training_ ? n_train_ : std::size_t{0});
  }

  bool SamplesByGradient() const {
    return params_.subsample < 1 && params_.sampling_method == SamplingMethod::kGradientBased;
  }
  bool SamplesEachTree() const {
    return SamplesByGradient() || (params_.subsample < 1 && params_.num_parallel_tree > 1);
  }
  std::size_t Queries(std::span<const RowIndex> rows) const {
    return OrderByQuery(rows, data_.group).n_queries();
  }

  const TrainParams& params_;
  const SessionData& data_;
  std::unique_ptr<Objective> objective_;
  std::size_t n_;  // rows of the matrix
  std::size_t n_train_;
  std::size_t n_outputs_ = 1;
  bool judges_training_;
};

// Leaves of one tree at most; each has a row.
std::size_t MostLeaves(const TrainParams& params, std::size_t n_train) {
  std::size_t leaves = std::max<std::size_t>(n_train, 1);
  if (params.max_leaves > 0) leaves = std::min(leaves, static_cast<std::size_t>(params.max_leaves));
  constexpr int kDeepest = 40;  // deeper than there can be rows
  if (params.max_depth > 0 && params.max_depth < kDeepest) {
    leaves = std::min(leaves, std::size_t{1} << params.max_depth);
  }
  return leaves;
}

// Categories that a split of any column sends right.
std::size_t MostCategories(const TrainParams& params, const BinnedMatrix& matrix) {
  std::size_t most = 0;
  for (const FeatureCuts& cuts : matrix.cuts().features) {
    const int of_split = cuts.n_categories < params.max_cat_to_onehot ? 1 : cuts.n_categories;
    if (cuts.n_categories > 0) most = std::max(most, static_cast<std::size_t>(of_split));
  }
  return most;
}

std::size_t TreesOfAllRounds(const TrainParams& params) {
  const auto objective = MakeObjective(params.objective, SettingsOf(params));
  return static_cast<std::size_t>(params.num_round) *
         static_cast<std::size_t>(objective->n_outputs()) *
         static_cast<std::size_t>(params.num_parallel_tree);
}

}  // namespace

std::size_t SessionTreeBytes(const TrainParams& params, const SessionData& data) {
  if (params.booster == BoosterKind::kGblinear) return 0;
  // Dart walks its trees over bins again and again.
  const bool is_dart = params.booster == BoosterKind::kDart;
  const std::size_t a_node = kTreeNode + (is_dart ? sizeof(BinnedSplit) + sizeof(RowRange) : 0);
  const std::size_t leaves = MostLeaves(params, data.train.size());
  const std::size_t a_tree = (2 * leaves - 1) * a_node + (leaves - 1) *
                                                             MostCategories(params, *data.matrix) *
                                                             sizeof(std::int32_t);
  // The array of trees has up to twice the places that are taken.
  return TreesOfAllRounds(params) * (a_tree + 2 * (is_dart ? sizeof(GrownTree) : sizeof(Tree)));
}

std::size_t SessionStateBytes(const TrainParams& params, const SessionData& data) {
  const auto objective = MakeObjective(params.objective, SettingsOf(params));
  const std::size_t margins =
      kFloat * data.matrix->n_rows() * static_cast<std::size_t>(objective->n_outputs());
  // A text that grows doubles its room, and stands in the old and the new one for a moment.
  return 3 * (margins + SessionTreeBytes(params, data)) + margins;
}

std::size_t SessionBytes(const TrainParams& params, const SessionData& data, bool train_metrics) {
  return Count(params, data, train_metrics).Bytes();
}

std::size_t SessionHistogramBytes(const TrainParams& params, const BinnedMatrix& matrix,
                                  int threads) {
  if (params.booster == BoosterKind::kGblinear) return 0;
  return HistogramBytes(matrix, params, threads);
}

bool DecidesSessionBytes(const std::string& parameter) {
  return parameter == "subsample" || parameter == "sampling_method" ||
         parameter == "num_parallel_tree";
}

}  // namespace coppice::trainer
