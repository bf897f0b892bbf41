#include "tuner/run/local_executor.h"

#include <tbb/task_arena.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

namespace coppice::tuner {

class LocalExecutor::State {
 public:
  State(const TrialContext& context, int threads) : context_(context), arena_(threads, 0) {}

  ~State() {
    CancelAll("the run ends");
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return unfinished_ == 0; });
  }

  void Start(const TrialRequest& request) {
    {
      const std::lock_guard lock(mutex_);
      ++unfinished_;
      ++running_;
    }
    // A token of its own: what is cancelled now does not concern trials started later.
    arena_.enqueue([this, request, token = token_] {
      TrialResult result = RunTrial(context_, request, *token);
      if (token->cancelled() && std::holds_alternative<study::Cancelled>(result.outcome)) {
        const std::lock_guard lock(mutex_);
        result.outcome = study::Cancelled{reason_};
      }
      // Notified under the lock: the destructor may run as soon as it is released.
      const std::lock_guard lock(mutex_);
      ended_.push_back(std::move(result));
      --unfinished_;
      changed_.notify_all();
    });
  }

  std::optional<TrialResult> Next(double deadline) {
    std::unique_lock lock(mutex_);
    while (ended_.empty() && running_ > 0) {
      const double left = deadline - context_.clock.Now();
      if (left <= 0) return std::nullopt;
      // A bound keeps the conversion to clock ticks in range; the loop goes round again.
      changed_.wait_for(lock, std::chrono::duration<double>(std::min(left, 60.0)));
    }
    if (ended_.empty()) return std::nullopt;
    TrialResult result = std::move(ended_.front());
    ended_.pop_front();
    --running_;
    return result;
  }

  void CancelAll(const std::string& reason) {
    const std::lock_guard lock(mutex_);
    reason_ = reason;
    token_->Cancel();
    token_ = std::make_shared<CancelToken>();
  }

  int Running() const {
    const std::lock_guard lock(mutex_);
    return running_;
  }

 private:
  const TrialContext& context_;
  tbb::task_arena arena_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<TrialResult> ended_;
  std::shared_ptr<CancelToken> token_ = std::make_shared<CancelToken>();
  std::string reason_;
  int running_ = 0;     // started and not yet handed out by Next
  int unfinished_ = 0;  // tasks that may still touch this object
};

LocalExecutor::LocalExecutor(const TrialContext& context, int threads)
    : state_(std::make_unique<State>(context, threads)) {}
LocalExecutor::~LocalExecutor() = default;

void LocalExecutor::Start(const TrialRequest& request) { state_->Start(request); }
std::optional<TrialResult> LocalExecutor::Next(double deadline) { return state_->Next(deadline); }
void LocalExecutor::CancelAll(const std::string& reason) { state_->CancelAll(reason); }
int LocalExecutor::Running() const { return state_->Running(); }

}  // namespace coppice::tuner
