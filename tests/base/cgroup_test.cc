#include "base/cgroup.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "base/memory.h"

namespace coppice {
namespace {

ReadText Files(std::map<std::string, std::string> files) {
  return [files = std::move(files)](const std::string& path) -> std::optional<std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return std::nullopt;
    return found->second;
  };
}

TEST(Cgroup, HasTheLowestLimitOfAllGroupsAround) {
  const ReadText files = Files({{"/proc/self/cgroup", "0::/a/b\n"},
                                {"/sys/fs/cgroup/memory.max", "max\n"},
                                {"/sys/fs/cgroup/a/memory.max", "1000\n"},
                                {"/sys/fs/cgroup/a/b/memory.max", "3000\n"},
                                {"/sys/fs/cgroup/cpu.max", "250000 100000\n"},
                                {"/sys/fs/cgroup/a/cpu.max", "max 100000\n"}});
  EXPECT_EQ(CgroupMemoryBytes(files), 1000U);
  EXPECT_EQ(CgroupCores(files), 2.5);
}

TEST(Cgroup, OfTheOlderVersionHasAFolderForEachController) {
  const ReadText files =
      Files({{"/proc/self/cgroup", "5:cpu,cpuacct:/box\n4:memory:/box\n1:name=systemd:/\n"},
             {"/sys/fs/cgroup/memory/box/memory.limit_in_bytes", "5000\n"},
             {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"},
             {"/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "150000\n"},
             {"/sys/fs/cgroup/cpu/box/cpu.cfs_period_us", "100000\n"},
             {"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n"},
             {"/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"}});
  EXPECT_EQ(CgroupMemoryBytes(files), 5000U);
  EXPECT_EQ(CgroupCores(files), 1.5);
}

TEST(Cgroup, WithoutLimitsOrFilesHasNone) {
  EXPECT_EQ(CgroupMemoryBytes(Files({})), std::nullopt);
  EXPECT_EQ(CgroupCores(Files({})), std::nullopt);
  const ReadText open = Files({{"/proc/self/cgroup", "0::/\n"},
                               {"/sys/fs/cgroup/memory.max", "max\n"},
                               {"/sys/fs/cgroup/cpu.max", "max 100000\n"}});
  EXPECT_EQ(CgroupMemoryBytes(open), std::nullopt);
  EXPECT_EQ(CgroupCores(open), std::nullopt);
}

TEST(MemoryState, IsTheContainersLimitWhereItIsBelowTheMachines) {
  std::map<std::string, std::string> texts = {
      {"/proc/meminfo", "MemTotal:       4 kB\nMemFree: 1 kB\nMemAvailable:  3 kB\n"},
      {"/proc/self/status", "Name: coppice\nVmRSS:\t      2 kB\n"},
      {"/proc/self/cgroup", "0::/\n"}};
  const MemoryState machine = MemoryStateFrom(Files(texts));
  EXPECT_EQ(machine.limit_bytes, 4096U);
  EXPECT_EQ(machine.limit_of, "this machine");
  EXPECT_EQ(machine.available_bytes, 3072U);
  EXPECT_EQ(machine.resident_bytes, 2048U);
  texts["/sys/fs/cgroup/memory.max"] = "4000";
  EXPECT_EQ(MemoryStateFrom(Files(texts)).limit_bytes, 4000U);
  EXPECT_EQ(MemoryStateFrom(Files(texts)).limit_of, "the container");
  texts["/sys/fs/cgroup/memory.max"] = "5000";
  EXPECT_EQ(MemoryStateFrom(Files(texts)).limit_bytes, 4096U);
}

TEST(MemoryGrowth, IsTheMostThatWasTakenSinceItBegan) {
  constexpr std::size_t kMegabyte = std::size_t{1} << 20;
  std::vector<char>(300 * kMegabyte, 1);
  const MemoryGrowth growth;
  const auto at_first = growth.Peak();
  if (!at_first) GTEST_SKIP() << "the system does not say";
  EXPECT_LT(*at_first, 20 * kMegabyte);
  std::vector<char>(100 * kMegabyte, 1);
  EXPECT_GT(*growth.Peak(), 90 * kMegabyte);
  EXPECT_LT(*growth.Peak(), 200 * kMegabyte);
}

}  // namespace
}  // namespace coppice
