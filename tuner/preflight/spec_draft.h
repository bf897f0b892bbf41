#pragma once
// A spec for a table that nobody has described yet: what its label is, what that label wants, and
// how to split so many rows; with a reason for each choice.

#include <string>
#include <vector>

#include "base/files.h"

namespace coppice::tuner {

struct DraftRequest {
  std::string data;    // a file or a pattern, as the user wrote it
  std::string label;   // by name or 0-based index; empty: to be guessed
  std::string folder;  // of the spec to be, absolute; its paths begin there
};

struct SpecDraft {
  std::string text;                  // JSON with comments
  std::vector<std::string> reasons;  // what was chosen and why, a sentence each
};

// Reads the table in the caller's arena. Throws Error (kData) where it cannot be read, or where the
// label cannot be one.
SpecDraft DraftSpec(const DraftRequest& request, FileSystem& disk);

}  // namespace coppice::tuner
