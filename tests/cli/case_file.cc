#include "tests/cli/case_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace coppice::cli_tests {
namespace {

constexpr std::string_view kMark = "== ";

void DropBlankEnd(std::string* text) {
  while (text->ends_with("\n\n") || *text == "\n") text->pop_back();
}

}  // namespace

std::vector<std::string> SplitWords(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = '\0';
  for (const char c : text) {
    if (quote != '\0') {
      if (c == quote) {
        quote = '\0';
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      in_word = true;
    } else if (c == ' ') {
      if (in_word) words.push_back(word);
      word.clear();
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (quote != '\0') throw std::runtime_error("a quote stays open in: " + text);
  if (in_word) words.push_back(word);
  return words;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

CaseFile ReadCase(const std::string& path) {
  std::ifstream file(path);
  if (!file.is_open()) throw std::runtime_error("cannot read " + path);
  CaseFile result{path, {}};
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.starts_with(kMark)) {
      result.sections.push_back({number, SplitWords(line.substr(kMark.size())), ""});
    } else if (!result.sections.empty()) {
      result.sections.back().text += line + "\n";
    } else if (!line.empty() && line[0] != '#') {
      throw std::runtime_error(fmt::format("{}:{}: text before the first ==", path, number));
    }
  }
  for (Section& section : result.sections) DropBlankEnd(&section.text);
  return result;
}

std::vector<std::string> ListCases(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".test") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace coppice::cli_tests
