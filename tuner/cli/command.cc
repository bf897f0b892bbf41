#include "tuner/cli/command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "trainer/model_io/model_file.h"
#include "tuner/cli/overrides.h"
#include "tuner/cli/targets.h"
#include "tuner/cli/terminal.h"
#include "tuner/run/external_study.h"
#include "tuner/run/spec_change.h"
#include "tuner/run/warm_start.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

void SayStart(const std::vector<std::string>& sentences) {
  for (const std::string& sentence : sentences) Say("start: " + sentence);
}

void ChooseProgressOf(CommandLine& line) {
  const char* environment = std::getenv(kProgressVariable);
  line.progress = ChooseProgress(line.progress_flag, environment == nullptr ? "" : environment,
                                 IsSmartTerminal(), IsQuiet());
  SetJsonTalk(line.progress == ProgressStyle::kJson);
}

}  // namespace

Verb::Verb(CommandLine& line, const std::string& name, const std::string& what,
           const std::string& example)
    : line_(line), app_(line.app->add_subcommand(name)) {
  app_->description(what);
  line.examples[name] = example;
  Text("--store", &line.store, "folder of studies (else $COPPICE_STORE, else ./studies)", "DIR");
  last_ = app_->add_flag_callback(
      "-q,--quiet", [] { SetQuiet(true); }, "nothing but errors on stderr");
}

Verb& Verb::Word(const std::string& name, std::string* value, const std::string& help,
                 bool required) {
  last_ = app_->add_option(name, *value, help)->required(required)->type_name("");
  return Takes(KindOfWord(name));
}

Verb& Verb::Text(const std::string& names, std::string* value, const std::string& help,
                 const std::string& type) {
  last_ = app_->add_option(names, *value, help)->type_name(type);
  return Takes(KindOfWord(type));
}

Verb& Verb::TextRequired(const std::string& names, std::string* value, const std::string& help) {
  last_ = app_->add_option(names, *value, help)->required()->type_name("TEXT");
  return *this;
}

Verb& Verb::Texts(const std::string& names, std::vector<std::string>* values,
                  const std::string& help, const std::string& type, char delimiter) {
  last_ = app_->add_option(names, *values, help)->type_name(type)->allow_extra_args(false);
  last_->take_all();
  if (delimiter != '\0') last_->delimiter(delimiter);
  return Takes(KindOfWord(type));
}

Verb& Verb::Choice(const std::string& names, std::string* value,
                   const std::vector<std::string>& allowed, const std::string& help) {
  last_ = app_->add_option(names, *value, help)
              ->check(CLI::IsMember(allowed))
              ->type_name(fmt::format("{}", fmt::join(allowed, "|")));
  return Among(allowed);
}

Verb& Verb::ChoiceRequired(const std::string& name, std::string* value,
                           const std::vector<std::string>& allowed, const std::string& help) {
  Choice(name, value, allowed, help);
  last_->required()->type_name("");
  return *this;
}

Verb& Verb::NumberRequired(const std::string& names, int* value, int min, int max,
                           const std::string& help) {
  last_ = app_->add_option(names, *value, help)
              ->required()
              ->check(CLI::Range(min, max))
              ->type_name("N");
  return *this;
}

Verb& Verb::Number(const std::string& names, int* value, int min, int max,
                   const std::string& help) {
  last_ = app_->add_option(names, *value, help)->check(CLI::Range(min, max))->type_name("N");
  return *this;
}

Verb& Verb::Number(const std::string& names, std::int64_t* value, std::int64_t min,
                   std::int64_t max, const std::string& help) {
  last_ = app_->add_option(names, *value, help)->check(CLI::Range(min, max))->type_name("N");
  return *this;
}

Verb& Verb::Number(const std::string& names, double* value, double min, double max,
                   const std::string& help) {
  last_ = app_->add_option(names, *value, help)->check(CLI::Range(min, max))->type_name("X");
  return *this;
}

Verb& Verb::Seed(std::uint64_t* value) {
  last_ = app_->add_option("--seed", *value, "the same seed, the same bytes")->type_name("N");
  return *this;
}

Verb& Verb::Flag(const std::string& names, bool* value, const std::string& help) {
  last_ = app_->add_flag(names, *value, help);
  return *this;
}

Verb& Verb::Takes(ArgumentKind kind) {
  line_.kinds[last_] = kind;
  return *this;
}

Verb& Verb::Among(std::vector<std::string> choices) {
  line_.choices[last_] = std::move(choices);
  return *this;
}

Verb& Verb::Format(std::string* format, const std::vector<std::string>& allowed) {
  *format = allowed.front();
  return Choice("--format", format, allowed, fmt::format("default: {}", allowed.front()));
}

Verb& Verb::Threads(int* threads) {
  return Number("--threads", threads, 1, 1024, "worker threads (results do not depend on them)");
}

Verb& Verb::Progress() {
  shows_progress_ = true;
  return Choice("--progress", &line_.progress_flag, ProgressWords(),
                "on stderr; auto: live lines on a terminal, plain ones elsewhere; json: an event a "
                "line; default: $COPPICE_PROGRESS, else auto");
}

Verb& Verb::Set(std::vector<std::string>* overrides) {
  return Texts("--set", overrides, "changes a field of the spec", "PATH=VALUE");
}

