#pragma once
// stdin and stdout as the two sides of a conversation.

#include <string>

#include "base/cancel.h"
#include "base/clock.h"
#include "tuner/run/conversation_executor.h"

namespace coppice::tuner {

class StandardLines : public LineChannel {
 public:
  // `interrupt` is tripped when the other side has ended; Read returns early when `signals` is. All
  // are borrowed.
  StandardLines(const Clock& clock, const CancelToken& signals, CancelToken& interrupt);

  std::optional<std::string> Read(double deadline) override;
  // Throws Error (kStore) when the other side does not listen.
  void Write(const std::string& line) override;

 private:
  std::optional<std::string> TakeLine();
  // Waits for bytes; false when none came.
  bool Fill(double deadline);

  const Clock& clock_;
  const CancelToken& signals_;
  CancelToken& interrupt_;
  std::string buffer_;
  bool is_at_end_ = false;
};

}  // namespace coppice::tuner
