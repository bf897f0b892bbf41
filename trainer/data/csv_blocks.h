#pragma once
// A delimited text in blocks of lines, so that it is never held whole.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/data/csv_tokenizer.h"
#include "trainer/data/text_source.h"

namespace coppice::trainer {

// How long a block is, unless a line is longer.
inline constexpr std::size_t kCsvBlockBytes = std::size_t{1} << 18;

// Whole lines. A quoted field may hold line ends, so that a block may begin or end inside of one.
struct CsvBlock {
  std::uint64_t offset = 0;  // of its first byte in the text
  std::string text;
  bool is_last = false;

  std::uint64_t end() const { return offset + text.size(); }
};

// Cuts a text from some byte on into blocks, always the same ones. One thread at a time.
class CsvBlocks {
 public:
  // Borrows the file.
  CsvBlocks(const TextFile& file, std::uint64_t offset);

  // Replaces `block`, whose memory is used again, by the next one; false behind the last.
  bool Next(CsvBlock& block);

 private:
  // Up to `n` bytes more.
  void Read(std::size_t n, std::string& to);

  const std::unique_ptr<TextStream> stream_;
  std::uint64_t offset_;
  std::string rest_;  // read, and behind the end of the last block
  bool ended_ = false;
};

// Puts behind `block`, which is not the last one, what follows it: as much again as it has, so that
// a field over many blocks is not gone through once for each. `room` is of use before and after.
void Append(CsvBlocks& blocks, CsvBlock& block, CsvBlock& room);

// The records of a text, one after another. For what is rare: one thread, no columns.
class RecordWalk {
 public:
  // Borrows the file.
  RecordWalk(const TextFile& file, std::uint64_t offset, char delimiter);

  // Replaces `fields` by those of the next record; they live until the next call.
  bool Next(std::vector<Field>& fields);
  // Of a byte of the last record, in the text.
  std::uint64_t OffsetOf(const char* at) const {
    return block_.offset + static_cast<std::uint64_t>(at - block_.text.data());
  }
  // Of the last record.
  const CsvTokenizer& tokenizer() const { return *tokenizer_; }

 private:
  CsvBlocks blocks_;
  const char delimiter_;
  CsvBlock block_;
  CsvBlock next_;
  std::optional<CsvTokenizer> tokenizer_;
};

// Of the first byte that is no text in all of the file, if there is one. Throws its Error (kData).
void CheckIsText(const TextFile& file);

}  // namespace coppice::trainer
