#pragma once
// A case of the command line as a text file; README.md beside it is its language.

#include <string>
#include <vector>

namespace coppice::cli_tests {

// One directive with the lines under it.
struct Section {
  int line = 0;                    // 1-based, of the directive
  std::vector<std::string> words;  // of the directive, without quotes
  std::string text;  // the lines under it, each ended by a newline; no blank lines at the end
};

struct CaseFile {
  std::string path;
  std::vector<Section> sections;
};

// Throws std::runtime_error when text stands before the first directive or a quote stays open.
CaseFile ReadCase(const std::string& path);

// The cases in a folder, sorted.
std::vector<std::string> ListCases(const std::string& folder);

// Splits at spaces; '...' and "..." keep spaces and each other.
std::vector<std::string> SplitWords(const std::string& text);

// The lines of a text, without their ends.
std::vector<std::string> Lines(const std::string& text);

}  // namespace coppice::cli_tests
