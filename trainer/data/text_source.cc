#include "trainer/data/text_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "trainer/data/gunzip.h"

namespace coppice::trainer {
namespace {

bool EndsWith(std::string_view name, std::string_view ending) {
  if (name.size() < ending.size()) return false;
  return std::equal(ending.rbegin(), ending.rend(), name.rbegin(), [](char want, char have) {
    return want == (have >= 'A' && have <= 'Z' ? static_cast<char>(have + ('a' - 'A')) : have);
  });
}

bool HasEnding(std::string_view name, std::initializer_list<std::string_view> endings) {
  if (EndsWith(name, ".gz")) name.remove_suffix(3);
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return EndsWith(name, ending); });
}

// The bytes of the UTF-8 character that begins `text`, or 0 when it is none. No overlong forms, no
// surrogates, nothing above U+10FFFF (RFC 3629, section 4).
std::size_t CharacterLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const unsigned second = byte(1);
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
  if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
  return length;
}

std::string_view FirstLineOf(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const std::size_t start = line.find_first_not_of(" \t\r");
    if (start != std::string_view::npos && line[start] != '#') return line.substr(start);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return {};
}

// A number, then "index:value" or "qid:number".
bool LooksLikeLibsvm(std::string_view text) {
  const std::string_view line = FirstLineOf(text);
  const std::size_t space = line.find_first_of(" \t");
  if (space == std::string_view::npos) return false;
  double number = 0;
  if (!ParseDouble(line.substr(0, space), &number)) return false;
  std::string_view pair = line.substr(space);
  pair.remove_prefix(std::min(pair.find_first_not_of(" \t"), pair.size()));
  pair = pair.substr(0, pair.find_first_of(" \t\r"));
  const std::size_t colon = pair.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view index = pair.substr(0, colon);
  const bool counts = !index.empty() && index.find_first_not_of("0123456789") == index.npos;
  return (counts || index == "qid") && ParseDouble(pair.substr(colon + 1), &number);
}

constexpr std::size_t kHeadBytes = std::size_t{1} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

// The bytes of the file as they are, or unpacked; then made text.
class TextFile::Reader : public TextStream {
 public:
  Reader(const TextFile& text, std::uint64_t offset)
      : text_(text), at_(offset + (text.has_mark_ ? kByteOrderMark.size() : 0)) {
    if (!text.is_gzip_) return;
    gzip_.emplace(*text.file_, text.path_);
    std::string passed(std::min<std::uint64_t>(at_, kHeadBytes), '\0');
    for (std::uint64_t left = at_; left > 0;) {
      const std::size_t got = gzip_->Read(passed.data(), std::min<std::uint64_t>(left, kHeadBytes));
      if (got == 0) break;
      left -= got;
    }
  }

  std::size_t Read(char* to, std::size_t most) override {
    const std::size_t got = gzip_ ? gzip_->Read(to, most) : text_.file_->ReadAt(at_, to, most);
    at_ += got;
    if (text_.lone_returns_) std::replace(to, to + got, '\r', '\n');
    return got;
  }

 private:
  const TextFile& text_;
  std::uint64_t at_;
  std::optional<GzipReader> gzip_;
};

struct TextFile::PlaceWalk {
  std::unique_ptr<TextStream> stream;
  std::uint64_t at = 0;
  std::uint64_t line_begin = 0;
  int line = 1;
};

TextFile::TextFile(std::string path, FileSystem& disk)
    : path_(std::move(path)), file_(disk.Open(path_)) {
  std::string first(4, '\0');
  first.resize(file_->ReadAt(0, first.data(), first.size()));
  is_gzip_ = LooksLikeGzip(first);
  if (!is_gzip_ && EndsWith(path_, ".gz") && !first.empty()) {
    throw Error(ErrorKind::kData, fmt::format("`{}` is not gzip data", path_), {path_, 0, 0, {}},
                "take `.gz` off its name if it is plain text");
  }
  ReadHead(kHeadBytes);
  if (head_.starts_with("\xFF\xFE") || head_.starts_with("\xFE\xFF")) {
    throw Error(ErrorKind::kData, fmt::format("`{}` is UTF-16", path_), {path_, 0, 0, {}},
                "save it as UTF-8; `iconv -f utf-16 -t utf-8` does");
  }
  has_mark_ = head_.starts_with(kByteOrderMark);
  lone_returns_ = head_.find('\n') == head_.npos && head_.find('\r') != head_.npos;
  if (has_mark_ || lone_returns_) ReadHead(kHeadBytes);
  while (head_.find_first_not_of(" \t\r\n") == head_.npos) {
    if (head_is_all_) {
      throw Error(ErrorKind::kData, fmt::format("`{}` is empty", path_), {path_, 0, 0, {}},
                  "a data file has a row for each example");
    }
    GrowHead();
  }
  if (const char* fault = FirstNoText(head_)) {
    const auto offset = static_cast<std::size_t>(fault - head_.data());
    ThrowNoText(std::string_view(head_).substr(offset), path_, PlaceOf(offset));
  }
}

TextFile::~TextFile() = default;

