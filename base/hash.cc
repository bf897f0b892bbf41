#include "base/hash.h"

#include <fmt/format.h>

#include <cstring>

#include "base/random.h"

namespace coppice {

void ContentHash::Add(std::string_view bytes) {
  // The length goes in too, so that ("ab", "c") and ("a", "bc") differ.
  AddNumber(bytes.size());
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, std::min<std::size_t>(8, bytes.size() - at));
    AddNumber(word);
  }
}

void ContentHash::AddNumber(std::uint64_t number) {
  low_ = Mix64(low_ ^ number);
  high_ = Mix64(high_ + number * 0x9E3779B97F4A7C15ULL) ^ low_;
}

std::string ContentHash::Hex() const { return fmt::format("{:016x}{:016x}", high_, low_); }

std::string HashOf(std::string_view bytes) {
  ContentHash hash;
  hash.Add(bytes);
  return hash.Hex();
}

}  // namespace coppice
