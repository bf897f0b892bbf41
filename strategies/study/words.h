#pragma once
// Tables of words for enumerations: each value has one word, in the order of the enumeration.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace coppice::study {

template <typename Enum>
std::string WordOf(Enum value, std::span<const std::string_view> words) {
  const auto index = static_cast<std::size_t>(value);
  COPPICE_CHECK(index < words.size(), "every value has a word");
  return std::string(words[index]);
}

// Throws Error (kStore) for an unknown word; `what` says what it should have been.
template <typename Enum>
Enum FromWord(std::string_view word, std::span<const std::string_view> words,
              std::string_view what) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == word) return static_cast<Enum>(i);
  }
  std::string message = "`";
  message.append(word).append("` is not ").append(what);
  throw Error(ErrorKind::kStore, message, {}, "was the study written by a newer coppice?");
}

}  // namespace coppice::study
