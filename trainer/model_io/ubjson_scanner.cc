#include "trainer/model_io/ubjson_scanner.h"

#include <fmt/format.h>

#include <bit>
#include <limits>

namespace coppice::trainer {
namespace {

// Bytes of a number's payload; 0: the marker is not that of a number.
std::size_t SizeOf(char type) {
  switch (type) {
    case 'i':
    case 'U':
      return 1;
    case 'I':
      return 2;
    case 'l':
    case 'd':
      return 4;
    case 'L':
    case 'D':
      return 8;
    default:
      return 0;
  }
}

bool IsFloat(char type) { return type == 'd' || type == 'D'; }

// A marker in a message: its letter, or its number where it has none.
std::string MarkerText(char marker) {
  const auto byte = static_cast<unsigned char>(marker);
  return byte > 0x20 && byte < 0x7F ? fmt::format("`{}`", marker) : fmt::format("`0x{:02x}`", byte);
}

}  // namespace

bool UbjsonScanner::Take(char c) {
  if (at_ >= bytes_.size() || bytes_[at_] != c) return false;
  ++at_;
  return true;
}

char UbjsonScanner::Marker() {
  if (at_ >= bytes_.size()) Fail("the file ends where a value must stand");
  return bytes_[at_++];
}

std::uint64_t UbjsonScanner::Bits(std::size_t n_bytes) {
  if (bytes_.size() - at_ < n_bytes) Fail("the file ends inside a number");
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < n_bytes; ++i) {
    bits = bits << 8 | static_cast<unsigned char>(bytes_[at_++]);
  }
  return bits;
}

std::int64_t UbjsonScanner::WholeOf(char type) {
  if (SizeOf(type) == 0 || IsFloat(type)) {
    Fail(fmt::format("a whole number must stand here, not {}", MarkerText(type)));
  }
  const std::uint64_t bits = Bits(SizeOf(type));
  switch (type) {
    case 'i':
      return static_cast<std::int8_t>(bits);
    case 'I':
      return static_cast<std::int16_t>(bits);
    case 'l':
      return static_cast<std::int32_t>(bits);
    default:
      return static_cast<std::int64_t>(bits);
  }
}

float UbjsonScanner::FloatOf(char type) {
  if (type == 'd') return std::bit_cast<float>(static_cast<std::uint32_t>(Bits(4)));
  if (type != 'D') return static_cast<float>(WholeOf(type));
  const double value = std::bit_cast<double>(Bits(8));
  // Converting what is beyond float has no defined result.
  constexpr double kMost = std::numeric_limits<float>::max();
  if (value > kMost) return std::numeric_limits<float>::infinity();
  if (value < -kMost) return -std::numeric_limits<float>::infinity();
  return static_cast<float>(value);
}

std::size_t UbjsonScanner::Length() {
  const std::size_t begin = at_;
  const std::int64_t length = WholeOf(Marker());
  // Whatever is counted takes a byte or more, so a count beyond the file is broken.
  if (length >= 0 && static_cast<std::uint64_t>(length) <= bytes_.size() - at_) {
    return static_cast<std::size_t>(length);
  }
  at_ = begin;
  Fail(fmt::format("length `{}` is beyond the end of the file", length));
}

std::string UbjsonScanner::TextOfLength() {
  const std::size_t length = Length();
  std::string text(bytes_.substr(at_, length));
  at_ += length;
  return text;
}

std::string UbjsonScanner::String() {
  const char marker = Marker();
  if (marker == 'C') return std::string(1, Marker());
  if (marker != 'S') {
    --at_;
    Fail(fmt::format("a text must stand here, not {}", MarkerText(marker)));
  }
  return TextOfLength();
}

float UbjsonScanner::Float() { return FloatOf(Marker()); }

std::int32_t UbjsonScanner::Int() {
  const std::size_t begin = at_;
  const char type = Marker();
  if (type == 'T' || type == 'F') return type == 'T' ? 1 : 0;
  const std::int64_t value = WholeOf(type);
  if (value == static_cast<std::int32_t>(value)) return static_cast<std::int32_t>(value);
  at_ = begin;
  Fail(fmt::format("`{}` is not a whole number of 32 bits", value));
}

