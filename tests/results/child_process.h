#pragma once
// A child of the test program, for what only another process can show. Tests fork while they have
// one thread, so that the child may do all that the parent may.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace coppice::results {

// Runs `work(send)` in a child that exits with its result (or 99 when it throws). `send` gives one
// byte to the parent. Killed at the end of the test if it still runs.
class ChildProcess {
 public:
  using Send = std::function<void()>;

  explicit ChildProcess(const std::function<int(const Send&)>& work) {
    int ends[2];
    if (::pipe(ends) != 0) ADD_FAILURE() << "no pipe";
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(ends[0]);
      int code = 99;
      try {
        code = work([&] {
          if (::write(ends[1], "x", 1) != 1) ::_exit(98);
        });
      } catch (...) {
        // Becomes the exit code: a child must never return into the test program.
      }
      ::_exit(code);
    }
    ::close(ends[1]);
    from_child_ = ends[0];
  }
  ~ChildProcess() {
    if (pid_ > 0) Kill();
    ::close(from_child_);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  int pid() const { return pid_; }

  // Waits for `n` bytes; false when the child ended before.
  bool Receive(int n) {
    char byte = 0;
    for (int i = 0; i < n; ++i) {
      if (::read(from_child_, &byte, 1) != 1) return false;
    }
    return true;
  }

  // The bytes that nobody has received; the child has ended.
  int ReceiveRest() {
    int n = 0;
    while (Receive(1)) ++n;
    return n;
  }

  void Kill() {
    ::kill(pid_, SIGKILL);
    Wait();
  }

  // The exit code, or -1 when a signal ended it.
  int Wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = -1;
  int from_child_ = -1;
};

}  // namespace coppice::results
