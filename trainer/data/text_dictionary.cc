#include "trainer/data/text_dictionary.h"

#include <cstring>

namespace coppice::trainer {
namespace {

// Multiplies by an odd number, and lets the high half, which knows all bits, tell on the low one.
std::uint64_t Mixed(std::uint64_t word) {
  word *= 0x9E3779B97F4A7C15ULL;
  return word ^ (word >> 32);
}

// Eight bytes at a time. It decides only where a text is looked for, never its code.
std::uint32_t HashOf(std::string_view text) {
  std::uint64_t hash = text.size();
  std::uint64_t word = 0;
  while (text.size() >= sizeof(word)) {
    std::memcpy(&word, text.data(), sizeof(word));
    hash = Mixed(hash ^ word);
    text.remove_prefix(sizeof(word));
  }
  if (!text.empty()) {
    word = 0;
    std::memcpy(&word, text.data(), text.size());
    hash = Mixed(hash ^ word);
  }
  return static_cast<std::uint32_t>(Mixed(hash));
}

}  // namespace

std::int32_t TextDictionary::Add(std::string_view text, std::size_t times) {
  if (2 * texts_.size() >= slots_.size()) Grow();
  const std::uint32_t hash = HashOf(text);
  std::size_t at = hash & (slots_.size() - 1);
  for (; slots_[at].code >= 0; at = (at + 1) & (slots_.size() - 1)) {
    const auto code = static_cast<std::size_t>(slots_[at].code);
    if (slots_[at].hash != hash || texts_[code] != text) continue;
    counts_[code] += times;
    return slots_[at].code;
  }
  slots_[at] = {hash, static_cast<std::int32_t>(texts_.size())};
  texts_.emplace_back(text);
  counts_.push_back(times);
  return slots_[at].code;
}

void TextDictionary::Grow() {
  std::vector<Slot> old(slots_.empty() ? 16 : 2 * slots_.size());
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.code < 0) continue;
    std::size_t at = slot.hash & (slots_.size() - 1);
    while (slots_[at].code >= 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
}

}  // namespace coppice::trainer
