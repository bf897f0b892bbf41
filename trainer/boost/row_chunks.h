#pragma once
// Passes over rows in chunks of a fixed length, so that sums over a chunk have a fixed shape
// whatever the threads.

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "trainer/data/dataset.h"

namespace coppice::trainer {

inline constexpr std::size_t kRowChunk = 4096;

inline std::size_t ChunksOf(std::size_t n) { return (n + kRowChunk - 1) / kRowChunk; }

// Runs body(chunk, begin, end) over [0, n), each chunk a task of the caller's arena.
template <typename Body>
void ForEachChunk(std::size_t n, const Body& body) {
  const std::size_t n_chunks = ChunksOf(n);
  const auto run = [&](std::size_t chunk) {
    body(chunk, chunk * kRowChunk, std::min(n, (chunk + 1) * kRowChunk));
  };
  if (n_chunks > 1) {
    tbb::parallel_for(std::size_t{0}, n_chunks, run);
  } else if (n_chunks == 1) {
    run(0);
  }
}

// from[row] for each of `rows`; nothing of nothing.
inline std::vector<float> GatherRows(std::span<const float> from, std::span<const RowIndex> rows) {
  std::vector<float> gathered;
  if (from.empty()) return gathered;
  gathered.reserve(rows.size());
  for (const RowIndex row : rows) gathered.push_back(from[row]);
  return gathered;
}

}  // namespace coppice::trainer
