#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tuner/cli/completion_script.h"

namespace coppice::tuner {
namespace {

// The word for it in the script.
std::string WantOf(const ArgumentRow& argument) {
  if (!argument.choices.empty()) {
    return fmt::format("choice {}", fmt::join(argument.choices, " "));
  }
  switch (argument.kind) {
    case ArgumentKind::kFile:
      return "file";
    case ArgumentKind::kFolder:
      return "folder";
    case ArgumentKind::kSpec:
      return "spec";
    case ArgumentKind::kStudy:
      return "study";
    case ArgumentKind::kStudyOrFile:
      return "study file";
    case ArgumentKind::kSpecOrStudy:
      return "study spec";
    case ArgumentKind::kFree:
      break;
  }
  return "nothing";
}

std::string BashNames(const std::vector<ArgumentRow>& flags) {
  std::string names;
  for (const ArgumentRow& flag : flags) {
    for (const std::string& name : flag.names) names += (names.empty() ? "" : " ") + name;
  }
  return names;
}

// The arm of a verb: its flags, what follows each that takes a value, what its words are.
std::string BashArm(const VerbRow& verb) {
  std::string text = fmt::format("    {})\n      flags='{}'\n", verb.name, BashNames(verb.flags));
  text += "      case $flag in\n";
  for (const ArgumentRow& flag : verb.flags) {
    if (flag.type.empty()) continue;
    text += fmt::format("        {}) want='{}' ;;\n", fmt::join(flag.names, "|"), WantOf(flag));
  }
  text += "      esac\n";
  if (!verb.words.empty()) {
    text += "      case $place in\n";
    for (std::size_t i = 0; i < verb.words.size(); ++i) {
      text += fmt::format("        {}) word='{}' ;;\n", i, WantOf(verb.words[i]));
    }
    text += "      esac\n";
  }
  return text + "      ;;\n";
}

constexpr const char* kBashStudies =
    R"sh(# The studies of the folder that the line, the environment or the default names.
_coppice_studies() {
  local store=${COPPICE_STORE:-studies} i study
  for ((i = 2; i < COMP_CWORD; ++i)); do
    if [[ ${COMP_WORDS[i]} == --store ]]; then
      store=${COMP_WORDS[i + 1]}
      if [[ $store == = ]]; then store=${COMP_WORDS[i + 2]}; fi
    fi
  done
  for study in "$store"/*/study.db; do
    if [[ -e $study ]]; then
      study=${study%/study.db}
      printf '%s\n' "${study##*/}"
    fi
  done
}

# Adds the candidates of a kind for the word that begins with $1.
_coppice_add() {
  # Names are never expanded: a folder may be called as a command is.
  local name
  while IFS= read -r name; do
    if [[ $name == "$1"* ]]; then COMPREPLY+=("$name"); fi
  done < <(
    case $2 in
      file) compgen -f -- "$1" ;;
      folder) compgen -d -- "$1" ;;
      spec) compgen -d -- "$1"; compgen -f -X '!*.json' -- "$1" ;;
      study) _coppice_studies; compgen -d -- "$1" ;;
    esac
  )
  compopt -o filenames 2>/dev/null || :
}

)sh";

// `--flag=value` comes as three words. Words by position are counted, values of flags left out.
constexpr const char* kBashBegin = R"sh(_coppice() {
  local cur=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]}
  local flag='' flags='' want='' word='' place=0 i kind
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
)sh";

constexpr const char* kBashWalk = R"sh(    return
  fi
  for ((i = 2; i < COMP_CWORD; ++i)); do
    if [[ ${COMP_WORDS[i]} == = ]]; then continue; fi
    if [[ -n $want ]]; then
      want=''
    elif [[ ${COMP_WORDS[i]} == -?* ]]; then
      flag=${COMP_WORDS[i]}
      _coppice_expect
    else
      ((++place))
    fi
  done
  flag=''
  word=nothing
  _coppice_expect
  if [[ $cur == = ]]; then cur=''; fi
)sh";

}  // namespace

std::string BashCompletion(const VerbTable& table) {
  std::string verbs;
  for (const VerbRow& verb : table.verbs) verbs += verb.name + " ";
  std::string text = "# Completion of coppice for bash; `coppice completion bash` writes it.\n\n";
  text += kBashStudies;
  text +=
      "# What is known of the line so far, in the variables of _coppice: `want` is what the value\n"
      "# after $flag may be, `word` what the word at $place.\n"
      "_coppice_expect() {\n  case $verb in\n";
  for (const VerbRow& verb : table.verbs) text += BashArm(verb);
  text += "  esac\n}\n\n";
  text += kBashBegin;
  text += fmt::format("    COMPREPLY=($(compgen -W '{}{}' -- \"$cur\"))\n", verbs,
                      BashNames(table.flags));
  text += kBashWalk;
  text += R"sh(  if [[ -n $want ]]; then
    word=$want
  elif [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
    return
  fi
  if [[ $word == 'choice '* ]]; then
    COMPREPLY=($(compgen -W "${word#choice }" -- "$cur"))
    return
  fi
  for kind in $word; do _coppice_add "$cur" "$kind"; done
}

complete -F _coppice coppice
)sh";
  return text;
}

}  // namespace coppice::tuner
