#include "tuner/spec/spec_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include "tuner/spec/auto_space.h"
#include "tuner/spec/object_reader.h"
#include "tuner/spec/portfolio.h"
#include "tuner/spec/sections.h"
#include "tuner/spec/spec_document.h"

namespace coppice::tuner {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kFormatVersion = 1;
constexpr std::size_t kLongestName = 100;

bool IsNameCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
}

// A folder and a word of the command line: neither hidden nor like a flag.
bool IsName(const std::string& name) {
  return !name.empty() && name.size() <= kLongestName && name[0] != '.' && name[0] != '-' &&
         std::all_of(name.begin(), name.end(), IsNameCharacter);
}

// From the spec's own file name, what does not belong into a name replaced.
std::string NameFromFile(const std::string& file) {
  std::string name = fs::path(file).stem().string().substr(0, kLongestName);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !IsNameCharacter(c); }, '-');
  const std::size_t begin = name.find_first_not_of(".-");
  return begin == std::string::npos ? "study" : name.substr(begin);
}

void ReadVersion(ObjectReader& root, const Findings& findings) {
  if (!root.Has("coppice")) {
    root.Report("coppice", "`coppice`, the version of the spec's format, is missing",
                "begin the spec with `\"coppice\": 1`");
    return;
  }
  const auto version = root.Whole("coppice", {.min = kFormatVersion});
  if (!version || *version == kFormatVersion) return;
  root.Report("coppice",
              fmt::format("the spec is in version {} of the format, and this program knows "
                          "version {}",
                          *version, kFormatVersion),
              "use a newer coppice");
  // What else looks wrong may be right in that version.
  findings.ThrowIfAny(ErrorKind::kSpec);
}

void ReadName(ObjectReader& root, const std::string& file, Spec& spec) {
  spec.name = NameFromFile(file);
  const auto name = root.Text("name");
  if (!name) return;
  if (IsName(*name)) {
    spec.name = *name;
    return;
  }
  root.Report("name", fmt::format("`{}` cannot name a study", *name),
              fmt::format("use letters, digits, `-`, `_` and `.`, at most {}, beginning with a "
                          "letter, a digit or `_`",
                          kLongestName));
}

// What another program does is not said here.
void RefuseTraining(ObjectReader& root) {
  for (const char* key : {"data", "split", "train", "metrics", "confirm"}) {
    if (!root.Has(key)) continue;
    root.Report(key, fmt::format("`{}` has no meaning where another program evaluates trials", key),
                "leave it out, or run the spec with `coppice tune`");
  }
}

// What needs validation rows when the files give none.
void CheckValidation(ObjectReader& root, const Spec& spec) {
  if (spec.split.kind != trainer::SplitKind::kFiles || !spec.data.validation.empty()) return;
  const char* hint = "name files with `data.validation`, or use the split `cv` or `holdout`";
  if (spec.auto_search || !spec.search.empty()) {
    root.Report("split", "a search needs validation rows, and the split `files` has none", hint);
  } else if (spec.ParamsFor({}).early_stopping_rounds > 0) {
    root.Report("split",
                "`early_stopping_rounds` needs validation rows, and the split `files` has none",
                hint);
  }
}

// A table in place of a spec: its first line has delimiters, and no JSON begins like it.
void RefuseTable(const std::string& path, const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos || text[begin] == '{' || text[begin] == '/') return;
  const std::string extension = fs::path(path).extension().string();
  const bool is_called_so = extension == ".csv" || extension == ".tsv";
  const std::string line = text.substr(begin, text.find('\n', begin) - begin);
  const bool is_list = text[begin] == '[';
  if (!is_called_so && (is_list || line.find_first_of(",;\t") == std::string::npos)) return;
  throw Error(ErrorKind::kSpec, fmt::format("`{}` is a table, not a spec", path), {path, 1, 1, {}},
              fmt::format("`coppice init --data {} -o spec.json` writes a spec for it", path));
}

