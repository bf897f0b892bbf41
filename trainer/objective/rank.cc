// rank:ndcg, rank:map and rank:pairwise: LambdaMART. Two rows of a query whose labels differ pull
// each other apart, by how much a swap of them would change the metric; rank:pairwise takes every
// pair alike. As in XGBoost 3.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "trainer/objective/kinds.h"
#include "trainer/objective/math.h"
#include "trainer/objective/ranked_list.h"

namespace coppice::trainer {
namespace {

// XGBoost's.
constexpr double kLeastSlope = 1e-16;
constexpr double kLeastDifference = 0.01;

// A query in the order of its margins; all [n_rows], by place.
struct RankedQuery {
  std::vector<std::uint32_t> row;
  std::vector<float> margin;
  std::vector<float> label;

  RankedQuery(std::span<const float> margins, std::span<const float> labels)
      : row(OrderByScore(margins)) {
    for (const std::uint32_t i : row) {
      margin.push_back(margins[i]);
      label.push_back(labels[i]);
    }
  }
  std::size_t size() const { return row.size(); }
};

// How much a swap of two places changes the metric; `high` has the larger label.
struct NoChange {
  double operator()(std::size_t, std::size_t) const { return 1.0; }
};

class NdcgChange {
 public:
  NdcgChange(const RankedQuery& query, const RankSettings& settings)
      : discounts_(Discounts(query.size())) {
    const auto most = static_cast<std::size_t>(settings.PairsPerSample());
    const bool cut = settings.pair_method == PairMethod::kTopK;
    const std::size_t places = cut ? std::min(query.size(), most) : query.size();
    const double ideal = IdealGain(query.label, places, discounts_, settings.exp_gain);
    inverse_ideal_ = ideal == 0.0 ? 0.0 : 1.0 / ideal;
    for (const float label : query.label) gains_.push_back(GainOf(label, settings.exp_gain));
  }
  double operator()(std::size_t high, std::size_t low) const {
    const double gain = gains_[high] - gains_[low];
    return std::abs(gain * (discounts_[high] - discounts_[low]) * inverse_ideal_);
  }

 private:
  std::vector<double> discounts_;
  std::vector<double> gains_;
  double inverse_ideal_ = 0;
};

class MapChange {
 public:
  explicit MapChange(const RankedQuery& query) {
    double hits = 0;
    double sum = 0;
    for (std::size_t place = 0; place < query.size(); ++place) {
      hits += double{query.label[place]};
      sum += double{query.label[place]} / static_cast<double>(place + 1);
      hits_.push_back(hits);
      sums_.push_back(sum);
    }
  }
  double operator()(std::size_t high, std::size_t low) const {
    const std::size_t first = std::min(high, low);
    const std::size_t last = std::max(high, low);
    const double upper = static_cast<double>(first + 1);
    const double lower = static_cast<double>(last + 1);
    // Relevant rows between the two move by one place.
    const double between = sums_[last - 1] - sums_[first];
    const double change = high == first
                              ? hits_[first] / upper - hits_[last] / lower + between
                              : hits_[last] / lower - (hits_[first] + 1.0) / upper - between;
    return std::abs(change / hits_.back());
  }

 private:
  std::vector<double> hits_;  // relevant rows up to a place
  std::vector<double> sums_;  // of 1 / place over them
};

// The sums of one query, by place.
template <typename Change>
class QueryLambdas {
 public:
  QueryLambdas(const RankedQuery& query, const RankSettings& settings, const Change& change)
      : query_(query),
        settings_(settings),
        change_(change),
        gradients_(query.size()),
        hessians_(query.size()) {}

  void AddPairs(RandomStream& draw) {
    if (settings_.pair_method == PairMethod::kTopK) {
      AddTopPairs();
    } else {
      AddDrawnPairs(draw);
    }
  }

  void Write(std::span<GradientPair> pairs) const {
    const double factor = settings_.normalization ? Normalization() : 1.0;
    for (std::size_t place = 0; place < query_.size(); ++place) {
      pairs[query_.row[place]] = {static_cast<float>(gradients_[place] * factor),
                                  static_cast<float>(hessians_[place] * factor)};
    }
  }

 private:
  void AddTopPairs() {
    const std::size_t n = query_.size();
    const std::size_t top = std::min(n, static_cast<std::size_t>(settings_.PairsPerSample()));
    for (std::size_t i = 0; i < top; ++i) {
      for (std::size_t j = i + 1; j < n; ++j) AddPair(i, j);
    }
  }

  // Each row with partners of other labels, any of them as likely as the others.
  void AddDrawnPairs(RandomStream& draw) {
    const std::size_t n = query_.size();
    std::vector<std::uint32_t> by_label = OrderByScore(query_.label);
    for (std::size_t begin = 0; begin < n;) {
      std::size_t end = begin + 1;
      while (end < n && query_.label[by_label[end]] == query_.label[by_label[begin]]) ++end;
      const std::size_t n_others = n - (end - begin);
      const int n_draws = n_others == 0 ? 0 : settings_.PairsPerSample();
      for (int k = 0; k < n_draws; ++k) {
        for (std::size_t i = begin; i < end; ++i) {
          const std::size_t other = draw.Below(n_others);
          AddPair(by_label[i], by_label[other < begin ? other : other + (end - begin)]);
        }
      }
      begin = end;
    }
  }

