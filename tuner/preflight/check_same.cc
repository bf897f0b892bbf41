// The checks that one thing done twice comes out the same: determinism and reload.

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/hash.h"
#include "base/threads.h"
#include "strategies/study/search_space.h"
#include "trainer/boost/train_session.h"
#include "trainer/model_io/xgboost_json.h"
#include "trainer/predict/predictor.h"
#include "tuner/preflight/check.h"

namespace coppice::tuner {
namespace {

constexpr int kBriefRounds = 10;

// The middle of the space: it samples rows and columns where trials may.
study::Configuration MiddleOf(const Spec& spec) {
  if (spec.search.empty()) return {};
  const study::SearchSpace space(spec.search);
  return space.Decode(std::vector<double>(space.size(), 0.5));
}

trainer::Booster TrainBriefly(const CheckContext& context) {
  const StudyData& sample = *context.sample;
  trainer::TrainParams params =
      ParamsOn(sample, context.spec, study::TrialId{0}, MiddleOf(context.spec));
  params.num_round = std::min(params.num_round, kBriefRounds);
  const trainer::Fold& fold = sample.split.folds.front();
  trainer::TrainSession session(SessionDataOf(sample, fold.train, {}), params, {}, false,
                                {context.spec.seed, 0});
  session.Advance(params.num_round, nullptr);
  return session.MakeBooster(sample.table->schema, 0);
}

std::string HashOfModel(const CheckContext& context, int threads) {
  std::string hash;
  RunWithThreads(threads, [&] { hash = HashOf(ToXgboostJson(TrainBriefly(context))); });
  return hash;
}

// How many numbers differ in any bit.
std::size_t CountDifferent(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return std::max(a.size(), b.size());
  std::size_t n = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    n += std::memcmp(&a[i], &b[i], sizeof(float)) != 0 ? 1 : 0;
  }
  return n;
}

CheckFinding Compare(const trainer::Booster& booster, const trainer::Booster& again,
                     const StudyData& sample, const std::string& format) {
  const trainer::Dataset& table = *sample.table;
  const std::vector<trainer::RowIndex>& rows = sample.split.folds.front().train;
  std::vector<std::vector<float>> values(table.n_features());
  for (std::size_t f = 0; f < table.n_features(); ++f) {
    for (const trainer::RowIndex row : rows) values[f].push_back(table.values[f][row]);
  }
  const auto n_rows = static_cast<trainer::RowIndex>(rows.size());
  const std::size_t different = CountDifferent(PredictMargins(booster, values, n_rows),
                                               PredictMargins(again, values, n_rows));
  CheckFinding finding{Verdict::kPass,
                       fmt::format("saved as {} and read again, {} of {} predictions differ (fails "
                                   "above 0)",
                                   format, different, rows.size()),
                       static_cast<double>(different), 0};
  if (different > 0) {
    finding.verdict = Verdict::kFail;
    finding.hint = "this is a bug of ours: please report it with the spec";
  }
  return finding;
}

}  // namespace

CheckResult CheckDeterminism(const CheckContext& context) {
  // More than one even where there is one core: they take turns then.
  const int many = std::max(4, context.threads);
  const std::vector<std::string> hashes = {HashOfModel(context, 1), HashOfModel(context, 1),
                                           HashOfModel(context, many)};
  const bool same = hashes[0] == hashes[1] && hashes[0] == hashes[2];
  const auto different = hashes[0] == hashes[1] ? (same ? 1 : 2) : (hashes[1] == hashes[2] ? 2 : 3);
  CheckFinding finding{
      Verdict::kPass,
      fmt::format("{} model of three trainings with one seed, twice on 1 thread and once on {} "
                  "(hash {}; fails above 1)",
                  different, many, hashes[0].substr(0, 8)),
      static_cast<double>(different), 1};
  if (!same) {
    finding.verdict = Verdict::kFail;
    finding.hint = "this is a bug of ours: please report it with the spec";
  }
  return {finding};
}

CheckResult CheckReload(const CheckContext& context) {
  const trainer::Booster booster = TrainBriefly(context);
  return {Compare(booster,
                  trainer::BoosterFromXgboostJson(trainer::ToXgboostJson(booster), "model.json"),
                  *context.sample, "JSON"),
          Compare(booster,
                  trainer::BoosterFromXgboostUbjson(trainer::ToXgboostUbjson(booster), "model.ubj"),
                  *context.sample, "UBJSON")};
}

}  // namespace coppice::tuner
