// Study files: what is read is what can be salvaged, and what is salvaged can be repaired.

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "results/store/repair.h"
#include "results/store/salvage.h"
#include "results/store/sql.h"
#include "results/store/sqlite_store.h"
#include "tests/fuzz/refusal.h"
#include "tests/fuzz/target.h"

namespace coppice::fuzz {
namespace {

using results::SqliteStore;

// SQLite wants a file. One for each process; gone at its end.
class StudyOnDisk {
 public:
  StudyOnDisk() { std::filesystem::create_directory(folder_); }
  ~StudyOnDisk() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  StudyOnDisk(const StudyOnDisk&) = delete;
  StudyOnDisk& operator=(const StudyOnDisk&) = delete;

  // Alone in its folder.
  void Write(std::string_view bytes) const {
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      std::filesystem::remove(entry.path());
    }
    std::ofstream(path(), std::ios::binary) << bytes;
  }
  std::string path() const { return folder_ + "/study.db"; }

 private:
  const std::string folder_ = fmt::format(
      "{}/coppice-fuzz-{}", std::filesystem::temp_directory_path().string(), ::getpid());
};

// Calls `use`; whether it was not refused.
template <typename Use>
bool Accepts(Use use) {
  try {
    use();
    return true;
  } catch (const Error& error) {
    // A question may find its table gone.
    CheckRefusal(error, error.kind() == ErrorKind::kUsage ? ErrorKind::kUsage : ErrorKind::kStore);
    return false;
  }
}

std::vector<std::string> EventTexts(const std::vector<results::LoggedEvent>& events) {
  std::vector<std::string> texts;
  for (const results::LoggedEvent& logged : events) {
    texts.push_back(fmt::format("{} {} {} {}", logged.sequence, logged.elapsed_seconds,
                                study::KindOf(logged.event), study::ToJson(logged.event).dump()));
  }
  return texts;
}

void CheckSalvage(const std::string& path, const std::vector<std::string>& read) {
  results::Salvage left;
  if (!Accepts([&] { left = results::SalvageStudy(path); })) {
    COPPICE_CHECK(read.empty(), "what is read is not lost");
    return;
  }
  const std::vector<std::string> found = EventTexts(left.events);
  COPPICE_CHECK(found.size() >= read.size(), "what is read can be salvaged");
  for (std::size_t i = 0; i < read.size(); ++i) {
    COPPICE_CHECK(found[i] == read[i], "as it was written");
  }
  results::Repair repair;
  if (!left.record || !Accepts([&] { repair = results::RepairStudy(path); })) return;
  const auto store = SqliteStore::OpenForReading(path);
  COPPICE_CHECK(static_cast<std::int64_t>(store->Events().size()) == left.whole_until,
                "a repaired study is whole");
}

}  // namespace

Outcome TryInput(std::string_view bytes) {
  static const StudyOnDisk disk;
  disk.Write(bytes);
  std::vector<std::string> read;
  const bool is_read = Accepts([&] {
    const auto store = SqliteStore::OpenForReading(disk.path());
    read = EventTexts(store->Events());
    for (const study::Trial& trial : store->Trials()) store->Curves(trial.id);
    store->study();
  });
  for (const char* view : {"leaderboard", "rounds", "params"}) {
    Accepts([&] { results::AnswerSql(disk.path(), fmt::format("SELECT * FROM {}", view)); });
  }
  if (!is_read) read.clear();
  CheckSalvage(disk.path(), read);
  return is_read ? Outcome::kRead : Outcome::kRefused;
}

std::vector<std::string> Words() {
  return {"trial_created", "trial_finished", "study_stopped", "events",  "curves",      "study",
          "completed",     "failed",         "null",          "\"inf\"", "CREATE VIEW", "1e999"};
}

}  // namespace coppice::fuzz
