#pragma once
// Lists in order of their scores: what rank:* and the metrics of rankings have in common.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace coppice::trainer {

// The largest relevance whose gain 2^r - 1 counts, XGBoost's.
inline constexpr float kMostRelevance = 31;

// The rows by descending score; equal ones in their own order. No score is NaN.
std::vector<std::uint32_t> OrderByScore(std::span<const float> scores);

// What a row of this relevance is worth at the top of the list. With `exp_gain` it is a whole
// number up to kMostRelevance.
double GainOf(float relevance, bool exp_gain);

// The share of a gain that counts at each of n places: 1 / log2(place + 2), places from 0.
std::vector<double> Discounts(std::size_t n);

// The largest sum of discounted gains that the first `places` places can have; `discounts` has at
// least as many.
double IdealGain(std::span<const float> relevance, std::size_t places,
                 std::span<const double> discounts, bool exp_gain);

// Whether every relevance is legal for such gains: at least 0; whole and at most kMostRelevance
// with `exp_gain`.
bool AreRelevances(std::span<const float> relevance, bool exp_gain);

// Whether all are 0 or 1.
bool AreBinary(std::span<const float> relevance);

}  // namespace coppice::trainer
