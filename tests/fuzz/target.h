#pragma once
// What one program tries on every input: a reader of files that nobody vouches for. Each target is
// a file of its own that defines these two.

#include <string>
#include <string_view>
#include <vector>

namespace coppice::fuzz {

enum class Outcome { kRefused, kRead };

// Reads the input and uses what was read, or sees it refused by an Error that says what is wrong.
// Aborts when what was read does not hold what the reader promises. Any other exception leaves it.
Outcome TryInput(std::string_view bytes);

// Pieces of text that mean something to the reader, to be put where they do not belong.
std::vector<std::string> Words();

}  // namespace coppice::fuzz
