#include "trainer/boost/linear_boosting.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/random.h"
#include "trainer/boost/row_chunks.h"
#include "trainer/objective/clones.h"

namespace coppice::trainer {
namespace {

float Present(float value) { return std::isnan(value) ? 0.0F : value; }

// Sums g * v and h * v^2, each product in single precision as XGBoost has it, in a fixed shape.
// No `values`: all 1.
COPPICE_CLONES GradientSum SumColumn(std::size_t n, const GradientPair* pairs,
                                     const float* values) {
  constexpr std::size_t kParts = 8;
  double gradient[kParts] = {};
  double hessian[kParts] = {};
  const auto add = [&](std::size_t part, std::size_t row) {
    const float value = values == nullptr ? 1.0F : Present(values[row]);
    gradient[part] += static_cast<double>(pairs[row].gradient * value);
    hessian[part] += static_cast<double>(pairs[row].hessian * value * value);
  };
  std::size_t i = 0;
  for (; i + kParts <= n; i += kParts) {
    for (std::size_t part = 0; part < kParts; ++part) add(part, i + part);
  }
  for (; i < n; ++i) add(i % kParts, i);
  return {std::accumulate(gradient, gradient + kParts, 0.0),
          std::accumulate(hessian, hessian + kParts, 0.0)};
}

GradientSum SumOf(std::span<const GradientPair> pairs, const float* values) {
  std::vector<GradientSum> chunks(ChunksOf(pairs.size()));
  ForEachChunk(pairs.size(), [&](std::size_t chunk, std::size_t begin, std::size_t end) {
    chunks[chunk] =
        SumColumn(end - begin, pairs.data() + begin, values == nullptr ? nullptr : values + begin);
  });
  GradientSum total;
  for (const GradientSum& chunk : chunks) {
    total.gradient += chunk.gradient;
    total.hessian += chunk.hessian;
  }
  return total;
}

// What a step in a weight does to the gradients, in the parabola that they stand for.
COPPICE_CLONES void MoveColumn(std::size_t n, const float* values, float step,
                               GradientPair* pairs) {
  for (std::size_t i = 0; i < n; ++i) {
    const float value = values == nullptr ? 1.0F : Present(values[i]);
    pairs[i].gradient += pairs[i].hessian * value * step;
  }
}

void Move(std::span<GradientPair> pairs, const float* values, float step) {
  if (step == 0) return;
  ForEachChunk(pairs.size(), [&](std::size_t, std::size_t begin, std::size_t end) {
    MoveColumn(end - begin, values == nullptr ? nullptr : values + begin, step,
               pairs.data() + begin);
  });
}

COPPICE_CLONES void AddColumn(std::size_t n, const float* values, float weight, float* margins) {
  for (std::size_t i = 0; i < n; ++i) margins[i] += Present(values[i]) * weight;
}

// Of the rows that train.
double SumOfWeights(const SessionData& data) {
  if (data.weight.empty()) return static_cast<double>(data.train.size());
  double sum = 0;
  for (const RowIndex row : data.train) sum += static_cast<double>(data.weight[row]);
  return sum;
}

}  // namespace

double CoordinateStep(const GradientSum& sum, double w, double alpha, double lambda) {
  // Such a column has (almost) no values; XGBoost's bound.
  if (sum.hessian < static_cast<double>(1e-5F)) return 0;
  const double gradient = sum.gradient + lambda * w;
  const double hessian = sum.hessian + lambda;
  // alpha pulls towards zero from either side, so a step that would end beyond zero may end there.
  return w - gradient / hessian >= 0 ? std::max(-(gradient + alpha) / hessian, -w)
                                     : std::min(-(gradient - alpha) / hessian, -w);
}

LinearBoosting::LinearBoosting(const BoostingInput& input)
    : input_(input),
      gradients_(input.objective, input.data, {input.Seed(), input.key.fold}),
      n_rows_(input.data.matrix->n_rows()),
      n_features_(input.data.values.size()),
      n_outputs_(static_cast<std::size_t>(input.objective.n_outputs())),
      alpha_(input.params.alpha * SumOfWeights(input.data)),
      lambda_(Lambda(input.params) * SumOfWeights(input.data)),
      pairs_(n_rows_ * n_outputs_),
      weights_((n_features_ + 1) * n_outputs_) {
  COPPICE_CHECK(n_features_ == static_cast<std::size_t>(input.data.matrix->n_features()),
                "a linear model is trained on the values themselves");
  if (input.data.start.model != nullptr) weights_ = input.data.start.model->linear_weights;
}

void LinearBoosting::AddRound(Margins& margins) {
  const std::uint64_t round = input_.RoundsBefore() + by_round_.size();
  gradients_.Compute(margins, round, nullptr);
  for (std::size_t k = 0; k < n_outputs_; ++k) gradients_.CopyPairs(k, Pairs(k));
  for (std::size_t k = 0; k < n_outputs_; ++k) StepBias(k);
  for (std::size_t k = 0; k < n_outputs_; ++k) StepFeatures(round, k);
  for (const float weight : weights_) {
    if (std::isfinite(weight)) continue;
    throw Error(ErrorKind::kData, fmt::format("the weights of round {} are not finite", round + 1),
                {}, "lower `eta`, raise `lambda`, or rescale the columns");
  }
  by_round_.push_back(weights_);
  Predict(margins);
}

void LinearBoosting::StepBias(std::size_t output) {
  const GradientSum sum = SumOf(Pairs(output), nullptr);
  if (sum.hessian <= 0) return;
  const auto step = static_cast<float>(Eta(input_.params) * -sum.gradient / sum.hessian);
  Weight(n_features_, output) += step;
  Move(Pairs(output), nullptr, step);
}

void LinearBoosting::StepFeatures(std::uint64_t round, std::size_t output) {
  if (input_.params.feature_selector == FeatureOrder::kGreedy) {
    for (std::size_t i = 0; i < NumberVisited() && !input_.GivenUp(); ++i) {
      StepFeature(LargestStep(output), output);
    }
    return;
  }
  for (const std::size_t feature : FixedOrder(round, output)) {
    if (input_.GivenUp()) return;
    StepFeature(feature, output);
  }
}

void LinearBoosting::StepFeature(std::size_t feature, std::size_t output) {
  const std::vector<float>& values = input_.data.values[feature];
  const GradientSum sum = SumOf(Pairs(output), values.data());
  float& weight = Weight(feature, output);
  const auto step = static_cast<float>(
      Eta(input_.params) * CoordinateStep(sum, static_cast<double>(weight), alpha_, lambda_));
  weight += step;
  Move(Pairs(output), values.data(), step);
}

// Before eta, as selectors compare them.
float LinearBoosting::StepOf(std::size_t feature, std::size_t output) {
  const GradientSum sum = SumOf(Pairs(output), input_.data.values[feature].data());
  return static_cast<float>(
      CoordinateStep(sum, static_cast<double>(Weight(feature, output)), alpha_, lambda_));
}

// The order of a round that is known when it begins.
std::vector<std::size_t> LinearBoosting::FixedOrder(std::uint64_t round, std::size_t output) {
  std::vector<std::size_t> order(n_features_);
  std::iota(order.begin(), order.end(), std::size_t{0});
  // Shuffled alike for all outputs.
  RandomStream random(input_.Seed(), {Purpose::kFeatureOrder, input_.key.fold, round});
  switch (input_.params.feature_selector) {
    case FeatureOrder::kShuffle:
      for (std::size_t i = order.size(); i > 1; --i) {
        std::swap(order[i - 1], order[random.Below(i)]);
      }
      break;
    case FeatureOrder::kRandom: {
      RandomStream own(input_.Seed(), {Purpose::kFeatureOrder, input_.key.fold, round, output + 1});
      for (std::size_t& feature : order) feature = own.Below(n_features_);
      break;
    }
    case FeatureOrder::kThrifty: {
      std::vector<float> size(n_features_);
      for (std::size_t f = 0; f < n_features_ && !input_.GivenUp(); ++f) {
        size[f] = std::abs(StepOf(f, output));
      }
      std::stable_sort(order.begin(), order.end(),
                       [&](std::size_t a, std::size_t b) { return size[a] > size[b]; });
      order.resize(NumberVisited());
      break;
    }
    case FeatureOrder::kCyclic:
    case FeatureOrder::kGreedy:
      break;
  }
  return order;
}

std::size_t LinearBoosting::LargestStep(std::size_t output) {
  std::size_t best = 0;
  float largest = 0;
  for (std::size_t f = 0; f < n_features_ && !input_.GivenUp(); ++f) {
    const float size = std::abs(StepOf(f, output));
    if (size <= largest) continue;
    largest = size;
    best = f;
  }
  return best;
}

// Of greedy and thrifty. XGBoost leaves the last feature of a round out even where all may come.
std::size_t LinearBoosting::NumberVisited() const {
  const auto most = std::max<std::size_t>(1, n_features_ - 1);
  const auto top = static_cast<std::size_t>(input_.params.top_k);
  return top == 0 ? most : std::min(top, most);
}

// In the order of the predictor, so that a curve is the metric of the model to the last bit.
void LinearBoosting::Predict(Margins& margins) const {
  ForEachChunk(n_rows_, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t k = 0; k < n_outputs_; ++k) {
      float* own = margins.Of(k).data() + begin;
      const float start = weights_[n_features_ * n_outputs_ + k] + input_.base_margin[k];
      std::fill_n(own, end - begin, start);
      for (std::size_t f = 0; f < n_features_; ++f) {
        AddColumn(end - begin, input_.data.values[f].data() + begin, weights_[f * n_outputs_ + k],
                  own);
      }
    }
  });
}

void LinearBoosting::FillBooster(int rounds, Booster* booster) const {
  if (rounds > 0) {
    booster->linear_weights = by_round_[static_cast<std::size_t>(rounds) - 1];
  } else if (input_.data.start.model != nullptr) {
    booster->linear_weights = input_.data.start.model->linear_weights;
  } else {
    booster->linear_weights.assign(weights_.size(), 0);
  }
  booster->linear_rounds = static_cast<int>(input_.RoundsBefore()) + rounds;
}

double LinearBoosting::Work(int rounds) const {
  return static_cast<double>(rounds) * static_cast<double>(input_.data.train.size()) *
         static_cast<double>((NumberVisited() + 1) * n_outputs_);
}

void LinearBoosting::Save(ByteWriter& bytes) const { bytes(weights_, by_round_); }

bool LinearBoosting::Load(ByteReader& bytes, int rounds) {
  const std::size_t n_weights = weights_.size();
  return bytes(weights_, by_round_) && weights_.size() == n_weights &&
         by_round_.size() == static_cast<std::size_t>(rounds);
}

}  // namespace coppice::trainer
