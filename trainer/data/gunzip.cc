#include "trainer/data/gunzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "base/error.h"

namespace coppice::trainer {
namespace {

// Frees zlib's state on every way out.
class Inflater {
 public:
  explicit Inflater(const std::string& path) : path_(path) {
    // 16 asks for a gzip frame, which carries the length and a checksum.
    COPPICE_CHECK(inflateInit2(&stream_, MAX_WBITS + 16) == Z_OK, "zlib starts");
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  std::string Run(std::string_view packed) {
    std::string text;
    std::size_t used = 0;
    text.resize(std::max<std::size_t>(packed.size() * 4, 4096));
    while (!packed.empty()) {
      if (used == text.size()) text.resize(text.size() * 2);
      const uInt room = Chunk(text.size() - used);
      const uInt given = Chunk(packed.size());
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
      stream_.avail_in = given;
      stream_.next_out = reinterpret_cast<Bytef*>(text.data() + used);
      stream_.avail_out = room;
      const int code = inflate(&stream_, Z_NO_FLUSH);
      packed.remove_prefix(given - stream_.avail_in);
      used += room - stream_.avail_out;
      if (code == Z_STREAM_END) {
        ended_ = true;
        // What follows the last member is padding of a tape or another member.
        if (!LooksLikeGzip(packed)) break;
        inflateReset(&stream_);
        ended_ = false;
      } else if (code != Z_OK) {
        Fail(fmt::format("is damaged gzip data: {}", stream_.msg ? stream_.msg : "bad block"));
      }
    }
    if (!ended_) Drain(text, used);
    text.resize(used);
    return text;
  }

 private:
  static uInt Chunk(std::size_t size) {
    return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
  }

  // All input is taken; what zlib still holds comes out, and then the end must have come.
  void Drain(std::string& text, std::size_t& used) {
    for (;;) {
      if (used == text.size()) text.resize(text.size() * 2);
      const uInt room = Chunk(text.size() - used);
      stream_.avail_in = 0;
      stream_.next_out = reinterpret_cast<Bytef*>(text.data() + used);
      stream_.avail_out = room;
      const int code = inflate(&stream_, Z_NO_FLUSH);
      const uInt got = room - stream_.avail_out;
      used += got;
      if (code == Z_STREAM_END) return;
      if (code != Z_OK || got == 0) Fail("is gzip data that ends too early");
    }
  }

  [[noreturn]] void Fail(const std::string& what) const {
    throw Error(ErrorKind::kData, fmt::format("`{}` {}", path_, what), {path_, 0, 0, {}},
                "copy or download the file again; `gzip -t` checks it");
  }

  const std::string& path_;
  z_stream stream_{};
  bool ended_ = false;
};

}  // namespace

bool LooksLikeGzip(std::string_view bytes) {
  return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

std::string Gunzip(std::string_view packed, const std::string& path) {
  return Inflater(path).Run(packed);
}

}  // namespace coppice::trainer