UbjsonScanner::Head UbjsonScanner::ListHead() {
  if (!Take('[')) Fail(fmt::format("a list must stand here, not {}", MarkerText(Peek())));
  Head head;
  if (Take('$')) {
    head.type = Marker();
    if (SizeOf(head.type) == 0) {
      --at_;
      Fail(fmt::format("a list of the type {} is none that XGBoost writes", MarkerText(head.type)));
    }
    if (Peek() != '#') Fail("a list of one type must say its length");
  }
  if (!Take('#')) return head;
  const std::size_t begin = at_;
  const std::size_t count = Length();
  head.count = static_cast<std::int64_t>(count);
  if (head.type != 0 && count > (bytes_.size() - at_) / SizeOf(head.type)) {
    at_ = begin;
    Fail(fmt::format("length `{}` is beyond the end of the file", count));
  }
  return head;
}

template <typename Number>
void UbjsonScanner::Numbers(Number number) {
  Head head = ListHead();
  for (bool first = true; NextElement(first, &head.count); first = false) {
    number(head.type != 0 ? head.type : Marker());
  }
}

std::vector<float> UbjsonScanner::Floats() {
  std::vector<float> values;
  Numbers([&](char type) { values.push_back(FloatOf(type)); });
  return values;
}

std::vector<std::int32_t> UbjsonScanner::Ints() {
  std::vector<std::int32_t> values;
  Numbers([&](char type) {
    const std::int64_t value = type == 'T' ? 1 : type == 'F' ? 0 : WholeOf(type);
    if (value != static_cast<std::int32_t>(value)) {
      Fail(fmt::format("`{}` is not a whole number of 32 bits", value));
    }
    values.push_back(static_cast<std::int32_t>(value));
  });
  return values;
}

std::vector<std::string> UbjsonScanner::NumberTexts() {
  std::vector<std::string> texts;
  Numbers([&](char type) {
    texts.push_back(IsFloat(type) ? fmt::format("{}", FloatOf(type))
                                  : fmt::format("{}", WholeOf(type)));
  });
  return texts;
}

void UbjsonScanner::OpenObject() {
  if (!Take('{')) Fail(fmt::format("an object must stand here, not {}", MarkerText(Peek())));
}

bool UbjsonScanner::NextKey(bool, std::string* key) {
  if (Take('}')) return false;
  *key = TextOfLength();
  return true;
}

std::int64_t UbjsonScanner::OpenArray() {
  const Head head = ListHead();
  if (head.type != 0) Fail("a list of numbers stands where one of other values must");
  return head.count;
}

bool UbjsonScanner::NextElement(bool, std::int64_t* to_come) {
  if (*to_come < 0) {
    if (at_ >= bytes_.size()) Fail("the file ends inside a list");
    return !Take(']');
  }
  if (*to_come == 0) return false;
  --*to_come;
  return true;
}

void UbjsonScanner::End() {
  if (at_ != bytes_.size()) Fail("bytes follow the end of the model");
}

void UbjsonScanner::SkipAtDepth(int depth) {
  if (depth > kMostDepth) Fail("values are nested too deep");
  const char marker = Peek();
  if (marker == '{') {
    Object([&](const std::string&) { SkipAtDepth(depth + 1); });
  } else if (marker == '[') {
    Head head = ListHead();
    if (head.type != 0) {
      at_ += static_cast<std::size_t>(head.count) * SizeOf(head.type);
      return;
    }
    for (bool first = true; NextElement(first, &head.count); first = false) SkipAtDepth(depth + 1);
  } else if (marker == 'S' || marker == 'C') {
    String();
  } else {
    const char type = Marker();
    if (type == 'Z' || type == 'T' || type == 'F') return;
    if (SizeOf(type) == 0) {
      --at_;
      Fail(fmt::format("a value must stand here, not {}", MarkerText(type)));
    }
    Bits(SizeOf(type));
  }
}

Place UbjsonScanner::PlaceOf(const Mark& mark) const {
  Place place;
  place.file = file();
  place.path = fmt::format("{}{}byte {}", mark.path, mark.path.empty() ? "" : ", ", mark.offset);
  return place;
}

}  // namespace coppice::trainer
