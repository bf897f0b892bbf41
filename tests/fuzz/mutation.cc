#include "tests/fuzz/mutation.h"

#include <algorithm>
#include <cctype>

namespace coppice::fuzz {
namespace {

std::size_t Below(RandomStream& random, std::size_t n) {
  return n == 0 ? 0 : static_cast<std::size_t>(random.Below(n));
}

void ChangeByte(std::string& text, RandomStream& random) {
  if (text.empty()) return;
  const std::size_t at = Below(random, text.size());
  text[at] = random.Below(2) == 0 ? static_cast<char>(text[at] ^ (1 << random.Below(8)))
                                  : static_cast<char>(random.Below(256));
}

// Drops, doubles or moves a block.
void ChangeBlock(std::string& text, RandomStream& random) {
  const std::size_t begin = Below(random, text.size());
  const std::size_t most = random.Below(4) == 0 ? text.size() - begin : 40;
  const std::size_t size = std::min(text.size() - begin, 1 + Below(random, most));
  const std::string block = text.substr(begin, size);
  if (random.Below(2) == 0) text.erase(begin, size);
  if (random.Below(2) == 0) text.insert(Below(random, text.size()), block);
}

void CutEnd(std::string& text, RandomStream& random) { text.resize(Below(random, text.size())); }

void Splice(std::string& text, const std::string& other, RandomStream& random) {
  const std::size_t begin = Below(random, other.size());
  const std::string piece = other.substr(begin, 1 + Below(random, 200));
  const std::size_t at = Below(random, text.size());
  text.replace(at, std::min(text.size() - at, Below(random, piece.size() + 1)), piece);
}

// A number of the text, or the inside of a text that is one, becomes an odd one.
void ChangeNumber(std::string& text, RandomStream& random) {
  constexpr const char* kOdd[] = {"0",          "-1",         "1",     "2",          "7",
                                  "255",        "256",        "65536", "2147483647", "-2147483648",
                                  "2147483648", "4294967296", "1E39",  "-1E-46",     "NaN",
                                  "Infinity",   "-Infinity",  "1.5",   "0E0",        "99999999",
                                  "true",       "null",       "\"3\"", "[]",         "{}"};
  const auto is_number = [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == 'E' ||
           c == 'e';
  };
  std::size_t at = Below(random, text.size());
  while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) == 0) ++at;
  if (at == text.size()) return;
  while (at > 0 && is_number(text[at - 1])) --at;
  std::size_t end = at;
  while (end < text.size() && is_number(text[end])) ++end;
  text.replace(at, end - at, kOdd[Below(random, std::size(kOdd))]);
}

// In the place of a few bytes.
void PutWord(std::string& text, const std::vector<std::string>& words, RandomStream& random) {
  const std::string& word = words[Below(random, words.size())];
  const std::size_t at = Below(random, text.size());
  text.replace(at, std::min(text.size() - at, Below(random, 4)), word);
}

// Big-endian, in the width of a type, behind its marker.
void ChangeBinaryNumber(std::string& bytes, RandomStream& random) {
  constexpr std::uint64_t kOdd[] = {0,
                                    1,
                                    2,
                                    3,
                                    0x7F,
                                    0x80,
                                    0xFF,
                                    0x7FFF,
                                    0x7FFFFFFF,
                                    0x80000000,
                                    0xFFFFFFFF,
                                    0x100000000,
                                    0x7FFFFFFFFFFFFFFF,
                                    0x8000000000000000,
                                    0xFFFFFFFFFFFFFFFF,
                                    0x7FC00000,
                                    0xFF800000};
  constexpr std::pair<char, std::size_t> kTypes[] = {{'i', 1}, {'U', 1}, {'I', 2}, {'l', 4},
                                                     {'L', 8}, {'d', 4}, {'#', 8}};
  const auto [marker, width] = kTypes[Below(random, std::size(kTypes))];
  std::size_t at = bytes.find(marker, Below(random, bytes.size()));
  if (at == std::string::npos) return;
  if (marker == '#') ++at;  // the length's own marker
  if (at + 1 + width > bytes.size()) return;
  std::uint64_t value = kOdd[Below(random, std::size(kOdd))];
  // Near the number that stands there as often as far from it.
  const bool near = random.Below(2) == 0;
  for (std::size_t i = width; i-- > 0;) {
    char& byte = bytes[at + 1 + i];
    if (near) {
      if (i + 1 == width) byte = static_cast<char>(byte + static_cast<char>(random.Below(5)) - 2);
    } else {
      byte = static_cast<char>(value & 0xFF);
      value >>= 8;
    }
  }
}

}  // namespace

std::string Mutated(const std::vector<std::string>& seeds, const std::vector<std::string>& words,
                    RandomStream& random) {
  std::string text = seeds[Below(random, seeds.size())];
  // Lengths of UBJSON have eight bytes.
  const bool is_text = text.find('\0') == std::string::npos;
  // Who minds words refuses most of what is broken in several places.
  const std::size_t most = words.empty() ? 4 : 2;
  for (std::size_t left = 1 + Below(random, most); left > 0 && !text.empty(); --left) {
    switch (random.Below(10)) {
      case 0:
        ChangeByte(text, random);
        break;
      case 1:
        ChangeBlock(text, random);
        break;
      case 2:
        Splice(text, seeds[Below(random, seeds.size())], random);
        break;
      case 3:
        if (random.Below(4) == 0) CutEnd(text, random);
        break;
      default:
        if (!is_text) {
          ChangeBinaryNumber(text, random);
        } else if (!words.empty() && random.Below(2) == 0) {
          PutWord(text, words, random);
        } else {
          ChangeNumber(text, random);
        }
    }
  }
  return text;
}

}  // namespace coppice::fuzz
