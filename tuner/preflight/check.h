#pragma once
// One question about a study that has not begun: what a check is given, and what it answers.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "base/memory.h"
#include "tuner/preflight/sample.h"
#include "tuner/preflight/time_forecast.h"
#include "tuner/run/study_data.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// kSkip: it could not be asked, since an earlier check failed.
enum class Verdict { kPass, kSkip, kWarn, kFail };
std::string VerdictWord(Verdict verdict);

struct CheckFinding {
  Verdict verdict = Verdict::kPass;
  std::string text;                   // what and where, with the number and its limit
  std::optional<double> number = {};  // what was measured
  std::optional<double> limit = {};   // where it begins to be no pass
  std::string hint = {};              // what to do
};

// Not empty. The first finding is the sum of the check.
using CheckResult = std::vector<CheckFinding>;
// The worst.
Verdict VerdictOf(const CheckResult& result);

// What the checks of one run share. Borrowed; null where a check has no need of it. Checks change
// nothing, on the disk neither.
struct CheckContext {
  const Spec& spec;
  FileSystem& disk;
  const Clock& clock;
  int threads = 1;
  std::string store;                          // the folder of studies, absolute
  const StudyData* data = nullptr;            // as `tune` loads it
  const trainer::Notices* notices = nullptr;  // of that
  MemoryState memory = {};                    // as it was then
  const StudyData* sample = nullptr;          // SampleOf
  const SampleTraining* training = nullptr;   // TrainOnSample
  const TimeForecast* forecast = nullptr;     // ForecastTime; for `memory` only if trials may run
};

// What a check cannot do without.
enum class CheckNeed {
  kSpec,
  kData,
  kSample,    // rows with legal labels to train on
  kTraining,  // the default configuration trained on them
  kForecast,  // the study rehearsed
};

struct CheckInfo {
  std::string name;
  CheckNeed need = CheckNeed::kSpec;
  bool trains = false;
  bool own_threads = false;  // it is not called inside of an arena
  CheckResult (*run)(const CheckContext& context) = nullptr;
  std::string what;  // for people
};

// The fourteen, in the order in which they are asked and shown.
const std::vector<CheckInfo>& Checks();

// In the order of Checks(). Errors that keep training from starting pass through.
CheckResult CheckSpec(const CheckContext& context);
CheckResult CheckData(const CheckContext& context);
CheckResult CheckLabel(const CheckContext& context);
CheckResult CheckSplit(const CheckContext& context);
CheckResult CheckLeakage(const CheckContext& context);
CheckResult CheckYardsticks(const CheckContext& context);
CheckResult CheckOverfit(const CheckContext& context);
CheckResult CheckLoss(const CheckContext& context);
CheckResult CheckDeterminism(const CheckContext& context);
CheckResult CheckReload(const CheckContext& context);
CheckResult CheckMemory(const CheckContext& context);
CheckResult CheckTime(const CheckContext& context);
CheckResult CheckSpace(const CheckContext& context);
CheckResult CheckPlace(const CheckContext& context);

}  // namespace coppice::tuner
