#include "tuner/run/failure.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

namespace coppice::tuner {
namespace {

using study::Failed;
using study::FailureKind;

template <typename Exception>
Failed FailureFrom(const Exception& exception) {
  try {
    throw exception;
  } catch (...) {
    return CurrentFailure();
  }
}

TEST(CurrentFailure, BlamesTheDataForErrorsOfTheDataOnly) {
  EXPECT_EQ(FailureFrom(Error(ErrorKind::kData, "the label is bad")).kind, FailureKind::kBadData);
  EXPECT_EQ(FailureFrom(Error(ErrorKind::kInternal, "a bug")).kind, FailureKind::kCrash);
  EXPECT_EQ(FailureFrom(Error(ErrorKind::kData, "the label is bad")).reason, "the label is bad");
}

TEST(CurrentFailure, KnowsWantOfMemoryFromACrash) {
  EXPECT_EQ(FailureFrom(std::bad_alloc()).kind, FailureKind::kMemory);
  EXPECT_EQ(FailureFrom(std::length_error("too long")).kind, FailureKind::kCrash);
}

TEST(ErrorOf, EndsTheCommandByTheKindOfTheFailure) {
  EXPECT_EQ(ErrorOf({FailureKind::kBadData, "x"}).kind(), ErrorKind::kData);
  EXPECT_EQ(ErrorOf({FailureKind::kBadMetric, "x"}).kind(), ErrorKind::kData);
  EXPECT_EQ(ErrorOf({FailureKind::kMemory, "x"}).kind(), ErrorKind::kData);
  EXPECT_EQ(ErrorOf({FailureKind::kCrash, "x"}).kind(), ErrorKind::kInternal);
}

TEST(ErrorOf, KeepsTheReason) {
  EXPECT_NE(std::string(ErrorOf({FailureKind::kCrash, "a pipe burst"}).what()).find("a pipe burst"),
            std::string::npos);
}

}  // namespace
}  // namespace coppice::tuner
