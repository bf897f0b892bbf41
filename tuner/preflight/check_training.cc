// The checks that look at the default configuration trained on the sample: yardsticks and loss.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tuner/preflight/check.h"

namespace coppice::tuner {
namespace {

bool IsBetter(double a, double b, bool maximize) { return maximize ? a > b : a < b; }

std::string SampleText(const CheckContext& context) {
  const trainer::Fold& fold = context.sample->split.folds.front();
  return fmt::format("{} training and {} validation rows", fold.train.size(),
                     fold.validation.size());
}

bool IsAtCap(const CheckContext& context) {
  const SampleTraining& training = *context.training;
  const trainer::TrainParams params = context.spec.ParamsFor({});
  return context.spec.StopsEarly(params) && training.ended && !context.spec.search.empty() &&
         training.best_round == params.num_round;
}

}  // namespace

CheckResult CheckYardsticks(const CheckContext& context) {
  const SampleTraining& training = *context.training;
  const std::string where = SampleText(context);
  if (std::isnan(training.score) || std::isnan(training.constant_score)) {
    return {{Verdict::kWarn,
             fmt::format("`{}` is not a number on a sample of {}", training.metric, where),
             {},
             {},
             "the validation rows may hold one class only: choose another split or metric"}};
  }
  CheckFinding finding{
      Verdict::kPass,
      fmt::format("the default configuration has {} {:.5g}, a constant {:.5g} (must be better; a "
                  "sample of {})",
                  training.metric, training.score, training.constant_score, where),
      training.score, training.constant_score};
  if (!IsBetter(training.score, training.constant_score, training.maximize)) {
    finding.verdict = Verdict::kWarn;
    finding.hint =
        "the features say nothing of the label to it: look at `data.label` and whether "
        "the rows stand in their places";
  }
  return {finding};
}

CheckResult CheckLoss(const CheckContext& context) {
  const SampleTraining& training = *context.training;
  const std::vector<double>& curve = training.train_loss;
  const auto bad =
      std::find_if(curve.begin(), curve.end(), [](double value) { return !std::isfinite(value); });
  if (bad != curve.end()) {
    return {{Verdict::kFail,
             fmt::format("the training {} is not a number after round {}", training.loss,
                         bad - curve.begin() + 1),
             static_cast<double>(bad - curve.begin() + 1), static_cast<double>(curve.size()),
             "scale the labels down, or take a smaller `eta`"}};
  }
  const double last = curve.back();
  CheckFinding finding{
      Verdict::kPass,
      fmt::format("the training {} goes from {:.5g} of a constant to {:.5g} in {} rounds (must "
                  "get better)",
                  training.loss, training.constant_loss, last, training.rounds),
      last, training.constant_loss};
  if (!IsBetter(last, training.constant_loss, training.loss_maximize)) {
    finding.verdict = Verdict::kWarn;
    finding.hint =
        "no split is worth its cost: take a smaller `gamma`, `lambda` or "
        "`min_child_weight`, or a smaller `eta` where it jumps";
  }
  CheckResult result = {finding};
  if (IsAtCap(context)) {
    result.push_back({Verdict::kWarn,
                      fmt::format("the best round is the last one, {}: the cap ends the training, "
                                  "not the patience",
                                  training.best_round),
                      static_cast<double>(training.best_round),
                      static_cast<double>(training.best_round), "raise `train.num_round`"});
  }
  return result;
}

}  // namespace coppice::tuner
