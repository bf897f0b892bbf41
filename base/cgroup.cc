#include "base/cgroup.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

namespace coppice {
namespace {

// Version 1 says "no limit" by a number near 2^63.
constexpr double kNoLimit = 1e18;

// The folders of a group and of those around it. `/proc/self/cgroup` has a line "0::/path" (version
// 2) or "4:memory:/path" (version 1) for it; inside of a container the path may be that of the
// host, where only the root is to be seen.
std::vector<std::string> FoldersOf(const ReadText& read, const std::string& controller) {
  std::vector<std::string> folders;
  std::istringstream lines(read("/proc/self/cgroup").value_or(""));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string names = "," + line.substr(first + 1, second - first - 1) + ",";
    const bool is_v2 = names == ",,";
    if (!is_v2 && names.find("," + controller + ",") == std::string::npos) continue;
    const std::string root = is_v2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/" + controller;
    std::string path = line.substr(second + 1);
    while (!path.empty() && path != "/") {
      folders.push_back(root + path);
      path.resize(path.rfind('/'));
    }
    folders.push_back(root);
  }
  return folders;
}

// The first number of a file; nothing for "max", "-1", or no file.
std::optional<double> NumberIn(const ReadText& read, const std::string& path) {
  const std::optional<std::string> text = read(path);
  if (!text) return std::nullopt;
  std::istringstream words(*text);
  double number = 0;
  if (!(words >> number) || number <= 0 || number >= kNoLimit) return std::nullopt;
  return number;
}

void LowerTo(std::optional<double> candidate, std::optional<double>* least) {
  if (candidate && (!*least || *candidate < **least)) *least = candidate;
}

// "150000 100000" are one and a half cores.
std::optional<double> QuotaIn(const ReadText& read, const std::string& path) {
  std::istringstream words(read(path).value_or(""));
  double quota = 0;
  double period = 0;
  if (!(words >> quota >> period) || quota <= 0 || period <= 0) return std::nullopt;
  return quota / period;
}

}  // namespace

ReadText SystemFiles() {
  return [](const std::string& path) -> std::optional<std::string> {
    std::ifstream file(path);
    if (!file) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
}

std::optional<std::size_t> CgroupMemoryBytes(const ReadText& read) {
  std::optional<double> least;
  for (const std::string& folder : FoldersOf(read, "memory")) {
    LowerTo(NumberIn(read, folder + "/memory.max"), &least);
    LowerTo(NumberIn(read, folder + "/memory.limit_in_bytes"), &least);
  }
  if (!least) return std::nullopt;
  return static_cast<std::size_t>(*least);
}

std::optional<double> CgroupCores(const ReadText& read) {
  std::optional<double> least;
  for (const std::string& folder : FoldersOf(read, "cpu")) {
    LowerTo(QuotaIn(read, folder + "/cpu.max"), &least);
    const auto quota = NumberIn(read, folder + "/cpu.cfs_quota_us");
    const auto period = NumberIn(read, folder + "/cpu.cfs_period_us");
    if (quota && period) LowerTo(*quota / *period, &least);
  }
  return least;
}

}  // namespace coppice
