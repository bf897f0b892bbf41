#include "tuner/run/trial_parking.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/hash.h"
#include "tests/results/temp_folder.h"

namespace coppice::tuner {
namespace {

using study::TrialId;

constexpr std::size_t kPlenty = std::size_t{1} << 30;

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
  TrialParking parking({10, kPlenty}, Folder(), disk_);
  parking.Park(TrialId{0}, State(6, 'a'), 1);
  EXPECT_FALSE(disk_.Exists(Folder()));
  parking.Park(TrialId{1}, State(4, 'b'), 1);
  EXPECT_EQ(parking.bytes(), 10U);
  parking.Park(TrialId{2}, State(5, 'c'), 1);
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

// What the file of a state takes of the disk.
std::size_t FileBytes(std::size_t state) { return 8 + 8 + HashOf("").size() + 8 + state; }

TEST_F(TrialParkingTest, DropsWhatCostsLeastToRepeatWhereTheDiskIsSpent) {
  TrialParking parking({0, 2 * FileBytes(10)}, Folder(), disk_);
  parking.Park(TrialId{0}, State(10, 'a'), 3);
  parking.Park(TrialId{1}, State(10, 'b'), 2);
  EXPECT_EQ(parking.disk_bytes(), 2 * FileBytes(10));
  parking.Park(TrialId{2}, State(10, 'c'), 1);
  EXPECT_FALSE(disk_.Exists(File(2))) << "it costs less than both";
  parking.Park(TrialId{3}, State(10, 'd'), 5);
  EXPECT_EQ(parking.disk_bytes(), 2 * FileBytes(10));
  EXPECT_EQ(parking.Take(TrialId{0}), State(10, 'a'));
  EXPECT_EQ(parking.Take(TrialId{1}), std::nullopt);
  EXPECT_EQ(parking.Take(TrialId{2}), std::nullopt);
  EXPECT_EQ(parking.Take(TrialId{3}), State(10, 'd'));
  EXPECT_EQ(parking.disk_bytes(), 0U);
}

TEST_F(TrialParkingTest, DropsNothingForAStateThatWouldNotFitAlone) {
  TrialParking parking({0, FileBytes(10)}, Folder(), disk_);
  parking.Park(TrialId{0}, State(10), 1);
  parking.Park(TrialId{1}, State(11), 100);
  EXPECT_EQ(parking.Take(TrialId{1}), std::nullopt);
  EXPECT_EQ(parking.Take(TrialId{0}), State(10));
}

TEST_F(TrialParkingTest, DropsSeveralCheapOnesForOneThatIsLargeAndDear) {
  TrialParking parking({0, 3 * FileBytes(0)}, Folder(), disk_);
  for (int trial : {0, 1, 2}) parking.Park(TrialId{trial}, "", trial + 1);
  parking.Park(TrialId{3}, State(FileBytes(0)), 2.5);
  EXPECT_EQ(parking.Take(TrialId{0}), std::nullopt);
  EXPECT_EQ(parking.Take(TrialId{1}), std::nullopt);
  EXPECT_EQ(parking.Take(TrialId{2}), "");
  EXPECT_EQ(parking.Take(TrialId{3}), State(FileBytes(0)));
}

TEST_F(TrialParkingTest, CountsTheFilesThatAnEarlierProcessLeft) {
  const ParkingBudget budget{0, 2 * FileBytes(10)};
  {
    TrialParking first(budget, Folder(), disk_);
    first.Park(TrialId{0}, State(10, 'a'), 3);
    first.Park(TrialId{1}, State(10, 'b'), 2);
  }
  disk_.WriteAtomically(Folder() + "/notes.txt", "not a state");
  TrialParking second(budget, Folder(), disk_);
  EXPECT_EQ(second.disk_bytes(), 2 * FileBytes(10));
  second.Park(TrialId{2}, State(10, 'c'), 2.5);
  EXPECT_EQ(second.Take(TrialId{0}), State(10, 'a'));
  EXPECT_EQ(second.Take(TrialId{1}), std::nullopt);
  EXPECT_EQ(second.Take(TrialId{2}), State(10, 'c'));
}

TEST_F(TrialParkingTest, MayTakeAShareOfWhatTheDiskHasLeft) {
  const std::size_t bytes = ParkingDiskBytes(folder_.File("not/there/yet"));
  EXPECT_GT(bytes, 0U);
  EXPECT_LE(bytes, std::size_t{1} << 32);
}

TEST_F(TrialParkingTest, HandsItsTrialsToTheNextProcess) {
  TrialParking({100, kPlenty}, Folder(), disk_).Park(TrialId{8}, "lost", 1);
  TrialParking first({100, kPlenty}, Folder(), disk_);
  first.Park(TrialId{7}, "half a forest", 1);
  first.SpillAll();
  EXPECT_EQ(first.size(), 0U);
  TrialParking second({100, kPlenty}, Folder(), disk_);
  EXPECT_EQ(second.Take(TrialId{8}), std::nullopt);
  EXPECT_EQ(second.Take(TrialId{7}), "half a forest");
}

TEST_F(TrialParkingTest, PassesOverADamagedFile) {
  TrialParking parking({0, kPlenty}, Folder(), disk_);
  parking.Park(TrialId{0}, State(100), 1);
  std::string bytes = disk_.Read(File(0));
  bytes[80] ^= 1;
  disk_.WriteAtomically(File(0), bytes);
  EXPECT_EQ(parking.Take(TrialId{0}), std::nullopt);
  parking.Park(TrialId{0}, State(100), 1);
  bytes = disk_.Read(File(0));
  disk_.WriteAtomically(File(0), bytes.substr(0, 60));
  EXPECT_EQ(parking.Take(TrialId{0}), std::nullopt);
}

TEST_F(TrialParkingTest, WithoutAFolderDropsWhatDoesNotFit) {
  TrialParking parking({10, kPlenty}, "", disk_);
  parking.Park(TrialId{0}, State(6), 1);
  parking.Park(TrialId{1}, State(6), 1);
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
  TrialParking parking({0, kPlenty}, Folder(), full);
  parking.Park(TrialId{0}, State(6), 1);
  EXPECT_EQ(parking.Take(TrialId{0}), std::nullopt);
}

TEST_F(TrialParkingTest, ForgetsEverythingWhenCleared) {
  TrialParking parking({10, kPlenty}, Folder(), disk_);
  parking.Park(TrialId{0}, State(8), 1);
  parking.Park(TrialId{1}, State(8), 1);
  parking.Clear();
  EXPECT_EQ(parking.Take(TrialId{0}), std::nullopt);
  EXPECT_EQ(parking.Take(TrialId{1}), std::nullopt);
  EXPECT_FALSE(disk_.Exists(Folder()));
}

}  // namespace
}  // namespace coppice::tuner
