#include "tuner/run/run_training.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "results/store/sqlite_store.h"
#include "trainer/boost/train_session.h"
#include "trainer/metric/metric.h"
#include "trainer/model_io/model_file.h"
#include "trainer/model_io/xgboost_json.h"
#include "trainer/predict/predictor.h"
#include "tuner/run/continue_model.h"
#include "tuner/run/failure.h"
#include "tuner/run/final_model.h"
#include "tuner/run/run_study.h"
#include "tuner/run/trial_runner.h"

namespace coppice::tuner {
namespace {

// The configuration of a study without a search.
const study::Configuration kFixed;
constexpr study::TrialId kOnlyTrial{0};

struct Trained {
  trainer::Booster booster;
  study::Completed completed;
  std::vector<study::Curve> curves;
};

// Where there is a search, `num_round` is a cap, and a single training ends as its trials do.
bool HasAdaptivePatience(const Spec& spec) {
  return spec.prune.adaptive_patience && !spec.search.empty();
}

bool StopsEarly(const Spec& spec, const trainer::TrainParams& params) {
  return HasAdaptivePatience(spec) || params.early_stopping_rounds > 0;
}

// Rounds of the model, of a curve that early stopping looks at.
int ChosenRound(const Spec& spec, const trainer::TrainParams& params,
                const std::vector<double>& curve, int rounds) {
  const int best = BestRound(curve, spec.goal);
  return StopsEarly(spec, params) && best > 0 ? best : rounds;
}

std::vector<study::Curve> ToCurves(const std::vector<std::string>& metrics,
                                   const std::vector<std::vector<double>>& values) {
  std::vector<study::Curve> curves;
  for (std::size_t m = 0; m < values.size(); ++m) {
    curves.push_back({0, "validation", metrics[m], values[m]});
  }
  return curves;
}

// Of the mean over folds after `round` rounds; nothing with a single fold.
std::optional<double> StdErrorAt(const std::vector<study::Curve>& curves, const Spec& spec,
                                 int round) {
  const auto at = static_cast<std::size_t>(round - 1);
  std::vector<double> scores;
  for (const study::Curve& curve : curves) {
    if (curve.metric != spec.metric || curve.part != "validation") continue;
    scores.push_back(curve.values.at(at));
  }
  return StdErrorOf(scores, study::MeanCurve(curves, spec.metric).at(at), spec.split);
}

// One session on the training rows, stopped early by the validation rows if asked.
Trained TrainOnce(const Spec& spec, const StudyData& data, const CancelToken& cancel,
                  const trainer::Booster* from) {
  const trainer::TrainParams params = ParamsOn(data, spec, kOnlyTrial, kFixed);
  trainer::Booster continued;
  std::vector<float> margins;
  trainer::SessionStart start;
  if (from != nullptr) {
    continued = ContinuedFrom(*from, params, data.table->schema);
    margins = PredictMargins(continued, data.table->values, data.table->n_rows);
    start = {&continued, margins};
  }
  const std::vector<std::string> names = MetricsOf(spec);
  std::vector<std::unique_ptr<trainer::Metric>> metrics;
  std::vector<const trainer::Metric*> borrowed;
  for (const std::string& name : names) {
    metrics.push_back(trainer::MakeMetric(name, trainer::SettingsOf(params)));
    borrowed.push_back(metrics.back().get());
  }
  const trainer::Fold& fold = data.split.folds.front();
  trainer::TrainSession session(SessionDataOf(data, fold.train, fold.validation, start), params,
                                borrowed, false, {spec.seed, 0});
  std::vector<double> curve;
  while (!session.finished()) {
    session.Advance(1, &cancel);
    if (cancel.cancelled()) throw Error(ErrorKind::kCancelled, "interrupted while training");
    if (session.curves().validation.empty() || !StopsEarly(spec, params)) continue;
    curve.push_back(session.curves().validation.front().back());
    const int best = BestRound(curve, spec.goal);
    const int patience =
        PatienceBehind(best, HasAdaptivePatience(spec), params.early_stopping_rounds);
    if (static_cast<int>(curve.size()) - best >= patience) break;
  }
  Trained trained;
  trained.completed.rounds = session.rounds();
  trained.completed.best_round = ChosenRound(spec, params, curve, session.rounds());
  trained.curves = ToCurves(names, session.curves().validation);
  trained.booster = session.MakeBooster(data.table->schema, trained.completed.best_round);
  return trained;
}

// Cross-validation, then a model on everything but the test rows.
Trained TrainByFolds(const Spec& spec, const StudyData& data, const CancelToken& cancel) {
  const RealClock clock;
  Spec without_limit = spec;
  without_limit.limits.trial_seconds.reset();
  without_limit.prune.adaptive_patience = HasAdaptivePatience(spec);
  TrialResult result = RunTrial({without_limit, data, clock}, {kOnlyTrial, kFixed}, cancel);
  if (std::holds_alternative<study::Cancelled>(result.outcome)) {
    throw Error(ErrorKind::kCancelled, "interrupted while training");
  }
  if (const auto* failed = std::get_if<study::Failed>(&result.outcome)) {
    throw ErrorOf(*failed);
  }
  Trained trained;
  trained.completed = std::get<study::Completed>(result.outcome);
  trained.curves = std::move(result.curves);
  const trainer::TrainParams params = ParamsOn(data, spec, kOnlyTrial, kFixed);
  const std::vector<trainer::RowIndex> rows = RowsFor(data, spec, RowChoice::kTraining);
  int rounds = params.num_round;
  if (StopsEarly(spec, params)) {
    rounds = CorrectedRounds(trained.completed.best_round, data, rows.size(), params.num_round);
  } else {
    trained.completed.best_round = trained.completed.rounds;
    // Not that of the best round.
    trained.completed.std_error = StdErrorAt(trained.curves, spec, trained.completed.best_round);
  }
  trained.booster = TrainOn(spec, data, kOnlyTrial, kFixed, rows, rounds, cancel);
  return trained;
}

std::map<std::string, double> ValidationAt(const Trained& trained,
                                           const std::vector<std::string>& metrics) {
  std::map<std::string, double> values;
  for (const std::string& name : metrics) {
    const std::vector<double> curve = MeanCurve(trained.curves, name);
    if (curve.empty()) continue;
    values[name] = curve[static_cast<std::size_t>(trained.completed.best_round - 1)];
  }
  return values;
}

void RecordTrial(const StudyFolder& folder, const Trained& trained, double seconds,
                 const trainer::Booster* from) {
  const std::string origin =
      from == nullptr
          ? "fixed parameters"
          : fmt::format("fixed parameters, continuing a model of {} rounds", from->rounds_used());
  const auto store = results::SqliteStore::OpenForWriting(folder.database());
  const std::vector<study::StudyEvent> events = {
      study::TrialCreated{kOnlyTrial, kFixed, origin}, study::TrialStarted{kOnlyTrial},
      study::TrialFinished{kOnlyTrial, trained.completed, trained.curves, seconds},
      study::StudyStopped{study::StopReason::kTrials, "one training"}};
  store->Append(events, seconds);
}

}  // namespace

TrainingSummary RunTraining(const std::string& store, const std::string& spec_text,
                            const Spec& spec, const StudyData& data, const std::string& also,
                            const CancelToken& cancel, FileSystem& disk,
                            const trainer::Booster* from) {
  const RealClock clock;
  const double start = clock.Now();
  const bool by_folds = spec.split.kind == trainer::SplitKind::kCrossValidation;
  if (from != nullptr && by_folds) {
    throw Error(ErrorKind::kSpec, "a model cannot be continued with `split.kind` `cv`", {},
                "it may have seen the rows of every fold: use `holdout` or `files`");
  }
  Trained trained =
      by_folds ? TrainByFolds(spec, data, cancel) : TrainOnce(spec, data, cancel, from);
  TrainingSummary summary;
  summary.train_seconds = clock.Now() - start;
  const std::vector<std::string> metrics = MetricsOf(spec);
  const std::vector<trainer::RowIndex> rows = RowsFor(data, spec, RowChoice::kTraining);
  summary.train = EvaluateOn(trained.booster, *data.table,
                             by_folds ? rows : data.split.folds.front().train, metrics);
  summary.validation = ValidationAt(trained, metrics);
  if (!data.split.test.empty()) {
    summary.test = EvaluateOn(trained.booster, *data.table, data.split.test, metrics);
  }
  const auto score = summary.validation.find(spec.metric);
  trained.completed.score =
      score == summary.validation.end() ? summary.train.at(spec.metric) : score->second;
  if (!std::isfinite(trained.completed.score)) {
    throw Error(ErrorKind::kData,
                fmt::format("`{}` is not a number on the {} rows", spec.metric,
                            score == summary.validation.end() ? "training" : "validation"),
                {}, "they may hold one class only: choose another split or metric");
  }
  const std::string model = trainer::ToXgboostJson(trained.booster);
  const StudyFolder folder = CreateStudy(
      store, spec_text, MakeRecord(spec, data), disk,
      [&](const StudyFolder& unfinished) {
        disk.WriteAtomically(unfinished.model(), model);
        RecordTrial(unfinished, trained, summary.train_seconds, from);
      },
      [&] {
        if (also.empty()) return;
        disk.WriteAtomically(also, trainer::ToModelFile(trained.booster, also));
      });
  summary.study = spec.name;
  summary.folder = folder.path;
  summary.round = trained.booster.n_rounds();
  summary.rounds = trained.completed.rounds + (from == nullptr ? 0 : from->rounds_used());
  summary.load_seconds = data.load_seconds;
  summary.bin_seconds = data.bin_seconds;
  summary.model = folder.model();
  return summary;
}

}  // namespace coppice::tuner
