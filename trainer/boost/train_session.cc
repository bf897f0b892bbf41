#include "trainer/boost/train_session.h"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "trainer/objective/sum.h"
#include "trainer/tree/grower.h"

namespace coppice::trainer {
namespace {

// Rows of one task of the row-wise passes; also the block of their sums, so that the shape of a sum
// is fixed.
constexpr std::size_t kChunk = 4096;

std::vector<float> Gather(std::span<const float> from, std::span<const RowIndex> rows) {
  std::vector<float> gathered;
  if (from.empty()) return gathered;
  gathered.reserve(rows.size());
  for (RowIndex row : rows) gathered.push_back(from[row]);
  return gathered;
}

// Runs body(chunk, begin, end) over [0, n).
template <typename Body>
void ForEachChunk(std::size_t n, const Body& body) {
  const std::size_t n_chunks = (n + kChunk - 1) / kChunk;
  const auto run = [&](std::size_t chunk) {
    body(chunk, chunk * kChunk, std::min(n, (chunk + 1) * kChunk));
  };
  if (n_chunks > 1) {
    tbb::parallel_for(std::size_t{0}, n_chunks, run);
  } else if (n_chunks == 1) {
    run(0);
  }
}

ObjectiveSettings SettingsOf(const TrainParams& params) {
  return {.num_class = params.num_class, .scale_pos_weight = params.scale_pos_weight};
}

// Labels and weights of one set of rows, side by side as the metrics want them.
struct EvaluationSet {
  std::span<const RowIndex> rows;
  std::vector<float> label;
  std::vector<float> weight;
};

}  // namespace

class TrainSession::State {
 public:
  State(SessionData data, TrainParams params, std::vector<const Metric*> metrics,
        bool train_metrics, SessionKey key)
      : data_(std::move(data)),
        params_(std::move(params)),
        metrics_(std::move(metrics)),
        key_(key),
        objective_(MakeObjective(params_.objective, SettingsOf(params_))),
        partition_(data_.train),
        grower_(*data_.matrix, params_, partition_) {
    COPPICE_CHECK(objective_ != nullptr, "the objective's name was checked");
    COPPICE_CHECK(data_.matrix->n_rows() < (1U << 30), "sums of more rows could overflow");
    n_outputs_ = static_cast<std::size_t>(objective_->n_outputs());
    train_ = MakeSet(data_.train);
    validation_ = MakeSet(data_.validation);
    if (auto problem = objective_->CheckLabels(train_.label)) {
      throw Error(ErrorKind::kData, *problem, {},
                  "choose an objective that fits the label, or clean the label");
    }
    if (params_.base_score) {
      base_score_.assign(1, static_cast<float>(*params_.base_score));
    } else {
      base_score_ = objective_->EstimateBaseScore(train_.label, train_.weight);
    }
    const std::size_t n_rows = data_.matrix->n_rows();
    gradients_.resize(n_rows * n_outputs_);
    margins_.resize(n_rows * n_outputs_);
    for (std::size_t i = 0; i < margins_.size(); ++i) margins_[i] = BaseMargin(i % n_outputs_);
    if (train_metrics) curves_.train.resize(metrics_.size());
    if (!validation_.rows.empty()) curves_.validation.resize(metrics_.size());
  }

  int Advance(int rounds, const CancelToken* cancel) {
    int done = 0;
    while (done < rounds && rounds_ < params_.num_round) {
      if (cancel != nullptr && cancel->cancelled()) break;
      OneRound();
      ++done;
    }
    return done;
  }

  int rounds() const { return rounds_; }
  bool finished() const { return rounds_ >= params_.num_round; }
  const MetricCurves& curves() const { return curves_; }

  Booster MakeBooster(const Schema& schema, int rounds) const {
    const int used = rounds == 0 ? rounds_ : rounds;
    COPPICE_CHECK(used <= rounds_, "only trained rounds make a model");
    Booster booster;
    booster.objective = params_.objective;
    booster.objective_params = objective_->Parameters();
    booster.n_outputs = static_cast<int>(n_outputs_);
    booster.base_score = base_score_;
    booster.schema = schema;
    booster.trees.assign(trees_.begin(),
                         trees_.begin() + static_cast<std::ptrdiff_t>(used) *
                                              static_cast<std::ptrdiff_t>(n_outputs_));
    return booster;
  }

