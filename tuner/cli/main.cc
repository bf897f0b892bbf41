// The program: parses the command line, runs one verb, turns its error into text and exit code.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/terminal.h"
#include "tuner/run/version.h"

namespace coppice::tuner {
namespace {

const std::string kExample =
    "Example:\n"
    "  coppice init --data titanic.csv --label survived -o spec.json\n"
    "  coppice tune spec.json\n"
    "  coppice leaderboard titanic\n\n";

void AddVerbs(CommandLine& line) {
  AddInit(line);
  AddCheck(line);
  AddTune(line);
  AddResume(line);
  AddStatus(line);
  AddLeaderboard(line);
  AddShow(line);
  AddBest(line);
  AddTrain(line);
  AddRetrain(line);
  AddEvaluate(line);
  AddPredict(line);
  AddExport(line);
  AddSynth(line);
}

std::vector<std::string> VerbNames(CommandLine& line) {
  std::vector<std::string> names;
  for (const CLI::App* verb : line.app->get_subcommands({})) names.push_back(verb->get_name());
  return names;
}

// The verb on the command line, or null.
const CLI::App* VerbOf(CommandLine& line, int argc, char** argv) {
  if (argc < 2) return nullptr;
  for (const CLI::App* verb : line.app->get_subcommands({})) {
    if (verb->get_name() == argv[1]) return verb;
  }
  return nullptr;
}

// CLI11 says what is wrong; the nearest valid word is ours.
Error UsageError(CommandLine& line, const CLI::ParseError& error, int argc, char** argv) {
  const CLI::App* verb = VerbOf(line, argc, argv);
  if (verb == nullptr) {
    if (argc < 2) {
      return Error(ErrorKind::kUsage, "a verb is missing", {},
                   "`coppice --help` lists them; `coppice tune SPEC` runs a study");
    }
    const std::vector<std::string> verbs = VerbNames(line);
    std::string hint = SuggestWord(argv[1], verbs);
    if (hint.empty()) hint = "the verbs are " + ListWords(verbs, verbs.size());
    return Error(ErrorKind::kUsage, fmt::format("there is no verb `{}`", argv[1]), {}, hint);
  }
  std::vector<std::string> flags;
  for (const CLI::Option* option : verb->get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  for (int i = 2; i < argc; ++i) {
    const std::string word(argv[i]);
    const std::string flag = word.substr(0, word.find('='));
    const bool known = std::find(flags.begin(), flags.end(), flag) != flags.end();
    if (!flag.starts_with("--") || known) continue;
    return Error(ErrorKind::kUsage, fmt::format("`coppice {}` has no flag `{}`", argv[1], flag), {},
                 SuggestWord(flag, flags));
  }
  return Error(ErrorKind::kUsage, error.what(), {},
               fmt::format("`coppice {} --help` shows how it is used", argv[1]));
}

int ParseAndRun(CommandLine& line, int argc, char** argv) {
  try {
    line.app->parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const CLI::App* verb = VerbOf(line, argc, argv);
    Print(verb == nullptr ? kExample + line.app->help()
                          : fmt::format("Example:\n  {}\n\n{}", line.examples[verb->get_name()],
                                        verb->help()));
    return kDone;
  } catch (const CLI::CallForVersion&) {
    Print(fmt::format("coppice {}\n", kVersion));
    return kDone;
  } catch (const CLI::ParseError& error) {
    throw UsageError(line, error, argc, argv);
  }
  return line.action();
}

int Main(int argc, char** argv) {
  CLI::App app;
  CommandLine line;
  line.app = &app;
  line.app->name("coppice");
  line.app->description("Finds the best gradient-boosted-tree model that a table allows.");
  line.app->set_version_flag("--version", std::string("coppice ") + kVersion);
  line.app->require_subcommand(1);
  AddVerbs(line);
  try {
    return ParseAndRun(line, argc, argv);
  } catch (const Error& error) {
    PrintError(error);
    return ExitCodeOf(error.kind());
  } catch (const std::bad_alloc&) {
    PrintError(Error(ErrorKind::kData, "out of memory", {},
                     "the data does not fit into this machine's memory"));
    return kWrongData;
  } catch (const std::exception& error) {
    PrintError(Error(ErrorKind::kInternal, fmt::format("this is a bug of ours: {}", error.what()),
                     {},
                     fmt::format("please report it with the command line; coppice {}", kVersion)));
    return kOurBug;
  }
}

}  // namespace
}  // namespace coppice::tuner

int main(int argc, char** argv) { return coppice::tuner::Main(argc, argv); }
