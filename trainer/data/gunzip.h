#pragma once
// Unpacking gzip data in memory.

#include <string>
#include <string_view>

namespace coppice::trainer {

bool LooksLikeGzip(std::string_view bytes);

// All members of the file, one after another. Throws Error (kData), naming `path`, when the data
// is damaged or ends too early.
std::string Gunzip(std::string_view packed, const std::string& path);

}  // namespace coppice::trainer
