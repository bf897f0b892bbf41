#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "base/threads.h"
#include "results/store/lease.h"
#include "results/store/sqlite_store.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/overrides.h"
#include "tuner/cli/study_verb.h"
#include "tuner/cli/targets.h"
#include "tuner/cli/terminal.h"
#include "tuner/loop/extension.h"
#include "tuner/loop/stepwise_study.h"
#include "tuner/run/external_study.h"
#include "tuner/run/spec_change.h"

namespace coppice::tuner {
namespace {

struct ResumeOptions {
  std::string study;
  std::string trials;
  std::string seconds;
  std::string retry;
  std::vector<std::string> overrides;
  std::string format;
  int threads = 0;
};

// "+40" or "40": so many more.
double More(const std::string& flag, const std::string& text) {
  double value = 0;
  if (!ParseDouble(text.starts_with('+') ? text.substr(1) : text, &value) || value <= 0) {
    throw Error(ErrorKind::kUsage, fmt::format("`{} {}` is not a number above 0", flag, text), {},
                fmt::format("for example `{} +40`", flag));
  }
  return value;
}

// Sums of several extensions stay far within an int.
constexpr int kMostTrials = 1000000;

bool StoppedByTime(const results::TrialStore& store) {
  bool by_time = false;
  for (const results::LoggedEvent& logged : store.EventsWithoutCurves()) {
    if (const auto* stop = std::get_if<study::StudyStopped>(&logged.event)) {
      by_time = stop->reason == study::StopReason::kSeconds;
    } else if (std::holds_alternative<study::StudyExtended>(logged.event) ||
               std::holds_alternative<study::StudyChanged>(logged.event)) {
      by_time = false;
    }
  }
  return by_time;
}

// "stop.target is 0.95 now".
void SayChange(const study::StudyChanged& change) {
  for (const auto& [path, text] : change.fields)
    Say(fmt::format("changed: `{}` is {}", path, text));
}

bool GivesTime(const Spec& before, const Spec& after) {
  if (!before.stop.seconds) return false;
  return !after.stop.seconds || *after.stop.seconds > *before.stop.seconds;
}

// What the flags add to the log before the loop goes on; `spec` becomes that of then.
std::vector<study::StudyEvent> EventsOf(const ResumeOptions& options, const StudyFolder& folder,
                                        const results::TrialStore& store, Spec& spec) {
  const std::vector<study::Trial> trials = store.Trials();
  std::vector<study::StudyEvent> events;
  const Overrides fields = ParseOverrides(options.overrides, "");
  bool more_time = false;
  const std::optional<study::StudyChanged> change = ChangeOf(spec, fields, folder, trials);
  if (change) {
    events.push_back(*change);
    const Spec before = std::move(spec);
    spec = SpecWith(before, *change, folder);
    more_time = GivesTime(before, spec);
  }
  const bool lifted = !events.empty();
  study::StudyExtended extended;
  if (!options.trials.empty()) {
    const double trials_more = More("--trials", options.trials);
    extended.trials = trials_more <= kMostTrials ? static_cast<int>(trials_more) : 0;
    if (!(trials_more <= kMostTrials) || extended.trials != trials_more) {
      throw Error(ErrorKind::kUsage, fmt::format("`--trials {}` is not a whole number up to {}",
                                                 options.trials, kMostTrials));
    }
  }
  if (!options.seconds.empty()) extended.seconds = More("--seconds", options.seconds);
  if (more_time && extended.seconds == 0) {
    const std::vector<study::StudyEvent> cut = RequeueCutTrials(trials);
    events.insert(events.end(), cut.begin(), cut.end());
  }
  bool retried = false;
  if (options.retry == "failed") {
    for (const study::Trial& trial : trials) {
      if (trial.state != study::TrialState::kFailed) continue;
      events.push_back(study::TrialRequeued{trial.id, "retry of a failed trial"});
      retried = true;
    }
    if (!retried) Say("there is no failed trial to retry");
  }
  const std::vector<study::StudyEvent> more = ExtensionEvents(trials, extended);
  if (retried && (lifted || !more.empty()) && !more_time && extended.seconds == 0 &&
      StoppedByTime(store)) {
    throw Error(ErrorKind::kUsage,
                fmt::format("the time of `{}` is spent: trials that are retried along with another "
                            "change would be stopped at once",
                            spec.name),
                {}, "add time with `--seconds +N`, or give `--retry failed` alone");
  }
  if (change) SayChange(*change);
  events.insert(events.end(), more.begin(), more.end());
  // An extension lifts the stop that ended the study, even one that adds nothing. Where that was
  // its time, lifting it would stop the retried trials at once; without it the loop runs them and
  // nothing else.
  if (more.empty() && retried && !lifted && !StoppedByTime(store)) events.push_back(extended);
  return events;
}

// How often trials were started or confirmed, in all.
int Attempts(const results::TrialStore& store) {
  int attempts = 0;
  for (const study::Trial& trial : store.Trials()) {
    attempts += trial.attempts + (trial.fresh ? 1 : 0);
  }
  return attempts;
}

// What lets a study go on that a rule has ended.
std::string WayOn(study::StopReason reason, const std::string& study) {
  switch (reason) {
    case study::StopReason::kSeconds:
      return fmt::format("`coppice resume {} --seconds +600` gives it more time", study);
    case study::StopReason::kExhausted:
      return "A new study with a larger `search` tries more";
    default:
      return fmt::format("`coppice resume {} --trials +20` gives it more trials", study);
  }
}

// A study that had ended, and whose extension (if any) was not of the limit that ended it.
void SayNothingWasRun(const results::TrialStore& store, const std::string& study) {
  std::optional<study::StudyStopped> stopped;
  for (const results::LoggedEvent& logged : store.EventsWithoutCurves()) {
    if (const auto* stop = std::get_if<study::StudyStopped>(&logged.event)) stopped = *stop;
  }
  if (!stopped) return;
  Say(fmt::format("notice: no trial was run. The study has ended: {} {}.", stopped->text,
                  WayOn(stopped->reason, study)));
}

// The trials of another program are run by `ask` and `suggest`; here the study's limits are raised.
int Extend(const ResumeOptions& options, const StudyFolder& folder, Spec spec,
           results::TrialStore& store) {
  if (options.threads > 0) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("`--threads` means nothing for `{}`, whose trials are another program's",
                    spec.name),
        {}, "leave it out");
  }
  const std::vector<study::StudyEvent> events = EventsOf(options, folder, store, spec);
  if (events.empty()) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("the trials of `{}` are another program's, so `resume` runs none", spec.name),
        {}, HintForExternal(spec.name) + "; `--trials +20` or `--seconds +600` extends it");
  }
  store.Append(events, store.ElapsedSeconds());
  const RealClock clock;
  SilentProgress silent;
  ExternalDeciders deciders(spec);
  const StepwiseStudy study(deciders.setup, *deciders.strategy, store, clock, silent);
  results::Table table;
  table.columns = {"study", "trials", "seconds"};
  table.rows = {{spec.name, study.limits().trials ? Json(*study.limits().trials) : Json(),
                 study.limits().seconds ? Json(*study.limits().seconds) : Json()}};
  Print(results::Render(table, results::FormatFromText(options.format)));
  Say("extended: " + HintForExternal(spec.name));
  return kDone;
}

