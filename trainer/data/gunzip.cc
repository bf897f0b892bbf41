#include "trainer/data/gunzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/error.h"

namespace coppice::trainer {
namespace {

constexpr std::size_t kPackedBytes = std::size_t{1} << 16;

}  // namespace

struct GzipReader::Stream {
  z_stream z{};
};

GzipReader::GzipReader(InputFile& file, std::string path)
    : file_(file), path_(std::move(path)), stream_(std::make_unique<Stream>()) {
  // 16 asks for a gzip frame, which carries the length and a checksum.
  COPPICE_CHECK(inflateInit2(&stream_->z, MAX_WBITS + 16) == Z_OK, "zlib starts");
}

GzipReader::~GzipReader() { inflateEnd(&stream_->z); }

bool GzipReader::Refill() {
  z_stream& z = stream_->z;
  // Two bytes tell another member from padding, so that one that is left is kept.
  const std::string left(reinterpret_cast<const char*>(z.next_in), z.avail_in);
  packed_.resize(left.size() + kPackedBytes);
  left.copy(packed_.data(), left.size());
  const std::size_t got = file_.ReadAt(offset_, packed_.data() + left.size(), kPackedBytes);
  offset_ += got;
  packed_.resize(left.size() + got);
  z.next_in = reinterpret_cast<Bytef*>(packed_.data());
  z.avail_in = static_cast<uInt>(packed_.size());
  return got > 0;
}

std::size_t GzipReader::Read(char* to, std::size_t most) {
  z_stream& z = stream_->z;
  std::size_t used = 0;
  while (used < most && !ended_) {
    const bool more = z.avail_in > 0 || Refill();
    const auto room =
        static_cast<uInt>(std::min<std::size_t>(most - used, std::numeric_limits<uInt>::max()));
    z.next_out = reinterpret_cast<Bytef*>(to + used);
    z.avail_out = room;
    const int code = inflate(&z, Z_NO_FLUSH);
    const std::size_t got = room - z.avail_out;
    used += got;
    if (code == Z_STREAM_END) {
      while (z.avail_in < 2 && Refill()) continue;
      // What follows the last member is padding of a tape or another member.
      if (LooksLikeGzip({reinterpret_cast<const char*>(z.next_in), z.avail_in})) {
        inflateReset(&z);
      } else {
        ended_ = true;
      }
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      Fail(fmt::format("is damaged gzip data: {}", z.msg ? z.msg : "bad block"));
    } else if (!more && got == 0) {
      Fail("is gzip data that ends too early");
    }
  }
  return used;
}

void GzipReader::Fail(const std::string& what) const {
  throw Error(ErrorKind::kData, fmt::format("`{}` {}", path_, what), {path_, 0, 0, {}},
              "copy or download the file again; `gzip -t` checks it");
}

bool LooksLikeGzip(std::string_view bytes) {
  return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

}  // namespace coppice::trainer
