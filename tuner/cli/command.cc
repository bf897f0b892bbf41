#include "tuner/cli/command.h"

#include <fmt/format.h>

#include <memory>

#include "base/error.h"
#include "tuner/cli/terminal.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {

CLI::App* AddVerb(CommandLine& line, const std::string& name, const std::string& what,
                  const std::string& example) {
  CLI::App* verb = line.app.add_subcommand(name, what);
  verb->footer("");
  verb->description(fmt::format("{}\n\nExample:\n  {}", what, example));
  verb->add_option("--store", line.store,
                   "folder of studies (else $COPPICE_STORE, else ./studies)");
  verb->add_flag_callback(
      "-q,--quiet", [] { SetQuiet(true); }, "nothing but errors on stderr");
  return verb;
}

void AddFormat(CLI::App* verb, std::string* format, const std::vector<std::string>& allowed) {
  *format = allowed.front();
  verb->add_option("--format", *format, fmt::format("{}", fmt::join(allowed, ", ")))
      ->check(CLI::IsMember(allowed))
      ->type_name("FORMAT");
}

Spec SpecOf(const results::StudyRecord& record, const StudyFolder& folder) {
  return ReadSpecText(record.resolved_spec.dump(2), folder.resolved_spec(), record.spec_folder, {});
}

OpenStudy OpenForReading(CommandLine& line, const std::string& study) {
  OpenStudy open;
  open.folder = FindStudy(study, StoreFolder(line.store), line.disk);
  open.store = results::SqliteStore::OpenForReading(open.folder.database());
  open.record = open.store->study();
  open.spec = SpecOf(open.record, open.folder);
  return open;
}

std::string FindModel(CommandLine& line, const std::string& model) {
  const std::string store = StoreFolder(line.store);
  for (const std::string& folder : {store + "/" + model, model}) {
    const StudyFolder study{folder};
    if (!line.disk.Exists(study.database())) continue;
    if (line.disk.Exists(study.model())) return study.model();
    throw Error(ErrorKind::kData, fmt::format("the study `{}` has no model yet", model), {},
                fmt::format("`coppice resume {}` ends it; `coppice retrain` makes one", model));
  }
  return model;
}

void WriteOut(CommandLine& line, const std::string& file, const std::string& text) {
  if (file.empty() || file == "-") {
    Print(text);
  } else {
    line.disk.WriteAtomically(file, text);
  }
}

}  // namespace coppice::tuner
