#pragma once
// The text of a data file: unpacked if it is gzip, its byte order mark taken off, lines that end in
// a lone carriage return given line feeds; as a stream, or whole.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/files.h"

namespace coppice::trainer {

enum class TextFormat {
  kDelimited,  // comma, tab or semicolon
  kTabs,       // by its name, .tsv
  kLibsvm,
};

// A text from some byte on. One thread at a time.
class TextStream {
 public:
  virtual ~TextStream() = default;
  // The next bytes, to `to`; fewer than `most` only at the end. Throws Error (kData).
  virtual std::size_t Read(char* to, std::size_t most) = 0;
};

// A text that is not held whole, only its first lines. Thread-safe but for GrowHead and PlaceOf;
// does not move, streams borrow it.
class TextFile {
 public:
  // Throws Error (kData): unreadable, empty, broken gzip, UTF-16, or a beginning that is no text.
  // A file is unpacked when it begins as gzip does, whatever its name.
  TextFile(std::string path, FileSystem& disk);
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;
  ~TextFile();

  const std::string& path() const { return path_; }
  // How many bytes the text has, as far as that is known before it is read: 0 of gzip.
  std::uint64_t size_if_known() const;

  // The text's first bytes, a mebibyte at least, which end behind a line end unless they are all.
  std::string_view head() const { return head_; }
  bool head_is_all() const { return head_is_all_; }
  // Twice as many.
  void GrowHead();

  // The text from a byte on; of gzip, what is before is unpacked and thrown away.
  std::unique_ptr<TextStream> Stream(std::uint64_t offset) const;
  // Of a byte of the text. Cost: a walk through the text, or on from the byte that was asked for
  // before; only for what goes wrong.
  Place PlaceOf(std::uint64_t offset) const;

 private:
  class Reader;
  struct PlaceWalk;

  void ReadHead(std::size_t least);

  const std::string path_;
  const std::unique_ptr<InputFile> file_;
  bool is_gzip_ = false;
  bool has_mark_ = false;      // of byte order
  bool lone_returns_ = false;  // end lines
  std::string head_;
  bool head_is_all_ = false;
  mutable std::unique_ptr<PlaceWalk> walk_;
};

// A text that is held whole. Immutable after loading; what is read of it points into `text`, so it
// must not move either.
struct TextSource {
  std::string path;
  std::string text;

  // Of a byte of `text`. Cost: a walk from the first byte, so only for what goes wrong.
  Place PlaceOf(const char* at) const;
};

// Throws Error (kData), for what is not UTF-8 too.
TextSource LoadText(const TextFile& file);

// The first byte that is no text: a zero or not UTF-8; null when there is none.
const char* FirstNoText(std::string_view text);
// Throws the Error (kData) that says so of the first byte of `from`, which stands at `place`.
[[noreturn]] void ThrowNoText(std::string_view from, const std::string& path, const Place& place);

// By the file's name; where that says nothing (or only .txt or .data), by its first line.
TextFormat FormatOf(const TextFile& file);

}  // namespace coppice::trainer
