#include "tuner/run/study_folder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <stdexcept>

#include "base/error.h"
#include "base/json.h"
#include "results/store/lease.h"
#include "results/store/sqlite_store.h"
#include "tests/results/temp_folder.h"

namespace fs = std::filesystem;

namespace {

// What this program forces onto the disk, while somebody listens: called with the path.
std::function<void(const std::string&)>& SyncListener() {
  static std::function<void(const std::string&)> listener;
  return listener;
}

}  // namespace

// Stands before the C library's own in this program.
extern "C" int fsync(int fd) {
  if (SyncListener()) {
    char path[4096];
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    const ssize_t n = ::readlink(link.c_str(), path, sizeof(path));
    if (n > 0) SyncListener()(std::string(path, static_cast<std::size_t>(n)));
  }
  return ::fdatasync(fd);
}

namespace coppice::tuner {
namespace {

results::StudyRecord Record(const std::string& name) {
  results::StudyRecord record;
  record.name = name;
  record.resolved_spec = Json{{"name", name}};
  record.data_hash = "00112233";
  record.spec_folder = "/";
  record.program = "coppice";
  return record;
}

class StudyFolderTest : public ::testing::Test {
 protected:
  std::string store() const { return fs::canonical(folder_.path()).string() + "/deep/store"; }

  StudyFolder Create(const std::string& name = "oak",
                     const std::function<void(const StudyFolder&)>& fill = {}) {
    return CreateStudy(store(), "the spec as given", Record(name), disk_, fill);
  }

