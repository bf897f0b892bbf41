#include "results/store/lease.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/error.h"
#include "tests/results/child_process.h"
#include "tests/results/contains.h"
#include "tests/results/temp_folder.h"

namespace coppice::results {
namespace {

// What a second Lease says; empty when it is given.
std::string Complaint(const std::string& folder) {
  try {
    const Lease lease(folder);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kStore);
    EXPECT_FALSE(error.findings().front().hint.empty());
    return error.what();
  }
  return "";
}

TEST(Lease, ExcludesASecondOneInTheSameProcess) {
  const TempFolder folder;
  const Lease lease(folder.path());
  EXPECT_TRUE(Contains(Complaint(folder.path()), "`" + std::to_string(::getpid()) + "`"));
}

TEST(Lease, IsFreeAgainAfterItsEnd) {
  const TempFolder folder;
  { const Lease lease(folder.path()); }
  EXPECT_EQ(Complaint(folder.path()), "");
}

TEST(Lease, WaitsForOneThatIsGivenBackInTime) {
  const TempFolder folder;
  std::optional<Lease> first(std::in_place, folder.path());
  std::atomic<bool> asks = false;
  std::string complaint;
  std::thread second([&] {
    asks = true;
    try {
      const Lease lease(folder.path(), 60);
    } catch (const Error& error) {
      complaint = error.what();
    }
  });
  // Long enough for a lease that does not wait to complain.
  for (int i = 0; i < 10000 || !asks; ++i) std::this_thread::yield();
  first.reset();
  second.join();
  EXPECT_EQ(complaint, "");
}

TEST(Lease, MovesToAnotherObject) {
  const TempFolder folder;
  std::optional<Lease> first(std::in_place, folder.path());
  const Lease second(std::move(*first));
  first.reset();
  EXPECT_NE(Complaint(folder.path()), "");
}

TEST(Lease, NamesTheProcessThatHoldsIt) {
  const TempFolder folder;
  ChildProcess child([&](const ChildProcess::Send& send) {
    const Lease lease(folder.path());
    send();
    ::pause();
    return 0;
  });
  ASSERT_TRUE(child.Receive(1));
  const std::string complaint = Complaint(folder.path());
  EXPECT_TRUE(Contains(complaint, "`" + std::to_string(child.pid()) + "`"));
  std::string command;  // the child is this same program
  std::getline(std::ifstream("/proc/self/comm"), command);
  ASSERT_FALSE(command.empty());
  EXPECT_TRUE(Contains(complaint, "(" + command + ")"));
}

TEST(Lease, IsGivenBackByAProcessThatIsKilled) {
  const TempFolder folder;
  ChildProcess child([&](const ChildProcess::Send& send) {
    const Lease lease(folder.path());
    send();
    ::pause();
    return 0;
  });
  ASSERT_TRUE(child.Receive(1));
  int pid = 0;
  EXPECT_TRUE(Lease::IsHeld(folder.path(), &pid));
  EXPECT_EQ(pid, child.pid());
  child.Kill();
  EXPECT_FALSE(Lease::IsHeld(folder.path(), &pid));
  EXPECT_EQ(pid, 0);
  EXPECT_EQ(Complaint(folder.path()), "");
}

TEST(Lease, DoesNotOutliveTheHolderInAProgramItStarted) {
  const TempFolder folder;
  const Lease lease(folder.path());
  int n_found = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code ignored;
    if (std::filesystem::read_symlink(entry.path(), ignored) != folder.File("lock")) continue;
    ++n_found;
    const int fd = std::stoi(entry.path().filename().string());
    EXPECT_NE(::fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
  }
  EXPECT_EQ(n_found, 1);
}

TEST(LeaseIsHeld, IsFalseWhereNobodyEverWrote) {
  const TempFolder folder;
  int pid = 7;
  EXPECT_FALSE(Lease::IsHeld(folder.path(), &pid));
  EXPECT_FALSE(Lease::IsHeld(folder.File("nothing"), &pid));
  EXPECT_EQ(pid, 0);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(LeaseIsHeld, DoesNotTakeItFromTheHolder) {
  const TempFolder folder;
  const Lease lease(folder.path());
  int pid = 0;
  EXPECT_TRUE(Lease::IsHeld(folder.path(), &pid));
  EXPECT_EQ(pid, ::getpid());
  EXPECT_TRUE(Lease::IsHeld(folder.path(), &pid));
  EXPECT_NE(Complaint(folder.path()), "");
}

TEST(LeaseIsHeld, WorksForAUserWhoMayOnlyRead) {
  const TempFolder folder;
  const Lease lease(folder.path());
  ::chmod(folder.path().c_str(), 0555);
  ::chmod(folder.File("lock").c_str(), 0444);
  ChildProcess reader([&](const ChildProcess::Send&) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) return 2;  // root may write everywhere
    int pid = 0;
    return Lease::IsHeld(folder.path(), &pid) && pid == ::getppid() ? 0 : 1;
  });
  EXPECT_EQ(reader.Wait(), 0);
  ::chmod(folder.path().c_str(), 0755);
}

TEST(Lease, SaysWhichFolderIsMissing) {
  const TempFolder folder;
  EXPECT_TRUE(Contains(Complaint(folder.File("nothing")), folder.File("nothing") + "/lock"));
}

}  // namespace
}  // namespace coppice::results