int Resume(CommandLine& line, const ResumeOptions& options) {
  const StudyFolder folder = FindStudyOrSay(line, options.study);
  const results::Lease lease(folder.path);
  RemoveUnfinished(folder);
  RequireSameDecisions(results::SqliteStore::RecordAt(folder.database()));
  const auto store =
      results::SqliteStore::OpenForWriting(folder.database(), results::Durability::kGrouped);
  const results::StudyRecord record = store->study();
  Spec spec = SpecNow(*store, folder);
  if (spec.is_external) return Extend(options, folder, std::move(spec), *store);
  if (spec.search.empty()) {
    throw Error(ErrorKind::kUsage,
                fmt::format("`{}` is a single training, not a search", spec.name), {},
                "there is nothing to resume; `coppice show` and `coppice predict` work on it");
  }
  const std::vector<study::StudyEvent> events = EventsOf(options, folder, *store, spec);
  const int threads = ThreadsFor(spec, options.threads);
  int code = kDone;
  RunWithThreads(threads, [&] {
    const StudyData data = LoadAndSay(line, spec);
    RequireSameData(record, data, "start a new study with `coppice tune --name OTHER`");
    if (!events.empty()) store->Append(events, store->ElapsedSeconds());
    Say(fmt::format("study: {} ({} of {} threads, {} slots)", folder.path, threads,
                    AvailableCores(), spec.parallel.slots));
    const int attempts = Attempts(*store);
    code = RunAndAnswer(line, folder, spec, data, *store, threads, options.format);
    if (Attempts(*store) == attempts) SayNothingWasRun(*store, options.study);
  });
  return code;
}

}  // namespace

void AddResume(CommandLine& line) {
  auto options = std::make_shared<ResumeOptions>();
  Verb(line, "resume", "Continues a study that was interrupted, or extends one.",
       "coppice resume titanic --trials +40")
      .Word("STUDY", &options->study, "the study's name or folder")
      .Text("--trials", &options->trials, "so many more trials", "+N")
      .Text("--seconds", &options->seconds, "so much more time", "+S")
      .Set(&options->overrides)
      .Choice("--retry", &options->retry, {"failed"}, "runs failed trials again")
      .Threads(&options->threads)
      .Progress()
      .Format(&options->format, TableFormats())
      .Does([&line, options] { return Resume(line, *options); });
}

}  // namespace coppice::tuner
