#pragma once
// EXPECT_TRUE(Contains(text, part)), with both in the message.

#include <gtest/gtest.h>

#include <string>

namespace coppice::results {

inline testing::AssertionResult Contains(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "no `" << part << "` in `" << text << "`";
}

}  // namespace coppice::results
