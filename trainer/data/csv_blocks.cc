#include "trainer/data/csv_blocks.h"

#include <cstdint>

#include "base/error.h"

namespace coppice::trainer {
namespace {

bool HasOddQuotes(std::string_view text) {
  bool odd = false;
  while (!text.empty()) {
    // A sum in a byte, of so few that it cannot overflow, is done 16 bytes at a time.
    const std::string_view piece = text.substr(0, 255);
    std::uint8_t n = 0;
    for (const char c : piece) n = static_cast<std::uint8_t>(n + (c == '"' ? 1 : 0));
    odd ^= (n & 1) != 0;
    text.remove_prefix(piece.size());
  }
  return odd;
}

// Behind the last line end that stands in no quoted field, if the text begins in none; else behind
// the last one; 0 when there is none. Which of them is only a matter of speed.
std::size_t CutAt(std::string_view text) {
  const std::size_t last = text.rfind('\n');
  if (last == text.npos) return 0;
  std::size_t cut = last + 1;
  for (bool odd = HasOddQuotes(text.substr(0, cut)); odd;) {
    const std::size_t before = cut < 2 ? text.npos : text.rfind('\n', cut - 2);
    if (before == text.npos) return last + 1;
    odd ^= HasOddQuotes(text.substr(before + 1, cut - before - 1));
    cut = before + 1;
  }
  return cut;
}

}  // namespace

CsvBlocks::CsvBlocks(const TextFile& file, std::uint64_t offset)
    : stream_(file.Stream(offset)), offset_(offset) {}

bool CsvBlocks::Next(CsvBlock& block) {
  std::string& text = block.text;
  text = rest_;
  rest_.clear();
  std::size_t cut = 0;
  for (std::size_t size = kCsvBlockBytes; !ended_ && cut == 0; size *= 2) {
    if (text.size() < size) Read(size - text.size(), text);
    cut = CutAt(text);
  }
  if (ended_) cut = text.size();
  if (cut == 0) return false;
  rest_.assign(text, cut);
  text.resize(cut);
  // Whether it is the last one shows only when more is asked for.
  if (rest_.empty() && !ended_) Read(1, rest_);
  block.offset = offset_;
  block.is_last = ended_ && rest_.empty();
  offset_ += cut;
  return true;
}

void CsvBlocks::Read(std::size_t n, std::string& to) {
  const std::size_t used = to.size();
  to.resize(used + n);
  const std::size_t got = stream_->Read(to.data() + used, n);
  to.resize(used + got);
  ended_ = got < n;
}

RecordWalk::RecordWalk(const TextFile& file, std::uint64_t offset, char delimiter)
    : blocks_(file, offset), delimiter_(delimiter) {}

bool RecordWalk::Next(std::vector<Field>& fields) {
  for (;;) {
    const bool has_record = tokenizer_ && tokenizer_->Next(fields);
    const bool is_open = has_record && tokenizer_->fault() == CsvFault::kOpenQuote;
    if (has_record && (!is_open || block_.is_last)) return true;
    if (!has_record && block_.is_last) return false;
    // The field that is open goes on in the next block.
    const char* const begin = block_.text.data();
    block_.text.erase(0, is_open ? static_cast<std::size_t>(tokenizer_->record_begin() - begin)
                                 : block_.text.size());
    Append(blocks_, block_, next_);
    tokenizer_.emplace(block_.text, delimiter_);
  }
}

void Append(CsvBlocks& blocks, CsvBlock& block, CsvBlock& room) {
  const std::size_t enough = 2 * block.text.size();
  do {
    COPPICE_CHECK(blocks.Next(room), "a block that is not the last one has a next one");
    block.text += room.text;
    block.offset = room.end() - block.text.size();
    block.is_last = room.is_last;
  } while (block.text.size() < enough && !block.is_last);
}

void CheckIsText(const TextFile& file) {
  CsvBlocks blocks(file, 0);
  for (CsvBlock block; blocks.Next(block);) {
    const char* const fault = FirstNoText(block.text);
    if (fault == nullptr) continue;
    const auto at = static_cast<std::size_t>(fault - block.text.data());
    ThrowNoText(std::string_view(block.text).substr(at), file.path(),
                file.PlaceOf(block.offset + at));
  }
}

}  // namespace coppice::trainer
