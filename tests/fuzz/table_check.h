#pragma once
// What the targets of tables share: an input is read in several ways, and what was read is checked.

#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/target.h"
#include "trainer/data/reader.h"

namespace coppice::fuzz {

// Reads the input as the file `name` with each of `ways`; kRead when one of them does. A table that
// was read has the shapes that Dataset promises, codes that its schema knows, and bins; its schema
// survives its JSON and reads the same file to the same table.
Outcome TryTable(std::string_view bytes, const std::string& name,
                 const std::vector<trainer::ReadOptions>& ways);

}  // namespace coppice::fuzz
