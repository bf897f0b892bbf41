#pragma once
// What tests of sessions share: a table in two parts, and what a session makes of it.

#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <string>
#include <vector>

#include "tests/trainer/tree/test_table.h"
#include "trainer/boost/train_session.h"
#include "trainer/model_io/xgboost_json.h"
#include "trainer/predict/predictor.h"

namespace coppice::trainer {

struct Parts {
  std::vector<RowIndex> train;
  std::vector<RowIndex> validation;
};

// Every fourth row validates; where the table has groups, every fourth group.
inline Parts Divide(const TestTable& table) {
  Parts parts;
  for (const RowIndex row : table.rows) {
    const bool validates = table.data.group.empty() ? row % 4 == 3 : table.data.group[row] % 4 == 0;
    (validates ? parts.validation : parts.train).push_back(row);
  }
  return parts;
}

inline SessionData DataOf(const TestTable& table, std::span<const RowIndex> train,
                          std::span<const RowIndex> validation) {
  SessionData data{table.matrix, table.data.label, table.data.weight, train, validation};
  data.values = table.data.values;
  data.label_upper = table.data.label_upper;
  data.group = table.data.group;
  return data;
}

inline SessionData DataOf(const TestTable& table, const Parts& parts) {
  return DataOf(table, parts.train, parts.validation);
}

// All rows train.
inline SessionData DataOf(const TestTable& table) { return DataOf(table, table.rows, {}); }

// The model file of a session of all rounds on so many threads.
inline std::string ModelOn(int threads, const SessionData& data, const Schema& schema,
                           const TrainParams& params, SessionKey key) {
  const tbb::global_control allow(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(threads));
  tbb::task_arena arena(threads);
  return arena.execute([&] {
    TrainSession session(data, params, {}, false, key);
    session.Advance(params.num_round, nullptr);
    return ToXgboostJson(session.MakeBooster(schema, 0));
  });
}

// [rows, n_outputs]
inline std::vector<float> MarginsAt(const TestTable& table, const Booster& booster,
                                    std::span<const RowIndex> rows) {
  const auto n_outputs = static_cast<std::size_t>(booster.n_outputs);
  const std::vector<float> all = PredictMargins(booster, table.data.values, table.data.n_rows);
  std::vector<float> picked;
  for (const RowIndex row : rows) {
    for (std::size_t k = 0; k < n_outputs; ++k) picked.push_back(all[row * n_outputs + k]);
  }
  return picked;
}

// What `metric` says of the model at those rows; for objectives and metrics without queries.
inline double ScoreAt(const TestTable& table, const Booster& booster,
                      std::span<const RowIndex> rows, const TrainParams& params,
                      const Metric& metric) {
  std::vector<float> predictions = MarginsAt(table, booster, rows);
  MakeObjective(params.objective, SettingsOf(params))->TransformForMetrics(predictions);
  std::vector<float> label;
  std::vector<float> weight;
  for (const RowIndex row : rows) {
    label.push_back(table.data.label[row]);
    if (!table.data.weight.empty()) weight.push_back(table.data.weight[row]);
  }
  return metric.Evaluate(predictions, label, weight, booster.n_outputs);
}

}  // namespace coppice::trainer
