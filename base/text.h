#pragma once
// Small things about words and numbers for people.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coppice {

// How many single-character edits (insert, delete, replace, swap of neighbours) lead from a to b;
// case does not count.
int EditDistance(std::string_view a, std::string_view b);

// The candidate nearest to `word`, or empty when none is near enough to be meant.
std::string NearestWord(std::string_view word, std::span<const std::string> candidates);

// "did you mean `eta`?", or empty.
std::string SuggestWord(std::string_view word, std::span<const std::string> candidates);

// "`a`, `b` or `c`"; with more than `most` words the rest is counted.
std::string ListWords(std::span<const std::string> words, std::size_t most = 12);

// "0.8 s", "14.2 s", "3 min 5 s", "2 h 11 min".
std::string FormatSeconds(double seconds);

// "312 B", "4.1 KB", "18 MB" (powers of 1000).
std::string FormatBytes(double bytes);

// Reads the whole of `text` as a number; false when it is not one, or not finite.
bool ParseDouble(std::string_view text, double* value);

// The numbers of "[0.1, 0.5]"; nothing where the text is no such list, or an empty one.
std::optional<std::vector<double>> ParseNumberList(std::string_view text);

}  // namespace coppice
