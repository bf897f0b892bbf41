#include "tuner/run/external_study.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "results/store/sqlite_store.h"
#include "strategies/prune/prune_registry.h"
#include "strategies/registry.h"
#include "strategies/study/search_space.h"
#include "tuner/run/run_study.h"
#include "tuner/run/starting_points.h"
#include "tuner/run/warm_start.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

// Earlier studies may have gone on since, so what was taken from them then is not compared.
bool WasMadeBy(Json resolved, const Spec& spec) {
  Json json = ToJson(spec);
  if (!spec.warm_start.empty()) {
    for (const char* key : {"start", "warm_start"}) {
      json.erase(key);
      resolved.erase(key);
    }
  }
  return resolved == json;
}

}  // namespace

ExternalStudy MakeOrFindStudy(const std::string& store, const std::string& file, Spec spec,
                              FileSystem& disk) {
  const StudyFolder folder{store + "/" + spec.name};
  if (!disk.Exists(folder.database())) {
    const std::vector<std::string> warm_start_words = TakeWarmStart(spec, file, store, disk);
    try {
      return {CreateStudy(store, disk.Read(file), RecordOf(spec, {}), disk), warm_start_words};
    } catch (const Error&) {
      // Of several workers that begin at once, one makes the study and the others find it.
      if (!disk.Exists(folder.database())) throw;
    }
  }
  const auto reader = results::SqliteStore::OpenForReading(folder.database());
  if (!WasMadeBy(reader->study().resolved_spec, spec)) {
    throw Error(ErrorKind::kUsage,
                fmt::format("the study `{}` in `{}` was begun by another spec", spec.name, store),
                {}, "give this one another name with --name");
  }
  return {folder, {}};
}

ExternalDeciders::ExternalDeciders(const Spec& spec) {
  const study::SearchSpace space(spec.search);
  strategy = strategies::MakeStrategy(spec.strategy, space, spec.seed, StartingPoints(spec),
                                      std::max(1, spec.max_rounds.value_or(0)));
  pruner = strategies::MakePruner(spec.prune.rule, space, spec.goal);
  setup = SetupOf(spec, pruner.get());
}

study::TrialOutcome OutcomeOfScore(const Spec& spec, int given, study::Completed result) {
  if (result.rounds == 0) result.rounds = given;
  result.best_round = result.rounds;
  const bool may_do_more = given > 0 && given < spec.max_rounds.value_or(given + 1);
  if (may_do_more && result.rounds >= given) return study::Paused{result};
  return result;
}

}  // namespace coppice::tuner
