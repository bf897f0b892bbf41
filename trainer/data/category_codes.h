#pragma once
// From the texts of a categorical column to its categories and back.

#include <cstddef>
#include <string>
#include <vector>

#include "trainer/data/text_dictionary.h"

namespace coppice::trainer {

// By text; of more than kMaxCategories, the most frequent (ties by text), by frequency.
std::vector<std::string> CategoriesOf(const TextDictionary& dictionary);

// [dictionary.texts().size()]: the code of each text among `categories`, NaN where it is none.
std::vector<float> CodesOf(const TextDictionary& dictionary,
                           const std::vector<std::string>& categories);

// Dictionary codes [n_rows] to values; NaN where missing.
std::vector<float> ValuesOf(const std::vector<std::int32_t>& dictionary_codes,
                            const std::vector<float>& codes);

}  // namespace coppice::trainer
