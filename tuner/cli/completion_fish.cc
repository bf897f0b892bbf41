#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tuner/cli/completion_script.h"

namespace coppice::tuner {
namespace {

// '...' of fish.
std::string FishQuoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

// What completes the value: words, files or none.
std::string OffersOf(const ArgumentRow& argument) {
  if (!argument.choices.empty()) {
    return fmt::format(" -f -a '{}'", fmt::join(argument.choices, " "));
  }
  switch (argument.kind) {
    case ArgumentKind::kFile:
      return " -F";
    case ArgumentKind::kFolder:
      return " -f -a '(__fish_complete_directories)'";
    case ArgumentKind::kSpec:
      return " -f -a '(__fish_complete_suffix .json)'";
    case ArgumentKind::kStudy:
      return " -f -a '(__coppice_studies)'";
    case ArgumentKind::kStudyOrFile:
      return " -F -a '(__coppice_studies)'";
    case ArgumentKind::kSpecOrStudy:
      return " -f -a '(__coppice_studies; __fish_complete_suffix .json)'";
    case ArgumentKind::kFree:
      break;
  }
  return " -f";
}

// " -s o -l output"
std::string FishNames(const ArgumentRow& flag) {
  std::string text;
  for (const std::string& name : flag.names) {
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  return text;
}

std::string FishFlag(const ArgumentRow& flag, const std::string& condition) {
  std::string line = fmt::format("complete -c coppice -n '{}'{}", condition, FishNames(flag));
  if (!flag.type.empty()) line += " -r" + OffersOf(flag);
  return line + " -d " + FishQuoted(flag.help) + "\n";
}

std::string FishVerb(const VerbRow& verb) {
  const std::string condition = "__coppice_verb_is " + verb.name;
  std::string text;
  for (std::size_t i = 0; i < verb.words.size(); ++i) {
    const ArgumentRow& word = verb.words[i];
    text += fmt::format("complete -c coppice -n '{} {}'{} -d {}\n", condition, i, OffersOf(word),
                        FishQuoted(word.names[0]));
  }
  for (const ArgumentRow& flag : verb.flags) text += FishFlag(flag, condition);
  return text;
}

// The flags with values, for counting words by position.
std::string ValuedArm(const VerbRow& verb) {
  std::string names;
  for (const ArgumentRow& flag : verb.flags) {
    if (flag.type.empty()) continue;
    for (const std::string& name : flag.names) names += " " + name;
  }
  return fmt::format("        case {}\n            set valued{}\n", verb.name, names);
}

constexpr const char* kFishStudies =
    R"sh(# The studies of the folder that the line, the environment or the default names.
function __coppice_studies
    set -l store studies
    if set -q COPPICE_STORE; and test -n "$COPPICE_STORE"
        set store $COPPICE_STORE
    end
    set -l words (commandline -opc)
    if set -l at (contains -i -- --store $words)
        set -l next (math $at + 1)
        test $next -le (count $words); and set store $words[$next]
    end
    for file in $store/*/study.db
        path basename (path dirname $file)
    end
    __fish_complete_directories
end

)sh";

}  // namespace

std::string FishCompletion(const VerbTable& table) {
  std::string text = "# Completion of coppice for fish; `coppice completion fish` writes it.\n\n";
  text += kFishStudies;
  text +=
      "# Whether the verb is $argv[1] and, where $argv[2] is given, so many words stand behind "
      "it.\n"
      "function __coppice_verb_is\n"
      "    set -l words (commandline -opc)\n"
      "    test (count $words) -ge 2; and test $words[2] = $argv[1]; or return 1\n"
      "    test (count $argv) -ge 2; or return 0\n"
      "    set -l valued\n"
      "    switch $argv[1]\n";
  for (const VerbRow& verb : table.verbs) text += ValuedArm(verb);
  text +=
      "    end\n"
      "    set -l place 0\n"
      "    set -l is_value 0\n"
      "    for word in $words[3..-1]\n"
      "        if test $is_value = 1\n"
      "            set is_value 0\n"
      "        else if contains -- $word $valued\n"
      "            set is_value 1\n"
      "        else if not string match -q -- '-?*' $word\n"
      "            set place (math $place + 1)\n"
      "        end\n"
      "    end\n"
      "    test $place = $argv[2]\n"
      "end\n\n"
      "complete -c coppice -f\n";
  for (const VerbRow& verb : table.verbs) {
    text += fmt::format("complete -c coppice -n __fish_use_subcommand -a {} -d {}\n", verb.name,
                        FishQuoted(verb.what));
  }
  for (const ArgumentRow& flag : table.flags) text += FishFlag(flag, "__fish_use_subcommand");
  for (const VerbRow& verb : table.verbs) text += FishVerb(verb);
  return text;
}

}  // namespace coppice::tuner
