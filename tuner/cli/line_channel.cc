#include "tuner/cli/line_channel.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "tuner/cli/terminal.h"

namespace coppice::tuner {

StandardLines::StandardLines(const Clock& clock, const CancelToken& signals, CancelToken& interrupt)
    : clock_(clock), signals_(signals), interrupt_(interrupt) {}

std::optional<std::string> StandardLines::Read(double deadline) {
  while (true) {
    if (auto line = TakeLine()) return line;
    if (signals_.cancelled() || is_at_end_) {
      interrupt_.Cancel();
      return std::nullopt;
    }
    if (!Fill(deadline)) return std::nullopt;
  }
}

std::optional<std::string> StandardLines::TakeLine() {
  const std::size_t end = buffer_.find('\n');
  if (end == std::string::npos) {
    if (!is_at_end_ || buffer_.empty()) return std::nullopt;
    return std::exchange(buffer_, {});  // the last line has no end of its own
  }
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return line;
}

bool StandardLines::Fill(double deadline) {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  const double left = std::clamp(deadline - clock_.Now(), 0.0, 60.0);
  const int ready = ::poll(&input, 1, static_cast<int>(left * 1000));
  if (ready < 0 && errno == EINTR) return true;  // a signal: its token is looked at
  if (ready <= 0) return false;
  std::array<char, 65536> bytes;
  const ssize_t n = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  if (n < 0 && errno == EINTR) return true;
  is_at_end_ = n <= 0;
  if (n > 0) buffer_.append(bytes.data(), static_cast<std::size_t>(n));
  return true;
}

void StandardLines::Write(const std::string& line) { Print(line + "\n"); }

}  // namespace coppice::tuner
