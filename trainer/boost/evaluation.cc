#include "trainer/boost/evaluation.h"

#include <algorithm>
#include <utility>

#include "trainer/boost/row_chunks.h"
#include "trainer/data/queries.h"

namespace coppice::trainer {

Evaluation::Evaluation(const Objective& objective, const SessionData& data,
                       std::vector<const Metric*> metrics, bool train_metrics)
    : objective_(objective), metrics_(std::move(metrics)) {
  if (train_metrics) {
    train_ = MakeSet(data, data.train);
    curves_.train.resize(metrics_.size());
  }
  if (!data.validation.empty()) {
    validation_ = MakeSet(data, data.validation);
    curves_.validation.resize(metrics_.size());
  }
}

Labels Evaluation::Set::labels() const {
  Labels all(label);
  all.upper = upper;
  all.query_begin = query_begin;
  return all;
}

Evaluation::Set Evaluation::MakeSet(const SessionData& data, std::span<const RowIndex> rows) const {
  Set set;
  set.rows = rows;
  if (objective_.coupling() == Coupling::kQueries) {
    QueryOrder order = OrderByQuery(rows, data.group);
    set.by_query = std::move(order.rows);
    set.query_begin = std::move(order.query_begin);
    set.rows = set.by_query;
  }
  set.label = GatherRows(data.label, set.rows);
  set.upper = GatherRows(data.label_upper, set.rows);
  set.weight = GatherRows(data.weight, set.rows);
  return set;
}

void Evaluation::AddRound(const Margins& margins) {
  if (!curves_.train.empty()) AddRound(train_, margins, &curves_.train);
  if (!curves_.validation.empty()) AddRound(validation_, margins, &curves_.validation);
}

bool Evaluation::SetCurves(MetricCurves curves, std::size_t rounds) {
  const auto fits = [&](const std::vector<std::vector<double>>& own,
                        const std::vector<std::vector<double>>& given) {
    return own.size() == given.size() &&
           std::all_of(given.begin(), given.end(),
                       [&](const auto& curve) { return curve.size() == rounds; });
  };
  if (!fits(curves_.train, curves.train) || !fits(curves_.validation, curves.validation)) {
    return false;
  }
  curves_ = std::move(curves);
  return true;
}

void Evaluation::AddRound(const Set& set, const Margins& margins,
                          std::vector<std::vector<double>>* curves) const {
  const std::size_t n_outputs = margins.n_outputs();
  std::vector<float> predictions(set.rows.size() * n_outputs);
  ForEachChunk(set.rows.size(), [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      for (std::size_t k = 0; k < n_outputs; ++k) {
        predictions[i * n_outputs + k] = margins.Of(k)[set.rows[i]];
      }
    }
    objective_.TransformForMetrics(
        {predictions.data() + begin * n_outputs, (end - begin) * n_outputs});
  });
  for (std::size_t m = 0; m < metrics_.size(); ++m) {
    (*curves)[m].push_back(
        metrics_[m]->Evaluate(predictions, set.labels(), set.weight, static_cast<int>(n_outputs)));
  }
}

}  // namespace coppice::trainer
