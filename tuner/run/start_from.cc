#include "tuner/run/start_from.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "results/store/sqlite_store.h"
#include "results/views/leaderboard.h"
#include "tuner/run/run_study.h"
#include "tuner/run/study_folder.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

using Values = std::map<std::string, Value>;

// An earlier study, as far as it is of use here.
struct Earlier {
  Spec spec;
  results::Leaderboard board;
};

Earlier Open(const StudyFolder& folder) {
  const auto store = results::SqliteStore::OpenForReading(folder.database());
  const results::StudyRecord record = store->study();
  Earlier earlier;
  earlier.spec = ReadSpecText(record.resolved_spec.dump(2), folder.resolved_spec(),
                              record.spec_folder, {}, SpecUse::kEither);
  earlier.board = LeaderboardOf(*store, earlier.spec, false);
  return earlier;
}

// What a trial of it had for the parameters that are searched here. What it had fixed counts where
// it fits.
Values ValuesOf(const Earlier& earlier, const results::LeaderboardRow& row,
                const study::SearchSpace& space) {
  Values ours;
  for (const study::ParameterRange& range : space.ranges()) {
    const auto fixed = earlier.spec.train.find(range.name());
    if (const Value* searched = row.configuration.Find(range.name())) {
      ours[range.name()] = *searched;
    } else if (fixed != earlier.spec.train.end() && range.Contains(fixed->second)) {
      ours.insert(*fixed);
    }
  }
  return ours;
}

// The parameters whose values have no place here, in words; empty when there is none.
std::string OutsideText(const Values& values, const study::SearchSpace& space) {
  std::string text;
  for (const study::ParameterRange& range : space.ranges()) {
    const auto found = values.find(range.name());
    if (found == values.end() || range.Contains(found->second)) continue;
    if (!text.empty()) text += ", ";
    text += fmt::format("`{}` is `{}`", range.name(), ToText(found->second));
  }
  return text;
}

// Without those whose condition does not hold here.
Values ActiveOf(const Values& values, const Spec& spec, const study::SearchSpace& space) {
  Values whole = spec.Defaults();
  for (const auto& [name, value] : values) whole[name] = value;
  const study::Configuration configuration = space.Project(whole);
  Values active;
  for (const auto& [name, value] : values) {
    if (const Value* used = configuration.Find(name)) active[name] = *used;
  }
  return active;
}

bool SearchesAny(const Earlier& earlier, const study::SearchSpace& space) {
  return std::any_of(
      earlier.spec.search.begin(), earlier.spec.search.end(), [&](const auto& theirs) {
        return std::any_of(space.ranges().begin(), space.ranges().end(),
                           [&](const auto& ours) { return ours.name() == theirs.name(); });
      });
}

class Taking {
 public:
  Taking(const Spec& spec, std::string file, std::string store, FileSystem& disk)
      : spec_(spec),
        space_(spec.search),
        file_(std::move(file)),
        store_(std::move(store)),
        disk_(disk) {}

  void Take(std::size_t index) {
    const StartFrom& from = spec_.start_from[index];
    const auto earlier = Find(from, fmt::format("start_from.{}.study", index));
    if (!earlier) return;
    int n_taken = 0;
    for (const results::LeaderboardRow& row : earlier->board.rows) {
      if (n_taken == from.best || !row.score) break;
      const Values values = ValuesOf(*earlier, row, space_);
      const std::string which =
          fmt::format("trial {} of `{}` ({} {:.6g})", study::ToIndex(row.trial), from.study,
                      earlier->spec.metric, *row.score);
      if (const std::string outside = OutsideText(values, space_); !outside.empty()) {
        sentences.push_back(
            fmt::format("{} is left out: {}, outside of the range here", which, outside));
        continue;
      }
      sentences.push_back(which + " is tried first");
      taken.push_back(ActiveOf(values, spec_, space_));
      ++n_taken;
    }
  }

  std::vector<Values> taken;
  std::vector<std::string> sentences;
  std::vector<Finding> findings;

 private:
  std::optional<Earlier> Find(const StartFrom& from, const std::string& path) {
    const Place place{file_, 0, 0, path};
    const auto folder = LookForStudy(from.study, store_, disk_);
    if (!folder) {
      Finding finding = NoSuchStudy(from.study, store_, disk_);
      finding.place = place;
      findings.push_back(std::move(finding));
      return std::nullopt;
    }
    Earlier earlier = Open(*folder);
    if (earlier.board.best() == nullptr) {
      findings.push_back({fmt::format("the study `{}` has no trial with a score", from.study),
                          place, "leave it out"});
      return std::nullopt;
    }
    if (!SearchesAny(earlier, space_)) {
      findings.push_back(
          {fmt::format("the study `{}` searched none of the parameters that are searched here",
                       from.study),
           place, "leave it out"});
      return std::nullopt;
    }
    return earlier;
  }

  const Spec& spec_;
  study::SearchSpace space_;
  std::string file_;
  std::string store_;
  FileSystem& disk_;
};

}  // namespace

std::vector<std::string> TakeStartFrom(Spec& spec, const std::string& file,
                                       const std::string& store, FileSystem& disk) {
  if (spec.start_from.empty()) return {};
  Taking taking(spec, file, store, disk);
  for (std::size_t i = 0; i < spec.start_from.size(); ++i) taking.Take(i);
  if (!taking.findings.empty()) throw Error(ErrorKind::kSpec, std::move(taking.findings));
  spec.start.insert(spec.start.begin(), taking.taken.begin(), taking.taken.end());
  spec.start_from.clear();
  return std::move(taking.sentences);
}

}  // namespace coppice::tuner
