#include "base/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"

namespace coppice {
namespace {

namespace fs = std::filesystem;

// A folder of its own for each test, open to every user, gone afterwards.
class Files : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "coppice_files_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    ::chmod(folder_.c_str(), 0755);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }

  // The error of an action that must fail.
  static Error Failure(const std::function<void()>& action) {
    try {
      action();
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "this should have failed";
    return Error(ErrorKind::kInternal, "nothing");
  }

  RealFileSystem disk_;
  std::string folder_;
};

// Root may write anywhere, so permissions are tried as somebody else.
class AsSomebody {
 public:
  AsSomebody() : was_root_(::geteuid() == 0), good_(!was_root_ || ::seteuid(65534) == 0) {}
  ~AsSomebody() {
    if (was_root_ && ::seteuid(0) != 0) std::abort();
  }
  AsSomebody(const AsSomebody&) = delete;
  AsSomebody& operator=(const AsSomebody&) = delete;
  bool good() const { return good_; }

 private:
  bool was_root_;
  bool good_;
};

TEST_F(Files, WrittenTextIsReadBackByteForByte) {
  const std::string text("line\n\0\xff end", 11);
  disk_.WriteAtomically(Path("a"), text);
  EXPECT_EQ(disk_.Read(Path("a")), text);
}

TEST_F(Files, ReadTakesTextsOfAnySize) {
  EXPECT_EQ((disk_.WriteAtomically(Path("empty"), ""), disk_.Read(Path("empty"))), "");
  const std::string large(300000, 'x');
  disk_.WriteAtomically(Path("large"), large);
  EXPECT_EQ(disk_.Read(Path("large")), large);
}

TEST_F(Files, WriteReplacesTheOldTextAndLeavesNothingElse) {
  disk_.WriteAtomically(Path("a"), "a much longer old text");
  disk_.WriteAtomically(Path("a"), "new");
  EXPECT_EQ(disk_.Read(Path("a")), "new");
  EXPECT_EQ(disk_.List(folder_), std::vector<std::string>{"a"});
}

TEST_F(Files, WriteMakesANewFileSoThatAnOpenReaderKeepsTheOldText) {
  disk_.WriteAtomically(Path("a"), "old");
  const int reader = ::open(Path("a").c_str(), O_RDONLY);
  ASSERT_GE(reader, 0);
  disk_.WriteAtomically(Path("a"), "new");
  char seen[3] = {};
  EXPECT_EQ(::read(reader, seen, 3), 3);
  ::close(reader);
  EXPECT_EQ(std::string(seen, 3), "old");
}

TEST_F(Files, WriteIntoAMissingFolderFailsAndNamesTheFile) {
  const Error error = Failure([&] { disk_.WriteAtomically(Path("no/a"), "x"); });
  EXPECT_EQ(error.kind(), ErrorKind::kStore);
  EXPECT_EQ(error.findings()[0].message,
            "cannot write `" + Path("no/a") + "`: No such file or directory");
}

TEST_F(Files, WriteOverAFolderFailsAndLeavesItAlone) {
  disk_.MakeFolder(Path("sub"));
  EXPECT_EQ(Failure([&] { disk_.WriteAtomically(Path("sub"), "x"); }).kind(), ErrorKind::kStore);
  EXPECT_EQ(disk_.List(folder_), std::vector<std::string>{"sub"});
}

// Devices are reached by links: were one replaced by mistake, only the link would be gone.
TEST_F(Files, WriteToAFullDeviceSaysThatTheDiskIsFull) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
  fs::create_symlink("/dev/full", Path("full"));
  const Error error = Failure([&] { disk_.WriteAtomically(Path("full"), "x"); });
  EXPECT_EQ(error.kind(), ErrorKind::kStore);
  EXPECT_EQ(error.findings()[0].message,
            "cannot write `" + Path("full") + "`: No space left on device");
  EXPECT_EQ(error.findings()[0].hint, "the disk is full: make room, then run the command again");
}

TEST_F(Files, AppendToAFullDeviceFailsToo) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
  fs::create_symlink("/dev/full", Path("full"));
  EXPECT_EQ(Failure([&] { disk_.Append(Path("full"), "x"); }).findings()[0].message,
            "cannot write `" + Path("full") + "`: No space left on device");
}

