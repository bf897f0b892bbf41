// Makes a test of each *.test file beside this one.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/cli/case_file.h"
#include "tests/cli/case_run.h"

namespace coppice::cli_tests {
namespace {

class CaseTest : public testing::Test {
 public:
  explicit CaseTest(std::string path) : path_(std::move(path)) {}

  void TestBody() override {
    const CaseFile file = ReadCase(path_);
    CaseRun(file, COPPICE_SOURCE_DIR).Run();
  }

 private:
  std::string path_;
};

// unknown_label.test becomes CommandLine.unknown_label.
void RegisterCases() {
  for (const std::string& path : ListCases(COPPICE_SOURCE_DIR "/tests/cli")) {
    const std::string name = std::filesystem::path(path).stem().string();
    testing::RegisterTest("CommandLine", name.c_str(), nullptr, nullptr, path.c_str(), 1,
                          [path]() -> testing::Test* { return new CaseTest(path); });
  }
}

}  // namespace
}  // namespace coppice::cli_tests

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  coppice::cli_tests::RegisterCases();
  return RUN_ALL_TESTS();
}
