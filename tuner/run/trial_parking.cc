#include "tuner/run/trial_parking.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/bytes.h"
#include "base/error.h"
#include "base/hash.h"

namespace coppice::tuner {

TrialParking::TrialParking(std::size_t budget_bytes, std::string folder, FileSystem& disk)
    : budget_bytes_(budget_bytes), folder_(std::move(folder)), disk_(disk) {}

void TrialParking::Park(study::TrialId trial, std::string state) {
  const std::lock_guard lock(mutex_);
  RemoveFile(trial);
  bytes_ += state.size();
  places_.push_back({trial, std::move(state)});
  while (bytes_ > budget_bytes_) Spill(places_.begin());
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
  const std::string file = disk_.Read(FileOf(trial));
  ByteReader bytes(file);
  const bool is_whole = bytes(hash, state) && bytes.AtEnd() && hash == HashOf(state);
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

std::string TrialParking::FileOf(study::TrialId trial) const {
  return fmt::format("{}/trial-{}.state", folder_, ToIndex(trial));
}

void TrialParking::Spill(std::list<Place>::iterator place) {
  if (!folder_.empty()) {
    try {
      ByteWriter bytes;
      bytes(HashOf(place->state), place->state);
      disk_.MakeFolder(folder_);
      disk_.WriteAtomically(FileOf(place->trial), bytes.Take());
    } catch (const Error& error) {
      // A full disk costs time later, not the study now.
      if (error.kind() != ErrorKind::kStore) throw;
    }
  }
  bytes_ -= place->state.size();
  places_.erase(place);
}

void TrialParking::RemoveFile(study::TrialId trial) {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove(FileOf(trial), ignored);
}

}  // namespace coppice::tuner
