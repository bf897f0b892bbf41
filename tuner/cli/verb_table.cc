#include "tuner/cli/verb_table.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "tuner/cli/command.h"

namespace coppice::tuner {
namespace {

// The parser puts what it checks behind the word, as ":INT in [1 - 9]" or ":{table,json}".
std::string TypeOf(const CLI::Option& option) {
  std::string type = option.get_type_name();
  for (const char* check : {":INT in ", ":FLOAT in ", ":{"}) {
    type.erase(std::min(type.find(check), type.size()));
  }
  return type;
}

ArgumentRow RowOf(const CommandLine& line, const CLI::Option& option) {
  ArgumentRow row;
  for (const std::string& name : option.get_snames()) row.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) row.names.push_back("--" + name);
  if (option.get_positional()) row.names = {option.get_name(true)};
  if (!option.get_positional() && option.get_items_expected_max() > 0) {
    row.type = TypeOf(option);
  }
  row.help = option.get_description();
  row.is_required = option.get_required();
  row.is_repeatable = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  const auto kind = line.kinds.find(&option);
  if (kind != line.kinds.end()) row.kind = kind->second;
  const auto choices = line.choices.find(&option);
  if (choices != line.choices.end()) row.choices = choices->second;
  return row;
}

VerbRow RowOf(const CommandLine& line, const CLI::App& verb) {
  VerbRow row;
  row.name = verb.get_name();
  row.what = verb.get_description();
  const auto example = line.examples.find(row.name);
  if (example != line.examples.end()) row.example = example->second;
  for (const CLI::Option* option : verb.get_options()) {
    (option->get_positional() ? row.words : row.flags).push_back(RowOf(line, *option));
  }
  return row;
}

}  // namespace

ArgumentKind KindOfWord(const std::string& word) {
  static const std::map<std::string, ArgumentKind> kinds = {
      {"DATA", ArgumentKind::kFile},   {"DIR", ArgumentKind::kFolder},
      {"FILE", ArgumentKind::kFile},   {"MODEL", ArgumentKind::kStudyOrFile},
      {"OTHER", ArgumentKind::kStudy}, {"SPEC", ArgumentKind::kSpec},
      {"STUDY", ArgumentKind::kStudy}};
  const auto found = kinds.find(word);
  return found == kinds.end() ? ArgumentKind::kFree : found->second;
}

VerbTable TableOf(const CommandLine& line) {
  VerbTable table;
  table.what = line.app->get_description();
  for (const CLI::App* verb : line.app->get_subcommands({})) {
    table.verbs.push_back(RowOf(line, *verb));
  }
  for (const CLI::Option* option : line.app->get_options()) {
    table.flags.push_back(RowOf(line, *option));
  }
  return table;
}

}  // namespace coppice::tuner
