#pragma once
// Runs one case in a folder of its own and adds a failure of the test for each expectation that
// does not hold.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/cli/case_file.h"
#include "tests/support/process.h"

namespace coppice::cli_tests {

// The right to write to a study, held by this process in the way of the program's own lease, so
// that the program finds the study in use.
class HeldLease {
 public:
  explicit HeldLease(const std::string& study_folder);
  ~HeldLease();
  HeldLease(const HeldLease&) = delete;
  HeldLease& operator=(const HeldLease&) = delete;

 private:
  int fd_ = -1;
};

class CaseRun {
 public:
  // `source` is the repository's folder, from which `copy` copies.
  CaseRun(const CaseFile& file, std::string source);

  void Run();

 private:
  using Directive = std::function<void(const Section&)>;
  using Snapshot = std::map<std::string, std::string>;  // path -> content; folders end in "/"

  void AddSetup();
  void AddExpectations();
  void RunProgram(const Section& section);
  // Checks what holds of every run and was not said otherwise.
  void CloseRun();
  void ExpectChanges(const Section& section);
  void ExpectJson(const Section& section);
  void ExpectOutput(const Section& section);
  Snapshot Look() const;
  std::vector<std::string> Changes() const;
  // The output without what differs between two runs: folders, times, process numbers.
  std::string Scrub(std::string text) const;
  std::string At(const std::string& name) const;
  std::string Where(const Section& section) const;

  const CaseFile& file_;
  const std::string source_;
  support::TempFolder folder_;
  std::map<std::string, Directive> directives_;
  std::vector<std::string> environment_;
  std::optional<std::uint64_t> file_bytes_;
  std::map<std::string, std::unique_ptr<HeldLease>> leases_;
  bool skipped_ = false;

  // The last run.
  bool ran_ = false;
  Section command_;
  support::Ended ended_;
  Snapshot before_;
  Snapshot after_;
  int exit_code_ = 0;
  bool changes_said_ = false;
};

}  // namespace coppice::cli_tests