// XGBoost's 100 rounds end every small `eta` too soon. Of `dart` each round costs as much as all
// before it, and linear models converge in few.
void RaiseRounds(Spec& spec) {
  if (!spec.auto_search || spec.train.contains("num_round")) return;
  if (spec.ParamsFor({}).booster != trainer::BoosterKind::kGbtree) return;
  spec.train.emplace("num_round", kAutoRounds);
}

// Who lets us choose the ranges lets us choose where to begin. A grid has its own points, and a
// linear model no use for good trees.
void AddPortfolio(trainer::TargetKind target, Spec& spec) {
  if (!spec.auto_search || spec.strategy.kind == "grid") return;
  if (spec.ParamsFor({}).booster == trainer::BoosterKind::kGblinear) return;
  const auto policy = spec.train.find("grow_policy");
  for (std::map<std::string, Value>& values : Portfolio(target)) {
    // One that grows its trees in a way that is ruled out is none of those that did well.
    const auto wanted = values.find("grow_policy");
    if (policy != spec.train.end() && wanted != values.end() && wanted->second != policy->second) {
      continue;
    }
    std::erase_if(values, [&](const auto& value) { return spec.train.contains(value.first); });
    if (!values.empty()) spec.start.push_back(std::move(values));
  }
}

// In the order of the file; what the command line says comes last.
void SortByPlace(std::vector<Finding>& findings) {
  auto key = [](const Finding& finding) {
    const Place& place = finding.place;
    return std::make_tuple(place.line == 0, place.line, place.column);
  };
  std::stable_sort(findings.begin(), findings.end(),
                   [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
}

}  // namespace

Spec ReadSpec(const std::string& path, const Overrides& overrides, FileSystem& disk, SpecUse use) {
  if (!disk.Exists(path)) {
    throw Error(ErrorKind::kUsage, fmt::format("there is no spec `{}`", path), {},
                "`coppice init` writes one from a data file");
  }
  const std::string folder = fs::absolute(path).lexically_normal().parent_path().string();
  const std::string text = disk.Read(path);
  RefuseTable(path, text);
  return ReadSpecText(text, path, folder, overrides, use);
}

Spec ReadSpecText(const std::string& text, const std::string& file, const std::string& folder,
                  const Overrides& overrides, SpecUse use) {
  Findings findings;
  const SpecDocument document(text, file, overrides, findings);
  ObjectReader root(document, "", findings);
  if (!root.is_given()) findings.ThrowIfAny(ErrorKind::kSpec);
  ReadVersion(root, findings);
  Draft draft;
  Spec& spec = draft.spec;
  spec.folder = folder;
  spec.is_external = use == SpecUse::kAsk || (use == SpecUse::kEither && !root.Has("data"));
  ReadName(root, file, spec);
  if (spec.is_external) {
    RefuseTraining(root);
    spec.confirm.share = 0;
    ReadSearch(root, draft);
    ReadExternalObjective(root, draft);
  } else {
    ReadTrain(root, draft);
    ReadData(root, draft);
    ReadSplit(root, draft);
    ReadSearch(root, draft);
    ReadObjective(root, draft);
  }
  ReadStrategy(root, draft);
  ReadStop(root, draft);
  if (!spec.is_external) ReadConfirm(root, draft);
  ReadParallel(root, draft);
  if (!spec.is_external) CheckValidation(root, spec);
  // The largest double below 2^63, as for the parameter `seed`.
  constexpr std::int64_t kMaxSeed = 9223372036854774784;
  spec.seed = static_cast<std::uint64_t>(root.Whole("seed", {0, kMaxSeed}).value_or(0));
  root.RefuseOthers();
  if (findings.empty()) {
    RaiseRounds(spec);
    if (draft.target) AddPortfolio(*draft.target, spec);
    return spec;
  }
  std::vector<Finding> sorted = findings.list();
  SortByPlace(sorted);
  throw Error(ErrorKind::kSpec, std::move(sorted));
}

}  // namespace coppice::tuner