std::uint64_t TextFile::size_if_known() const { return is_gzip_ ? 0 : file_->size(); }

void TextFile::GrowHead() { ReadHead(std::max(head_.size() * 2, kHeadBytes)); }

void TextFile::ReadHead(std::size_t least) {
  const auto stream = Stream(0);
  head_.clear();
  head_is_all_ = false;
  for (std::size_t used = 0;; least = used * 2) {
    head_.resize(least);
    const std::size_t got = stream->Read(head_.data() + used, least - used);
    used += got;
    head_is_all_ = used < least;
    head_.resize(used);
    if (head_is_all_) return;
    const std::size_t line_end = head_.rfind('\n');
    if (line_end != head_.npos) return head_.resize(line_end + 1);
    // Where lines end in carriage returns, is seen only now.
    const std::size_t line_return = head_.find('\r');
    if (line_return != head_.npos && line_return + 1 < used && !lone_returns_) return;
  }
}

std::unique_ptr<TextStream> TextFile::Stream(std::uint64_t offset) const {
  return std::make_unique<Reader>(*this, offset);
}

Place TextFile::PlaceOf(std::uint64_t offset) const {
  if (walk_ == nullptr || walk_->at > offset) {
    walk_ = std::make_unique<PlaceWalk>();
    walk_->stream = Stream(0);
  }
  std::string piece;
  while (walk_->at < offset) {
    piece.resize(std::min<std::uint64_t>(offset - walk_->at, kHeadBytes));
    piece.resize(walk_->stream->Read(piece.data(), piece.size()));
    if (piece.empty()) break;
    for (std::size_t i = 0; i < piece.size(); ++i) {
      if (piece[i] != '\n') continue;
      ++walk_->line;
      walk_->line_begin = walk_->at + i + 1;
    }
    walk_->at += piece.size();
  }
  return {path_, walk_->line, static_cast<int>(offset - walk_->line_begin) + 1, {}};
}

const char* FirstNoText(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    // 32 plain bytes at a time: none above 127, none zero.
    std::array<std::uint64_t, 4> words;
    if (static_cast<std::size_t>(end - at) >= sizeof(words)) {
      std::memcpy(words.data(), at, sizeof(words));
      constexpr std::uint64_t kHigh = 0x8080808080808080ULL;
      constexpr std::uint64_t kLow = 0x0101010101010101ULL;
      std::uint64_t odd = 0;
      for (const std::uint64_t word : words) odd |= word | (word - kLow);
      if ((odd & kHigh) == 0) {
        at += sizeof(words);
        continue;
      }
    }
    // Then these bytes one by one.
    const char* const stop = std::min(end, at + sizeof(words));
    while (at < stop) {
      const std::size_t length =
          *at == 0 ? 0 : CharacterLength({at, static_cast<std::size_t>(end - at)});
      if (length == 0) return at;
      at += length;
    }
  }
  return nullptr;
}

void ThrowNoText(std::string_view from, const std::string& path, const Place& place) {
  const auto byte = static_cast<unsigned char>(from.front());
  if (byte == 0) {
    throw Error(ErrorKind::kData,
                fmt::format("`{}` is not a text file: it holds a zero byte", path), place,
                "save the table as CSV in UTF-8");
  }
  throw Error(ErrorKind::kData,
              fmt::format("`{}` is not UTF-8: byte 0x{:02X} begins no character", path, byte),
              place, "save it as UTF-8; for a Western file `iconv -f latin1 -t utf-8` does");
}

Place TextSource::PlaceOf(const char* at) const {
  const char* const begin = text.data();
  Place place{path, 1, 1, {}};
  const char* line = begin;
  for (const char* p = begin; p < at; ++p) {
    if (*p != '\n') continue;
    ++place.line;
    line = p + 1;
  }
  place.column = static_cast<int>(at - line) + 1;
  return place;
}

TextSource LoadText(const TextFile& file) {
  TextSource source{file.path(), {}};
  std::string& text = source.text;
  const auto stream = file.Stream(0);
  // A byte more shows the end.
  text.resize(std::max<std::uint64_t>(file.size_if_known(), kHeadBytes) + 1);
  std::size_t used = 0;
  for (;;) {
    used += stream->Read(text.data() + used, text.size() - used);
    if (used < text.size()) break;
    text.resize(text.size() * 2);
  }
  text.resize(used);
  if (const char* fault = FirstNoText(text)) {
    ThrowNoText(std::string_view(text).substr(static_cast<std::size_t>(fault - text.data())),
                source.path, source.PlaceOf(fault));
  }
  return source;
}

TextFormat FormatOf(const TextFile& file) {
  if (HasEnding(file.path(), {".libsvm", ".svm"})) return TextFormat::kLibsvm;
  if (HasEnding(file.path(), {".tsv"})) return TextFormat::kTabs;
  if (HasEnding(file.path(), {".csv"})) return TextFormat::kDelimited;
  return LooksLikeLibsvm(file.head()) ? TextFormat::kLibsvm : TextFormat::kDelimited;
}

}  // namespace coppice::trainer
