#pragma once
// A training run of one configuration on one fold, round by round.
//
//   TrainSession session(data, params, metrics, train_metrics, key);
//   while (!session.finished()) session.Advance(10, cancel);
//   Booster booster = session.MakeBooster(schema, best_round);
//
// The matrix is shared, read-only. A session owns margins, gradients, row order, labels and trees
// (session_bytes.h); and histograms: of open nodes, up to 16 MB or one a level, and one for each
// thread that helps. Destroying it at any time is safe.

#include <memory>
#include <vector>

#include "base/cancel.h"
#include "trainer/boost/booster.h"
#include "trainer/boost/evaluation.h"
#include "trainer/boost/session_data.h"
#include "trainer/metric/metric.h"
#include "trainer/params.h"

namespace coppice::trainer {

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
