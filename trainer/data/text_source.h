#pragma once
// The text of a data file: read, unpacked if it is gzip, known to be UTF-8, its byte order mark
// taken off.

#include <string>

#include "base/error.h"
#include "base/files.h"

namespace coppice::trainer {

enum class TextFormat {
  kDelimited,  // comma, tab or semicolon
  kTabs,       // by its name, .tsv
  kLibsvm,
};

// Immutable after loading; fields and places point into `text`, so it must not move either.
struct TextSource {
  std::string path;
  std::string text;

  // Of a byte of `text`. Cost: a walk from the first byte, so only for what goes wrong.
  Place PlaceOf(const char* at) const;
};

// A file is unpacked when it begins as gzip does, whatever its name. Lines that end in a lone
// carriage return are given line feeds. Throws Error (kData): unreadable, empty, broken gzip, not
// text, not UTF-8.
TextSource LoadText(const std::string& path, FileSystem& disk);

// By the file's name; where that says nothing (or only .txt or .data), by its first line.
TextFormat FormatOf(const TextSource& source);

}  // namespace coppice::trainer
