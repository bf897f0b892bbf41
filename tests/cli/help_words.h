#pragma once
// The verbs and flags of the program, as its help shows them.

#include <map>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace coppice::cli_tests {

// Runs the program in the test's folder for temporary files.
support::Ended RunProgram(const std::vector<std::string>& words);

// Each verb with its flags, "-q" and "--quiet" both.
std::map<std::string, std::vector<std::string>> FlagsByVerb();

// Runs a program of the system, such as bash, by its name; nothing is found: exit code 127.
support::Ended RunTool(const std::vector<std::string>& words, const std::string& folder);
bool HasTool(const std::string& name);

}  // namespace coppice::cli_tests
