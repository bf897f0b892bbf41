#include "trainer/tree/histogram.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_reduce.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace coppice::trainer {
namespace {

// A task's share: below it, zeroing and adding its own histogram would show.
constexpr std::size_t kRowsPerShare = 65536;
// Rows that are worked on together: their part of the work must outweigh that a block's sums come
// from the second cache for it.
constexpr std::size_t kChunk = 128;
// The first cache is full of sums.
constexpr int kToSecondCache = 2;

// What to ask the memory for while other rows are summed: base + row * row_bytes for n rows.
struct Ahead {
  const RowIndex* rows = nullptr;
  std::size_t n = 0;
  const char* base = nullptr;
  std::size_t row_bytes = 0;

  // Always inline: GCC takes a function that only prefetches for one without effect.
  __attribute__((always_inline)) void Ask(std::size_t i) const {
    if (i >= n) return;
    const char* row = base + rows[i] * row_bytes;
    __builtin_prefetch(row, 0, kToSecondCache);
    // A row of words may reach into the next line.
    __builtin_prefetch(row + row_bytes - 1, 0, kToSecondCache);
  }
};

// Adds n rows to a block's sums: their words, `stride` words apart, with their gradients side by
// side. An update is a load, an addition and a store: the one store a cycle is the limit, so only
// live lanes get one, and all other loads find room between them.
template <int kLive, bool kAsk>
void AddBlock(const std::uint64_t* words, std::size_t stride, const PackedPair* gradients,
              std::size_t n, Ahead ahead, PackedPair* sums) {
  for (std::size_t i = 0; i < n; ++i) {
    if constexpr (kAsk) ahead.Ask(i);
    const std::uint64_t word = words[i * stride];
    const PackedPair pair = gradients[i];
    sums[(word & 0xFF) * kLanes] += pair;
    if constexpr (kLive > 1) sums[(word >> 8 & 0xFF) * kLanes + 1] += pair;
    if constexpr (kLive > 2) sums[(word >> 16 & 0xFF) * kLanes + 2] += pair;
    if constexpr (kLive > 3) sums[(word >> 24 & 0xFF) * kLanes + 3] += pair;
    if constexpr (kLive > 4) sums[(word >> 32 & 0xFF) * kLanes + 4] += pair;
    if constexpr (kLive > 5) sums[(word >> 40 & 0xFF) * kLanes + 5] += pair;
    if constexpr (kLive > 6) sums[(word >> 48 & 0xFF) * kLanes + 6] += pair;
    if constexpr (kLive > 7) sums[(word >> 56) * kLanes + 7] += pair;
  }
}

using AddBlockLoop = void (*)(const std::uint64_t*, std::size_t, const PackedPair*, std::size_t,
                              Ahead, PackedPair*);
// By the number of live lanes.
template <bool kAsk>
constexpr std::array<AddBlockLoop, kLanes + 1> kAddBlock = {
    nullptr,           AddBlock<1, kAsk>, AddBlock<2, kAsk>, AddBlock<3, kAsk>, AddBlock<4, kAsk>,
    AddBlock<5, kAsk>, AddBlock<6, kAsk>, AddBlock<7, kAsk>, AddBlock<8, kAsk>};

// Blocks whose words are copied together: [begin, begin + width), where the width is a power of two
// so that a copy is a few wide moves. It may reach behind a row's last word.
struct Window {
  std::size_t begin = 0;
  std::size_t width = 0;
  bool Has(std::size_t block) const { return block - begin < width; }
};

Window WindowAt(std::size_t block, std::size_t row_words) {
  const std::size_t begin = block / BinnedMatrix::kWindow * BinnedMatrix::kWindow;
  return {begin, std::bit_ceil(std::min(BinnedMatrix::kWindow, row_words - begin))};
}

// To `target` [listed.size()][kWidth]; `words` are the window's of the first row of all.
template <std::size_t kWidth>
void CopyWindow(const std::uint64_t* words, std::size_t row_words, std::span<const RowIndex> listed,
                std::uint64_t* target) {
  for (std::size_t i = 0; i < listed.size(); ++i) {
    std::memcpy(target + i * kWidth, words + listed[i] * row_words, kWidth * sizeof(std::uint64_t));
  }
}

using CopyWindowLoop = void (*)(const std::uint64_t*, std::size_t, std::span<const RowIndex>,
                                std::uint64_t*);
// By width.
constexpr std::array<CopyWindowLoop, BinnedMatrix::kWindow + 1> kCopyWindow = {
    nullptr, CopyWindow<1>, CopyWindow<2>, nullptr,      CopyWindow<4>,
    nullptr, nullptr,       nullptr,       CopyWindow<8>};

}  // namespace

// What one thread sums; a share that no other thread takes goes on adding to the same entries.
struct HistogramBuilder::Share {
  const HistogramBuilder& builder;
  RowSpan rows;
  const PackedPair* gradients;
  std::span<const int> blocks;
  Histogram sums;
  std::vector<PackedPair> own;

  Share(const HistogramBuilder& of, RowSpan all, const PackedPair* pairs,
        std::span<const int> of_blocks, Histogram into)
      : builder(of), rows(all), gradients(pairs), blocks(of_blocks), sums(into) {}
  Share(Share& other, tbb::split)
      : Share(other.builder, other.rows, other.gradients, other.blocks, {}) {
    own.resize(builder.layout_.size());
    sums = own;
  }
  void operator()(const tbb::blocked_range<std::size_t>& range) {
    RowSpan part{rows.rows, rows.first, range.size()};
    if (part.rows != nullptr) part.rows += range.begin();
    part.first += static_cast<RowIndex>(range.begin());
    builder.Add(part, gradients, blocks, sums);
  }
  void join(const Share& other) {
    for (int block : blocks) {
      const std::size_t end = builder.layout_.Offset(block + 1);
      for (std::size_t i = builder.layout_.Offset(block); i < end; ++i) sums[i] += other.sums[i];
    }
  }
};

