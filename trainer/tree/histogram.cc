#include "trainer/tree/histogram.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_reduce.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace coppice::trainer {
namespace {

// A task's share, rows and rows times blocks: a tenth of its time goes into zeroing and adding a
// histogram of its own, which only those shares have that another thread takes.
constexpr std::size_t kRowsPerShare = 8192;
constexpr std::size_t kWordsPerShare = 1 << 17;
// Words that are copied to one place before they are summed: beside a block's sums (16 KiB) in a
// first cache of 32 KiB, and enough rows to outweigh that these sums come from the second.
constexpr std::size_t kChunkWords = 2048;
// Words of rows in order that are summed block after block: they stay in the second cache.
constexpr std::size_t kStretchWords = 8192;
constexpr std::size_t kLeastStretch = 256;
// Rows times blocks between two looks at a limit: some milliseconds.
constexpr std::size_t kWordsPerLook = 1 << 20;
// The first cache is full of sums.
constexpr int kToSecondCache = 2;

// Rows to ask the memory for while others are summed, their words and gradients: one of them every
// `spacing` sums of a row, for it takes no more requests at a time than it can answer.
struct Ahead {
  std::span<const RowIndex> rows;
  std::size_t spacing = 1;
  const std::uint64_t* words = nullptr;  // of the first row of all
  std::size_t row_words = 0;
  const PackedPair* gradients = nullptr;

  // Always inline: GCC takes a function that only prefetches for one without effect.
  __attribute__((always_inline)) void Ask(std::size_t i) const {
    const std::uint64_t* row = words + rows[i] * row_words;
    __builtin_prefetch(row, 0, kToSecondCache);
    // It may reach into the next line.
    __builtin_prefetch(row + row_words - 1, 0, kToSecondCache);
    __builtin_prefetch(gradients + rows[i], 0, kToSecondCache);
  }
};

// An update is a load, an addition and a store: the one store a cycle is the limit, so only live
// lanes get one, and all other loads find room between them.
template <int kLive>
__attribute__((always_inline)) inline void AddRow(std::uint64_t word, PackedPair pair,
                                                  PackedPair* sums) {
  sums[(word & 0xFF) * kLanes] += pair;
  if constexpr (kLive > 1) sums[(word >> 8 & 0xFF) * kLanes + 1] += pair;
  if constexpr (kLive > 2) sums[(word >> 16 & 0xFF) * kLanes + 2] += pair;
  if constexpr (kLive > 3) sums[(word >> 24 & 0xFF) * kLanes + 3] += pair;
  if constexpr (kLive > 4) sums[(word >> 32 & 0xFF) * kLanes + 4] += pair;
  if constexpr (kLive > 5) sums[(word >> 40 & 0xFF) * kLanes + 5] += pair;
  if constexpr (kLive > 6) sums[(word >> 48 & 0xFF) * kLanes + 6] += pair;
  if constexpr (kLive > 7) sums[(word >> 56) * kLanes + 7] += pair;
}

// Adds n rows to a block's sums: their words, `stride` words apart, with their gradients side by
// side.
template <int kLive>
void AddBlock(const std::uint64_t* words, std::size_t stride, const PackedPair* gradients,
              std::size_t n, const Ahead& ahead, PackedPair* sums) {
  std::size_t i = 0;
  for (std::size_t asked = 0; asked < ahead.rows.size(); ++asked) {
    ahead.Ask(asked);
    const std::size_t end = std::min(n, i + ahead.spacing);
    for (; i < end; ++i) AddRow<kLive>(words[i * stride], gradients[i], sums);
  }
  for (; i < n; ++i) AddRow<kLive>(words[i * stride], gradients[i], sums);
}

using AddBlockLoop = void (*)(const std::uint64_t*, std::size_t, const PackedPair*, std::size_t,
                              const Ahead&, PackedPair*);
// By the number of live lanes.
constexpr std::array<AddBlockLoop, kLanes + 1> kAddBlock = {nullptr,     AddBlock<1>, AddBlock<2>,
                                                            AddBlock<3>, AddBlock<4>, AddBlock<5>,
                                                            AddBlock<6>, AddBlock<7>, AddBlock<8>};

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
  const WorkLimit* limit;
  bool is_whole = true;
  std::vector<PackedPair> own;