  // Every name below the test's folder, sorted.
  std::vector<std::string> Everything() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
      names.push_back(fs::relative(entry.path(), folder_.path()).string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  Error Failure(const std::function<void()>& action) {
    try {
      action();
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "this should have failed";
    return Error(ErrorKind::kInternal, "nothing");
  }

  results::TempFolder folder_;
  RealFileSystem disk_;
};

TEST_F(StudyFolderTest, IsMadeWithTheSpecsAndAnEmptyLog) {
  const StudyFolder folder = Create();
  EXPECT_EQ(Everything(), (std::vector<std::string>{
                              "deep", "deep/store", "deep/store/oak", "deep/store/oak/spec.json",
                              "deep/store/oak/spec.resolved.json", "deep/store/oak/study.db"}));
  EXPECT_EQ(disk_.Read(folder.spec()), "the spec as given");
  EXPECT_EQ(Json::parse(disk_.Read(folder.resolved_spec())), Json({{"name", "oak"}}));
  const auto log = results::SqliteStore::OpenForReading(folder.database());
  EXPECT_EQ(log->study().name, "oak");
  EXPECT_TRUE(log->Events().empty());
}

TEST_F(StudyFolderTest, HasWhatFillAddsAsSoonAsItHasItsName) {
  const StudyFolder folder = Create("oak", [&](const StudyFolder& unfinished) {
    EXPECT_FALSE(disk_.Exists(store() + "/oak"));
    EXPECT_EQ(ListStudies(store(), disk_), std::vector<std::string>()) << "not a study yet";
    disk_.WriteAtomically(unfinished.model(), "a model");
  });
  EXPECT_EQ(disk_.Read(folder.model()), "a model");
}

TEST_F(StudyFolderTest, LeavesNothingWhenItCannotBeFilled) {
  const Error error = Failure([&] {
    Create("oak", [](const StudyFolder&) {
      throw Error(ErrorKind::kStore, "cannot write `model.json`: the disk is full");
    });
  });
  EXPECT_EQ(error.kind(), ErrorKind::kStore);
  EXPECT_NE(std::string(error.what()).find("`oak`"), std::string::npos) << error.what();
  EXPECT_NE(std::string(error.what()).find("the disk is full"), std::string::npos) << error.what();
  EXPECT_EQ(Everything(), (std::vector<std::string>{"deep", "deep/store"}));
}

TEST_F(StudyFolderTest, LeavesNothingWhenAnyExceptionComesThrough) {
  EXPECT_THROW(Create("oak", [](const StudyFolder&) { throw std::bad_alloc(); }), std::bad_alloc);
  EXPECT_EQ(Everything(), (std::vector<std::string>{"deep", "deep/store"}));
}

TEST_F(StudyFolderTest, IsNotMadeTwice) {
  const StudyFolder folder = Create();
  disk_.WriteAtomically(folder.best(), "the best so far");
  const std::vector<std::string> before = Everything();
  const Error error = Failure([&] { Create(); });
  EXPECT_EQ(error.kind(), ErrorKind::kUsage);
  EXPECT_NE(error.findings()[0].hint.find("coppice resume oak"), std::string::npos);
  EXPECT_EQ(Everything(), before);
}

TEST_F(StudyFolderTest, GivesWayToOneThatWasMadeMeanwhile) {
  const Error error = Failure(
      [&] { Create("oak", [&](const StudyFolder&) { disk_.MakeFolder(store() + "/oak"); }); });
  EXPECT_EQ(error.kind(), ErrorKind::kUsage);
  EXPECT_EQ(Everything(), (std::vector<std::string>{"deep", "deep/store", "deep/store/oak"}));
}

// A folder's name is on the disk once the folder around it is: after the renaming, not before.
TEST_F(StudyFolderTest, IsOnTheDiskUnderItsNameWhenItIsMade) {
  const std::string final_name = store() + "/oak";
  std::vector<std::string> before;
  std::vector<std::string> after;
  SyncListener() = [&](const std::string& path) {
    (fs::exists(final_name) ? after : before).push_back(path);
  };
  Create();
  SyncListener() = nullptr;
  const auto has = [](const std::vector<std::string>& paths, const std::string& path) {
    return std::find(paths.begin(), paths.end(), path) != paths.end();
  };
  EXPECT_EQ(after, std::vector<std::string>{store()});
  const std::string root = fs::canonical(folder_.path()).string();
  EXPECT_TRUE(has(before, root)) << "holds the name `deep`";
  EXPECT_TRUE(has(before, root + "/deep")) << "holds the name `store`";
  const auto is_spec = [](const std::string& path) {
    return path.find("/spec.json.") != std::string::npos;
  };
  EXPECT_TRUE(std::any_of(before.begin(), before.end(), is_spec));
}

TEST_F(StudyFolderTest, IsWrittenToByOneAtATime) {
  const StudyFolder folder = Create();
  const results::Lease lease(folder.path);
  EXPECT_EQ(Failure([&] { const results::Lease second(folder.path); }).kind(), ErrorKind::kStore);
}

TEST_F(StudyFolderTest, IsFoundByItsNameAndByItsPath) {
  const StudyFolder folder = Create();
  EXPECT_EQ(FindStudy("oak", store(), disk_).path, folder.path);
  EXPECT_EQ(FindStudy(folder.path, "/nowhere", disk_).path, folder.path);
}

TEST_F(StudyFolderTest, ThatIsMissingIsAnErrorWithTheNearestName) {
  Create("oak");
  Create("maple");
  const Error error = Failure([&] { FindStudy("mapel", store(), disk_); });
  EXPECT_EQ(error.kind(), ErrorKind::kUsage);
  EXPECT_NE(error.findings()[0].hint.find("`maple`"), std::string::npos)
      << error.findings()[0].hint;
}

TEST_F(StudyFolderTest, IsListedByNameUnlessItIsUnfinished) {
  Create("oak");
  Create("maple");
  disk_.MakeFolder(store() + "/notes");
  fs::copy(store() + "/oak", store() + "/.beech.1.tmp");
  EXPECT_EQ(ListStudies(store(), disk_), (std::vector<std::string>{"maple", "oak"}));
  EXPECT_EQ(ListStudies(store() + "/none", disk_), std::vector<std::string>());
}

}  // namespace
}  // namespace coppice::tuner