TEST_F(Files, WriteToAPipeGoesThroughItAndDoesNotReplaceIt) {
  ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0644), 0);
  // Open for both ends, so that neither side waits for the other.
  const int pipe = ::open(Path("pipe").c_str(), O_RDWR | O_NONBLOCK);
  ASSERT_GE(pipe, 0);
  disk_.WriteAtomically(Path("pipe"), "through");
  char seen[7] = {};
  EXPECT_EQ(::read(pipe, seen, 7), 7);
  ::close(pipe);
  EXPECT_EQ(std::string(seen, 7), "through");
  EXPECT_TRUE(fs::is_fifo(Path("pipe")));
}

TEST_F(Files, AWriteThatMayNotReplaceKeepsTheOldTextAndLeavesNothing) {
  disk_.WriteAtomically(Path("a"), "old");
  Error error(ErrorKind::kInternal, "nothing");
  {
    const AsSomebody somebody;
    if (!somebody.good()) GTEST_SKIP() << "cannot become another user";
    if (::access(folder_.c_str(), W_OK) == 0 && ::geteuid() != 65534)
      ::chmod(folder_.c_str(), 0555);
    error = Failure([&] { disk_.WriteAtomically(Path("a"), "new"); });
  }
  ::chmod(folder_.c_str(), 0755);
  EXPECT_EQ(error.kind(), ErrorKind::kStore);
  EXPECT_EQ(error.findings()[0].message, "cannot write `" + Path("a") + "`: Permission denied");
  EXPECT_EQ(error.findings()[0].hint, "choose a folder that you may write to, with --store or -o");
  EXPECT_EQ(disk_.Read(Path("a")), "old");
  EXPECT_EQ(disk_.List(folder_), std::vector<std::string>{"a"});
}

TEST_F(Files, AFileThatMayNotBeReadIsAnErrorOfTheData) {
  disk_.WriteAtomically(Path("a"), "secret");
  ::chmod(Path("a").c_str(), 0);
  const AsSomebody somebody;
  if (!somebody.good()) GTEST_SKIP() << "cannot become another user";
  const Error error = Failure([&] { disk_.Read(Path("a")); });
  EXPECT_EQ(error.kind(), ErrorKind::kData);
  EXPECT_EQ(error.findings()[0].message, "cannot read `" + Path("a") + "`: Permission denied");
  EXPECT_EQ(error.findings()[0].hint, "check the file's permissions");
}

TEST_F(Files, AnOpenFileIsReadAtAnyPlaceAndStaysTheOneItWas) {
  disk_.WriteAtomically(Path("a"), "0123456789");
  const auto file = disk_.Open(Path("a"));
  disk_.WriteAtomically(Path("a"), "another");
  EXPECT_EQ(file->size(), 10U);
  std::string bytes(4, '.');
  EXPECT_EQ(file->ReadAt(3, bytes.data(), 4), 4U);
  EXPECT_EQ(bytes, "3456");
  EXPECT_EQ(file->ReadAt(8, bytes.data(), 4), 2U);
  EXPECT_EQ(bytes, "8956");
  EXPECT_EQ(file->ReadAt(10, bytes.data(), 4), 0U);
}

TEST_F(Files, AnOpenPipeIsReadAtAnyPlaceToo) {
  ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0644), 0);
  const std::string text(100'000, 'p');
  std::thread writer([&] { disk_.WriteAtomically(Path("pipe"), text + "end"); });
  const auto file = disk_.Open(Path("pipe"));
  writer.join();
  EXPECT_EQ(file->size(), text.size() + 3);
  for (int again = 0; again < 2; ++again) {
    std::string bytes(5, '.');
    EXPECT_EQ(file->ReadAt(text.size() - 2, bytes.data(), 5), 5U);
    EXPECT_EQ(bytes, "ppend");
  }
}

