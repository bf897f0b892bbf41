#pragma once
// The gradients of a round: from the objective, as floats, then as integers for growing trees.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/big_vector.h"
#include "trainer/boost/margins.h"
#include "trainer/boost/query_gradients.h"
#include "trainer/boost/row_sampler.h"
#include "trainer/boost/session_data.h"
#include "trainer/objective/objective.h"
#include "trainer/tree/fixed_point.h"

namespace coppice::trainer {

// Gradients of one output as TreeGrower wants them: [n_rows], zero where a row does not train.
struct PackedGradients {
  std::span<const PackedPair> pairs;
  FixedPointScale scale;
  PackedPair total = 0;
};

// One thread at a time; rows are spread over the caller's arena. No result depends on threads.
class RoundGradients {
 public:
  // `objective` and what `data` points to outlive this. `key` names the random numbers that the
  // objective draws; its seed is the training's own.
  RoundGradients(const Objective& objective, const SessionData& data, SessionKey key);

  // Takes the gradients at `margins`; `round` counts from 0 in the model. Of rows that `sampler`
  // (null: it takes all) leaves out by chance alone and of those that do not train they are zero.
  // Throws Error (kData) where they are not finite.
  void Compute(const Margins& margins, std::uint64_t round, const RowSampler* sampler);

  // An output's floats, [n_rows]; not after Pack.
  void CopyPairs(std::size_t output, std::span<GradientPair> pairs) const;
  // Turns an output's floats into integers, in place; once after each Compute.
  PackedGradients Pack(std::size_t output);
  // An output's integers on a sample; the floats stay. Valid until the next call.
  PackedGradients PackSample(std::size_t output, const RowSampler& sampler, RowSampler::Name name);

 private:
  void ComputeCoupled(const Margins& margins, std::uint64_t round);
  void GradientsOfChunk(const Margins& margins, std::size_t begin, std::size_t end,
                        std::span<GradientPair> pairs) const;
  void DropOthers(std::size_t begin, std::size_t end, std::span<GradientPair> pairs) const;
  std::span<const PackedPair> Words(std::size_t output) const {
    return {words_.data() + output * n_rows_, n_rows_};
  }
  PackedGradients PackWords(std::span<PackedPair> words, const GradientSum& sum) const;
  std::span<PackedPair> Words(std::size_t output) {
    return {words_.data() + output * n_rows_, n_rows_};
  }

  const Objective& objective_;
  std::span<const RowIndex> train_;
  std::span<const float> label_;  // [n_rows]; of rows that do not train, any legal one
  std::span<const float> weight_;
  std::span<const float> upper_;  // the same of upper bounds; empty where labels are exact
  std::vector<float> own_label_;  // behind label_ where not all rows train
  std::vector<float> own_upper_;  // behind upper_, the same way
  SessionKey key_;
  std::size_t n_rows_;
  std::size_t n_outputs_;
  BigVector<PackedPair> words_;    // [n_outputs][n_rows]; float pairs, as in memory, until packed
  std::vector<GradientSum> sums_;   // [n_outputs]; sum |g| and sum h
  BigVector<PackedPair> sample_;   // [n_rows], for PackSample
  // [n_rows][n_outputs], where the objective couples rows; else empty.
  std::vector<GradientPair> coupled_;
  std::optional<QueryGradients> queries_;  // where it ranks
};

}  // namespace coppice::trainer
