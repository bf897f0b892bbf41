#include "tuner/run/local_executor.h"

#include <fmt/format.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <future>
#include <list>
#include <memory>
#include <mutex>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "tuner/run/failure.h"

namespace coppice::tuner {
namespace {

struct Job {
  TrialRequest request;
  std::size_t bytes = 0;
  CancelToken token;
  std::string cancel_reason;  // set before the token is tripped
  TrialResult result;
};

study::Failed NoRoom(std::size_t bytes, const MemoryBudget& budget) {
  return {study::FailureKind::kMemory,
          fmt::format("it needs {} for its rows and histograms, and {}",
                      FormatBytes(static_cast<double>(bytes)), budget.limit_words)};
}

// Moving a node from one list to the other needs no memory, so a trial that has started always
// ends, whatever fails.
using Jobs = std::list<Job>;

}  // namespace

class LocalExecutor::State {
 public:
  State(Runner runner, const Clock& clock, int threads, MemoryBudget budget)
      : runner_(std::move(runner)), clock_(clock), budget_(std::move(budget)), arena_(threads, 0) {
    // A worker is there before the first trial: oneTBB passes over in silence that there is no
    // memory for a thread, and a trial that no thread runs would be waited for for ever.
    auto began = std::make_shared<std::promise<void>>();
    std::future<void> future = began->get_future();
    arena_.enqueue([began] { began->set_value(); });
    if (future.wait_for(std::chrono::seconds(30)) != std::future_status::ready) {
      throw Error(ErrorKind::kInternal, "no thread could be started to run trials", {},
                  "free memory, or run with fewer `--threads`");
    }
  }

  ~State() {
    std::unique_lock lock(mutex_);
    waiting_.clear();
    for (Job& job : running_) job.token.Cancel();
    changed_.wait(lock, [&] { return running_.empty(); });
  }

  void Start(const TrialRequest& request) {
    Jobs started;
    Job& job = started.emplace_back();
    job.request = request;
    job.result.trial = request.trial;
    TrialNeed need;
    if (budget_.need_of) need = budget_.need_of(request);
    job.bytes = need.at_most;
    const bool never_fits = need.surely > budget_.most_bytes;
    if (never_fits) job.result.outcome = NoRoom(need.surely, budget_);
    const std::lock_guard lock(mutex_);
    if (never_fits) {
      ended_.splice(ended_.end(), started);
    } else {
      waiting_.splice(waiting_.end(), started);
      Admit();
    }
  }

  std::optional<TrialResult> Next(double deadline) {
    std::unique_lock lock(mutex_);
    while (ended_.empty() && !running_.empty()) {
      const double left = deadline - clock_.Now();
      if (left <= 0) return std::nullopt;
      // A bound keeps the conversion to clock ticks in range; the loop goes round again.
      changed_.wait_for(lock, std::chrono::duration<double>(std::min(left, 60.0)));
    }
    if (ended_.empty()) return std::nullopt;
    TrialResult result = std::move(ended_.front().result);
    ended_.pop_front();
    return result;
  }

  void CancelAll(const std::string& reason) {
    const std::lock_guard lock(mutex_);
    for (Job& job : waiting_) job.result.outcome = study::Cancelled{reason};
    ended_.splice(ended_.end(), waiting_);
    for (Job& job : running_) {
      if (job.token.cancelled()) continue;
      job.cancel_reason = reason;
      job.token.Cancel();
    }
    changed_.notify_all();
  }

  void AbandonAll() {
    const std::lock_guard lock(mutex_);
    for (Job& job : running_) {
      if (job.token.cancelled()) job.token.Abandon();
    }
  }

  int Running() const {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(waiting_.size() + running_.size() + ended_.size());
  }

 private:
  // First come, first served, so that no trial waits for ever. Under the lock.
  void Admit() noexcept {
    while (!waiting_.empty()) {
      const Jobs::iterator job = waiting_.begin();
      const bool fits =
          in_use_ <= budget_.together_bytes && job->bytes <= budget_.together_bytes - in_use_;
      if (!fits && !running_.empty()) return;
      in_use_ += job->bytes;
      running_.splice(running_.end(), waiting_, job);
      try {
        arena_.enqueue([this, job] { RunJob(job); });
      } catch (const std::exception&) {
        job->result.outcome = CurrentFailure();
        Leave(job);
      }
    }
  }

  // An exception that left a task would end the process.
  void RunJob(Jobs::iterator job) noexcept {
    const double start = clock_.Now();
    try {
      job->result = runner_(job->request, job->token);
      const bool cancelled = job->token.cancelled();
      if (cancelled && std::holds_alternative<study::Cancelled>(job->result.outcome)) {
        const std::lock_guard lock(mutex_);
        job->result.outcome = study::Cancelled{job->cancel_reason};
      }
    } catch (...) {
      job->result.outcome = CurrentFailure();
      job->result.trial = job->request.trial;
      job->result.seconds = clock_.Now() - start;
    }
    // Notified under the lock: the destructor may run as soon as it is released.
    const std::lock_guard lock(mutex_);
    Leave(job);
    Admit();
    changed_.notify_all();
  }

  // Under the lock.
  void Leave(Jobs::iterator job) noexcept {
    in_use_ -= job->bytes;
    ended_.splice(ended_.end(), running_, job);
  }

  const Runner runner_;
  const Clock& clock_;
  const MemoryBudget budget_;
  tbb::task_arena arena_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Jobs waiting_;            // for room, in the order of their start
  Jobs running_;            // a task may still touch this object for each
  Jobs ended_;              // not handed out by Next yet
  std::size_t in_use_ = 0;  // bytes of running_
};

LocalExecutor::LocalExecutor(const TrialContext& context, int threads, TrialParking& parking,
                             MemoryBudget budget)
    : LocalExecutor(
          [context, &parking](const TrialRequest& request, const CancelToken& cancel) {
            return RunTrial(context, request, cancel, &parking);
          },
          context.clock, threads, std::move(budget)) {}
LocalExecutor::LocalExecutor(Runner runner, const Clock& clock, int threads, MemoryBudget budget)
    : state_(std::make_unique<State>(std::move(runner), clock, threads, std::move(budget))) {}
LocalExecutor::~LocalExecutor() = default;

void LocalExecutor::Start(const TrialRequest& request) { state_->Start(request); }
std::optional<TrialResult> LocalExecutor::Next(double deadline) { return state_->Next(deadline); }
void LocalExecutor::CancelAll(const std::string& reason) { state_->CancelAll(reason); }
void LocalExecutor::AbandonAll() { state_->AbandonAll(); }
int LocalExecutor::Running() const { return state_->Running(); }

}  // namespace coppice::tuner