TEST_F(Files, OpenOfAMissingFileNamesIt) {
  const Error error = Failure([&] { disk_.Open(Path("none")); });
  EXPECT_EQ(error.kind(), ErrorKind::kData);
  EXPECT_NE(std::string(error.what()).find(Path("none")), std::string::npos);
}

TEST_F(Files, ReadOfAMissingFileNamesIt) {
  const Error error = Failure([&] { disk_.Read(Path("none")); });
  EXPECT_EQ(error.kind(), ErrorKind::kData);
  EXPECT_EQ(error.findings()[0].message,
            "cannot read `" + Path("none") + "`: No such file or directory");
}

TEST_F(Files, ReadOfAFolderSaysThatItIsOne) {
  EXPECT_EQ(Failure([&] { disk_.Read(folder_); }).findings()[0].message,
            "cannot read `" + folder_ + "`: Is a directory");
}

TEST_F(Files, AppendAddsAtTheEndAndMakesTheFile) {
  disk_.Append(Path("log"), "one\n");
  disk_.Append(Path("log"), "two\n");
  EXPECT_EQ(disk_.Read(Path("log")), "one\ntwo\n");
}

TEST_F(Files, MakeFolderMakesParentsAndIsFineWithOneThatIsThere) {
  disk_.MakeFolder(Path("x/y/z"));
  disk_.MakeFolder(Path("x/y/z"));
  EXPECT_TRUE(disk_.Exists(Path("x/y/z")));
}

TEST_F(Files, MakeFolderWhereAFileStandsFails) {
  disk_.WriteAtomically(Path("a"), "");
  EXPECT_EQ(Failure([&] { disk_.MakeFolder(Path("a/b")); }).kind(), ErrorKind::kStore);
}

TEST_F(Files, ListIsSortedByBytes) {
  for (const char* name : {"b", "a", "C", "10", "9"}) disk_.WriteAtomically(Path(name), "");
  EXPECT_EQ(disk_.List(folder_), (std::vector<std::string>{"10", "9", "C", "a", "b"}));
}

TEST_F(Files, ListOfAMissingFolderIsAnError) {
  EXPECT_EQ(Failure([&] { disk_.List(Path("none")); }).kind(), ErrorKind::kData);
}

TEST_F(Files, ExistsTellsWhatIsThere) {
  EXPECT_FALSE(disk_.Exists(Path("a")));
  disk_.WriteAtomically(Path("a"), "");
  EXPECT_TRUE(disk_.Exists(Path("a")));
  EXPECT_TRUE(disk_.Exists(folder_));
}

TEST_F(Files, MoveFolderGivesAFolderItsNameWithAllItHolds) {
  disk_.MakeFolder(Path("old/inner"));
  disk_.WriteAtomically(Path("old/inner/a"), "text");
  EXPECT_TRUE(disk_.MoveFolder(Path("old"), Path("new")));
  EXPECT_EQ(disk_.Read(Path("new/inner/a")), "text");
  EXPECT_FALSE(disk_.Exists(Path("old")));
}

TEST_F(Files, MoveFolderTakesNoNameThatIsTaken) {
  disk_.MakeFolder(Path("old/inner"));
  disk_.MakeFolder(Path("empty"));
  disk_.WriteAtomically(Path("file"), "text");
  EXPECT_FALSE(disk_.MoveFolder(Path("old"), Path("empty")));
  EXPECT_FALSE(disk_.MoveFolder(Path("old"), Path("file")));
  EXPECT_TRUE(disk_.Exists(Path("old/inner")));
  EXPECT_EQ(disk_.Read(Path("file")), "text");
}

TEST_F(Files, MoveFolderNamesWhatItCouldNotMake) {
  const Error error = Failure([&] { disk_.MoveFolder(Path("none"), Path("new")); });
  EXPECT_EQ(error.kind(), ErrorKind::kStore);
  EXPECT_NE(error.findings()[0].message.find(Path("new")), std::string::npos);
}

}  // namespace
}  // namespace coppice
