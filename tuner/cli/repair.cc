#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "results/store/lease.h"
#include "results/store/repair.h"
#include "results/store/sqlite_store.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/targets.h"
#include "tuner/cli/terminal.h"

namespace coppice::tuner {
namespace {

struct RepairOptions {
  std::string study;
  std::string format;
};

// What is wrong with the file; nothing where every row of it is what was written.
std::optional<std::string> DamageOf(const std::string& file) {
  try {
    results::SqliteStore::OpenForReading(file)->Events();
    return std::nullopt;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kStore) throw;
    return error.findings().front().message;
  }
}

int RepairAndSay(CommandLine& line, const RepairOptions& options) {
  const StudyFolder folder = FindStudyOrSay(line, options.study);
  const results::Lease lease(folder.path);
  const std::optional<std::string> damage = DamageOf(folder.database());
  if (!damage) {
    throw Error(ErrorKind::kUsage, fmt::format("the study `{}` is not damaged", options.study), {},
                "there is nothing to repair");
  }
  Say(*damage);
  const results::Repair repair = results::RepairStudy(folder.database());
  results::Table table;
  table.columns = {"study", "trials", "ended", "events", "dropped", "damaged"};
  table.rows = {{options.study, repair.n_trials, repair.n_ended, repair.n_events, repair.n_dropped,
                 repair.kept_as}};
  Print(results::Render(table, results::FormatFromText(options.format)));
  Say(
      fmt::format("repaired: the log is whole up to event {}; `coppice resume {}` goes on from "
                  "there",
                  repair.n_events, folder.path));
  return kDone;
}

}  // namespace

void AddRepair(CommandLine& line) {
  auto options = std::make_shared<RepairOptions>();
  Verb(line, "repair", "Makes a damaged study whole again up to the first thing that is lost.",
       "coppice repair titanic && coppice resume titanic")
      .Word("STUDY", &options->study, "the study's name or folder")
      .Format(&options->format, TableFormats())
      .Does([&line, options] { return RepairAndSay(line, *options); });
}

}  // namespace coppice::tuner
