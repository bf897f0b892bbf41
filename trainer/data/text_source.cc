#include "trainer/data/text_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

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

// The first byte that is no text: a zero or not UTF-8; null when there is none.
const char* FirstFault(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    // Eight plain bytes at a time: none above 127, none zero.
    std::uint64_t word = 0;
    if (end - at >= 8) {
      std::memcpy(&word, at, 8);
      constexpr std::uint64_t kHigh = 0x8080808080808080ULL;
      constexpr std::uint64_t kLow = 0x0101010101010101ULL;
      if (((word | (word - kLow)) & kHigh) == 0) {
        at += 8;
        continue;
      }
    }
    const std::size_t length =
        *at == 0 ? 0 : CharacterLength({at, static_cast<std::size_t>(end - at)});
    if (length == 0) return at;
    at += length;
  }
  return nullptr;
}

void CheckIsText(const TextSource& source) {
  const char* fault = FirstFault(source.text);
  if (fault == nullptr) return;
  const auto byte = static_cast<unsigned char>(*fault);
  if (byte == 0) {
    throw Error(ErrorKind::kData,
                fmt::format("`{}` is not a text file: it holds a zero byte", source.path),
                source.PlaceOf(fault), "save the table as CSV in UTF-8");
  }
  throw Error(
      ErrorKind::kData,
      fmt::format("`{}` is not UTF-8: byte 0x{:02X} begins no character", source.path, byte),
      source.PlaceOf(fault),
      "save it as UTF-8; for a Western file `iconv -f latin1 -t utf-8` does");
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

}  // namespace

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

TextSource LoadText(const std::string& path, FileSystem& disk) {
  TextSource source{path, disk.Read(path)};
  std::string& text = source.text;
  if (LooksLikeGzip(text)) {
    text = Gunzip(text, path);
  } else if (EndsWith(path, ".gz") && !text.empty()) {
    throw Error(ErrorKind::kData, fmt::format("`{}` is not gzip data", path), {path, 0, 0, {}},
                "take `.gz` off its name if it is plain text");
  }
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    throw Error(ErrorKind::kData, fmt::format("`{}` is UTF-16", path), {path, 0, 0, {}},
                "save it as UTF-8; `iconv -f utf-16 -t utf-8` does");
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  if (text.find('\n') == std::string::npos) std::replace(text.begin(), text.end(), '\r', '\n');
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw Error(ErrorKind::kData, fmt::format("`{}` is empty", path), {path, 0, 0, {}},
                "a data file has a row for each example");
  }
  CheckIsText(source);
  return source;
}

TextFormat FormatOf(const TextSource& source) {
  if (HasEnding(source.path, {".libsvm", ".svm"})) return TextFormat::kLibsvm;
  if (HasEnding(source.path, {".tsv"})) return TextFormat::kTabs;
  if (HasEnding(source.path, {".csv"})) return TextFormat::kDelimited;
  return LooksLikeLibsvm(source.text) ? TextFormat::kLibsvm : TextFormat::kDelimited;
}

}  // namespace coppice::trainer
