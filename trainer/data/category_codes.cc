#include "trainer/data/category_codes.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <unordered_map>

#include "trainer/data/number_field.h"
#include "trainer/data/schema.h"

namespace coppice::trainer {

std::vector<std::string> CategoriesOf(const TextDictionary& dictionary) {
  const std::vector<std::string>& texts = dictionary.texts();
  const std::vector<std::size_t>& counts = dictionary.counts();
  const bool too_many = texts.size() > static_cast<std::size_t>(kMaxCategories);
  std::vector<std::size_t> order(texts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (too_many && counts[a] != counts[b]) return counts[a] > counts[b];
    return texts[a] < texts[b];
  });
  if (too_many) order.resize(kMaxCategories);
  std::vector<std::string> categories;
  for (const std::size_t i : order) categories.push_back(texts[i]);
  return categories;
}

std::vector<float> CodesOf(const TextDictionary& dictionary,
                           const std::vector<std::string>& categories) {
  std::unordered_map<std::string_view, float> codes;
  for (const std::string& text : categories) codes.emplace(text, static_cast<float>(codes.size()));
  std::vector<float> found;
  for (const std::string& text : dictionary.texts()) {
    const auto code = codes.find(text);
    found.push_back(code == codes.end() ? kMissingValue : code->second);
  }
  return found;
}

std::vector<float> ValuesOf(const std::vector<std::int32_t>& dictionary_codes,
                            const std::vector<float>& codes) {
  std::vector<float> values;
  values.reserve(dictionary_codes.size());
  for (const std::int32_t code : dictionary_codes) {
    values.push_back(code < 0 ? kMissingValue : codes[static_cast<std::size_t>(code)]);
  }
  return values;
}

}  // namespace coppice::trainer
