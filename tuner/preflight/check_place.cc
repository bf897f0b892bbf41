#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "base/threads.h"
#include "results/store/lease.h"
#include "tuner/preflight/check.h"
#include "tuner/run/plan.h"
#include "tuner/run/study_folder.h"
#include "tuner/run/trial_runner.h"

namespace coppice::tuner {
namespace {

namespace fs = std::filesystem;

// The folder itself, or the nearest one above it that is there.
fs::path ExistingFolder(const std::string& folder) {
  fs::path path(folder);
  std::error_code ignored;
  while (!fs::exists(path, ignored) && path.has_relative_path()) path = path.parent_path();
  return path;
}

// Whether a page can be written there: tried with a file that has no name, where the disk has such
// files, so that nothing is left behind. The system's reason, or nothing.
std::string WhyNotWritable(const fs::path& folder) {
  const int file = open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) {
    const bool unknown = errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT;
    if (!unknown) return std::strerror(errno);
    return access(folder.c_str(), W_OK | X_OK) == 0 ? "" : std::strerror(errno);
  }
  const std::string page(4096, 'c');
  const bool written = write(file, page.data(), page.size()) == static_cast<ssize_t>(page.size());
  const std::string reason = written ? "" : std::strerror(errno);
  close(file);
  return reason;
}

// Generously: curves of all trials, and a model of many rounds.
double BytesOnDisk(const Spec& spec) {
  constexpr double kModel = 20e6;
  const double curves = spec.split.total_folds() * static_cast<double>(MetricsOf(spec).size());
  const double rounds = std::min(spec.ParamsFor({}).num_round, 1000);
  return kModel + spec.stop.trials.value_or(1000) * (2000 + curves * rounds * 9);
}

CheckFinding CheckStore(const CheckContext& context) {
  const fs::path folder = ExistingFolder(context.store);
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    return {Verdict::kFail,
            fmt::format("`{}` is not a folder", folder.string()),
            {},
            {},
            "name another with `--store`"};
  }
  if (const std::string reason = WhyNotWritable(folder); !reason.empty()) {
    return {Verdict::kFail,
            fmt::format("`{}` cannot be written to: {}", folder.string(), reason),
            {},
            {},
            "name another with `--store`, or mend its rights"};
  }
  const double free = static_cast<double>(fs::space(folder, ignored).available);
  const double needed = BytesOnDisk(context.spec);
  CheckFinding finding{Verdict::kPass,
                       fmt::format("the store `{}` can be written to, {} are free (warns below {})",
                                   context.store, FormatBytes(free), FormatBytes(needed)),
                       free, needed};
  if (!ignored && free < needed) {
    finding.verdict = Verdict::kWarn;
    finding.hint = "free some, or name another store with `--store`";
  }
  return finding;
}

void FindStudyThere(const CheckContext& context, CheckResult* result) {
  const StudyFolder folder{context.store + "/" + context.spec.name};
  if (!context.disk.Exists(folder.database())) return;
  int pid = 0;
  if (results::Lease::IsHeld(folder.path, &pid)) {
    result->push_back({Verdict::kFail,
                       fmt::format("process {} is at the study `{}`", pid, context.spec.name),
                       {},
                       {},
                       "wait for it, or give the study another `name`"});
    return;
  }
  result->push_back({Verdict::kWarn,
                     fmt::format("there is a study `{}` already", context.spec.name),
                     {},
                     {},
                     fmt::format("`coppice resume {}` goes on with it; `tune --name` makes another",
                                 context.spec.name)});
}

CheckFinding CheckClock(const CheckContext& context) {
  constexpr double kEarliest = 1735689600;  // 2025-01-01, before this program
  constexpr double kLatest = 4102444800;    // 2100-01-01
  const double wall = context.clock.WallTime();
  const double before = context.clock.Now();
  const bool sane = wall > kEarliest && wall < kLatest && context.clock.Now() >= before;
  if (sane) return {Verdict::kPass, "the clock is sane"};
  return {Verdict::kWarn, fmt::format("the clock says {:.0f} seconds since 1970", wall), wall,
          kEarliest, "set it: the study's dates will be wrong; its results do not depend on it"};
}

CheckFinding CheckThreads(const CheckContext& context) {
  const int cores = AvailableCores();
  CheckFinding finding{Verdict::kPass,
                       ThreadsText(context.threads, cores, context.spec.parallel.slots),
                       static_cast<double>(context.threads), static_cast<double>(cores)};
  if (context.threads > cores) {
    finding.verdict = Verdict::kWarn;
    finding.hint = "lower `parallel.threads` or `--threads`";
  }
  return finding;
}

}  // namespace

CheckResult CheckPlace(const CheckContext& context) {
  CheckResult result = {CheckStore(context)};
  FindStudyThere(context, &result);
  result.push_back(CheckThreads(context));
  result.push_back(CheckClock(context));
  return result;
}

}  // namespace coppice::tuner
