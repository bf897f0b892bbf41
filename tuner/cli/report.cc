#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/threads.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/signals.h"
#include "tuner/cli/study_verb.h"
#include "tuner/cli/terminal.h"
#include "tuner/preflight/input_guard.h"
#include "tuner/report/report.h"

namespace coppice::tuner {
namespace {

struct ReportOptions {
  std::string study;
  std::string output;
  int threads = 0;
};

// The study's own records and data are what the page is made from.
void RefuseInputs(const OpenStudy& open, const std::string& output) {
  std::vector<std::string> inputs;
  if (!open.spec.is_external) inputs = DataFilesOf(open.spec);
  for (const std::string& file :
       {open.folder.database(), open.folder.spec(), open.folder.resolved_spec(), open.folder.best(),
        open.folder.model(), open.folder.log()}) {
    inputs.push_back(file);
  }
  RefuseToOverwrite(output, inputs);
}

int WriteReport(CommandLine& line, const ReportOptions& options) {
  const OpenStudy open = OpenForReading(line, options.study);
  RefuseInputs(open, options.output);
  const SignalGuard signals;
  const ReportInput input{open.folder, *open.store, open.record,
                          open.spec,   line.disk,   signals.token()};
  std::vector<std::string> notices;
  std::string page;
  try {
    RunWithThreads(ThreadsFor(open.spec, options.threads),
                   [&] { page = MakeReport(input, &notices); });
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kCancelled) throw;
    Say("interrupted; nothing was written");
    return signals.exit_code();
  }
  for (const std::string& notice : notices) Say("notice: " + notice);
  const std::string output = options.output.empty() ? open.folder.report() : options.output;
  WriteOut(line, output, page);
  if (output != "-") Print(output + "\n");
  return kDone;
}

}  // namespace

void AddReport(CommandLine& line) {
  auto options = std::make_shared<ReportOptions>();
  Verb(line, "report", "Writes all that a study came to as one page of HTML.",
       "coppice report titanic -o titanic.html")
      .Word("STUDY", &options->study, "the study's name or folder")
      .Text("-o,--output", &options->output,
            "default: report.html in the study's folder; -: stdout", "FILE")
      .Threads(&options->threads)
      .Does([&line, options] { return WriteReport(line, *options); });
}

}  // namespace coppice::tuner