 private:
  EvaluationSet MakeSet(std::span<const RowIndex> rows) const {
    return {rows, Gather(data_.label, rows), Gather(data_.weight, rows)};
  }

  float BaseMargin(std::size_t output) const {
    return objective_->ToMargin(base_score_[base_score_.size() == 1 ? 0 : output]);
  }

  void OneRound() {
    const std::vector<FixedPointScale> scales = ComputeGradients();
    for (std::size_t k = 0; k < n_outputs_; ++k) GrowTree(k, scales[k]);
    ++rounds_;
    if (!curves_.train.empty()) Evaluate(train_, &curves_.train);
    if (!curves_.validation.empty()) Evaluate(validation_, &curves_.validation);
  }

  std::span<PackedPair> Gradients(std::size_t output) {
    const std::size_t n_rows = data_.matrix->n_rows();
    return {gradients_.data() + output * n_rows, n_rows};
  }

  // Two passes over the training rows: gradients as floats with their sums, which fix the scales;
  // then, in place, as integers.
  std::vector<FixedPointScale> ComputeGradients() {
    const std::size_t n = data_.train.size();
    const std::size_t n_chunks = (n + kChunk - 1) / kChunk;
    std::vector<GradientSum> sums(n_chunks * n_outputs_);
    ForEachChunk(n, [&](std::size_t chunk, std::size_t begin, std::size_t end) {
      GradientsOfChunk(chunk, begin, end, {sums.data() + chunk * n_outputs_, n_outputs_});
    });
    std::vector<FixedPointScale> scales;
    for (std::size_t k = 0; k < n_outputs_; ++k) {
      GradientSum total;
      for (std::size_t chunk = 0; chunk < n_chunks; ++chunk) {
        total.gradient += sums[chunk * n_outputs_ + k].gradient;
        total.hessian += sums[chunk * n_outputs_ + k].hessian;
      }
      if (!std::isfinite(total.gradient) || !std::isfinite(total.hessian)) {
        throw Error(ErrorKind::kData,
                    fmt::format("the gradients of round {} are not finite", rounds_ + 1), {},
                    "the labels or weights are too large for single precision: rescale them");
      }
      scales.emplace_back(total.gradient, total.hessian, n);
    }
    ForEachChunk(n, [&](std::size_t, std::size_t begin, std::size_t end) {
      for (std::size_t k = 0; k < n_outputs_; ++k) {
        const std::span<PackedPair> packed = Gradients(k);
        for (RowIndex row : data_.train.subspan(begin, end - begin)) {
          const auto pair = std::bit_cast<GradientPair>(packed[row]);
          packed[row] = scales[k].Pack(pair.gradient, pair.hessian);
        }
      }
    });
    return scales;
  }

  // Leaves the float pairs, as they are in memory, where the packed ones will be; rows that the
  // round's sample lacks get zeros. `sums` [n_outputs] takes sum |g| and sum h.
  void GradientsOfChunk(std::size_t chunk, std::size_t begin, std::size_t end,
                        std::span<GradientSum> sums) {
    const std::size_t n = end - begin;
    const std::span<const RowIndex> rows = data_.train.subspan(begin, n);
    std::vector<float> margins(n * n_outputs_);
    std::vector<GradientPair> pairs(n * n_outputs_);
    GatherMargins(rows, margins);
    const std::span<const float> label(train_.label.data() + begin, n);
    const std::span<const float> weight =
        train_.weight.empty() ? std::span<const float>()
                              : std::span<const float>(train_.weight.data() + begin, n);
    objective_->Gradients(margins, label, weight, pairs);
    if (params_.subsample < 1) DropUnsampled(chunk, pairs);
    for (std::size_t k = 0; k < n_outputs_; ++k) {
      const std::span<PackedPair> target = Gradients(k);
      for (std::size_t i = 0; i < n; ++i) {
        const GradientPair& pair = pairs[i * n_outputs_ + k];
        sums[k].gradient += std::abs(pair.gradient);
        sums[k].hessian += pair.hessian;
        target[rows[i]] = std::bit_cast<PackedPair>(pair);
      }
    }
  }

