#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tuner/cli/completion_script.h"

namespace coppice::tuner {
namespace {

// Inside '...' of zsh, where `special` have a meaning to _arguments or _describe.
std::string ZshQuoted(const std::string& text, const std::string& special) {
  std::string quoted;
  for (const char c : text) {
    if (special.find(c) != std::string::npos) quoted += '\\';
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return quoted;
}

// What completes the value.
std::string ZshAction(const ArgumentRow& argument) {
  if (!argument.choices.empty()) return fmt::format("({})", fmt::join(argument.choices, " "));
  switch (argument.kind) {
    case ArgumentKind::kFile:
      return "_files";
    case ArgumentKind::kFolder:
      return "_files -/";
    case ArgumentKind::kSpec:
      return "_files -g \"*.json\"";
    case ArgumentKind::kStudy:
      return "_coppice_studies";
    case ArgumentKind::kStudyOrFile:
      return "{_coppice_studies; _files}";
    case ArgumentKind::kSpecOrStudy:
      return "{_coppice_studies; _files -g \"*.json\"}";
    case ArgumentKind::kFree:
      break;
  }
  return " ";  // nothing to offer, but the value is one
}

// '(-o --output)'{-o,--output}'[help]:FILE:_files'
std::string ZshFlag(const ArgumentRow& flag) {
  std::string tail = fmt::format("[{}]", ZshQuoted(flag.help, "[]\\"));
  if (!flag.type.empty()) {
    const std::string value = flag.choices.empty() ? ZshQuoted(flag.type, ":\\") : "value";
    tail += fmt::format(":{}:{}", value, ZshAction(flag));
  }
  if (flag.names.size() == 1) {
    return fmt::format("'{}{}{}'", flag.is_repeatable ? "*" : "", flag.names[0], tail);
  }
  const std::string before =
      flag.is_repeatable ? "'*'" : fmt::format("'({})'", fmt::join(flag.names, " "));
  return fmt::format("{}{{{}}}'{}'", before, fmt::join(flag.names, ","), tail);
}

std::string ZshArm(const VerbRow& verb) {
  std::string text = fmt::format("    {})\n      _arguments -s", verb.name);
  for (const ArgumentRow& flag : verb.flags) text += " \\\n        " + ZshFlag(flag);
  for (std::size_t i = 0; i < verb.words.size(); ++i) {
    const ArgumentRow& word = verb.words[i];
    text += fmt::format(" \\\n        '{}:{}{}:{}'", i + 1, word.is_required ? "" : ":",
                        word.names[0], ZshAction(word));
  }
  return text + "\n      ;;\n";
}

}  // namespace

std::string ZshCompletion(const VerbTable& table) {
  std::string text =
      "#compdef coppice\n"
      "# Completion of coppice for zsh; `coppice completion zsh` writes it.\n\n"
      "# The studies of the folder that the line, the environment or the default names.\n"
      "_coppice_studies() {\n"
      "  local store=${opt_args[--store]:-${COPPICE_STORE:-studies}}\n"
      "  local -a found\n"
      "  found=(${~store}/*/study.db(N:h:t))\n"
      "  compadd -a found\n"
      "  _files -/\n"
      "}\n\n"
      "_coppice() {\n"
      "  local curcontext=$curcontext state line\n"
      "  local -a verbs\n"
      "  local -A opt_args\n"
      "  verbs=(\n";
  for (const VerbRow& verb : table.verbs) {
    text += fmt::format("    '{}:{}'\n", verb.name, ZshQuoted(verb.what, ":\\"));
  }
  text += "  )\n  _arguments -C";
  for (const ArgumentRow& flag : table.flags) text += " \\\n    " + ZshFlag(flag);
  text +=
      " \\\n    '1:verb:->verb' \\\n    '*::argument:->argument'\n"
      "  if [[ $state == verb ]]; then\n"
      "    _describe verb verbs\n"
      "    return\n"
      "  fi\n"
      "  case $words[1] in\n";
  for (const VerbRow& verb : table.verbs) text += ZshArm(verb);
  text +=
      "  esac\n}\n\n"
      "# As a function of $fpath it is called; where the script is read it makes itself known.\n"
      "if [[ $funcstack[1] == _coppice ]]; then _coppice \"$@\"; else compdef _coppice coppice; "
      "fi\n";
  return text;
}

}  // namespace coppice::tuner
