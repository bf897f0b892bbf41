#pragma once
// What the control groups of this process allow it (Linux; "cgroup v2" and the older version 1).

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace coppice {

// The content of a file; nothing where there is none.
using ReadText = std::function<std::optional<std::string>(const std::string& path)>;
ReadText SystemFiles();

// The lowest limit of the group and those around it; nothing: none.
std::optional<std::size_t> CgroupMemoryBytes(const ReadText& read);
// Cores that the lowest quota is worth, 0.5 for half of one; nothing: none.
std::optional<double> CgroupCores(const ReadText& read);

}  // namespace coppice
