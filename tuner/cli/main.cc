// The program: parses the command line, runs one verb, turns its error into text and exit code.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <limits>
#include <new>
#include <string>
#include <utility>
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
  AddAsk(line);
  AddSuggest(line);
  AddTell(line);
  AddResume(line);
  AddStatus(line);
  AddLeaderboard(line);
  AddShow(line);
  AddDiff(line);
  AddCompare(line);
  AddImportance(line);
  AddBest(line);
  AddTrain(line);
  AddRetrain(line);
  AddEvaluate(line);
  AddPredict(line);
  AddExport(line);
  AddReport(line);
  AddSql(line);
  AddRepair(line);
  AddSynth(line);
  AddCompletion(line);
  AddMan(line);
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

// What stands before ": " in the parser's sentence (a flag or a word), and what after.
std::pair<std::string, std::string> SplitSentence(const std::string& sentence) {
  const std::size_t colon = sentence.find(": ");
  if (colon == std::string::npos) return {{}, sentence};
  return {sentence.substr(0, colon), sentence.substr(colon + 2)};
}

// "Value 0 not in range 1 to 1024" and "yaml not in {table,json}" of one flag.
Error WrongValue(const std::string& sentence, const std::string& help) {
  const auto [flag, reason] = SplitSentence(sentence);
  const std::size_t middle = reason.find(" not in ");
  if (flag.empty() || middle == std::string::npos) {
    return Error(ErrorKind::kUsage, sentence, {}, help);
  }
  std::string value = reason.substr(0, middle);
  if (value.starts_with("Value ")) value.erase(0, 6);
  std::string allowed = reason.substr(middle + 8);
  std::string hint;
  if (allowed.starts_with("range ")) {
    hint = "use a number from " + allowed.substr(6);
    // As large as an int may be is no bound for a person.
    const std::string no_bound = fmt::format(" to {}", std::numeric_limits<int>::max());
    if (hint.ends_with(no_bound))
      hint.replace(hint.size() - no_bound.size(), std::string::npos, " up");
  } else {
    const std::size_t end = allowed.rfind('}');
    const std::vector<std::string> words = CLI::detail::split(allowed.substr(1, end - 1), ',');
    hint = SuggestWord(value, words);
    if (hint.empty()) hint = "use " + ListWords(words, words.size());
  }
  return Error(ErrorKind::kUsage, fmt::format("`{}` cannot be `{}`", flag, value), {}, hint);
}

// The parser's sentences in our form: the literal in backticks, what to do as a hint.
Error SentenceOf(const CLI::ParseError& error, const std::string& verb) {
  const std::string sentence = error.what();
  const std::string help = fmt::format("`coppice {} --help` shows how it is used", verb);
  if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) {
    return WrongValue(sentence, help);
  }
  std::string message = sentence;
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    message =
        fmt::format("`coppice {}` needs `{}`", verb, sentence.substr(0, sentence.find(" is ")));
  } else if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    message = fmt::format("`{}` needs a value", SplitSentence(sentence).first);
  } else if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    message = fmt::format("`coppice {}` has no use for `{}`", verb, SplitSentence(sentence).second);
  } else if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr) {
    message = fmt::format("`{}` is not a value of its kind", SplitSentence(sentence).second);
  }
  return Error(ErrorKind::kUsage, message, {}, help);
}

// Flags of other programs for what stands in the spec.
struct SpecFlag {
  const char* flag;
  const char* path;
};
constexpr SpecFlag kSpecFlags[] = {
    {"--data", "data.train=FILE"},
    {"--direction", "objective.goal=minimize"},
    {"--folds", "split.folds=5"},
    {"--label", "data.label=COLUMN"},
    {"--max-trials", "stop.trials=40"},
    {"--metric", "objective.metric=auc"},
    {"--n-trials", "stop.trials=40"},
    {"--num-round", "train.num_round=500"},
    {"--objective", "train.objective=binary:logistic"},
    {"--random-state", "seed=7"},
    {"--repeats", "split.repeats=3"},
    {"--seconds", "stop.seconds=600"},
    {"--seed", "seed=7"},
    {"--slots", "parallel.slots=4"},
    {"--strategy", "strategy.kind=bayesian"},
    {"--target", "data.label=COLUMN"},
    {"--timeout", "stop.seconds=600"},
    {"--trials", "stop.trials=40"},
};

// What to do about a flag that the verb does not have.
std::string HintForFlag(const std::string& flag, const std::vector<std::string>& flags) {
  if (flag == "--n-jobs" || flag == "--jobs") return SuggestWord("--threads", flags);
  const bool takes_set = std::find(flags.begin(), flags.end(), "--set") != flags.end();
  for (const SpecFlag& known : kSpecFlags) {
    if (takes_set && flag == known.flag) {
      return fmt::format("it stands in the spec: `--set {}`", known.path);
    }
  }
  return SuggestWord(flag, flags);
}

// The parser says what is wrong; the nearest valid word is ours.
Error UsageError(CommandLine& line, const CLI::ParseError& error, int argc, char** argv) {
  const CLI::App* verb = VerbOf(line, argc, argv);
  if (verb == nullptr) {
    if (argc < 2) {
      return Error(ErrorKind::kUsage, "a verb is missing", {},
                   "`coppice --help` lists them; `coppice tune SPEC` runs a study");
    }
    const std::vector<std::string> verbs = VerbNames(line);
    if (argv[1][0] == '-') {
      return Error(ErrorKind::kUsage, fmt::format("a verb must stand before `{}`", argv[1]), {},
                   "the verbs are " + ListWords(verbs, verbs.size()));
    }
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
    if (word == "--") break;
    const std::string flag = word.substr(0, word.find('='));
    const bool known = std::find(flags.begin(), flags.end(), flag) != flags.end();
    if (!flag.starts_with("--") || known) continue;
    return Error(ErrorKind::kUsage, fmt::format("`coppice {}` has no flag `{}`", argv[1], flag), {},
                 HintForFlag(flag, flags));
  }
  return SentenceOf(error, argv[1]);
}

int ParseAndRun(CommandLine& line, int argc, char** argv) {
  try {
    line.app->parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const CLI::App* verb = VerbOf(line, argc, argv);
    Print(verb == nullptr ? kExample + line.app->help()
                          : fmt::format("Example:\n  {}\n\n{}", line.examples[verb->get_name()],
                                        verb->help("coppice")));
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
