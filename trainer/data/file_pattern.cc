#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "trainer/data/reader.h"

namespace coppice::trainer {
namespace {

// Frees the list of glob(3) on every way out.
struct GlobList {
  GlobList() = default;
  ~GlobList() { ::globfree(&list); }
  GlobList(const GlobList&) = delete;
  GlobList& operator=(const GlobList&) = delete;
  glob_t list{};
};

// The folder is a name, not a pattern.
std::string Escape(const std::string& folder) {
  std::string escaped;
  for (const char c : folder) {
    if (c == '*' || c == '?' || c == '[' || c == '\\') escaped.push_back('\\');
    escaped.push_back(c);
  }
  return escaped;
}

}  // namespace

std::vector<std::string> ExpandPattern(const std::string& pattern, const std::string& folder) {
  namespace fs = std::filesystem;
  if (pattern.find_first_of("*?") == std::string::npos) {
    return {(fs::path(folder) / pattern).string()};
  }
  const std::string full = (fs::path(Escape(folder)) / pattern).string();
  GlobList found;
  // Folders get a slash at their end, by which they are told apart. The order of glob(3) would
  // depend on the locale.
  ::glob(full.c_str(), GLOB_MARK | GLOB_NOSORT, nullptr, &found.list);
  std::vector<std::string> files;
  for (std::size_t i = 0; i < found.list.gl_pathc; ++i) {
    std::string name = found.list.gl_pathv[i];
    if (!name.ends_with('/')) files.push_back(std::move(name));
  }
  if (files.empty()) {
    throw Error(ErrorKind::kData, fmt::format("no file matches `{}`", pattern), {},
                fmt::format("it was looked for in `{}`", folder.empty() ? "." : folder));
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string AbsolutePattern(const std::string& pattern, const std::string& folder) {
  namespace fs = std::filesystem;
  if (fs::path(pattern).is_absolute()) return pattern;
  const auto is_pattern = [](const std::string& text) {
    return text.find_first_of("*?") != std::string::npos;
  };
  // As a part of a pattern, what stood for itself must be escaped.
  const bool becomes_one = is_pattern(pattern) || is_pattern(folder);
  const std::string begin = becomes_one ? Escape(folder) : folder;
  const std::string end = becomes_one && !is_pattern(pattern) ? Escape(pattern) : pattern;
  const fs::path whole = fs::path(begin) / end;
  // `..` behind a link is not what it looks like.
  const bool climbs = std::find(whole.begin(), whole.end(), "..") != whole.end();
  return climbs ? whole.string() : whole.lexically_normal().string();
}

}  // namespace coppice::trainer
