#pragma once
// A training run of one configuration on one fold, round by round.
//
//   TrainSession session(data, params, metrics, train_metrics, key);
//   while (!session.finished()) session.Advance(10, cancel);
//   Booster booster = session.MakeBooster(schema, best_round);
//
// The matrix is shared, read-only. A session owns margins, packed gradients, row order, labels and
// trees: 24 bytes a row of the matrix (20 where all rows train), 12 more for each output beyond the
// first; and histograms: of open nodes, up to 16 MB or one a level, and one for each thread that
// helps. Destroying it at any time is safe.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "trainer/bins/binned_matrix.h"
#include "trainer/boost/booster.h"
#include "trainer/metric/metric.h"
#include "trainer/objective/objective.h"
#include "trainer/params.h"

namespace coppice::trainer {

// Which stream of random numbers a session draws from; equal keys, equal trees.
struct SessionKey {
  std::uint64_t seed = 0;
  std::uint64_t fold = 0;
};

// A model to continue: the session keeps its trees and base score and appends rounds.
struct SessionStart {
  const Booster* model = nullptr;  // all its rounds count; of trees, without weights
  std::span<const float> margins;  // [n_rows of the matrix, n_outputs] that it predicts
};

struct SessionData {
  std::shared_ptr<const BinnedMatrix> matrix;
  std::span<const float> label;          // [n_rows] of the matrix; outlives the session
  std::span<const float> weight;         // [n_rows] or empty; outlives the session
  std::span<const RowIndex> train;       // ascending; outlives the session
  std::span<const RowIndex> validation;  // ascending, may be empty; outlives the session
  SessionStart start = {};               // outlives the session; null: from nothing
};

// values[m][r]: metric m after round r + 1.
struct MetricCurves {
  std::vector<std::vector<double>> train;       // empty unless asked for
  std::vector<std::vector<double>> validation;  // empty without validation rows
};

// One thread at a time; uses the threads of the caller's arena inside.
class TrainSession {
 public:
  // `metrics` outlive the session. Throws Error (kData) when the labels do not fit the objective.
  TrainSession(SessionData data, TrainParams params, std::vector<const Metric*> metrics,
               bool train_metrics, SessionKey key);
  ~TrainSession();
  TrainSession(TrainSession&&) noexcept;

  // Trains up to `rounds` more, never beyond num_round. Ends early, at a round's border, when
  // `cancel` is tripped. Returns the rounds trained.
  int Advance(int rounds, const CancelToken* cancel);

  // Rounds trained here, without those of a model that is continued; curves are over them.
  int rounds() const;
  bool finished() const;  // num_round is reached
  const MetricCurves& curves() const;

  // The first `rounds` rounds (0: all), behind those of the model that is continued.
  Booster MakeBooster(const Schema& schema, int rounds) const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace coppice::trainer
