#pragma once
// Unpacking gzip data, piece by piece.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/files.h"

namespace coppice::trainer {

bool LooksLikeGzip(std::string_view bytes);

// What the members of a gzip file hold, one after another. One thread at a time.
class GzipReader {
 public:
  // Borrows the file. `path` is for errors.
  GzipReader(InputFile& file, std::string path);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  // The next bytes, to `to`; fewer than `most` only at the end, and every checksum was right then.
  // Throws Error (kData), naming the path, when the data is damaged or ends too early.
  std::size_t Read(char* to, std::size_t most);

 private:
  struct Stream;

  // More packed bytes, where all that were read are used; false at the end of the file.
  bool Refill();
  [[noreturn]] void Fail(const std::string& what) const;

  InputFile& file_;
  const std::string path_;
  std::unique_ptr<Stream> stream_;
  std::string packed_;        // of which the stream has used a part
  std::uint64_t offset_ = 0;  // in the file, behind packed_
  bool ended_ = false;        // the last member's
};

}  // namespace coppice::trainer
