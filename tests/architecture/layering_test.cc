#include "base/json.h"
#include "tests/architecture/layering.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace coppice::testing {
namespace {

namespace fs = std::filesystem;

bool MayInclude(const std::string& path, const std::string& what) {
  return BreachOf(path, "#include " + what).empty();
}

TEST(Layering, LetsALayerSeeOnlyThoseBelowIt) {
  EXPECT_TRUE(MayInclude("tuner/loop/a.cc", "\"results/store/trial_store.h\""));
  EXPECT_TRUE(MayInclude("results/views/a.cc", "\"strategies/study/trial.h\""));
  EXPECT_FALSE(MayInclude("results/views/a.cc", "\"strategies/strategy.h\""));
  EXPECT_FALSE(MayInclude("strategies/study/a.h", "\"strategies/strategy.h\""));
  EXPECT_FALSE(MayInclude("strategies/grid/a.h", "\"trainer/params.h\""));
  EXPECT_FALSE(MayInclude("trainer/data/a.h", "\"strategies/study/trial.h\""));
  EXPECT_FALSE(MayInclude("base/a.h", "\"trainer/params.h\""));
  EXPECT_FALSE(MayInclude("tuner/loop/a.h", "\"tests/tuner/loop/world.h\""));
}

TEST(Layering, FollowsTheWayOfTheDataInsideTheTrainer) {
  EXPECT_TRUE(MayInclude("trainer/boost/train_session.cc", "\"trainer/tree/grower.h\""));
  EXPECT_FALSE(MayInclude("trainer/tree/grower.cc", "\"trainer/boost/train_session.h\""));
  EXPECT_FALSE(MayInclude("trainer/data/dataset.h", "\"trainer/bins/quantile_cuts.h\""));
  EXPECT_FALSE(MayInclude("trainer/objective/a.cc", "\"trainer/data/dataset.h\""));
  EXPECT_TRUE(MayInclude("trainer/predict/a.cc", "\"trainer/tree/tree.h\""));
  EXPECT_FALSE(MayInclude("trainer/predict/a.cc", "\"trainer/tree/grower.h\""));
  EXPECT_FALSE(MayInclude("trainer/model_io/a.cc", "\"trainer/boost/train_session.h\""));
  EXPECT_FALSE(MayInclude("trainer/tree/tree.cc", "\"trainer/params.h\""));
}

TEST(Layering, LetsNothingIncludeTheCommandLine) {
  EXPECT_TRUE(MayInclude("tuner/cli/main.cc", "\"tuner/cli/exit_code.h\""));
  EXPECT_FALSE(MayInclude("tuner/run/a.cc", "\"tuner/cli/exit_code.h\""));
}

TEST(Layering, LetsOnlyTheCommandLineIncludeTheReport) {
  EXPECT_TRUE(MayInclude("tuner/cli/report.cc", "\"tuner/report/report.h\""));
  EXPECT_TRUE(MayInclude("tuner/report/page.cc", "\"tuner/run/run_study.h\""));
  EXPECT_FALSE(MayInclude("tuner/run/run_study.cc", "\"tuner/report/report.h\""));
}

TEST(Layering, KeepsEachPackageToItsPlace) {
  EXPECT_TRUE(MayInclude("strategies/grid/a.cc", "<fmt/format.h>"));
  EXPECT_TRUE(MayInclude("results/store/a.cc", "<sqlite3.h>"));
  EXPECT_FALSE(MayInclude("tuner/run/a.cc", "<sqlite3.h>"));
  EXPECT_TRUE(MayInclude("tuner/run/a.cc", "<tbb/task_arena.h>"));
  EXPECT_FALSE(MayInclude("tuner/loop/a.cc", "<tbb/task_arena.h>"));
  EXPECT_FALSE(MayInclude("strategies/random/a.cc", "<oneapi/tbb/parallel_for.h>"));
  EXPECT_FALSE(MayInclude("base/text.h", "<nlohmann/json.hpp>"));
  EXPECT_FALSE(MayInclude("tuner/run/a.cc", "<CLI/CLI.hpp>"));
  EXPECT_FALSE(MayInclude("base/a.cc", "<gtest/gtest.h>"));
}

TEST(Layering, KnowsTheStandardAndTheSystemAndRefusesTheUnknown) {
  EXPECT_TRUE(MayInclude("base/a.cc", "<unordered_map>"));
  EXPECT_TRUE(MayInclude("base/a.cc", "<sys/stat.h>"));
  EXPECT_FALSE(MayInclude("base/a.cc", "<boost/optional.hpp>"));
  EXPECT_FALSE(MayInclude("base/a.cc", "<Eigen/Core>"));
}

TEST(Layering, ReadsIncludesHoweverTheyAreSpaced) {
  EXPECT_FALSE(BreachOf("base/a.cc", "  #  include  \"tuner/spec/spec.h\"").empty());
  EXPECT_FALSE(BreachOf("base/a.cc", "#include\"tuner/spec/spec.h\"").empty());
  EXPECT_FALSE(BreachOf("base/a.cc", "#include NAME").empty());
  EXPECT_TRUE(BreachOf("base/a.cc", "// #include \"tuner/spec/spec.h\"").empty());
  EXPECT_TRUE(BreachOf("base/a.cc", "#define NAME").empty());
}

TEST(Layering, IsKeptByEveryFileOfTheTree) {
  const fs::path root = COPPICE_SOURCE_DIR;
  int n_files = 0;
  for (const char* folder :
       {"base", "strategies", "trainer", "results", "tuner", "tests", "bench"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (!IsSource(entry.path())) continue;
      ++n_files;
      const std::string path = fs::relative(entry.path(), root).generic_string();
      std::ifstream file(entry.path());
      std::string line;
      for (int number = 1; std::getline(file, line); ++number) {
        const std::string breach = BreachOf(path, line);
        EXPECT_TRUE(breach.empty()) << path << ":" << number << ": " << line << ": " << breach;
      }
    }
  }
  EXPECT_GT(n_files, 100);
}

}  // namespace
}  // namespace coppice::testing
