#pragma once
// Completion scripts for shells, made from the table of verbs. Each is whole: it needs nothing but
// its shell, and finds studies by their folders without starting the program.

#include <string>

#include "tuner/cli/verb_table.h"

namespace coppice::tuner {

std::string BashCompletion(const VerbTable& table);
std::string ZshCompletion(const VerbTable& table);
std::string FishCompletion(const VerbTable& table);

}  // namespace coppice::tuner
