#include "tuner/run/continue_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "tuner/run/data_fingerprint.h"

namespace coppice::tuner {
namespace {

using trainer::Booster;
using trainer::BoosterKind;
using trainer::FeatureSchema;
using trainer::Schema;

BoosterKind KindOf(const Booster& model) {
  if (model.is_linear()) return BoosterKind::kGblinear;
  return model.tree_weights.empty() ? BoosterKind::kGbtree : BoosterKind::kDart;
}

void CompareQuantiles(const Booster& model, const trainer::TrainParams& params,
                      Findings* findings) {
  const auto in_model =
      trainer::SettingsFromParameters(model.objective_params, model.n_outputs).quantile_alpha;
  // Model files hold single precision.
  const bool same = std::equal(
      in_model.begin(), in_model.end(), params.quantile_alpha.begin(), params.quantile_alpha.end(),
      [](double a, double b) { return static_cast<float>(a) == static_cast<float>(b); });
  if (same) return;
  findings->Add(fmt::format("the model predicts the quantiles [{}] and the spec's `quantile_alpha` "
                            "is [{}]",
                            fmt::join(in_model, ", "), fmt::join(params.quantile_alpha, ", ")),
                {}, "set `train.quantile_alpha` to the model's");
}

void CompareBoosters(const Booster& model, const trainer::TrainParams& params, Findings* findings) {
  const BoosterKind kind = KindOf(model);
  if (kind == BoosterKind::kDart || params.booster == BoosterKind::kDart) {
    findings->Add("a `dart` model cannot be continued", {},
                  "later rounds scale the earlier trees anew: only models of `gbtree` and "
                  "`gblinear` can");
  } else if (kind != params.booster) {
    findings->Add(fmt::format("the model's booster is `{}` and the spec's `{}`", WordOf(kind),
                              WordOf(params.booster)),
                  {}, fmt::format("set `train.booster` to `{}`", WordOf(kind)));
  }
  if (model.parallel_trees != params.num_parallel_tree) {
    findings->Add(fmt::format("the model's `num_parallel_tree` is `{}` and the spec's `{}`",
                              model.parallel_trees, params.num_parallel_tree),
                  {}, fmt::format("set `train.num_parallel_tree` to `{}`", model.parallel_trees));
  }
  if (model.objective != params.objective) {
    findings->Add(fmt::format("the model's objective is `{}` and the spec's `{}`", model.objective,
                              params.objective),
                  {}, fmt::format("set `train.objective` to `{}`", model.objective));
  } else if (trainer::PredictionOf(model.objective) == trainer::PredictionKind::kQuantiles) {
    CompareQuantiles(model, params, findings);
  } else if (model.n_outputs > 1 && model.n_outputs != params.num_class) {
    findings->Add(fmt::format("the model has `{}` classes and the data `{}`", model.n_outputs,
                              params.num_class));
  }
  const bool same_base =
      !params.base_score || (model.base_score.size() == 1 &&
                             model.base_score[0] == static_cast<float>(*params.base_score));
  if (!same_base) {
    findings->Add("`base_score` is the model's and cannot be set anew", {},
                  "leave `train.base_score` out");
  }
}

void CompareFeature(const FeatureSchema& in_model, const FeatureSchema& in_data,
                    Findings* findings) {
  if (in_model.name != in_data.name) {
    findings->Add(fmt::format("where the model has the column `{}` the data have `{}`",
                              in_model.name, in_data.name));
  } else if (in_model.kind != in_data.kind) {
    const bool categorical = in_model.kind == trainer::ColumnKind::kCategorical;
    findings->Add(fmt::format("the column `{}` is {} in the model and {} in the data",
                              in_model.name, categorical ? "categorical" : "numeric",
                              categorical ? "numeric" : "categorical"));
  } else if (in_model.categories != in_data.categories) {
    findings->Add(fmt::format("the column `{}` has other categories in the model than in the data",
                              in_model.name));
  }
}

void CompareSchemas(const Schema& in_model, const Schema& in_data, Findings* findings) {
  if (in_model.features.size() != in_data.features.size()) {
    findings->Add(fmt::format("the model has `{}` features and the data `{}`",
                              in_model.features.size(), in_data.features.size()));
    return;
  }
  for (std::size_t i = 0; i < in_model.features.size(); ++i) {
    CompareFeature(in_model.features[i], in_data.features[i], findings);
  }
  // Models of XGBoost's own know no names of classes.
  if (!in_model.classes.empty() && in_model.classes != in_data.classes) {
    findings->Add(fmt::format("the label's classes are {} in the model and {} in the data",
                              ListWords(in_model.classes), ListWords(in_data.classes)));
  }
}

}  // namespace

Booster ContinuedFrom(Booster model, const trainer::TrainParams& params, const Schema& schema) {
  Findings findings;
  CompareBoosters(model, params, &findings);
  CompareSchemas(model.schema, schema, &findings);
  findings.ThrowIfAny(ErrorKind::kSpec);
  // A linear model predicts by all its rounds.
  if (!model.is_linear()) {
    model.trees.resize(static_cast<std::size_t>(model.rounds_used()) *
                       static_cast<std::size_t>(model.trees_per_round()));
  }
  model.best_round = 0;
  return model;
}

bool MayHaveSeenHeldOutRows(const Spec& spec, const std::string& data_hash,
                            const results::StudyRecord* origin) {
  if (spec.split.kind != trainer::SplitKind::kHoldout) return false;
  if (origin == nullptr || HashIn(origin->data_hash) != data_hash) return true;
  // The best model of a search has learned from the validation rows too.
  const auto search = origin->resolved_spec.find("search");
  const auto split = origin->resolved_spec.find("split");
  const bool searched = search != origin->resolved_spec.end() && !search->empty();
  const bool by_holdout =
      split != origin->resolved_spec.end() && split->value("kind", std::string()) == "holdout";
  return searched || !by_holdout;
}

}  // namespace coppice::tuner
