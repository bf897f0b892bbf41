#pragma once
// The curves of a training: each metric after each round.

#include <span>
#include <vector>

#include "trainer/boost/margins.h"
#include "trainer/boost/session_data.h"
#include "trainer/metric/metric.h"
#include "trainer/objective/objective.h"

namespace coppice::trainer {

// values[m][r]: metric m after round r + 1.
struct MetricCurves {
  std::vector<std::vector<double>> train;       // empty unless asked for
  std::vector<std::vector<double>> validation;  // empty without validation rows
};

// One thread at a time; rows are spread over the caller's arena.
class Evaluation {
 public:
  // `objective`, what `data` points to and `metrics` outlive this.
  Evaluation(const Objective& objective, const SessionData& data,
             std::vector<const Metric*> metrics, bool train_metrics);

  // Appends a round to each curve.
  void AddRound(const Margins& margins);
  const MetricCurves& curves() const { return curves_; }
  // Goes on behind those of another one of the same session; false where they cannot be.
  bool SetCurves(MetricCurves curves, std::size_t rounds);

 private:
  // Labels and weights of one set of rows, side by side as the metrics want them; query by query
  // where the objective ranks.
  struct Set {
    std::span<const RowIndex> rows;
    std::vector<RowIndex> by_query;  // behind rows, where they are in another order
    std::vector<std::uint32_t> query_begin;
    std::vector<float> label;
    std::vector<float> upper;
    std::vector<float> weight;

    Labels labels() const;
  };

  Set MakeSet(const SessionData& data, std::span<const RowIndex> rows) const;
  void AddRound(const Set& set, const Margins& margins,
                std::vector<std::vector<double>>* curves) const;

  const Objective& objective_;
  std::vector<const Metric*> metrics_;
  Set train_;  // filled only where it is evaluated
  Set validation_;
  MetricCurves curves_;
};

}  // namespace coppice::trainer
