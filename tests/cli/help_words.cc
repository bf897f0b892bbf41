#include "tests/cli/help_words.h"

#include <gtest/gtest.h>

#include <regex>

#include "tests/cli/case_file.h"

namespace coppice::cli_tests {

support::Ended RunProgram(const std::vector<std::string>& words) {
  support::Command command;
  command.words = {support::ProgramPath()};
  command.words.insert(command.words.end(), words.begin(), words.end());
  command.folder = testing::TempDir();
  return support::Run(command);
}

std::map<std::string, std::vector<std::string>> FlagsByVerb() {
  std::map<std::string, std::vector<std::string>> flags;
  bool is_list = false;
  for (const std::string& line : Lines(RunProgram({"--help"}).out)) {
    if (is_list && line.starts_with("  ")) flags[line.substr(2, line.find(' ', 2) - 2)] = {};
    is_list = is_list || line == "Subcommands:";
  }
  // At the beginning of a line: "  -q,--quiet  ...".
  const std::regex row("^  (-[-a-zA-Z,]+)");
  const std::regex name("--?[-a-zA-Z]+");
  for (auto& [verb, names] : flags) {
    for (const std::string& line : Lines(RunProgram({verb, "--help"}).out)) {
      std::smatch found;
      if (!std::regex_search(line, found, row)) continue;
      const std::string all = found[1];
      for (std::sregex_iterator it(all.begin(), all.end(), name), end; it != end; ++it) {
        names.push_back(it->str());
      }
    }
  }
  return flags;
}

support::Ended RunTool(const std::vector<std::string>& words, const std::string& folder) {
  support::Command command;
  command.words = {"/usr/bin/env"};
  command.words.insert(command.words.end(), words.begin(), words.end());
  command.folder = folder;
  return support::Run(command);
}

bool HasTool(const std::string& name) {
  return RunTool({"sh", "-c", "command -v " + name}, testing::TempDir()).exit_code == 0;
}

}  // namespace coppice::cli_tests
