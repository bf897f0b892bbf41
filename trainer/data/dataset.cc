#include "trainer/data/dataset.h"

#include <span>

#include "base/hash.h"
#include "base/json.h"

namespace coppice::trainer {
namespace {

template <typename T>
std::size_t BytesOf(const std::vector<T>& items) {
  return items.size() * sizeof(T);
}

}  // namespace

std::string Dataset::ContentHash() const {
  coppice::ContentHash hash;
  hash.Add(ToJson(schema).dump());
  hash.AddNumber(n_rows);
  hash.AddNumber(values.size());
  for (const std::vector<float>& column : values) hash.AddSpan(std::span<const float>(column));
  hash.AddSpan(std::span<const float>(label));
  if (!label_upper.empty()) hash.AddSpan(std::span<const float>(label_upper));
  hash.AddSpan(std::span<const float>(weight));
  hash.AddSpan(std::span<const std::int32_t>(group));
  hash.AddSpan(std::span<const DataPart>(part));
  return hash.Hex();
}

std::size_t Dataset::Bytes() const {
  std::size_t bytes =
      BytesOf(label) + BytesOf(label_upper) + BytesOf(weight) + BytesOf(group) + BytesOf(part);
  for (const std::vector<float>& column : values) bytes += BytesOf(column);
  return bytes;
}

}  // namespace coppice::trainer
