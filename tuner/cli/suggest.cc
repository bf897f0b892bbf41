// The next trials of a study that another program evaluates, one command at a time.

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "results/store/lease.h"
#include "results/store/sqlite_store.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/progress.h"
#include "tuner/cli/terminal.h"
#include "tuner/loop/stepwise_study.h"
#include "tuner/run/external_study.h"
#include "tuner/run/run_study.h"
#include "tuner/run/spec_change.h"

namespace coppice::tuner {
namespace {

struct SuggestOptions {
  std::string target;
  std::string name;
  std::vector<std::string> overrides;
  int count = 1;
  bool open = false;
};

Json LineOf(const StepwiseStudy& study, study::TrialId trial) {
  Json json = {{"trial", study::ToIndex(trial)},
               {"config", study.created(trial).configuration.ToJson()}};
  if (study.rounds(trial) > 0) json["rounds"] = study.rounds(trial);
  return json;
}

// Why there is nothing to suggest: the study has ended, or trials must be told first.
Json RefusalOf(const StepwiseStudy& study, const results::TrialStore& store, const Spec& spec) {
  Json json = {{"done", study.stopped().has_value()}};
  if (study.stopped()) {
    json["reason"] = study.stopped()->text;
    const results::Leaderboard board = LeaderboardOf(store, spec, false);
    json["best"] = board.best() == nullptr ? Json() : BestToJson(*board.best(), spec);
  }
  json["open"] = Json::array();
  for (const study::TrialId trial : study.running()) json["open"].push_back(study::ToIndex(trial));
  return json;
}

int Suggest(CommandLine& line, const SuggestOptions& options) {
  const StudyFolder folder =
      ExternalFolderOf(line, options.target, options.name, options.overrides);
  const results::Lease lease(folder.path, kSecondsForLease);
  RequireSameDecisions(results::SqliteStore::RecordAt(folder.database()));
  const auto store = results::SqliteStore::OpenForWriting(folder.database());
  const Spec spec = SpecNow(*store, folder);
  RequireExternalTrials(spec, "suggest");
  const RealClock clock;
  LogProgress progress(folder.log(), line.disk, clock);
  ExternalDeciders deciders(spec);
  StepwiseStudy study(deciders.setup, *deciders.strategy, *store, clock, progress);
  std::vector<study::TrialId> trials;
  if (options.open) trials.assign(study.running().begin(), study.running().end());
  while (!options.open && static_cast<int>(trials.size()) < options.count) {
    const auto trial = study.Suggest();
    if (!trial) break;
    trials.push_back(*trial);
  }
  for (const study::TrialId trial : trials) Print(LineOf(study, trial).dump() + "\n");
  if (!trials.empty()) return kDone;
  Print(RefusalOf(study, *store, spec).dump() + "\n");
  return kAnswerIsNo;
}

}  // namespace

void AddSuggest(CommandLine& line) {
  auto options = std::make_shared<SuggestOptions>();
  Verb(line, "suggest", "Takes the next trial of a study that another program evaluates, and ends.",
       "coppice suggest spec.json")
      .Word("SPEC", &options->target, "a spec without `data`, or the study that was begun with it")
      .Takes(ArgumentKind::kSpecOrStudy)
      .Number("-n,--count", &options->count, 1, 1024, "so many trials, if as many may run at once")
      .Flag("--open", &options->open, "those that were suggested and not told, once more")
      .Text("--name", &options->name, "the study's name, instead of the spec's", "NAME")
      .Set(&options->overrides)
      .Does([&line, options] { return Suggest(line, *options); });
}

}  // namespace coppice::tuner
