#include "trainer/boost/session_bytes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "tests/trainer/boost/allocations.h"
#include "tests/trainer/boost/sessions.h"

namespace coppice::trainer {
namespace {

// What a session may be of, as far as memory is concerned.
struct Kind {
  std::string name;
  TrainParams params;
  bool holds_rows_out = false;
  bool has_weight = false;
  bool has_upper = false;
  bool train_metrics = false;
};

void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

Kind Make(const std::string& name, const std::string& objective,
          const std::function<void(Kind&)>& change) {
  Kind kind{name, {}};
  kind.params.objective = objective;
  kind.params.max_depth = 2;
  kind.params.num_round = 2;
  change(kind);
  return kind;
}

// A tree that is one leaf asks for the most where leaves are quantiles.
void GrowNothing(TrainParams& params) { params.gamma = 1e30; }
void ByGradient(TrainParams& params) {
  params.subsample = 0.5;
  params.sampling_method = SamplingMethod::kGradientBased;
}
void Drop(TrainParams& params) {
  params.booster = BoosterKind::kDart;
  params.rate_drop = 1;
}

std::vector<Kind> KindsOfTrees() {
  return {
      Make("trees", "reg:squarederror", [](Kind&) {}),
      Make("fold", "reg:squarederror", [](Kind& kind) { kind.holds_rows_out = true; }),
      Make("classes", "multi:softprob",
           [](Kind& kind) {
             kind.params.num_class = 3;
             kind.holds_rows_out = kind.has_weight = kind.train_metrics = true;
           }),
      Make("sampled", "binary:logistic", [](Kind& kind) { kind.params.subsample = 0.5; }),
      Make("sampled_by_gradient", "binary:logistic", [](Kind& kind) { ByGradient(kind.params); }),
      Make("forest", "reg:squarederror",
           [](Kind& kind) {
             kind.params.num_parallel_tree = 2;
             kind.params.subsample = 0.5;
           }),
      Make("dart", "reg:squarederror",
           [](Kind& kind) {
             Drop(kind.params);
             kind.holds_rows_out = true;
           }),
      Make("dart_by_gradient", "multi:softprob",
           [](Kind& kind) {
             kind.params.num_class = 3;
             Drop(kind.params);
             ByGradient(kind.params);
           }),
  };
}

std::vector<Kind> KindsOfObjectives() {
  return {
      Make("median", "reg:absoluteerror",
           [](Kind& kind) {
             GrowNothing(kind.params);
             kind.holds_rows_out = true;
           }),
      Make("quantiles", "reg:quantileerror",
           [](Kind& kind) {
             GrowNothing(kind.params);
             kind.params.quantile_alpha = {0.1, 0.5, 0.9};
             kind.has_weight = true;
           }),
      Make("dart_of_quantiles", "reg:quantileerror",
           [](Kind& kind) {
             GrowNothing(kind.params);
             Drop(kind.params);
             kind.params.quantile_alpha = {0.1, 0.9};
             kind.has_weight = kind.holds_rows_out = true;
           }),
      Make("cox", "survival:cox", [](Kind& kind) { kind.holds_rows_out = kind.has_weight = true; }),
      Make("dart_of_cox", "survival:cox", [](Kind& kind) { Drop(kind.params); }),
      Make("intervals", "survival:aft",
           [](Kind& kind) { kind.holds_rows_out = kind.has_upper = true; }),
      Make("ranking", "rank:ndcg",
           [](Kind& kind) { kind.holds_rows_out = kind.train_metrics = true; }),
      Make("linear", "reg:squarederror",
           [](Kind& kind) {
             kind.params.booster = BoosterKind::kGblinear;
             kind.holds_rows_out = true;
           }),
      Make("linear_classes", "multi:softprob",
           [](Kind& kind) {
             kind.params.booster = BoosterKind::kGblinear;
             kind.params.num_class = 3;
           }),
  };
}

std::vector<Kind> Kinds() {
  std::vector<Kind> kinds = KindsOfTrees();
  for (Kind& kind : KindsOfObjectives()) kinds.push_back(std::move(kind));
  return kinds;
}

// Labels 0 and 1; for a number 0.5 and 1.5, which are times too.
TestTable TableOf(const Kind& kind, RowIndex n_rows) {
  TestTable table = MakeTestTable(n_rows, 4, 3);
  for (RowIndex row = 0; row < n_rows; ++row) {
    if (TargetOf(kind.params.objective) == TargetKind::kNumber) table.data.label[row] += 0.5F;
    if (kind.params.objective == "rank:ndcg") table.data.label[row] -= 0.5F;
    if (kind.has_weight) table.data.weight.push_back(static_cast<float>(row % 3 + 1));
    if (kind.has_upper) table.data.label_upper.push_back(table.data.label[row] + 1);
    if (kind.params.objective == "rank:ndcg") {
      table.data.group.push_back(static_cast<std::int32_t>(row / 8));
    }
  }
  return table;
}

struct Sizes {
  double counted;
  double allocated;
};

Sizes SizesOf(const Kind& kind, RowIndex n_rows) {
  const TestTable table = TableOf(kind, n_rows);
  Parts parts = Divide(table);
  // More rows validate than train, so that what judges them needs more than a chunk of rows does.
  std::swap(parts.train, parts.validation);
  const SessionData data = kind.holds_rows_out ? DataOf(table, parts) : DataOf(table);
  // Metrics that need no memory of their own.
  const auto objective = MakeObjective(kind.params.objective, SettingsOf(kind.params));
  const auto metric = MakeMetric(objective->n_outputs() == 1 ? "rmse" : objective->default_metric(),
                                 SettingsOf(kind.params));
  const std::size_t counted = SessionBytes(kind.params, data, kind.train_metrics);
  const tbb::global_control alone(tbb::global_control::max_allowed_parallelism, 1);
  tbb::task_arena arena(1);
  const std::size_t allocated = arena.execute([&] {
    const std::size_t before = testing::LiveBytes();
    testing::RestartPeak();
    TrainSession session(data, kind.params, {metric.get()}, kind.train_metrics, {7, 0});
    session.Advance(kind.params.num_round, nullptr);
    return testing::PeakBytes() - before;
  });
  return {static_cast<double>(counted), static_cast<double>(allocated)};
}

class SessionBytesOf : public ::testing::TestWithParam<Kind> {};

// Twice the rows: what does not depend on them falls out. Left are two sums for each 4096 rows, and
// a node that one of the trees may have more.
TEST_P(SessionBytesOf, IsWhatTheSessionAllocatesForItsRows) {
  constexpr RowIndex kRows = 32768;
  const Sizes few = SizesOf(GetParam(), kRows);
  const Sizes many = SizesOf(GetParam(), 2 * kRows);
  const double counted = (many.counted - few.counted) / kRows;
  const double allocated = (many.allocated - few.allocated) / kRows;
  EXPECT_NEAR(counted, allocated, 0.1) << "bytes a row";
}

INSTANTIATE_TEST_SUITE_P(All, SessionBytesOf, ::testing::ValuesIn(Kinds()),
                         [](const auto& kind) { return kind.param.name; });

// Of a session after its rounds: what it keeps, and what SaveState holds at most on top.
struct TreeSizes {
  double kept;
  double saving;
};

TreeSizes TreeSizesOf(const Kind& kind, const TestTable& table, int rounds) {
  const SessionData data = DataOf(table);
  const auto metric = MakeMetric("rmse", SettingsOf(kind.params));
  const tbb::global_control alone(tbb::global_control::max_allowed_parallelism, 1);
  tbb::task_arena arena(1);
  TreeSizes sizes{};
  arena.execute([&] {
    const std::size_t before = testing::LiveBytes();
    TrainSession session(data, kind.params, {metric.get()}, false, {7, 0});
    session.Advance(rounds, nullptr);
    const std::size_t live = testing::LiveBytes();
    testing::RestartPeak();
    const std::string state = session.SaveState();
    sizes = {static_cast<double>(live - before), static_cast<double>(testing::PeakBytes() - live)};
  });
  return sizes;
}

// Trees with as many leaves as they may have: every node splits, and by a number.
Kind FullTrees(const std::function<void(Kind&)>& change) {
  return Make("full", "reg:squarederror", [&](Kind& kind) {
    kind.params.max_depth = 5;
    kind.params.num_round = 64;
    kind.params.min_child_weight = 0;
    kind.params.eta = 0.1;
    change(kind);
  });
}

std::vector<Kind> KindsOfFullTrees() {
  return {FullTrees([](Kind&) {}), FullTrees([](Kind& kind) { kind.params.num_parallel_tree = 3; }),
          FullTrees([](Kind& kind) {
            kind.params.grow_policy = GrowPolicy::kLossguide;
            kind.params.max_depth = 0;
            kind.params.max_leaves = 20;
          }),
          FullTrees([](Kind& kind) {
            kind.params.booster = BoosterKind::kDart;
            kind.params.rate_drop = 0;
          })};
}

TEST(SessionTreeBytes, IsWhatFullTreesTake) {
  for (const Kind& kind : KindsOfFullTrees()) {
    TestTable table = TableOf(kind, 4096);
    // Numbers that no few splits explain.
    for (RowIndex row = 0; row < 4096; ++row) {
      table.data.label[row] += static_cast<float>(row * 2654435761U % 1000U);
    }
    const double half = TreeSizesOf(kind, table, kind.params.num_round / 2).kept;
    const double whole = TreeSizesOf(kind, table, kind.params.num_round).kept;
    const auto counted = static_cast<double>(SessionTreeBytes(kind.params, DataOf(table)));
    EXPECT_LE(2 * (whole - half), counted);
    EXPECT_GE(2 * (whole - half), 0.7 * counted);
  }
}

TEST(SessionTreeBytes, CountsNoMoreLeavesThanRows) {
  const Kind kind = FullTrees([](Kind& each) { each.params.max_depth = 20; });
  const TestTable few = TableOf(kind, 64);
  const Kind shallow = FullTrees([](Kind& each) { each.params.max_depth = 6; });
  EXPECT_EQ(SessionTreeBytes(kind.params, DataOf(few)),
            SessionTreeBytes(shallow.params, DataOf(few)));
}

TEST(SessionStateBytes, IsAtLeastWhatSavingTakes) {
  for (const Kind& kind : KindsOfFullTrees()) {
    const TestTable table = TableOf(kind, 4096);
    EXPECT_LE(TreeSizesOf(kind, table, kind.params.num_round).saving,
              static_cast<double>(SessionStateBytes(kind.params, DataOf(table))));
  }
}

std::vector<Value> OutermostValues(const ParamInfo& param) {
  if (param.type == ParamType::kWord) return {param.words.begin(), param.words.end()};
  if (param.type == ParamType::kInt) {
    return {static_cast<std::int64_t>(param.min),
            static_cast<std::int64_t>(std::min(param.max, 64.0))};
  }
  return {param.min_open ? param.min + 0.25 : param.min, std::min(param.max, 64.0)};
}

// Both where trees may be sampled in each way and where they are not.
TEST(SessionBytes, DependsOnNoSearchedParameterButThoseThatSaySo) {
  Kind kind = Make("trees", "reg:squarederror", [](Kind&) {});
  const TestTable table = TableOf(kind, 100);
  std::vector<std::string> decisive;
  for (const ParamInfo& param : ParamTable()) {
    if (!param.searchable || !param.objectives.empty()) continue;
    bool differs = false;
    for (const bool sampled : {false, true}) {
      for (const bool by_gradient : {false, true}) {
        TrainParams base = kind.params;
        if (sampled) base.subsample = 0.5;
        if (by_gradient) base.sampling_method = SamplingMethod::kGradientBased;
        const std::size_t before = SessionBytes(base, DataOf(table), false);
        for (const Value& value : OutermostValues(param)) {
          TrainParams changed = base;
          SetParam(changed, param.name, value);
          differs = differs || SessionBytes(changed, DataOf(table), false) != before;
        }
      }
    }
    EXPECT_EQ(differs, DecidesSessionBytes(param.name)) << param.name;
    if (differs) decisive.push_back(param.name);
  }
  EXPECT_EQ(decisive.size(), 3U);
}

}  // namespace
}  // namespace coppice::trainer