HistogramLayout::HistogramLayout(const BinnedMatrix& matrix) : offsets_{0} {
  for (int block = 0; block < matrix.n_blocks(); ++block) {
    // Columns stand in descending order of their codes.
    const auto height = static_cast<std::size_t>(matrix.column(block * kLanes).n_codes);
    offsets_.push_back(offsets_.back() + height * kLanes);
  }
}

std::size_t HistogramBuilder::LanesOf(int block) const {
  return static_cast<std::size_t>(std::min(kLanes, matrix_.n_columns() - block * kLanes));
}

void HistogramBuilder::Build(RowSpan rows, const PackedPair* gradients, std::span<const int> blocks,
                             Histogram histogram) const {
  Zero(blocks, histogram);
  if (rows.n < 2 * kRowsPerShare) {
    Add(rows, gradients, blocks, histogram);
    return;
  }
  Share share(*this, rows, gradients, blocks, histogram);
  tbb::parallel_reduce(tbb::blocked_range<std::size_t>(0, rows.n, kRowsPerShare), share);
}

void HistogramBuilder::Zero(std::span<const int> blocks, Histogram histogram) const {
  for (int block : blocks) {
    std::fill(histogram.begin() + static_cast<std::ptrdiff_t>(layout_.Offset(block)),
              histogram.begin() + static_cast<std::ptrdiff_t>(layout_.Offset(block + 1)), 0);
  }
}

void HistogramBuilder::Add(RowSpan rows, const PackedPair* gradients, std::span<const int> blocks,
                           Histogram histogram) const {
  if (rows.rows == nullptr) {
    AddRange(rows, gradients, blocks, histogram);
  } else {
    AddList(rows, gradients, blocks, histogram);
  }
}

// Block after block over a stretch of rows that stays in the cache meanwhile.
void HistogramBuilder::AddRange(RowSpan rows, const PackedPair* gradients,
                                std::span<const int> blocks, Histogram histogram) const {
  constexpr std::size_t kStretch = 256;
  const auto stride = static_cast<std::size_t>(matrix_.n_blocks());
  for (std::size_t begin = 0; begin < rows.n; begin += kStretch) {
    const std::size_t n = std::min(kStretch, rows.n - begin);
    const auto first = static_cast<RowIndex>(rows.first + begin);
    for (int block : blocks) {
      kAddBlock<false>[LanesOf(block)](matrix_.Words(first) + block, stride, gradients + first, n,
                                       {}, histogram.data() + layout_.Offset(block));
    }
  }
}

// Window after window of blocks, block after block over a chunk of rows, whose words are copied to
// one place before; while they are summed the next chunk is asked for.
void HistogramBuilder::AddList(RowSpan rows, const PackedPair* gradients,
                               std::span<const int> blocks, Histogram histogram) const {
  const auto row_words = static_cast<std::size_t>(matrix_.n_blocks());
  std::array<PackedPair, kChunk> pairs;
  alignas(64) std::array<std::uint64_t, kChunk * BinnedMatrix::kWindow> words;
  for (std::size_t begin = 0; begin < rows.n; begin += kChunk) {
    const std::span<const RowIndex> listed(rows.rows + begin, std::min(kChunk, rows.n - begin));
    for (std::size_t i = 0; i < listed.size(); ++i) pairs[i] = gradients[listed[i]];
    const RowIndex* next = rows.rows + begin + listed.size();
    const std::size_t n_next = std::min(kChunk, rows.n - begin - listed.size());
    const Ahead next_words{next, n_next, reinterpret_cast<const char*>(matrix_.Words(0)),
                           row_words * sizeof(std::uint64_t)};
    const Ahead next_pairs{next, n_next, reinterpret_cast<const char*>(gradients),
                           sizeof(PackedPair)};
    Window window;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      const auto block = static_cast<std::size_t>(blocks[b]);
      if (!window.Has(block)) {
        window = WindowAt(block, row_words);
        kCopyWindow[window.width](matrix_.Words(0) + window.begin, row_words, listed, words.data());
      }
      const Ahead ahead = b == 0 ? next_words : b == 1 ? next_pairs : Ahead{};
      kAddBlock<true>[LanesOf(blocks[b])](&words[block - window.begin], window.width, pairs.data(),
                                          listed.size(), ahead,
                                          histogram.data() + layout_.Offset(blocks[b]));
    }
  }
}

HistogramPool::HistogramPool(std::size_t n_entries, int capacity)
    : n_entries_(n_entries), capacity_(capacity) {}

int HistogramPool::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (n_taken_ >= capacity_) return kNone;
  }
  return Borrow();
}

int HistogramPool::Borrow() {
  {
    const std::lock_guard lock(mutex_);
    ++n_taken_;
    if (!free_.empty()) {
      const int buffer = free_.back();
      free_.pop_back();
      return buffer;
    }
  }
  std::vector<PackedPair> fresh(n_entries_);
  const std::lock_guard lock(mutex_);
  buffers_.push_back(std::move(fresh));
  return static_cast<int>(buffers_.size()) - 1;
}

void HistogramPool::Release(int buffer) {
  if (buffer == kNone) return;
  const std::lock_guard lock(mutex_);
  --n_taken_;
  free_.push_back(buffer);
}

Histogram HistogramPool::At(int buffer) {
  COPPICE_CHECK(buffer != kNone, "only a taken buffer has entries");
  const std::lock_guard lock(mutex_);
  return buffers_[static_cast<std::size_t>(buffer)];
}

}  // namespace coppice::trainer
