#include <fmt/format.h>

#include <memory>

#include "base/error.h"
#include "base/text.h"
#include "base/threads.h"
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
  std::string format;
};

int Check(CommandLine& line, const CheckOptions& options) {
  Spec spec = ReadSpecOrSay(line, options.spec, ParseOverrides(options.overrides, ""));
  TakeAndSay(line, options.spec, spec);
  std::vector<CheckResult> results;
  const int threads = ThreadsFor(spec, 0);
  RunWithThreads(threads, [&] { results = Preflight(spec, line.disk, threads); });
  results::Table table;
  table.columns = {"check", "verdict", "finding"};
  bool failed = false;
  for (const CheckResult& result : results) {
    table.rows.push_back({result.check, VerdictWord(result.verdict), result.finding});
    failed = failed || result.verdict == Verdict::kFail;
  }
  Print(results::Render(table, results::FormatFromText(options.format)));
  return failed ? kAnswerIsNo : kDone;
}

}  // namespace

void AddCheck(CommandLine& line) {
  auto options = std::make_shared<CheckOptions>();
  Verb(line, "check", "Checks a spec and its data; runs nothing long.", "coppice check spec.json")
      .Word("SPEC", &options->spec, "the study's spec, a JSON file")
      .Set(&options->overrides)
      .Format(&options->format, TableFormats())
      .Does([&line, options] { return Check(line, *options); });
}

}  // namespace coppice::tuner
