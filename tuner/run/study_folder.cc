#include "tuner/run/study_folder.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "results/store/sqlite_store.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void ThrowExists(const std::string& store, const std::string& name) {
  throw Error(
      ErrorKind::kUsage, fmt::format("the study `{}` exists already in `{}`", name, store), {},
      fmt::format("`coppice resume {}` continues it; `--name OTHER` starts a new one", name));
}

// Removes an unfinished folder on every way out but success.
class Scaffold {
 public:
  explicit Scaffold(std::string path) : path_(std::move(path)) {}
  ~Scaffold() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Scaffold(const Scaffold&) = delete;
  Scaffold& operator=(const Scaffold&) = delete;
  void Keep() { path_.clear(); }

 private:
  std::string path_;
};

void Build(const StudyFolder& folder, const std::string& spec_text,
           const results::StudyRecord& record, FileSystem& disk) {
  disk.MakeFolder(folder.path);
  disk.WriteAtomically(folder.spec(), spec_text);
  const Json resolved = WithAbsolutePaths(record.resolved_spec, record.spec_folder);
  disk.WriteAtomically(folder.resolved_spec(), resolved.dump(2) + "\n");
  results::SqliteStore::Create(folder.database(), record).reset();  // writes durably by itself
}

// Folders of this study that were begun by processes which died before they had their name.
void RemoveAbandoned(const std::string& store, const std::string& name) {
  const std::string prefix = fmt::format(".{}.", name);
  const std::string suffix = ".tmp";
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(store, ignored)) {
    const std::string found = entry.path().filename().string();
    if (!found.starts_with(prefix) || !found.ends_with(suffix)) continue;
    double pid = 0;
    const std::size_t n_digits = found.size() - prefix.size() - suffix.size();
    if (!ParseDouble(found.substr(prefix.size(), n_digits), &pid) || pid < 1) continue;
    const bool is_dead = ::kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH;
    if (is_dead) fs::remove_all(entry.path(), ignored);
  }
}

// The system's words, which stand last: "cannot make the folder `x`: Not a directory".
std::string ReasonOf(const Error& error) {
  const std::string& message = error.findings().front().message;
  const std::size_t colon = message.rfind(": ");
  return colon == std::string::npos ? message : message.substr(colon + 2);
}

}  // namespace

std::string StoreFolder(const std::string& flag) {
  std::string folder = flag;
  const char* from_environment = std::getenv("COPPICE_STORE");
  if (folder.empty() && from_environment != nullptr) folder = from_environment;
  if (folder.empty()) folder = "studies";
  return fs::absolute(folder).lexically_normal().string();
}

std::optional<StudyFolder> LookForStudy(const std::string& study, const std::string& store,
                                        FileSystem& disk) {
  for (const std::string& candidate : {store + "/" + study, study}) {
    const StudyFolder folder{fs::absolute(candidate).lexically_normal().string()};
    if (disk.Exists(folder.database())) return folder;
  }
  return std::nullopt;
}

Finding NoSuchStudy(const std::string& study, const std::string& store, FileSystem& disk) {
  const std::vector<std::string> known = ListStudies(store, disk);
  std::string hint = SuggestWord(study, known);
  if (hint.empty()) {
    hint = known.empty()
               ? "`coppice tune SPEC` makes one; `--store DIR` looks elsewhere"
               : fmt::format("it has {}; `--store DIR` looks elsewhere", ListWords(known));
  }
  return {fmt::format("there is no study `{}` in `{}`", study, store), {}, std::move(hint)};
}

StudyFolder FindStudy(const std::string& study, const std::string& store, FileSystem& disk) {
  if (auto folder = LookForStudy(study, store, disk)) return *std::move(folder);
  throw Error(ErrorKind::kUsage, NoSuchStudy(study, store, disk));
}

std::vector<std::string> ListStudies(const std::string& store, FileSystem& disk) {
  std::vector<std::string> names;
  std::error_code ignored;
  if (!fs::is_directory(store, ignored)) return names;
  for (const std::string& name : disk.List(store)) {
    if (name.front() != '.' && disk.Exists(store + "/" + name + "/study.db")) names.push_back(name);
  }
  return names;
}

void RefuseExisting(const std::string& store, const std::string& name, FileSystem& disk) {
  if (disk.Exists(store + "/" + name)) ThrowExists(store, name);
}

void RemoveUnfinished(const StudyFolder& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder.path, ignored)) {
    if (entry.path().extension() == ".tmp") fs::remove(entry.path(), ignored);
  }
}

StudyFolder CreateStudy(const std::string& store, const std::string& spec_text,
                        const results::StudyRecord& record, FileSystem& disk,
                        const std::function<void(const StudyFolder&)>& fill,
                        const std::function<void()>& beside) {
  RefuseExisting(store, record.name, disk);
  // Built under another name and renamed when it is whole.
  const StudyFolder unfinished{fmt::format("{}/.{}.{}.tmp", store, record.name, ::getpid())};
  const StudyFolder folder{store + "/" + record.name};
  Scaffold scaffold(unfinished.path);
  try {
    // A process of the same number may have died here before.
    std::error_code ignored;
    fs::remove_all(unfinished.path, ignored);
    RemoveAbandoned(store, record.name);
    Build(unfinished, spec_text, record, disk);
    if (fill) fill(unfinished);
  } catch (const Error& error) {
    // The place that failed is a name of ours that is gone by now.
    throw Error(
        ErrorKind::kStore,
        fmt::format("cannot begin the study `{}` in `{}`: {}", record.name, store, ReasonOf(error)),
        {}, "nothing was left behind: see to the disk, or choose another with --store");
  }
  if (beside) beside();
  if (!disk.MoveFolder(unfinished.path, folder.path)) ThrowExists(store, record.name);
  scaffold.Keep();
  return folder;
}

}  // namespace coppice::tuner
