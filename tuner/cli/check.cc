#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/overrides.h"
#include "tuner/cli/study_verb.h"
#include "tuner/cli/targets.h"
#include "tuner/cli/terminal.h"
#include "tuner/preflight/preflight.h"

namespace coppice::tuner {
namespace {

struct CheckOptions {
  std::string spec;
  std::vector<std::string> overrides;
  std::vector<std::string> only;
  bool quick = false;
  bool strict = false;
  int threads = 0;
  std::string format;
};

Json NumberOrNull(const std::optional<double>& number) { return number ? Json(*number) : Json(); }

// A row a finding. On a terminal what to do stands under what was found.
std::string Rendered(const PreflightReport& report, const std::string& format) {
  const bool is_table = format == "table";
  results::Table table;
  table.columns = {"check", "verdict", "finding"};
  if (!is_table) table.columns.insert(table.columns.end(), {"number", "limit", "hint", "seconds"});
  for (const CheckAnswer& answer : report.answers) {
    for (const CheckFinding& finding : answer.result) {
      std::vector<Json> row = {answer.check, VerdictWord(finding.verdict), finding.text};
      if (!is_table) {
        row.insert(row.end(), {NumberOrNull(finding.number), NumberOrNull(finding.limit),
                               finding.hint, answer.seconds});
      }
      table.rows.push_back(std::move(row));
      if (is_table && !finding.hint.empty()) {
        table.rows.push_back({"", "", "  hint: " + finding.hint});
      }
    }
  }
  return results::Render(table, results::FormatFromText(format));
}

std::size_t CountOf(const PreflightReport& report, Verdict verdict) {
  return static_cast<std::size_t>(std::count_if(
      report.answers.begin(), report.answers.end(),
      [verdict](const CheckAnswer& answer) { return VerdictOf(answer.result) == verdict; }));
}

int Check(CommandLine& line, const CheckOptions& options) {
  Spec spec = ReadSpecOrSay(line, options.spec, ParseOverrides(options.overrides, ""));
  TakeAndSay(line, options.spec, spec);
  const RealClock clock;
  const double start = clock.Now();
  const PreflightReport report = Preflight(
      spec, line.disk, clock,
      {options.quick, options.only, ThreadsFor(spec, options.threads), StoreFolder(line.store)});
  Print(Rendered(report, options.format));
  // What keeps the data from being read has a place, and an exit code of its own.
  if (report.error) throw *report.error;
  const std::size_t warned = CountOf(report, Verdict::kWarn);
  const std::size_t failed = CountOf(report, Verdict::kFail);
  Say(fmt::format("{} checks in {}: {} passed, {} warned, {} failed, {} skipped",
                  report.answers.size(), FormatSeconds(clock.Now() - start),
                  CountOf(report, Verdict::kPass), warned, failed,
                  CountOf(report, Verdict::kSkip)));
  return failed > 0 || (options.strict && warned > 0) ? kAnswerIsNo : kDone;
}

}  // namespace

void AddCheck(CommandLine& line) {
  auto options = std::make_shared<CheckOptions>();
  std::vector<std::string> names;
  for (const CheckInfo& check : Checks()) names.push_back(check.name);
  Verb(line, "check", "Checks a spec, its data and a few short trainings; takes half a minute.",
       "coppice check spec.json --quick")
      .Word("SPEC", &options->spec, "the study's spec, a JSON file")
      .Flag("--quick", &options->quick, "without the checks that train")
      .Texts("--only", &options->only, "some checks: " + ListWords(names, names.size()), "NAME",
             ',')
      .Among(names)
      .Flag("--strict", &options->strict, "a warning fails, too")
      .Set(&options->overrides)
      .Threads(&options->threads)
      .Format(&options->format, TableFormats())
      .Does([&line, options] { return Check(line, *options); });
}

}  // namespace coppice::tuner
