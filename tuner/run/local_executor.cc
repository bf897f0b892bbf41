#include "tuner/run/local_executor.h"

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
#include "tuner/run/failure.h"

namespace coppice::tuner {
namespace {

// Trials that are cancelled together: all that start between two calls of CancelAll.
struct Batch {
  CancelToken token;
  std::string reason;  // set before the token is tripped
};

struct Job {
  TrialRequest request;
  std::shared_ptr<Batch> batch;
  TrialResult result;
};

// How many paused trials are kept in memory; the others would begin anew.
std::size_t ParkedTrials(const TrialContext& context) {
  constexpr std::size_t kMostBytes = std::size_t{1} << 30;
  return std::max<std::size_t>(1, kMostBytes / TrialBytes(context.data, context.spec));
}

// Moving a node from one list to the other needs no memory, so a trial that has started always
// ends, whatever fails.
using Jobs = std::list<Job>;

}  // namespace

class LocalExecutor::State {
 public:
  State(Runner runner, const Clock& clock, int threads)
      : runner_(std::move(runner)), clock_(clock), arena_(threads, 0) {
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
    batch_->token.Cancel();
    changed_.wait(lock, [&] { return running_.empty(); });
  }

  void Start(const TrialRequest& request) {
    Jobs started;
    started.push_back({request, nullptr, {}});
    const Jobs::iterator job = started.begin();
    job->result.trial = request.trial;
    {
      const std::lock_guard lock(mutex_);
      job->batch = batch_;
      running_.splice(running_.end(), started);
    }
    try {
      arena_.enqueue([this, job] { RunJob(job); });
    } catch (const std::exception&) {
      job->result.outcome = CurrentFailure();
      End(job);
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
    auto next = std::make_shared<Batch>();
    const std::lock_guard lock(mutex_);
    batch_->reason = reason;
    batch_->token.Cancel();
    // What is cancelled now does not concern trials that start later.
    batch_ = std::move(next);
  }

  int Running() const {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(running_.size() + ended_.size());
  }

 private:
  // An exception that left a task would end the process.
  void RunJob(Jobs::iterator job) noexcept {
    const double start = clock_.Now();
    try {
      job->result = runner_(job->request, job->batch->token);
      const bool cancelled = job->batch->token.cancelled();
      if (cancelled && std::holds_alternative<study::Cancelled>(job->result.outcome)) {
        const std::lock_guard lock(mutex_);
        job->result.outcome = study::Cancelled{job->batch->reason};
      }
    } catch (...) {
      job->result.outcome = CurrentFailure();
      job->result.trial = job->request.trial;
      job->result.seconds = clock_.Now() - start;
    }
    End(job);
  }

  void End(Jobs::iterator job) noexcept {
    // Notified under the lock: the destructor may run as soon as it is released.
    const std::lock_guard lock(mutex_);
    ended_.splice(ended_.end(), running_, job);
    changed_.notify_all();
  }

  const Runner runner_;
  const Clock& clock_;
  tbb::task_arena arena_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Jobs running_;  // a task may still touch this object for each
  Jobs ended_;    // not handed out by Next yet
  std::shared_ptr<Batch> batch_ = std::make_shared<Batch>();
};

LocalExecutor::LocalExecutor(const TrialContext& context, int threads)
    : LocalExecutor(
          [context, parking = std::make_shared<TrialParking>(ParkedTrials(context))](
              const TrialRequest& request, const CancelToken& cancel) {
            return RunTrial(context, request, cancel, parking.get());
          },
          context.clock, threads) {}
LocalExecutor::LocalExecutor(Runner runner, const Clock& clock, int threads)
    : state_(std::make_unique<State>(std::move(runner), clock, threads)) {}
LocalExecutor::~LocalExecutor() = default;

void LocalExecutor::Start(const TrialRequest& request) { state_->Start(request); }
std::optional<TrialResult> LocalExecutor::Next(double deadline) { return state_->Next(deadline); }
void LocalExecutor::CancelAll(const std::string& reason) { state_->CancelAll(reason); }
int LocalExecutor::Running() const { return state_->Running(); }

}  // namespace coppice::tuner
