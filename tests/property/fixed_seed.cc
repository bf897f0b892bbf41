// Every run tries the same cases, so that a failure comes again. RC_PARAMS="seed=1
// max_success=9999" in the environment tries others.

#include <gtest/gtest.h>

#include <cstdlib>

namespace coppice {
namespace {

class FixedSeed : public ::testing::Environment {
 public:
  void SetUp() override { ::setenv("RC_PARAMS", "seed=20240229 max_success=200", 0); }
};

const ::testing::Environment* const kFixedSeed =
    ::testing::AddGlobalTestEnvironment(new FixedSeed);  // GoogleTest owns it

}  // namespace
}  // namespace coppice
