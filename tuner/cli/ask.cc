// Trials that another program evaluates, on stdin and stdout.

#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "results/store/lease.h"
#include "results/store/sqlite_store.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/json_progress.h"
#include "tuner/cli/line_channel.h"
#include "tuner/cli/progress.h"
#include "tuner/cli/signals.h"
#include "tuner/cli/study_verb.h"
#include "tuner/cli/terminal.h"
#include "tuner/loop/tuning_loop.h"
#include "tuner/run/external_study.h"
#include "tuner/run/run_study.h"
#include "tuner/run/spec_change.h"

namespace coppice::tuner {
namespace {

struct AskOptions {
  std::string target;
  std::string name;
  std::vector<std::string> overrides;
};

LoopResult Converse(const Spec& spec, results::TrialStore& store, LineChannel& channel,
                    ProgressSink& progress, const Clock& clock, const CancelToken& interrupt) {
  ExternalDeciders deciders(spec);
  ConversationExecutor executor(
      channel, clock,
      {spec.goal, spec.metric, spec.max_rounds.value_or(0), spec.limits.trial_seconds});
  return TuningLoop(deciders.setup, *deciders.strategy, executor, store, clock, progress)
      .Run(interrupt);
}

// The last line: why it ended and what was best.
Json Farewell(const results::TrialStore& store, const Spec& spec, const LoopResult& result) {
  Json json = {{"done", !result.interrupted}};
  if (result.stopped) json["reason"] = result.stopped->text;
  const results::Leaderboard board = LeaderboardOf(store, spec, false);
  json["best"] = board.best() == nullptr ? Json() : BestToJson(*board.best(), spec);
  return json;
}

// Where the conversation itself stands on the terminal, live lines would be drawn over it.
ProgressStyle StyleBeside(ProgressStyle style) {
  const bool is_typed = ::isatty(STDIN_FILENO) == 1 || ::isatty(STDOUT_FILENO) == 1;
  return style == ProgressStyle::kLive && is_typed ? ProgressStyle::kPlain : style;
}

int Ask(CommandLine& line, const AskOptions& options) {
  const StudyFolder folder =
      ExternalFolderOf(line, options.target, options.name, options.overrides);
  const results::Lease lease(folder.path);
  RequireSameDecisions(results::SqliteStore::RecordAt(folder.database()));
  const auto store = results::SqliteStore::OpenForWriting(folder.database());
  const Spec spec = SpecNow(*store, folder);
  RequireExternalTrials(spec, "ask");
  const RealClock clock;
  const SignalGuard signals;
  CancelToken interrupt;
  StandardLines channel(clock, signals.token(), interrupt);
  ProgressFan progress;
  const RoundBoard no_rounds;
  StderrScreen screen;
  progress.Add(MakeProgress(StyleBeside(line.progress), spec,
                            StudyStartedEvent(spec, folder.path, 0, 0), clock, no_rounds, screen));
  progress.Add(std::make_unique<LogProgress>(folder.log(), line.disk, clock));
  Say(fmt::format("study: {} ({} slots)", folder.path, spec.parallel.slots));
  if (store->Trials().empty()) SayStrategy(spec);
  const LoopResult result = Converse(spec, *store, channel, progress, clock, interrupt);
  const results::Leaderboard board = LeaderboardOf(*store, spec, false);
  if (board.best() != nullptr) {
    line.disk.WriteAtomically(folder.best(), BestToJson(*board.best(), spec).dump(2) + "\n");
  }
  channel.Write(Farewell(*store, spec, result).dump());
  if (!result.interrupted) return board.best() != nullptr ? kDone : kAnswerIsNo;
  Say(fmt::format("interrupted: `coppice ask {}` goes on where it stopped", options.target));
  return signals.token().cancelled() ? signals.exit_code() : kInterrupted;
}

}  // namespace

void AddAsk(CommandLine& line) {
  auto options = std::make_shared<AskOptions>();
  Verb(line, "ask", "Proposes trials to another program and hears its scores, in lines of JSON.",
       "coppice ask spec.json < scores > configurations")
      .Word("SPEC", &options->target,
            "a spec with `search` and `objective`, without `data`; or the study that was begun "
            "with it")
      .Takes(ArgumentKind::kSpecOrStudy)
      .Text("--name", &options->name, "the study's name, instead of the spec's", "NAME")
      .Set(&options->overrides)
      .Progress()
      .Does([&line, options] { return Ask(line, *options); });
}

}  // namespace coppice::tuner