  Share(const HistogramBuilder& of, RowSpan all, const PackedPair* pairs,
        std::span<const int> of_blocks, Histogram into, const WorkLimit* within)
      : builder(of), rows(all), gradients(pairs), blocks(of_blocks), sums(into), limit(within) {}
  Share(Share& other, tbb::split)
      : Share(other.builder, other.rows, other.gradients, other.blocks, {}, other.limit) {
    own.resize(builder.layout_.size());
    sums = own;
  }
  void operator()(const tbb::blocked_range<std::size_t>& range) {
    RowSpan part{rows.rows, rows.first, range.size()};
    if (part.rows != nullptr) part.rows += range.begin();
    part.first += static_cast<RowIndex>(range.begin());
    is_whole =
        is_whole && !IsReached(limit) && builder.AddWithin(limit, part, gradients, blocks, sums);
  }
  void join(const Share& other) {
    is_whole = is_whole && other.is_whole;
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

bool HistogramBuilder::Build(RowSpan rows, const PackedPair* gradients, std::span<const int> blocks,
                             Histogram histogram, const WorkLimit* limit) const {
  Zero(blocks, histogram);
  const std::size_t least =
      std::max(kRowsPerShare, kWordsPerShare / std::max<std::size_t>(1, blocks.size()));
  if (rows.n < 2 * least || tbb::this_task_arena::max_concurrency() == 1) {
    return AddWithin(limit, rows, gradients, blocks, histogram);
  }
  Share share(*this, rows, gradients, blocks, histogram, limit);
  tbb::parallel_reduce(tbb::blocked_range<std::size_t>(0, rows.n, least), share);
  return share.is_whole;
}

// Piece by piece, with a look at the limit before each but the first, so that little work costs
// none.
bool HistogramBuilder::AddWithin(const WorkLimit* limit, RowSpan rows, const PackedPair* gradients,
                                 std::span<const int> blocks, Histogram histogram) const {
  const std::size_t fitting = kWordsPerLook / std::max<std::size_t>(1, blocks.size());
  const std::size_t piece = std::max(kLeastStretch, fitting / kLeastStretch * kLeastStretch);
  for (std::size_t begin = 0; begin < rows.n; begin += piece) {
    if (begin > 0 && IsReached(limit)) return false;
    RowSpan part{rows.rows, rows.first, std::min(piece, rows.n - begin)};
    if (part.rows != nullptr) part.rows += begin;
    part.first += static_cast<RowIndex>(begin);
    Add(part, gradients, blocks, histogram);
  }
  return true;
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
  const auto stride = static_cast<std::size_t>(matrix_.n_blocks());
  const std::size_t stretch = std::max(kLeastStretch, kStretchWords / stride);
  for (std::size_t begin = 0; begin < rows.n; begin += stretch) {
    const std::size_t n = std::min(stretch, rows.n - begin);
    const auto first = static_cast<RowIndex>(rows.first + begin);
    for (int block : blocks) {
      kAddBlock[LanesOf(block)](matrix_.Words(first) + block, stride, gradients + first, n, {},
                                histogram.data() + layout_.Offset(block));
    }
  }
}

// Window after window of blocks, block after block over a chunk of rows, whose words are copied to
// one place before. While they are summed the next chunk is asked for, a part with each block.
void HistogramBuilder::AddList(RowSpan rows, const PackedPair* gradients,
                               std::span<const int> blocks, Histogram histogram) const {
  const auto row_words = static_cast<std::size_t>(matrix_.n_blocks());
  const std::size_t chunk = kChunkWords / WindowAt(0, row_words).width;
  std::array<PackedPair, kChunkWords> pairs;
  alignas(64) std::array<std::uint64_t, kChunkWords> words;
  for (std::size_t begin = 0; begin < rows.n; begin += chunk) {
    const std::span<const RowIndex> listed(rows.rows + begin, std::min(chunk, rows.n - begin));
    const std::span<const RowIndex> next(listed.data() + listed.size(),
                                         std::min(chunk, rows.n - begin - listed.size()));
    for (std::size_t i = 0; i < listed.size(); ++i) pairs[i] = gradients[listed[i]];
    Window window;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      const auto block = static_cast<std::size_t>(blocks[b]);
      if (!window.Has(block)) {
        window = WindowAt(block, row_words);
        kCopyWindow[window.width](matrix_.Words(0) + window.begin, row_words, listed, words.data());
      }
      const std::size_t first_asked = next.size() * b / blocks.size();
      const std::size_t n_asked = next.size() * (b + 1) / blocks.size() - first_asked;
      const Ahead ahead{next.subspan(first_asked, n_asked), blocks.size(), matrix_.Words(0),
                        row_words, gradients};
      kAddBlock[LanesOf(blocks[b])](&words[block - window.begin], window.width, pairs.data(),
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
