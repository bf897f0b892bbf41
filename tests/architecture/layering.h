#pragma once
// Who may include whom: the layers of the house, the way of the data inside the trainer, and where
// each outside package may be used. The tables are in the source.

#include <filesystem>
#include <string>

namespace coppice::testing {

// Why the file at `path` (relative to the root, "trainer/tree/grower.cc") must not contain `line`;
// empty when it may, and for a line that is no #include.
std::string BreachOf(const std::string& path, const std::string& line);

// Whether the file at `path` is one of ours to read.
bool IsSource(const std::filesystem::path& path);

}  // namespace coppice::testing