  void AddPair(std::size_t high, std::size_t low) {
    if (query_.label[high] == query_.label[low]) return;
    if (query_.label[high] < query_.label[low]) std::swap(high, low);
    const double difference = double{query_.margin[high]} - double{query_.margin[low]};
    double change = change_(high, low);
    if (settings_.score_normalization && query_.margin.front() != query_.margin.back()) {
      change /= std::abs(difference) + kLeastDifference;
    }
    const double p = 1.0 / (1.0 + Exp(-difference));
    const double gradient = (p - 1.0) * change;
    const double hessian = std::max(p * (1.0 - p), kLeastSlope) * change * 2.0;
    gradients_[high] += gradient;
    gradients_[low] -= gradient;
    hessians_[high] += hessian;
    hessians_[low] += hessian;
    sum_ -= 2.0 * gradient;
  }

  double Normalization() const {
    if (settings_.pair_method == PairMethod::kMean) return 1.0 / settings_.PairsPerSample();
    return sum_ > 0.0 ? Log(1.0 + sum_) / Log(2.0) / sum_ : 1.0;
  }

  const RankedQuery& query_;
  const RankSettings& settings_;
  const Change& change_;
  std::vector<double> gradients_;
  std::vector<double> hessians_;
  double sum_ = 0;  // of all |gradients|
};

enum class RankGoal { kNdcg, kMap, kPairwise };

class Ranking : public Objective {
 public:
  Ranking(RankGoal goal, const RankSettings& settings) : goal_(goal), settings_(settings) {}

  std::string_view name() const override {
    if (goal_ == RankGoal::kNdcg) return "rank:ndcg";
    return goal_ == RankGoal::kMap ? "rank:map" : "rank:pairwise";
  }
  TargetKind target() const override { return TargetKind::kNumber; }
  PredictionKind prediction() const override { return PredictionKind::kRank; }
  Coupling coupling() const override { return Coupling::kQueries; }
  // Where only the first rows are compared, only they are judged.
  std::string default_metric() const override {
    const char* metric = goal_ == RankGoal::kMap ? "map" : "ndcg";
    if (settings_.pair_method == PairMethod::kMean) return metric;
    return fmt::format("{}@{}", metric, settings_.PairsPerSample());
  }

  std::optional<std::string> CheckLabels(const Labels& label) const override {
    for (std::size_t i = 0; i < label.size(); ++i) {
      if (IsLegal(label[i])) continue;
      return fmt::format("label `{}` in row {} is not {}", label[i], i + 1, LegalText());
    }
    return std::nullopt;
  }

  // Pairs pull both of their rows by the same, so that no step would lead away from here.
  std::vector<float> EstimateBaseScore(const Labels&, std::span<const float>) const override {
    return {0.0f};
  }

  void Gradients(std::span<const float> margins, const Labels& label, std::span<const float>,
                 std::span<GradientPair> pairs) const override {
    QueryGradients(margins, label, RandomStream(0, {Purpose::kRankPairs}), pairs);
  }

  void QueryGradients(std::span<const float> margins, std::span<const float> label,
                      RandomStream draw, std::span<GradientPair> pairs) const override {
    COPPICE_CHECK(margins.size() == label.size() && pairs.size() == label.size(),
                  "one margin and one pair a row");
    if (label.empty()) return;
    const RankedQuery query(margins, label);
    const auto fill = [&](const auto& change) {
      QueryLambdas lambdas(query, settings_, change);
      lambdas.AddPairs(draw);
      lambdas.Write(pairs);
    };
    switch (goal_) {
      case RankGoal::kNdcg:
        return fill(NdcgChange(query, settings_));
      case RankGoal::kMap:
        return fill(MapChange(query));
      case RankGoal::kPairwise:
        return fill(NoChange{});
    }
  }

  void Transform(std::span<float>) const override {}

  // XGBoost's largest position stands for "not given".
  std::map<std::string, std::string> Parameters() const override {
    const auto flag = [](bool on) { return std::string(on ? "1" : "0"); };
    const auto& pairs = settings_.pairs_per_sample;
    return {{"lambdarank_pair_method", std::string(WordOf(settings_.pair_method))},
            {"lambdarank_num_pair_per_sample", pairs ? fmt::format("{}", *pairs) : "4294967295"},
            {"lambdarank_normalization", flag(settings_.normalization)},
            {"lambdarank_score_normalization", flag(settings_.score_normalization)},
            {"lambdarank_unbiased", "0"},
            {"lambdarank_bias_norm", "1"},
            {"ndcg_exp_gain", flag(settings_.exp_gain)}};
  }

 private:
  bool IsLegal(float label) const {
    if (goal_ == RankGoal::kPairwise) return std::isfinite(label);
    if (goal_ == RankGoal::kMap) return AreBinary({&label, 1});
    return AreRelevances({&label, 1}, settings_.exp_gain);
  }
  std::string LegalText() const {
    if (goal_ == RankGoal::kPairwise) return "a finite number";
    if (goal_ == RankGoal::kMap) return "0 or 1";
    if (!settings_.exp_gain) return "a finite number from 0";
    return fmt::format("a whole number from 0 to {:g}", kMostRelevance);
  }

  RankGoal goal_;
  RankSettings settings_;
};

}  // namespace

std::unique_ptr<Objective> MakeRankNdcg(const ObjectiveSettings& settings) {
  return std::make_unique<Ranking>(RankGoal::kNdcg, settings.rank);
}

std::unique_ptr<Objective> MakeRankMap(const ObjectiveSettings& settings) {
  return std::make_unique<Ranking>(RankGoal::kMap, settings.rank);
}

std::unique_ptr<Objective> MakeRankPairwise(const ObjectiveSettings& settings) {
  return std::make_unique<Ranking>(RankGoal::kPairwise, settings.rank);
}

}  // namespace coppice::trainer
