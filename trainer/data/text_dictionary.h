#pragma once
// Codes for texts.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coppice::trainer {

// The distinct texts of a column, in order of first appearance, and how often each stands there.
// One thread at a time.
class TextDictionary {
 public:
  // The text's code; a new one if the text is new. Counts it.
  std::int32_t Add(std::string_view text) { return Add(text, 1); }
  // The same for a text that was found `times` times.
  std::int32_t Add(std::string_view text, std::size_t times);

  const std::vector<std::string>& texts() const { return texts_; }
  const std::vector<std::size_t>& counts() const { return counts_; }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::int32_t code = -1;  // -1: free
  };

  void Grow();

  std::vector<Slot> slots_;  // a power of two, at most half of them taken
  std::vector<std::string> texts_;
  std::vector<std::size_t> counts_;
};

}  // namespace coppice::trainer
