#pragma once
// What a training session reads: a table and its rows, borrowed, and which random numbers it draws.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/work_limit.h"
#include "trainer/bins/binned_matrix.h"
#include "trainer/boost/booster.h"

namespace coppice::trainer {

// Which stream of random numbers a session draws from; equal keys, equal trees.
struct SessionKey {
  std::uint64_t seed = 0;
  std::uint64_t fold = 0;
};

// A model to continue: the session keeps its trees and base score and appends rounds.
struct SessionStart {
  // All its rounds count. A linear one for gblinear, else one of trees without weights.
  const Booster* model = nullptr;
  std::span<const float> margins;  // [n_rows of the matrix, n_outputs] that it predicts
};

struct SessionData {
  std::shared_ptr<const BinnedMatrix> matrix;
  std::span<const float> label;          // [n_rows] of the matrix; outlives the session
  std::span<const float> weight;         // [n_rows] or empty; outlives the session
  std::span<const RowIndex> train;       // ascending; outlives the session
  std::span<const RowIndex> validation;  // ascending, may be empty; outlives the session
  SessionStart start = {};               // outlives the session; null: from nothing
  // [n_features][n_rows], the table that was binned, for gblinear; outlives the session.
  std::span<const std::vector<float>> values = {};
  // Where the data has them, [n_rows], else empty; they outlive the session.
  std::span<const float> label_upper = {};   // labels lie between `label` and this
  std::span<const std::int32_t> group = {};  // ids of the queries that rows belong to
  // When to give up in the middle of a round; null: never. Outlives the session.
  const WorkLimit* limit = nullptr;
};

}  // namespace coppice::trainer
