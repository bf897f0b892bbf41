#pragma once
// A stable 128-bit content hash: the same bytes give the same hash on every machine and version.
// It tells changed data from unchanged; it does not resist an attacker.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace coppice {

// One thread at a time.
class ContentHash {
 public:
  void Add(std::string_view bytes);
  template <typename T>
  void AddSpan(std::span<const T> items) {
    Add({reinterpret_cast<const char*>(items.data()), items.size_bytes()});
  }
  void AddNumber(std::uint64_t number);
  // 32 hexadecimal digits.
  std::string Hex() const;

 private:
  std::uint64_t low_ = 0x243F6A8885A308D3ULL;
  std::uint64_t high_ = 0x13198A2E03707344ULL;
};

std::string HashOf(std::string_view bytes);

}  // namespace coppice
