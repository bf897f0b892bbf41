// A search of hundreds of trials by the model, killed again and again.

#include <gtest/gtest.h>

#include <memory>

#include "base/error.h"
#include "base/hash.h"
#include "base/random.h"
#include "strategies/registry.h"
#include "tests/tuner/loop/world.h"

namespace coppice::tuner::testing {
namespace {

using study::ToIndex;

constexpr int kTrials = 300;

// So many configurations that the search does not end, so few that each can be looked at.
study::SearchSpace Space() {
  study::RangeSpec x;
  x.name = "x";
  x.kind = study::RangeKind::kInt;
  x.min = 1;
  x.max = 400;
  return study::SearchSpace({study::ParameterRange(x)});
}

// A noisy valley; every 41st trial fails. `shuffle` changes only how long trials take.
SimulatedExecutor::Plan ValleyPlan(std::uint64_t shuffle) {
  return [shuffle](const TrialRequest& request, int) {
    const auto trial = static_cast<std::uint64_t>(ToIndex(request.trial));
    const double x = AsDouble(*request.configuration.Find("x"));
    const double noise = static_cast<double>(Mix64(static_cast<std::uint64_t>(x)) % 1000) / 1000;
    SimulatedTrial plan;
    plan.seconds = 1 + static_cast<double>(Mix64(shuffle * 1000 + trial) % 20);
    plan.outcome = Score((x - 137) * (x - 137) / 1000 + noise);
    if (trial % 41 == 40) plan.outcome = study::Failed{study::FailureKind::kCrash, "as planned"};
    return plan;
  };
}

// The process dies at one of its appends: before it, or when it is on the disk.
class MortalStore : public results::MemoryStore {
 public:
  MortalStore(const results::TrialStore& past, std::uint64_t n_appends, bool keeps_the_last)
      : MemoryStore(results::StudyRecord{}), keeps_the_last_(keeps_the_last) {
    for (const results::LoggedEvent& logged : past.Events()) {
      MemoryStore::Append(std::vector<study::StudyEvent>{logged.event}, logged.elapsed_seconds);
    }
    left_ = n_appends;
  }

  void Append(std::span<const study::StudyEvent> events, double elapsed_seconds) override {
    if (left_ == 0) throw Error(ErrorKind::kStore, "killed");
    --left_;
    if (left_ > 0 || keeps_the_last_) MemoryStore::Append(events, elapsed_seconds);
    if (left_ == 0) throw Error(ErrorKind::kStore, "killed");
  }

 private:
  bool keeps_the_last_;
  std::uint64_t left_ = 0;
};

// Whether it came to its end.
bool RunSearch(results::TrialStore& store, std::uint64_t shuffle) {
  const auto strategy = strategies::MakeStrategy({"bayesian", {}}, Space(), 11, {});
  VirtualClock clock;
  SimulatedExecutor executor(clock, ValleyPlan(shuffle));
  RecordingProgress progress;
  const CancelToken never;
  try {
    TuningLoop(SetupFor(4, kTrials), *strategy, executor, store, clock, progress).Run(never);
  } catch (const Error&) {
    return false;
  }
  return true;
}

TEST(LongSearch, KilledAtRandomPlacesComesToTheSameStudy) {
  results::MemoryStore whole = NewStore();
  ASSERT_TRUE(RunSearch(whole, 0));
  ASSERT_EQ(whole.Trials().size(), static_cast<std::size_t>(kTrials));
  ASSERT_NE(whole.Trials()[299].origin.find("bayesian"), std::string::npos);

  RandomStream random(1, {Purpose::kSynth});
  auto store = std::make_unique<MortalStore>(NewStore(), 1, true);
  int n_kills = 0;
  while (!RunSearch(*store, random.Next64())) {
    ++n_kills;
    store = std::make_unique<MortalStore>(*store, 1 + random.Below(60), random.Below(2) == 0);
  }
  EXPECT_GT(n_kills, 15);
  EXPECT_EQ(ResultsOf(*store), ResultsOf(whole));
}

}  // namespace
}  // namespace coppice::tuner::testing
