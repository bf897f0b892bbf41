#include "tuner/preflight/preflight.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/threads.h"
#include "tuner/run/memory_plan.h"

namespace coppice::tuner {
namespace {

bool IsIn(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void RequireKnown(const std::vector<std::string>& only) {
  std::vector<std::string> names;
  for (const CheckInfo& check : Checks()) names.push_back(check.name);
  Findings findings;
  for (const std::string& name : only) {
    if (IsIn(names, name)) continue;
    std::string hint = SuggestWord(name, names);
    if (hint.empty()) hint = "the checks are " + ListWords(names, names.size());
    findings.Add(fmt::format("there is no check `{}`", name), {}, hint);
  }
  findings.ThrowIfAny(ErrorKind::kUsage);
}

std::vector<const CheckInfo*> Chosen(const PreflightOptions& options) {
  std::vector<const CheckInfo*> chosen;
  for (const CheckInfo& check : Checks()) {
    if (options.quick && check.trains) continue;
    if (options.only.empty() || IsIn(options.only, check.name)) chosen.push_back(&check);
  }
  return chosen;
}

CheckResult FailedWith(const Error& error) {
  CheckResult result;
  for (const Finding& finding : error.findings()) {
    const std::string place = finding.place.ToString();
    result.push_back(
        {Verdict::kFail,
         place.empty() ? finding.message : fmt::format("{} ({})", finding.message, place),
         {},
         {},
         finding.hint});
  }
  return result;
}

// One run: what checks share is made when the first one needs it.
class PreflightRun {
 public:
  PreflightRun(const Spec& spec, FileSystem& disk, const Clock& clock,
               const PreflightOptions& options)
      : options_(options),
        context_{.spec = spec,
                 .disk = disk,
                 .clock = clock,
                 .threads = options.threads,
                 .store = options.store} {}

  PreflightReport Run() {
    for (const CheckInfo* check : Chosen(options_)) {
      const double start = context_.clock.Now();
      CheckAnswer answer{check->name, Ask(*check), 0};
      answer.seconds = context_.clock.Now() - start;
      Remember(answer);
      report_.answers.push_back(std::move(answer));
    }
    return std::move(report_);
  }

 private:
  CheckResult Ask(const CheckInfo& check) {
    if (check.need >= CheckNeed::kData) {
      const bool first = context_.data == nullptr && !report_.error;
      Load();
      // Told once, by the first check that needs them.
      if (report_.error && first) return FailedWith(*report_.error);
      if (report_.error) return {{Verdict::kSkip, "the data could not be read"}};
    }
    if (check.need == CheckNeed::kForecast && HasNoRoom()) {
      return {{Verdict::kSkip, "not even one trial has room, see `memory`"}};
    }
    if (check.need >= CheckNeed::kSample && !why_no_training_.empty()) {
      return {{Verdict::kSkip, why_no_training_}};
    }
    try {
      CheckResult result;
      const auto body = [&] {
        Prepare(check.need);
        if (check.name == "memory" && MayTrain()) Prepare(CheckNeed::kForecast);
        if (!check.own_threads) result = check.run(context_);
      };
      RunWithThreads(options_.threads, body);
      if (check.own_threads) result = check.run(context_);
      return result;
    } catch (const Error& error) {
      return FailedWith(error);
    }
  }

  void Load() {
    if (context_.data != nullptr || report_.error) return;
    try {
      RunWithThreads(options_.threads,
                     [&] { data_ = LoadStudyData(context_.spec, context_.disk, &notices_); });
      context_.data = &data_;
      context_.notices = &notices_;
      context_.memory = ReadMemoryState();
      // Without `label` among the checks, what it would say still bars training.
      const CheckResult label = CheckLabel(context_);
      if (VerdictOf(label) == Verdict::kFail) why_no_training_ = "the labels do not fit";
    } catch (const Error& error) {
      report_.error = error;
    }
  }

  void Prepare(CheckNeed need) {
    if (need >= CheckNeed::kSample && context_.sample == nullptr) {
      sample_ = SampleOf(data_, context_.spec, 1, SampleRows(data_));
      context_.sample = &sample_;
    }
    if (need >= CheckNeed::kTraining && context_.training == nullptr) {
      training_ = TrainOnSample(context_.spec, sample_, context_.clock);
      context_.training = &training_;
    }
    if (need >= CheckNeed::kForecast && context_.forecast == nullptr) {
      forecast_ = ForecastTime(context_.spec, data_, training_, context_.threads, {},
                               context_.clock, context_.disk);
      context_.forecast = &forecast_;
    }
  }

  bool HasNoRoom() const {
    return !PlanMemory(context_.spec, data_, context_.threads, context_.memory).fits();
  }
  bool MayTrain() const { return !options_.quick && why_no_training_.empty() && !HasNoRoom(); }

  void Remember(const CheckAnswer& answer) {
    if (VerdictOf(answer.result) != Verdict::kFail || !why_no_training_.empty()) return;
    if (answer.check == "yardsticks" && context_.training == nullptr) {
      why_no_training_ = "training failed, see `yardsticks`";
    }
  }

  const PreflightOptions& options_;
  CheckContext context_;
  PreflightReport report_;
  StudyData data_;
  trainer::Notices notices_;
  StudyData sample_;
  SampleTraining training_;
  TimeForecast forecast_;
  std::string why_no_training_;
};

}  // namespace

PreflightReport Preflight(const Spec& spec, FileSystem& disk, const Clock& clock,
                          const PreflightOptions& options) {
  RequireKnown(options.only);
  return PreflightRun(spec, disk, clock, options).Run();
}

}  // namespace coppice::tuner
