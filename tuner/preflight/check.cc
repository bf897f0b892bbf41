#include "tuner/preflight/check.h"

#include <algorithm>

namespace coppice::tuner {

std::string VerdictWord(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kSkip:
      return "skip";
    case Verdict::kWarn:
      return "warn";
    case Verdict::kFail:
      return "fail";
  }
  return "fail";
}

Verdict VerdictOf(const CheckResult& result) {
  Verdict worst = Verdict::kPass;
  for (const CheckFinding& finding : result) worst = std::max(worst, finding.verdict);
  return worst;
}

const std::vector<CheckInfo>& Checks() {
  using enum CheckNeed;
  static const std::vector<CheckInfo> checks = {
      {"spec", kSpec, false, false, CheckSpec, "what is searched, and how"},
      {"data", kData, false, false, CheckData, "rows, columns, missing values, dull columns"},
      {"label", kData, false, false, CheckLabel, "labels fit the objective"},
      {"split", kData, false, false, CheckSplit, "folds, classes, groups, time, equal rows"},
      {"leakage", kData, false, false, CheckLeakage, "columns that know the label"},
      {"yardsticks", kTraining, true, false, CheckYardsticks, "the default beats a constant"},
      {"overfit", kSample, true, false, CheckOverfit, "few rows can be learned by heart"},
      {"loss", kTraining, true, false, CheckLoss, "the training loss falls"},
      {"determinism", kSample, true, true, CheckDeterminism, "one model for one seed"},
      {"reload", kSample, true, false, CheckReload, "a saved model predicts the same"},
      {"memory", kData, false, false, CheckMemory, "what it takes, and what there is"},
      {"time", kForecast, true, false, CheckTime, "how long the study takes"},
      {"space", kSpec, false, false, CheckSpace, "scales, conditions, repeats"},
      {"place", kSpec, false, false, CheckPlace, "the store, the disk, the clock, the cores"},
  };
  return checks;
}

}  // namespace coppice::tuner
