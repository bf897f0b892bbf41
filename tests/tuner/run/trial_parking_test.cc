#include "tuner/run/trial_parking.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "tests/results/temp_folder.h"

namespace coppice::tuner {
namespace {

using study::TrialId;

// "aaaa": a state of so many bytes.
std::string State(std::size_t n, char letter = 'a') { return std::string(n, letter); }

class TrialParkingTest : public ::testing::Test {
 protected:
  std::string File(int trial) const {
    return folder_.File("parked/trial-" + std::to_string(trial) + ".state");
  }
  std::string Folder() const { return folder_.File("parked"); }

  results::TempFolder folder_;
  RealFileSystem disk_;
};

TEST_F(TrialParkingTest, KeepsInMemoryWhatTheBudgetAllowsAndTheRestOnTheDisk) {
  TrialParking parking(10, Folder(), disk_);
  parking.Park(TrialId{0}, State(6, 'a'));
  EXPECT_FALSE(disk_.Exists(Folder()));
  parking.Park(TrialId{1}, State(4, 'b'));
  EXPECT_EQ(parking.bytes(), 10U);
  parking.Park(TrialId{2}, State(5, 'c'));
  EXPECT_EQ(parking.bytes(), 9U);
  EXPECT_TRUE(disk_.Exists(File(0)));
  EXPECT_FALSE(disk_.Exists(File(1)));
  EXPECT_EQ(parking.Take(TrialId{0}), State(6, 'a'));
  EXPECT_FALSE(disk_.Exists(File(0)));
  EXPECT_EQ(parking.Take(TrialId{1}), State(4, 'b'));
  EXPECT_EQ(parking.Take(TrialId{2}), State(5, 'c'));
  EXPECT_EQ(parking.bytes(), 0U);
  EXPECT_EQ(parking.Take(TrialId{2}), std::nullopt);
}

TEST_F(TrialParkingTest, HandsItsTrialsToTheNextProcess) {
  TrialParking(100, Folder(), disk_).Park(TrialId{8}, "lost");
  TrialParking first(100, Folder(), disk_);
  first.Park(TrialId{7}, "half a forest");
  first.SpillAll();
  EXPECT_EQ(first.size(), 0U);
  TrialParking second(100, Folder(), disk_);
  EXPECT_EQ(second.Take(TrialId{8}), std::nullopt);
  EXPECT_EQ(second.Take(TrialId{7}), "half a forest");
}

TEST_F(TrialParkingTest, PassesOverADamagedFile) {
  TrialParking parking(0, Folder(), disk_);
  parking.Park(TrialId{0}, State(100));
  std::string bytes = disk_.Read(File(0));
  bytes[80] ^= 1;
  disk_.WriteAtomically(File(0), bytes);
  EXPECT_EQ(parking.Take(TrialId{0}), std::nullopt);
  parking.Park(TrialId{0}, State(100));
  bytes = disk_.Read(File(0));
  disk_.WriteAtomically(File(0), bytes.substr(0, 60));
  EXPECT_EQ(parking.Take(TrialId{0}), std::nullopt);
}

TEST_F(TrialParkingTest, WithoutAFolderDropsWhatDoesNotFit) {
  TrialParking parking(10, "", disk_);
  parking.Park(TrialId{0}, State(6));
  parking.Park(TrialId{1}, State(6));
  EXPECT_EQ(parking.Take(TrialId{0}), std::nullopt);
  EXPECT_EQ(parking.Take(TrialId{1}), State(6));
}

TEST_F(TrialParkingTest, DoesWithoutADiskThatIsFull) {
  class FullDisk : public RealFileSystem {
   public:
    void WriteAtomically(const std::string&, std::string_view) override {
      throw Error(ErrorKind::kStore, "no space left on device");
    }
  };
  FullDisk full;
  TrialParking parking(0, Folder(), full);
  parking.Park(TrialId{0}, State(6));
  EXPECT_EQ(parking.Take(TrialId{0}), std::nullopt);
}

TEST_F(TrialParkingTest, ForgetsEverythingWhenCleared) {
  TrialParking parking(10, Folder(), disk_);
  parking.Park(TrialId{0}, State(8));
  parking.Park(TrialId{1}, State(8));
  parking.Clear();
  EXPECT_EQ(parking.Take(TrialId{0}), std::nullopt);
  EXPECT_EQ(parking.Take(TrialId{1}), std::nullopt);
  EXPECT_FALSE(disk_.Exists(Folder()));
}

}  // namespace
}  // namespace coppice::tuner
