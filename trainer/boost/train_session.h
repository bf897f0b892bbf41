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
#include <string>
#include <string_view>
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
  // `cancel` is tripped; and where the limit of the data is reached, in the middle of a round,
  // which then counts for nothing and is the last one. Returns the rounds trained.
  int Advance(int rounds, const CancelToken* cancel);

  // Rounds trained here, without those of a model that is continued; curves are over them.
  int rounds() const;
  bool finished() const;  // num_round is reached
  const MetricCurves& curves() const;

  // About how many additions to histograms the first `rounds` rounds took; other steps count as so
  // many additions as take their time. The same on every machine and for any number of threads.
  double Work(int rounds) const;

  // What the session has come to: rounds, margins and curves. A new session with equal data,
  // parameters, metrics and key that loads these bytes goes on as this one would, to the last bit.
  // Not of a session whose last round was given up.
  std::string SaveState() const;
  // Before the first round. False: the bytes are not of such a session, or of another format than
  // this program's, and this one is of no use.
  bool LoadState(std::string_view bytes);
  // Whether a round was given up: the session cannot go on.
  bool is_broken() const;

  // The first `rounds` rounds (0: all), behind those of the model that is continued.
  Booster MakeBooster(const Schema& schema, int rounds) const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace coppice::trainer
