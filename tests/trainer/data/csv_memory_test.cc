// A file is never held whole, however it is read.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

#include "base/files.h"
#include "base/threads.h"
#include "tests/results/temp_folder.h"
#include "tests/trainer/boost/allocations.h"
#include "trainer/data/reader.h"

namespace coppice::trainer {
namespace {

constexpr int kRows = 400'000;

// 24 MB, of which two columns are features: 3.2 MB, and half as much again while they grow.
std::string WideText() {
  std::string text = "y,a,b,c\n";
  for (int row = 0; row < kRows; ++row) {
    text += fmt::format("{},{}.25,{:040d},word {}\n", row % 2, row, row, row % 7);
  }
  return text;
}

// What reading it takes at most, on two threads.
std::size_t PeakOfReading(const std::string& path) {
  RealFileSystem disk;
  ReadOptions options;
  options.ignore = {std::string("b")};
  std::size_t peak = 0;
  RunWithThreads(2, [&] {
    const std::size_t before = testing::LiveBytes();
    testing::RestartPeak();
    const Dataset data = ReadDataset({{path}, {}, {}}, options, disk, nullptr);
    peak = testing::PeakBytes() - before;
    EXPECT_EQ(data.n_rows, static_cast<RowIndex>(kRows));
    EXPECT_EQ(data.values[0][kRows - 1], kRows - 1 + 0.25F);
    EXPECT_EQ(data.schema.features[1].categories.size(), 7U);
  });
  return peak;
}

// Columns with the codes of texts beside their values, and some blocks.
constexpr std::size_t kEnough = 14'000'000;

TEST(CsvMemory, DoesNotHoldTheTextOfAFile) {
  const results::TempFolder folder;
  const std::string text = WideText();
  ASSERT_GT(text.size(), 20'000'000U);
  RealFileSystem().WriteAtomically(folder.File("wide.csv"), text);
  EXPECT_LT(PeakOfReading(folder.File("wide.csv")), kEnough);
}

TEST(CsvMemory, DoesNotHoldWhatAFileUnpacksTo) {
  const results::TempFolder folder;
  const std::string path = folder.File("wide.csv.gz");
  const std::string text = WideText();
  gzFile file = gzopen(path.c_str(), "wb1");
  ASSERT_NE(file, nullptr);
  ASSERT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())),
            static_cast<int>(text.size()));
  ASSERT_EQ(gzclose(file), Z_OK);
  EXPECT_LT(PeakOfReading(path), kEnough);
}

}  // namespace
}  // namespace coppice::trainer
