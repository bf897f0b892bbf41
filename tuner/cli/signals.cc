#include "tuner/cli/signals.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>

#include "tuner/cli/exit_code.h"

namespace coppice::tuner {
namespace {

// A signal handler can reach nothing but globals.
// Never deleted: a handler may still run on another thread when its guard goes.
std::atomic<CancelToken*> g_token{nullptr};
std::atomic<int> g_signal{0};

int CodeOf(int signal_number) { return signal_number == SIGTERM ? kTerminated : kInterrupted; }

void OnSignal(int signal_number) {
  if (g_signal.exchange(signal_number) != 0) ::_exit(CodeOf(signal_number));
  g_token.load()->Cancel();
}

void Handle(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

SignalGuard::SignalGuard() {
  g_signal = 0;
  g_token = new CancelToken;
  Handle(OnSignal);
}

SignalGuard::~SignalGuard() { Handle(SIG_DFL); }

const CancelToken& SignalGuard::token() const { return *g_token.load(); }
int SignalGuard::exit_code() const { return CodeOf(g_signal); }

}  // namespace coppice::tuner
