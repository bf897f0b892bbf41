#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "base/error.h"
#include "base/threads.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/terminal.h"
#include "tuner/preflight/spec_draft.h"

namespace coppice::tuner {
namespace {

struct InitOptions {
  std::string data;
  std::string label;
  std::string output;
};

int Init(CommandLine& line, const InitOptions& options) {
  if (!options.output.empty() && line.disk.Exists(options.output)) {
    throw Error(ErrorKind::kUsage, fmt::format("`{}` exists already", options.output), {},
                "give another name with -o, or remove it");
  }
  namespace fs = std::filesystem;
  const fs::path folder =
      options.output.empty() ? fs::current_path() : fs::absolute(options.output).parent_path();
  SpecDraft draft;
  RunWithThreads(AvailableCores(), [&] {
    draft = DraftSpec({options.data, options.label, folder.string()}, line.disk);
  });
  for (const std::string& reason : draft.reasons) Say(reason);
  WriteOut(line, options.output, draft.text);
  if (!options.output.empty()) {
    Say(fmt::format("next: `coppice check {}`, then `coppice tune {}`", options.output,
                    options.output));
  }
  return kDone;
}

}  // namespace

void AddInit(CommandLine& line) {
  auto options = std::make_shared<InitOptions>();
  Verb(line, "init", "Writes a commented spec from a data file.",
       "coppice init --data titanic.csv --label survived -o spec.json")
      .TextRequired("--data", &options->data, "the table: .csv, .tsv or .libsvm, also .gz")
      .Takes(ArgumentKind::kFile)
      .Text("--label", &options->label, "the label's column, by name or 0-based index", "COLUMN")
      .Text("-o,--output", &options->output, "default: stdout", "FILE")
      .Does([&line, options] { return Init(line, *options); });
}

}  // namespace coppice::tuner
