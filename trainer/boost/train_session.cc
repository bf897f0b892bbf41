#include "trainer/boost/train_session.h"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "trainer/objective/clones.h"
#include "trainer/tree/binned_walk.h"
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

// Sums |g| and h of float pairs, as they are in memory, in a fixed shape.
COPPICE_CLONES GradientSum SumPairs(std::size_t n, const PackedPair* pairs) {
  constexpr std::size_t kParts = 8;
  double gradient[kParts] = {};
  double hessian[kParts] = {};
  const auto add = [&](std::size_t part, PackedPair word) {
    const auto pair = std::bit_cast<GradientPair>(word);
    gradient[part] += std::abs(pair.gradient);
    hessian[part] += pair.hessian;
  };
  std::size_t i = 0;
  for (; i + kParts <= n; i += kParts) {
    for (std::size_t part = 0; part < kParts; ++part) add(part, pairs[i + part]);
  }
  for (; i < n; ++i) add(i % kParts, pairs[i]);
  return {std::accumulate(gradient, gradient + kParts, 0.0),
          std::accumulate(hessian, hessian + kParts, 0.0)};
}

// Float pairs to packed ones; returns their sum.
COPPICE_CLONES PackedPair PackInPlace(std::size_t n, FixedPointScale scale, PackedPair* pairs) {
  PackedPair total = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto pair = std::bit_cast<GradientPair>(pairs[i]);
    pairs[i] = scale.Pack(pair.gradient, pair.hessian);
    total += pairs[i];
  }
  return total;
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
        n_rows_(data_.matrix->n_rows()),
        partition_(data_.train),
        grower_(*data_.matrix, params_, partition_) {
    COPPICE_CHECK(objective_ != nullptr, "the objective's name was checked");
    COPPICE_CHECK(n_rows_ < (1U << 30), "sums of more rows could overflow");
    n_outputs_ = static_cast<std::size_t>(objective_->n_outputs());
    validation_ = MakeSet(data_.validation);
    StartFromLabels(MakeSet(data_.train), train_metrics);
    gradients_.resize(n_rows_ * n_outputs_);
    margins_.resize(n_rows_ * n_outputs_);
    StartMargins();
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
    if (data_.start.model != nullptr) booster.trees = data_.start.model->trees;
    booster.trees.insert(booster.trees.end(), trees_.begin(),
                         trees_.begin() + static_cast<std::ptrdiff_t>(used) *
                                              static_cast<std::ptrdiff_t>(n_outputs_));
    return booster;
  }

 private:
  EvaluationSet MakeSet(std::span<const RowIndex> rows) const {
    return {rows, Gather(data_.label, rows), Gather(data_.weight, rows)};
  }

  void StartFromLabels(EvaluationSet train, bool train_metrics) {
    if (auto problem = objective_->CheckLabels(train.label)) {
      throw Error(ErrorKind::kData, *problem, {},
                  "choose an objective that fits the label, or clean the label");
    }
    if (data_.start.model != nullptr) {
      base_score_ = data_.start.model->base_score;
      rounds_before_ = data_.start.model->n_rounds();
    } else if (params_.base_score) {
      base_score_.assign(1, static_cast<float>(*params_.base_score));
    } else {
      base_score_ = objective_->EstimateBaseScore(train.label, train.weight);
    }
    label_ = data_.label;
    if (train.rows.size() < n_rows_) {
      // Gradients are taken of all rows in their order. Of the rows that do not train they are
      // dropped, but their labels must be such that the objective can bear them.
      const float any = train.label.empty() ? 0 : train.label.front();
      own_label_.assign(n_rows_, any);
      for (RowIndex row : train.rows) own_label_[row] = data_.label[row];
      label_ = own_label_;
    }
    if (!train_metrics) return;
    curves_.train.resize(metrics_.size());
    train_ = std::move(train);
  }

  void StartMargins() {
    const SessionStart& start = data_.start;
    COPPICE_CHECK(start.model == nullptr || start.margins.size() == margins_.size(),
                  "a model that is continued comes with a margin for each row and output");
    for (std::size_t k = 0; k < n_outputs_; ++k) {
      const std::span<float> own = Margins(k);
      if (start.model == nullptr) {
        std::fill(own.begin(), own.end(), BaseMargin(k));
        continue;
      }
      for (std::size_t row = 0; row < n_rows_; ++row) {
        own[row] = start.margins[row * n_outputs_ + k];
      }
    }
  }

  float BaseMargin(std::size_t output) const {
    return objective_->ToMargin(base_score_[base_score_.size() == 1 ? 0 : output]);
  }

  void OneRound() {
    const std::vector<PackedOutput> outputs = ComputeGradients();
    for (std::size_t k = 0; k < n_outputs_; ++k) GrowTree(k, outputs[k]);
    ++rounds_;
    if (!curves_.train.empty()) Evaluate(train_, &curves_.train);
    if (!curves_.validation.empty()) Evaluate(validation_, &curves_.validation);
  }

  std::span<PackedPair> Gradients(std::size_t output) {
    return {gradients_.data() + output * n_rows_, n_rows_};
  }
  std::span<float> Margins(std::size_t output) {
    return {margins_.data() + output * n_rows_, n_rows_};
  }

  // How an output's gradients were packed, and their sum.
  struct PackedOutput {
    FixedPointScale scale;
    PackedPair total = 0;
  };

  // Two passes over all rows: gradients as floats with their sums, which fix the scales; then, in
  // place, as integers.
  std::vector<PackedOutput> ComputeGradients() {
    const std::size_t n_chunks = (n_rows_ + kChunk - 1) / kChunk;
    if (objective_->needs_all_rows()) ComputeCoupled();
    std::vector<GradientSum> sums(n_chunks * n_outputs_);
    ForEachChunk(n_rows_, [&](std::size_t chunk, std::size_t begin, std::size_t end) {
      GradientsOfChunk(chunk, begin, end, {sums.data() + chunk * n_outputs_, n_outputs_});
    });
    std::vector<PackedOutput> outputs(n_outputs_);
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
      outputs[k].scale = FixedPointScale(total.gradient, total.hessian, data_.train.size());
    }
    std::vector<PackedPair> totals(n_chunks * n_outputs_);
    ForEachChunk(n_rows_, [&](std::size_t chunk, std::size_t begin, std::size_t end) {
      for (std::size_t k = 0; k < n_outputs_; ++k) {
        totals[chunk * n_outputs_ + k] =
            PackInPlace(end - begin, outputs[k].scale, Gradients(k).data() + begin);
      }
    });
    for (std::size_t i = 0; i < totals.size(); ++i) outputs[i % n_outputs_].total += totals[i];
    return outputs;
  }

  // Leaves the float pairs, as they are in memory, where the packed ones will be; rows that do not
  // train in this round get zeros. `sums` [n_outputs] takes sum |g| and sum h.
  void GradientsOfChunk(std::size_t chunk, std::size_t begin, std::size_t end,
                        std::span<GradientSum> sums) {
    const std::size_t n = end - begin;
    std::vector<float> margins(n_outputs_ == 1 ? 0 : n * n_outputs_);
    std::span<const float> chunk_margins(margins_.data() + begin, n);
    if (n_outputs_ > 1) {
      for (std::size_t k = 0; k < n_outputs_; ++k) {
        const std::span<const float> of_output = Margins(k).subspan(begin, n);
        for (std::size_t i = 0; i < n; ++i) margins[i * n_outputs_ + k] = of_output[i];
      }
      chunk_margins = margins;
    }
    std::vector<GradientPair> pairs(n * n_outputs_);
    const std::span<const float> weight =
        data_.weight.empty() ? data_.weight : data_.weight.subspan(begin, n);
    if (coupled_.empty()) {
      objective_->Gradients(chunk_margins, label_.subspan(begin, n), weight, pairs);
      DropOthers(begin, end, pairs);
    } else {
      std::copy_n(coupled_.data() + begin * n_outputs_, pairs.size(), pairs.data());
    }
    if (params_.subsample < 1) DropUnsampled(chunk, pairs);
    for (std::size_t k = 0; k < n_outputs_; ++k) {
      sums[k] = SpreadPairs(pairs, k, Gradients(k).subspan(begin, n));
    }
  }

  // For an objective that couples rows: the pairs of all rows that train, and zeros elsewhere.
  void ComputeCoupled() {
    const std::size_t n = data_.train.size();
    std::vector<float> margins(n * n_outputs_);
    for (std::size_t k = 0; k < n_outputs_; ++k) {
      const std::span<const float> of_output = Margins(k);
      for (std::size_t i = 0; i < n; ++i) margins[i * n_outputs_ + k] = of_output[data_.train[i]];
    }
    std::vector<GradientPair> pairs(n * n_outputs_);
    objective_->Gradients(margins, Gather(data_.label, data_.train),
                          Gather(data_.weight, data_.train), pairs);
    coupled_.assign(n_rows_ * n_outputs_, {});
    for (std::size_t i = 0; i < n; ++i) {
      std::copy_n(pairs.data() + i * n_outputs_, n_outputs_,
                  coupled_.data() + data_.train[i] * n_outputs_);
    }
  }

  // Output k of `pairs` [n, n_outputs] to `target` [n]; returns sum |g| and sum h, in a fixed
  // shape.
  GradientSum SpreadPairs(std::span<const GradientPair> pairs, std::size_t k,
                          std::span<PackedPair> target) const {
    if (n_outputs_ > 1) {
      for (std::size_t i = 0; i < target.size(); ++i) {
        target[i] = std::bit_cast<PackedPair>(pairs[i * n_outputs_ + k]);
      }
    } else {
      std::memcpy(target.data(), pairs.data(), target.size_bytes());
    }
    return SumPairs(target.size(), target.data());
  }

  // Rows of [begin, end) that are not of the training set: the gaps between those that are.
  void DropOthers(std::size_t begin, std::size_t end, std::span<GradientPair> pairs) const {
    if (data_.train.size() == n_rows_) return;
    const auto drop = [&](std::size_t from, std::size_t to) {
      std::fill(pairs.begin() + static_cast<std::ptrdiff_t>((from - begin) * n_outputs_),
                pairs.begin() + static_cast<std::ptrdiff_t>((to - begin) * n_outputs_),
                GradientPair{});
    };
    std::size_t next = begin;
    auto row = std::lower_bound(data_.train.begin(), data_.train.end(), begin);
    for (; row != data_.train.end() && *row < end; ++row) {
      drop(next, *row);
      next = *row + std::size_t{1};
    }
    drop(next, end);
  }

  void DropUnsampled(std::size_t chunk, std::span<GradientPair> pairs) const {
    RandomStream stream(Seed(), {Purpose::kRowSample, key_.fold, RoundInModel() << 32 | chunk});
    std::vector<std::uint32_t> drawn(pairs.size() / n_outputs_);
    stream.Fill(drawn);
    const auto keep_below = static_cast<std::uint32_t>(params_.subsample * 0x1p32);
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      const float kept = drawn[i] < keep_below ? 1.0F : 0.0F;
      for (std::size_t k = 0; k < n_outputs_; ++k) {
        pairs[i * n_outputs_ + k].gradient *= kept;
        pairs[i * n_outputs_ + k].hessian *= kept;
      }
    }
  }

  void GrowTree(std::size_t output, const PackedOutput& packed) {
    const std::uint64_t tree = RoundInModel() * n_outputs_ + output;
    GrownTree grown = grower_.Grow(Gradients(output), packed.scale, packed.total,
                                   {Seed(), key_.fold, tree}, Margins(output));
    if (!data_.validation.empty()) {
      const BinnedWalk walk(*data_.matrix, grown);
      ForEachChunk(data_.validation.size(), [&](std::size_t, std::size_t begin, std::size_t end) {
        walk.AddLeafValues(data_.validation.subspan(begin, end - begin), Margins(output));
      });
    }
    trees_.push_back(std::move(grown.tree));
  }

  void Evaluate(const EvaluationSet& set, std::vector<std::vector<double>>* curves) const {
    std::vector<float> predictions(set.rows.size() * n_outputs_);
    ForEachChunk(set.rows.size(), [&](std::size_t, std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        for (std::size_t k = 0; k < n_outputs_; ++k) {
          predictions[i * n_outputs_ + k] = margins_[k * n_rows_ + set.rows[i]];
        }
      }
      objective_->TransformForMetrics(
          {predictions.data() + begin * n_outputs_, (end - begin) * n_outputs_});
    });
    for (std::size_t m = 0; m < metrics_.size(); ++m) {
      (*curves)[m].push_back(
          metrics_[m]->Evaluate(predictions, set.label, set.weight, static_cast<int>(n_outputs_)));
    }
  }

  // As if the model that is continued had been trained here.
  std::uint64_t RoundInModel() const {
    return static_cast<std::uint64_t>(rounds_before_ + rounds_);
  }

  // XGBoost's own `seed` parameter shifts the study's.
  std::uint64_t Seed() const { return Mix64(key_.seed) + params_.seed; }

  SessionData data_;
  TrainParams params_;
  std::vector<const Metric*> metrics_;
  SessionKey key_;
  std::unique_ptr<Objective> objective_;
  std::size_t n_rows_;
  std::size_t n_outputs_ = 1;
  std::span<const float> label_;  // [n_rows]; of rows that do not train, any legal one
  std::vector<float> own_label_;  // behind label_ where not all rows train
  EvaluationSet train_;           // filled only where it is evaluated
  EvaluationSet validation_;
  std::vector<float> base_score_;
  std::vector<float> margins_;         // [n_outputs][n_rows]
  std::vector<PackedPair> gradients_;  // [n_outputs][n_rows]
  // [n_rows][n_outputs], where the objective couples rows; else empty.
  std::vector<GradientPair> coupled_;
  RowPartition partition_;
  TreeGrower grower_;
  std::vector<Tree> trees_;
  MetricCurves curves_;
  int rounds_before_ = 0;  // of the model that is continued
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