void Verb::Does(std::function<int()> action) {
  CommandLine* line = &line_;
  const bool shows_progress = shows_progress_;
  app_->callback([line, shows_progress, action = std::move(action)] {
    line->action = [line, shows_progress, action] {
      if (shows_progress) ChooseProgressOf(*line);
      return action();
    };
  });
}

std::vector<std::string> TableFormats() { return {"table", "json", "jsonl", "csv", "md"}; }

std::string HintForExternal(const std::string& study) {
  return fmt::format("`coppice ask {}` or `coppice suggest {}` goes on with it", study, study);
}

void RequireOwnTrials(const Spec& spec, const std::string& verb) {
  if (!spec.is_external) return;
  throw Error(ErrorKind::kUsage,
              fmt::format("the trials of `{}` are another program's, so `{}` cannot be done",
                          spec.name, verb),
              {}, HintForExternal(spec.name));
}

void RequireExternalTrials(const Spec& spec, const std::string& verb) {
  if (spec.is_external) return;
  throw Error(ErrorKind::kUsage,
              fmt::format("the trials of `{}` are trained by coppice, so `{}` cannot be done",
                          spec.name, verb),
              {}, fmt::format("`coppice resume {}` continues the study", spec.name));
}

void TakeAndSay(CommandLine& line, const std::string& file, Spec& spec) {
  const std::string store = StoreFolder(line.store);
  SayStart(TakeWarmStart(spec, file, store, line.disk));
}

StudyFolder ExternalFolderOf(CommandLine& line, const std::string& target, const std::string& name,
                             const std::vector<std::string>& overrides) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(target, ignored)) {
    const Spec spec = ReadSpecOrSay(line, target, ParseOverrides(overrides, name), SpecUse::kAsk);
    return MakeOrFindAndSay(line, target, spec);
  }
  if (!overrides.empty() || !name.empty()) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("`--set` and `--name` go with a spec, and there is no file `{}`", target));
  }
  return FindStudyOrSay(line, target);
}

StudyFolder MakeOrFindAndSay(CommandLine& line, const std::string& file, const Spec& spec) {
  ExternalStudy study = MakeOrFindStudy(StoreFolder(line.store), file, spec, line.disk);
  SayStart(study.warm_start_words);
  return std::move(study.folder);
}

OpenStudy OpenForReading(CommandLine& line, const std::string& study) {
  OpenStudy open;
  open.folder = FindStudyOrSay(line, study);
  open.store = results::SqliteStore::OpenForReading(open.folder.database());
  open.record = open.store->study();
  open.spec = SpecNow(*open.store, open.folder);
  return open;
}

std::string FindModel(CommandLine& line, const std::string& model) {
  const std::string store = StoreFolder(line.store);
  for (const std::string& folder : {store + "/" + model, model}) {
    const StudyFolder study{folder};
    if (!line.disk.Exists(study.database())) continue;
    // A study that was interrupted may have been retrained all the same.
    for (const std::string& file : {study.model(), study.retrained()}) {
      if (line.disk.Exists(file)) return file;
    }
    const OpenStudy open = OpenForReading(line, folder);
    if (open.spec.is_external) {
      throw Error(
          ErrorKind::kData,
          fmt::format("the trials of `{}` are another program's, so it has no model", model), {},
          fmt::format("`coppice best {}` says which trial was best", model));
    }
    throw Error(ErrorKind::kData, fmt::format("the study `{}` has no model yet", model), {},
                fmt::format("`coppice resume {}` ends it; `coppice retrain {}` makes one of what "
                            "there is",
                            model, model));
  }
  if (!line.disk.Exists(model)) {
    std::string hint = SuggestWord(model, ListStudies(store, line.disk));
    if (hint.empty()) hint = "`coppice retrain STUDY -o MODEL` writes one";
    throw Error(ErrorKind::kData,
                fmt::format("there is no model `{}`: no such file, and no such study in `{}`",
                            model, store),
                {}, hint);
  }
  return model;
}

trainer::Booster LoadModel(CommandLine& line, const std::string& model) {
  const std::string file = FindModel(line, model);
  const std::string all_rows =
      StudyFolder{std::filesystem::path(file).parent_path().string()}.retrained();
  if (file != model && file != all_rows && line.disk.Exists(all_rows)) {
    Say(fmt::format("notice: this is the model that `tune` left; that of `retrain` is `{}`",
                    all_rows));
  }
  const std::string text = line.disk.Read(file);
  try {
    return trainer::BoosterFromModelFile(text, file);
  } catch (Error& error) {
    error.AddNote(fmt::format("while reading `{}` as a model", file));
    throw;
  }
}

std::optional<Value> ColumnOf(const std::string& word) {
  if (word.empty()) return std::nullopt;
  const bool digits = word.find_first_not_of("0123456789") == std::string::npos;
  if (digits && word.size() < 9) return Value(std::int64_t{std::stoi(word)});
  return Value(word);
}

void WriteOut(CommandLine& line, const std::string& file, const std::string& text) {
  if (file.empty() || file == "-") {
    Print(text);
  } else {
    line.disk.WriteAtomically(file, text);
  }
}

}  // namespace coppice::tuner
