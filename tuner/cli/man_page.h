#pragma once
// The manual page, made from the table of verbs.

#include <string>

#include "tuner/cli/verb_table.h"

namespace coppice::tuner {

// coppice.1 in roff, of this `version`.
std::string ManPage(const VerbTable& table, const std::string& version);

}  // namespace coppice::tuner
