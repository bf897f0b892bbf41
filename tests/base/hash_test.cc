#include "base/hash.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace coppice {
namespace {

TEST(ContentHash, IsTheSameOnEveryMachineAndVersion) {
  // Written down once; a change breaks every stored study's check of its data.
  EXPECT_EQ(HashOf(""), "1705be3a1958b09b2cb0f69f4abea221");
  EXPECT_EQ(HashOf("coppice"), "4674781efcb225fe55abe2d95f469f69");
}

TEST(ContentHash, HasThirtyTwoHexadecimalDigits) {
  const std::string hash = HashOf("x");
  EXPECT_EQ(hash.size(), 32u);
  EXPECT_EQ(hash.find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(ContentHash, TellsWhereOnePieceEndsAndTheNextBegins) {
  ContentHash first;
  first.Add("ab");
  first.Add("c");
  ContentHash second;
  second.Add("a");
  second.Add("bc");
  EXPECT_NE(first.Hex(), second.Hex());
}

TEST(ContentHash, SeesTrailingZeroBytes) {
  EXPECT_NE(HashOf(std::string("a")), HashOf(std::string("a\0", 2)));
}

TEST(ContentHash, SeesEverySingleBit) {
  std::set<std::string> hashes;
  for (int bit = 0; bit < 128; ++bit) {
    std::string bytes(16, '\0');
    bytes[static_cast<std::size_t>(bit / 8)] = static_cast<char>(1 << bit % 8);
    hashes.insert(HashOf(bytes));
  }
  EXPECT_EQ(hashes.size(), 128u);
}

TEST(ContentHash, SeesTheOrderOfNumbers) {
  ContentHash first;
  first.AddNumber(1);
  first.AddNumber(2);
  ContentHash second;
  second.AddNumber(2);
  second.AddNumber(1);
  EXPECT_NE(first.Hex(), second.Hex());
}

TEST(ContentHash, TakesASpanAsItsBytes) {
  const std::vector<float> numbers = {1.5f, -2.0f};
  ContentHash as_span;
  as_span.AddSpan(std::span<const float>(numbers));
  ContentHash as_bytes;
  as_bytes.Add({reinterpret_cast<const char*>(numbers.data()), 8});
  EXPECT_EQ(as_span.Hex(), as_bytes.Hex());
}

}  // namespace
}  // namespace coppice
