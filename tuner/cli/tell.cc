// What a suggested trial was worth.

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "results/store/lease.h"
#include "results/store/sqlite_store.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/progress.h"
#include "tuner/cli/targets.h"
#include "tuner/cli/terminal.h"
#include "tuner/loop/stepwise_study.h"
#include "tuner/run/external_study.h"
#include "tuner/run/run_study.h"
#include "tuner/run/spec_change.h"

namespace coppice::tuner {
namespace {

struct TellOptions {
  std::string study;
  int trial = -1;
  std::string score;
  std::string std_error;
  std::string failed;
  int rounds = 0;
};

double NumberOf(const std::string& flag, const std::string& text) {
  double number = 0;
  if (!ParseDouble(text, &number)) {
    throw Error(ErrorKind::kUsage, fmt::format("`{} {}` is not a number", flag, text));
  }
  return number;
}

study::TrialOutcome OutcomeOf(const TellOptions& options, const Spec& spec, int given) {
  if (options.score.empty() == options.failed.empty()) {
    throw Error(ErrorKind::kUsage, "`coppice tell` needs `--score` or `--failed`, one of them");
  }
  if (!options.failed.empty()) return study::Failed{study::FailureKind::kCrash, options.failed};
  study::Completed result;
  result.score = NumberOf("--score", options.score);
  result.rounds = options.rounds;
  if (!options.std_error.empty()) {
    result.std_error = NumberOf("--std-error", options.std_error);
    if (!(*result.std_error >= 0) || !std::isfinite(*result.std_error)) {
      throw Error(ErrorKind::kUsage,
                  fmt::format("`--std-error {}` is not a number from 0", options.std_error));
    }
  }
  return OutcomeOfScore(spec, given, result);
}

int Tell(CommandLine& line, const TellOptions& options) {
  const StudyFolder folder = FindStudyOrSay(line, options.study);
  const results::Lease lease(folder.path, kSecondsForLease);
  const auto store = results::SqliteStore::OpenForWriting(folder.database());
  const Spec spec = SpecNow(*store, folder);
  RequireExternalTrials(spec, "tell");
  const RealClock clock;
  ProgressFan progress;
  progress.Add(std::make_unique<PlainProgress>(spec.metric, clock));
  progress.Add(std::make_unique<LogProgress>(folder.log(), line.disk, clock));
  ExternalDeciders deciders(spec);
  StepwiseStudy study(deciders.setup, *deciders.strategy, *store, clock, progress);
  const study::TrialId trial{options.trial};
  const int given = study.running().contains(trial) ? study.rounds(trial) : 0;
  study.Tell(trial, OutcomeOf(options, spec, given));
  const results::Leaderboard board = LeaderboardOf(*store, spec, false);
  if (board.best() != nullptr) {
    line.disk.WriteAtomically(folder.best(), BestToJson(*board.best(), spec).dump(2) + "\n");
  }
  return kDone;
}

}  // namespace

void AddTell(CommandLine& line) {
  auto options = std::make_shared<TellOptions>();
  Verb(line, "tell", "Tells what a suggested trial was worth.",
       "coppice tell mine --trial 7 --score 0.93")
      .Word("STUDY", &options->study, "the study's name or folder")
      .NumberRequired("--trial", &options->trial, 0, std::numeric_limits<int>::max(),
                      "its number, as `suggest` said it")
      .Text("--score", &options->score, "its score", "X")
      .Text("--std-error", &options->std_error, "the score's standard error, if it is known", "X")
      .Text("--failed", &options->failed, "it has no score, and why", "REASON")
      .Number("--rounds", &options->rounds, 1, std::numeric_limits<int>::max(),
              "the score is that after so many rounds (else those that `suggest` said)")
      .Does([&line, options] { return Tell(line, *options); });
}

}  // namespace coppice::tuner