  void DropUnsampled(std::size_t chunk, std::span<GradientPair> pairs) const {
    RandomStream stream(Seed(), {Purpose::kRowSample, key_.fold,
                                 static_cast<std::uint64_t>(rounds_) << 32 | chunk});
    const auto keep_below = static_cast<std::uint64_t>(params_.subsample * 0x1p32);
    for (std::size_t i = 0; i < pairs.size(); i += n_outputs_) {
      if (stream.Next() < keep_below) continue;
      for (std::size_t k = 0; k < n_outputs_; ++k) pairs[i + k] = {};
    }
  }

  void GrowTree(std::size_t output, const FixedPointScale& scale) {
    const std::uint64_t tree = static_cast<std::uint64_t>(rounds_) * n_outputs_ + output;
    const GrownTree grown = grower_.Grow(Gradients(output), scale, {Seed(), key_.fold, tree});
    for (const TreeGrower::LeafRows& leaf : grower_.leaf_rows()) {
      const float value = grown.tree.threshold[static_cast<std::size_t>(leaf.node)];
      for (RowIndex row : partition_.Rows(leaf.rows)) margins_[row * n_outputs_ + output] += value;
    }
    ForEachChunk(data_.validation.size(), [&](std::size_t, std::size_t begin, std::size_t end) {
      for (RowIndex row : data_.validation.subspan(begin, end - begin)) {
        const std::int32_t leaf = grown.LeafOf(*data_.matrix, row);
        margins_[row * n_outputs_ + output] += grown.tree.threshold[static_cast<std::size_t>(leaf)];
      }
    });
    trees_.push_back(grown.tree);
  }

  void GatherMargins(std::span<const RowIndex> rows, std::span<float> margins) const {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t k = 0; k < n_outputs_; ++k) {
        margins[i * n_outputs_ + k] = margins_[rows[i] * n_outputs_ + k];
      }
    }
  }

  void Evaluate(const EvaluationSet& set, std::vector<std::vector<double>>* curves) const {
    std::vector<float> predictions(set.rows.size() * n_outputs_);
    ForEachChunk(set.rows.size(), [&](std::size_t, std::size_t begin, std::size_t end) {
      const std::span<float> part(predictions.data() + begin * n_outputs_,
                                  (end - begin) * n_outputs_);
      GatherMargins(set.rows.subspan(begin, end - begin), part);
      objective_->Transform(part);
    });
    for (std::size_t m = 0; m < metrics_.size(); ++m) {
      (*curves)[m].push_back(
          metrics_[m]->Evaluate(predictions, set.label, set.weight, static_cast<int>(n_outputs_)));
    }
  }

  // XGBoost's own `seed` parameter shifts the study's.
  std::uint64_t Seed() const { return Mix64(key_.seed) + params_.seed; }

  SessionData data_;
  TrainParams params_;
  std::vector<const Metric*> metrics_;
  SessionKey key_;
  std::unique_ptr<Objective> objective_;
  std::size_t n_outputs_ = 1;
  EvaluationSet train_;
  EvaluationSet validation_;
  std::vector<float> base_score_;
  std::vector<float> margins_;         // [n_rows, n_outputs]
  std::vector<PackedPair> gradients_;  // [n_outputs][n_rows]
  RowPartition partition_;
  TreeGrower grower_;
  std::vector<Tree> trees_;
  MetricCurves curves_;
  int rounds_ = 0;
};

TrainSession::TrainSession(SessionData data, TrainParams params, std::vector<const Metric*> metrics,
                           bool train_metrics, SessionKey key)
    : state_(std::make_unique<State>(std::move(data), std::move(params), std::move(metrics),
                                     train_metrics, key)) {}
TrainSession::~TrainSession() = default;
TrainSession::TrainSession(TrainSession&&) noexcept = default;

int TrainSession::Advance(int rounds, const CancelToken* cancel) {
  return state_->Advance(rounds, cancel);
}
int TrainSession::rounds() const { return state_->rounds(); }
bool TrainSession::finished() const { return state_->finished(); }
const MetricCurves& TrainSession::curves() const { return state_->curves(); }
Booster TrainSession::MakeBooster(const Schema& schema, int rounds) const {
  return state_->MakeBooster(schema, rounds);
}

}  // namespace coppice::trainer
