#pragma once
// Numbers as most tables hold them, `-12.5`, read without looking at their digits one by one.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace coppice::trainer {

// How many bytes must be readable from where a number begins.
inline constexpr std::ptrdiff_t kPlainDecimalRoom = 32;

// The decimal digits that a text begins with, eight at most.
struct LeadingDigits {
  std::uint64_t value = 0;
  unsigned count = 0;

  // `at` has eight readable bytes.
  static LeadingDigits Of(const char* at) {
    static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof(bytes));
    // Digits become 0 .. 9; of the others, the first has its high bit set here.
    bytes ^= 0x3030303030303030ULL;
    const std::uint64_t others = ((bytes + 0x7676767676767676ULL) | bytes) & 0x8080808080808080ULL;
    const unsigned count = static_cast<unsigned>(std::countr_zero(others)) / 8;
    // Zeros are put before the digits; in two steps, since a shift by 64 has no meaning.
    bytes = bytes << (32 - 4 * count) << (32 - 4 * count);
    // Eight digits are four pairs, two fours, one number.
    bytes = bytes * 10 + (bytes >> 8);
    const std::uint64_t fours = (bytes & 0x000000FF000000FFULL) * 0x000F424000000064ULL +
                                ((bytes >> 16) & 0x000000FF000000FFULL) * 0x0000271000000001ULL;
    return {fours >> 32, count};
  }
};

// Of a plain decimal of at most 15 digits, eight of them before the point and eight behind it: the
// nearest float, and where it ends. Null where `at` begins with anything else. `at` has
// kPlainDecimalRoom readable bytes, and more than it takes may belong to the number.
inline const char* ReadPlainDecimal(const char* at, float* value) {
  static constexpr std::array<double, 9> kPowersOfTen = {1e0, 1e1, 1e2, 1e3, 1e4,
                                                         1e5, 1e6, 1e7, 1e8};
  static constexpr std::array<std::uint64_t, 9> kWholePowers = {
      1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
  const std::uint32_t sign = *at == '-' ? 1 : 0;
  at += sign;
  const LeadingDigits whole = LeadingDigits::Of(at);
  if (whole.count == 0) return nullptr;
  at += whole.count;
  auto nearest = static_cast<double>(whole.value);
  if (*at == '.') {
    const LeadingDigits decimals = LeadingDigits::Of(at + 1);
    if (decimals.count == 0 || whole.count + decimals.count > 15) return nullptr;
    at += 1 + decimals.count;
    // Digits and power are doubles without an error, so that the quotient is the nearest double;
    // its nearest float is that of the decimal, unless it lies in the middle of two floats.
    nearest = static_cast<double>(whole.value * kWholePowers[decimals.count] + decimals.value) /
              kPowersOfTen[decimals.count];
    constexpr std::uint64_t kBelowFloat = (std::uint64_t{1} << 29) - 1;
    constexpr std::uint64_t kMiddle = std::uint64_t{1} << 28;
    if ((std::bit_cast<std::uint64_t>(nearest) & kBelowFloat) == kMiddle) return nullptr;
  }
  // A whole number of eight digits is a double without an error: rounded once.
  const auto magnitude = std::bit_cast<std::uint32_t>(static_cast<float>(nearest));
  *value = std::bit_cast<float>(magnitude | (sign << 31));
  return at;
}

}  // namespace coppice::trainer
