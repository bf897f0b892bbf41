#pragma once
// The words of the command line as a table: what completion scripts and the manual page are made
// of. It is read off the parser, so that it is what `--help` shows.

#include <string>
#include <vector>

namespace coppice::tuner {

struct CommandLine;

// What stands for an argument, as far as a shell can help with it.
enum class ArgumentKind { kFree, kFile, kFolder, kSpec, kStudy, kStudyOrFile, kSpecOrStudy };

// By the word that stands for it in the help: `FILE`, `STUDY`.
ArgumentKind KindOfWord(const std::string& word);

// A flag, or a word by position.
struct ArgumentRow {
  std::vector<std::string> names;  // "-o", "--output"; of a word its one name, "SPEC"
  std::string type;                // of a flag's value, "FILE"; empty: it takes none
  std::string help;
  std::vector<std::string> choices;  // all that it may be; empty: it is open
  ArgumentKind kind = ArgumentKind::kFree;
  bool is_required = false;
  bool is_repeatable = false;
};

struct VerbRow {
  std::string name;
  std::string what;
  std::string example;
  std::vector<ArgumentRow> words;
  std::vector<ArgumentRow> flags;
};

struct VerbTable {
  std::string what;
  std::vector<VerbRow> verbs;
  std::vector<ArgumentRow> flags;  // without a verb
};

VerbTable TableOf(const CommandLine& line);

}  // namespace coppice::tuner
