#include "tuner/run/trial_parking.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/hash.h"

namespace coppice::tuner {
namespace {

constexpr std::size_t kMostOnDisk = std::size_t{1} << 32;
constexpr std::uintmax_t kDiskShare = 8;
constexpr std::string_view kNameBegin = "trial-";
constexpr std::string_view kNameEnd = ".state";

// A file is these seconds, then the hash of the state, then the state.
std::string FileText(double seconds, const std::string& state) {
  ByteWriter bytes;
  bytes(seconds, HashOf(state), state);
  return bytes.Take();
}

std::optional<study::TrialId> TrialOfFile(std::string_view name) {
  if (!name.starts_with(kNameBegin) || !name.ends_with(kNameEnd)) return std::nullopt;
  name.remove_prefix(kNameBegin.size());
  name.remove_suffix(std::min(name.size(), kNameEnd.size()));
  std::int32_t index = 0;
  const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (code != std::errc() || end != name.data() + name.size() || index < 0) return std::nullopt;
  return study::TrialId{index};
}

}  // namespace

std::size_t ParkingDiskBytes(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code code;
  fs::path there = fs::absolute(folder, code);
  while (!fs::exists(there, code) && there.has_relative_path()) there = there.parent_path();
  const fs::space_info space = fs::space(there, code);
  if (code) return kMostOnDisk;
  return static_cast<std::size_t>(
      std::min<std::uintmax_t>(space.available / kDiskShare, kMostOnDisk));
}

TrialParking::TrialParking(ParkingBudget budget, std::string folder, FileSystem& disk)
    : budget_(budget), folder_(std::move(folder)), disk_(disk) {
  FindFiles();
}

void TrialParking::FindFiles() {
  if (folder_.empty() || !disk_.Exists(folder_)) return;
  for (const std::string& name : disk_.List(folder_)) {
    const std::optional<study::TrialId> trial = TrialOfFile(name);
    if (!trial) continue;
    const auto file = disk_.Open(folder_ + "/" + name);
    std::string begin(sizeof(double), '\0');
    begin.resize(file->ReadAt(0, begin.data(), begin.size()));
    File found{static_cast<std::size_t>(file->size()), 0};
    ByteReader bytes(begin);
    // A damaged one, as Take will find, is the first to go.
    if (!bytes(found.seconds) || !(found.seconds > 0)) found.seconds = 0;
    files_[*trial] = found;
    disk_bytes_ += found.bytes;
  }
}

void TrialParking::Park(study::TrialId trial, std::string state, double seconds) {
  const std::lock_guard lock(mutex_);
  RemoveFile(trial);
  bytes_ += state.size();
  places_.push_back({trial, std::move(state), seconds});
  while (bytes_ > budget_.memory_bytes) Spill(places_.begin());
}

std::optional<std::string> TrialParking::Take(study::TrialId trial) {
  const std::lock_guard lock(mutex_);
  const auto place = std::find_if(places_.begin(), places_.end(),
                                  [trial](const Place& each) { return each.trial == trial; });
  if (place != places_.end()) {
    std::string state = std::move(place->state);
    bytes_ -= state.size();
    places_.erase(place);
    return state;
  }
  if (folder_.empty() || !disk_.Exists(FileOf(trial))) return std::nullopt;
  std::string state;
  std::string hash;
  double seconds = 0;
  const std::string file = disk_.Read(FileOf(trial));
  ByteReader bytes(file);
  const bool is_whole = bytes(seconds, hash, state) && bytes.AtEnd() && hash == HashOf(state);
  RemoveFile(trial);
  if (!is_whole) return std::nullopt;
  return state;
}

void TrialParking::SpillAll() {
  const std::lock_guard lock(mutex_);
  while (!places_.empty()) Spill(places_.begin());
}

void TrialParking::Clear() {
  const std::lock_guard lock(mutex_);
  places_.clear();
  bytes_ = 0;
  files_.clear();
  disk_bytes_ = 0;
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

std::size_t TrialParking::size() {
  const std::lock_guard lock(mutex_);
  return places_.size();
}

std::size_t TrialParking::bytes() {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

std::size_t TrialParking::disk_bytes() {
  const std::lock_guard lock(mutex_);
  return disk_bytes_;
}

std::string TrialParking::FileOf(study::TrialId trial) const {
  return fmt::format("{}/{}{}{}", folder_, kNameBegin, ToIndex(trial), kNameEnd);
}

void TrialParking::Spill(std::list<Place>::iterator place) {
  if (!folder_.empty()) {
    try {
      const std::string text = FileText(place->seconds, place->state);
      if (MakeRoom(text.size(), place->seconds)) {
        disk_.MakeFolder(folder_);
        disk_.WriteAtomically(FileOf(place->trial), text);
        files_[place->trial] = {text.size(), place->seconds};
        disk_bytes_ += text.size();
      }
    } catch (const Error& error) {
      // A full disk costs time later, not the study now.
      if (error.kind() != ErrorKind::kStore) throw;
    }
  }
  bytes_ -= place->state.size();
  places_.erase(place);
}

bool TrialParking::MakeRoom(std::size_t bytes, double seconds) {
  if (bytes > budget_.disk_bytes) return false;
  const auto costs_less = [](const auto& a, const auto& b) {
    return a.second.seconds < b.second.seconds;
  };
  std::size_t kept = disk_bytes_;
  std::map<study::TrialId, File> left = files_;
  std::vector<study::TrialId> dropped;
  while (bytes > budget_.disk_bytes - std::min(kept, budget_.disk_bytes)) {
    const auto cheapest = std::min_element(left.begin(), left.end(), costs_less);
    if (cheapest->second.seconds >= seconds) return false;
    kept -= cheapest->second.bytes;
    dropped.push_back(cheapest->first);
    left.erase(cheapest);
  }
  for (const study::TrialId trial : dropped) RemoveFile(trial);
  return true;
}

void TrialParking::RemoveFile(study::TrialId trial) {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove(FileOf(trial), ignored);
  const auto file = files_.find(trial);
  if (file == files_.end()) return;
  disk_bytes_ -= file->second.bytes;
  files_.erase(file);
}

}  // namespace coppice::tuner
