#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/json.h"
#include "results/views/thin_curve.h"
#include "tuner/report/parts.h"
#include "tuner/run/trial_runner.h"

namespace coppice::tuner {
namespace {

// Curves are most of a page: the more trials, the fewer points each has, and beyond so many trials
// only the best ones have any.
constexpr int kPointsInAll = 20000;
constexpr int kMostPoints = 80;
constexpr int kFewestPoints = 20;
constexpr std::size_t kMostCurves = 1000;
constexpr int kPointsOfAFold = 250;

Json RangeJson(const study::ParameterRange& range) {
  const study::RangeSpec& spec = range.spec();
  Json json = {{"name", range.name()}};
  if (range.kind() == study::RangeKind::kCategorical) {
    json["kind"] = "categorical";
    json["values"] = Json::array();
    for (const Value& value : spec.values) json["values"].push_back(coppice::ToJson(value));
  } else {
    json["kind"] = range.kind() == study::RangeKind::kInt ? "int" : "float";
    json["scale"] = study::ToText(range.scale());
    json["min"] = spec.min;
    json["max"] = spec.max;
  }
  if (spec.when) json["when"] = spec.when->parameter;
  return json;
}

// When each trial's last stint ended.
std::map<study::TrialId, double> Ends(const Timeline& timeline) {
  std::map<study::TrialId, double> ends;
  for (const Stint& stint : timeline.stints) {
    if (stint.end != "running" && stint.end != "requeued") ends[stint.trial] = stint.to;
  }
  return ends;
}

Json TrialJson(const results::LeaderboardRow& row, const study::Trial& trial) {
  Json json = {{"id", study::ToIndex(row.trial)},
               {"state", study::ToText(row.state)},
               {"rank", row.rank},
               {"score", Short(row.score)},
               {"se", Short(row.std_error)},
               {"round", row.round},
               {"rounds", row.rounds},
               {"seconds", Short(row.seconds)},
               {"config", row.configuration.ToJson()},
               {"origin", trial.origin}};
  if (!row.reason.empty()) json["reason"] = row.reason;
  if (row.replicates > 1) json["replicates"] = row.replicates;
  if (trial.attempts > 1) json["attempts"] = trial.attempts;
  return json;
}

// The values at some rounds, beside the rounds.
Json CurveJson(const std::vector<double>& values, int most, int best_round) {
  const int keep[] = {best_round};
  Json json = {{"r", Json::array()}, {"v", Json::array()}};
  for (const int round : results::ThinRounds(static_cast<int>(values.size()), most, keep)) {
    json["r"].push_back(round);
    json["v"].push_back(Short(values[static_cast<std::size_t>(round - 1)]));
  }
  return json;
}

// Metrics beside the score, at the trial's best round.
Json MetricsJson(const std::vector<study::Curve>& curves, const Spec& spec, int best_round) {
  Json json = Json::object();
  for (const std::string& metric : spec.metrics) {
    const std::vector<double> mean = MeanCurve(curves, metric);
    if (metric == spec.metric || best_round < 1) continue;
    const auto at = static_cast<std::size_t>(best_round - 1);
    if (at < mean.size()) json[metric] = Short(mean[at]);
  }
  return json;
}

Json FoldsJson(const std::vector<study::Curve>& curves, const std::string& metric, int best_round) {
  Json folds = Json::array();
  for (const study::Curve& curve : curves) {
    if (curve.metric != metric) continue;
    Json json = CurveJson(curve.values, kPointsOfAFold, best_round);
    json["fold"] = curve.fold;
    json["part"] = curve.part;
    folds.push_back(std::move(json));
  }
  return folds;
}

Json StintsJson(const Timeline& timeline) {
  Json stints = Json::array();
  for (const Stint& stint : timeline.stints) {
    stints.push_back({{"trial", study::ToIndex(stint.trial)},
                      {"lane", stint.lane},
                      {"from", Short(stint.from)},
                      {"to", Short(stint.to)},
                      {"end", stint.end},
                      {"rung", stint.rung},
                      {"rounds", stint.rounds},
                      {"score", Short(stint.score)}});
  }
  return stints;
}

}  // namespace

Json Short(double value) {
  if (!std::isfinite(value)) return nullptr;
  return std::stod(fmt::format("{:.7g}", value));
}

Json Short(const std::optional<double>& value) { return value ? Short(*value) : Json(); }

void AddTrials(const ReportFacts& facts, Json* report) {
  const Spec& spec = facts.input.spec;
  Json& parameters = (*report)["parameters"] = Json::array();
  for (const study::ParameterRange& range : spec.search) parameters.push_back(RangeJson(range));

  const auto ends = Ends(facts.timeline);
  const auto n_trials = static_cast<int>(facts.trials.size());
  const int most = std::clamp(kPointsInAll / std::max(1, n_trials), kFewestPoints, kMostPoints);
  std::map<int, Json> trials;  // by number
  std::map<int, Json> curves;
  for (const results::LeaderboardRow& row : facts.board.rows) {
    const int number = study::ToIndex(row.trial);
    Json trial = TrialJson(row, facts.trials[static_cast<std::size_t>(number)]);
    if (const auto end = ends.find(row.trial); end != ends.end()) {
      trial["ended"] = Short(end->second);
    }
    if (curves.size() < kMostCurves) {
      const std::vector<study::Curve> all = facts.input.store.Curves(row.trial);
      const std::vector<double> mean = MeanCurve(all, spec.metric);
      if (const Json metrics = MetricsJson(all, spec, row.round); !metrics.empty()) {
        trial["metrics"] = metrics;
      }
      if (mean.size() > 1) {
        Json curve = CurveJson(mean, most, row.round);
        curve["trial"] = number;
        curve["folds"] = study::NumberOfFolds(all);
        curves[number] = std::move(curve);
      }
    }
    trials[number] = std::move(trial);
  }
  (*report)["trials"] = Json::array();
  for (auto& [number, trial] : trials) (*report)["trials"].push_back(std::move(trial));
  (*report)["curves"] = Json::array();
  for (auto& [number, curve] : curves) (*report)["curves"].push_back(std::move(curve));
  if (const results::LeaderboardRow* best = facts.board.best()) {
    (*report)["folds"] = FoldsJson(facts.input.store.Curves(best->trial), spec.metric, best->round);
  }
  (*report)["stints"] = StintsJson(facts.timeline);
  (*report)["lanes"] = facts.timeline.n_lanes;
}

}  // namespace coppice::tuner
