#include "results/store/repair.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <span>

#include "base/error.h"
#include "base/files.h"
#include "results/store/salvage.h"
#include "results/store/schema.h"
#include "results/store/sqlite_store.h"
#include "results/store/study_file.h"

namespace coppice::results {
namespace {

void Rename(const std::string& from, const std::string& to, bool if_there = false) {
  if (std::rename(from.c_str(), to.c_str()) == 0 || (if_there && errno == ENOENT)) return;
  throw Error(ErrorKind::kStore, fmt::format("cannot rename `{}`: {}", from, std::strerror(errno)),
              {}, "check the permissions of the study's folder");
}

std::string BeginOf(const std::string& path) {
  RealFileSystem disk;
  if (!disk.Exists(path)) return {};
  std::string bytes(100, '\0');
  bytes.resize(disk.Open(path)->ReadAt(0, bytes.data(), bytes.size()));
  return bytes;
}

// What a later program wrote is not damaged because this one cannot read it.
void RefuseNewer(const std::string& path) {
  const std::string bytes = BeginOf(path);
  constexpr std::size_t kFormatAt = 60;
  constexpr std::size_t kApplicationAt = 68;
  const auto number_at = [&](std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
      number = number << 8 | static_cast<unsigned char>(bytes[i]);
    }
    return number;
  };
  if (bytes.size() < kApplicationAt + 4 || number_at(kApplicationAt) != kApplicationId) return;
  if (number_at(kFormatAt) <= kNewestFormat) return;
  throw Error(ErrorKind::kStore, fmt::format("`{}` was written by a newer coppice", path), {},
              "use the newer coppice");
}

// Where the damaged file goes: a name that is not taken, or the one that an earlier call gave it.
std::string PlaceForDamaged(const std::string& path) {
  RealFileSystem disk;
  std::error_code ignored;
  const std::string first = path + ".damaged";
  std::string name = first;
  for (int i = 2; disk.Exists(name); ++i) {
    if (std::filesystem::equivalent(name, path, ignored)) return name;
    name = fmt::format("{}.{}", first, i);
  }
  return name;
}

// The file under a second name; where there are no links, a copy of it.
void KeepAs(const std::string& path, const std::string& name) {
  RealFileSystem disk;
  if (disk.Exists(name) || ::link(path.c_str(), name.c_str()) == 0) return;
  disk.WriteAtomically(name, disk.Read(path));
}

void WriteMended(const Salvage& left, const std::string& path) {
  const std::string begun = path + ".new";
  ::unlink(begun.c_str());
  SqliteStore::Create(begun, *left.record);
  {
    const auto store = SqliteStore::OpenForWriting(begun, Durability::kGrouped);
    for (const LoggedEvent& logged : left.events) {
      if (logged.sequence > left.whole_until) break;
      store->Append(std::span(&logged.event, 1), logged.elapsed_seconds);
    }
  }
  Rename(begun, path);
  SyncFolderOf(path);
}

// From here on `mended` stands for the study, whatever of these steps has been taken.
std::string TakeItsPlace(const std::string& mended, const std::string& path) {
  std::string kept_as = PlaceForDamaged(path);
  KeepAs(path, kept_as);
  // The log first: the whole file must never find it.
  Rename(path + "-wal", kept_as + "-wal", /*if_there=*/true);
  ::unlink((path + "-shm").c_str());
  SyncFolderOf(path);
  Rename(mended, path);
  SyncFolderOf(path);
  return kept_as;
}

}  // namespace

Repair RepairStudy(const std::string& path) {
  RefuseNewer(path);
  const std::string mended = StudyFile::MendedFile(path);
  if (!RealFileSystem().Exists(mended)) {
    const Salvage left = SalvageStudy(path);
    if (!left.record) {
      throw Error(
          ErrorKind::kStore,
          fmt::format("`{}` cannot be repaired: the row is lost that says which study it is", path),
          {}, "save its trials with `coppice export STUDY --salvage -o trials.csv`");
    }
    WriteMended(left, mended);
  }
  Repair repair;
  repair.kept_as = TakeItsPlace(mended, path);
  const Salvage left = SalvageStudy(repair.kept_as);
  repair.n_events = left.whole_until;
  repair.n_dropped = static_cast<std::int64_t>(left.events.size()) - left.whole_until;
  for (const study::Trial& trial : SqliteStore::OpenForReading(path)->Trials()) {
    ++repair.n_trials;
    if (study::IsFinal(trial.state)) ++repair.n_ended;
  }
  return repair;
}

}  // namespace coppice::results
