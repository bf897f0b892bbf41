#include "tests/architecture/layering.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace coppice::testing {
namespace {

struct Row {
  std::string_view from;
  std::vector<std::string_view> to;
};

// Prefixes of paths. The first row that a file fits is its own; it may include what fits a prefix
// of the row.
const std::vector<Row>& Layers() {
  static const std::vector<Row> rows = {
      {"base/", {"base/"}},
      {"strategies/study/", {"base/", "strategies/study/"}},
      {"strategies/", {"base/", "strategies/"}},
      {"trainer/", {"base/", "trainer/"}},
      {"results/", {"base/", "strategies/study/", "results/"}},
      {"tuner/", {"base/", "strategies/", "trainer/", "results/", "tuner/"}},
      {"tests/", {"base/", "strategies/", "trainer/", "results/", "tuner/", "tests/"}},
      {"bench/", {"base/", "strategies/", "trainer/", "results/", "tuner/", "bench/"}},
  };
  return rows;
}

// Inside the trainer. A trained model (tree.h and booster.h) is a part of its own: prediction and
// model files see it and no training code. Objectives and metrics see only spans.
const std::vector<Row>& TrainerParts() {
  static const std::vector<Row> rows = {
      {"trainer/data/", {"trainer/data/"}},
      {"trainer/objective/", {"trainer/objective/"}},
      {"trainer/metric/", {"trainer/metric/", "trainer/objective/"}},
      {"trainer/bins/", {"trainer/bins/", "trainer/data/"}},
      {"trainer/tree/tree.", {"trainer/tree/tree.", "trainer/data/"}},
      {"trainer/boost/booster.", {"trainer/boost/booster.", "trainer/tree/tree.", "trainer/data/"}},
      {"trainer/tree/", {"trainer/tree/", "trainer/bins/", "trainer/data/", "trainer/params."}},
      {"trainer/boost/",
       {"trainer/boost/", "trainer/tree/", "trainer/bins/", "trainer/data/", "trainer/params.",
        "trainer/objective/", "trainer/metric/"}},
      {"trainer/predict/",
       {"trainer/predict/", "trainer/boost/booster.", "trainer/tree/tree.", "trainer/data/",
        "trainer/objective/"}},
      {"trainer/model_io/",
       {"trainer/model_io/", "trainer/boost/booster.", "trainer/tree/tree.", "trainer/data/",
        "trainer/objective/"}},
      {"trainer/resolve_features.",
       {"trainer/resolve_features.", "trainer/params.", "trainer/data/"}},
      {"trainer/",
       {"trainer/param", "trainer/foreign_params.", "trainer/feature_params.",
        "trainer/objective/"}},
  };
  return rows;
}

// What an outside package's includes begin with, and the paths that may use it.
const std::vector<Row>& Packages() {
  static const std::vector<Row> rows = {
      {"fmt/", {""}},
      {"nlohmann/", {"base/json", "trainer/model_io/", "results/", "tuner/", "tests/", "bench/"}},
      {"Eigen/", {"strategies/bayesian/cholesky.cc", "strategies/prune/learned_rule.cc"}},
      {"sqlite3.h", {"results/store/", "tests/results/"}},
      {"tbb/", {"base/threads", "trainer/", "tuner/run/", "tests/", "bench/"}},
      {"oneapi/", {"base/threads", "trainer/", "tuner/run/", "tests/", "bench/"}},
      {"fast_float/", {"base/", "trainer/data/", "trainer/model_io/", "bench/"}},
      {"dlfcn.h", {"tests/crash/disk_shim.cc"}},
      {"sys/mman.h", {"base/big_vector.cc"}},
      {"zlib.h", {"trainer/data/", "tests/trainer/data/", "bench/"}},
      {"CLI/", {"tuner/cli/"}},
      {"gtest/", {"tests/"}},
      {"rapidcheck", {"tests/"}},
      {"benchmark/", {"bench/"}},
  };
  return rows;
}

// Of the operating system and the compiler: everywhere.
constexpr std::array<std::string_view, 16> kSystem = {
    "dirent.h",    "fcntl.h",    "glob.h",     "immintrin.h", "malloc.h",       "poll.h",
    "pty.h",       "signal.h",   "sys/file.h", "sys/ioctl.h", "sys/resource.h", "sys/stat.h",
    "sys/types.h", "sys/wait.h", "termios.h",  "unistd.h"};

bool FitsAny(std::string_view text, const std::vector<std::string_view>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [text](std::string_view prefix) { return text.starts_with(prefix); });
}

const Row* RowOf(const std::vector<Row>& rows, std::string_view path) {
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [path](const Row& row) { return path.starts_with(row.from); });
  return found == rows.end() ? nullptr : &*found;
}

std::string BreachOfOurs(std::string_view path, std::string_view target) {
  const Row* layer = RowOf(Layers(), path);
  if (layer == nullptr) return "is in no layer";
  if (!FitsAny(target, layer->to)) return std::string(layer->from) + " is not above it";
  if (target.starts_with("tuner/cli/") && !path.starts_with("tuner/cli/") &&
      !path.starts_with("tests/")) {
    return "nothing includes cli";
  }
  if (target.starts_with("tuner/report/") && !path.starts_with("tuner/report/") &&
      !path.starts_with("tuner/cli/") && !path.starts_with("tests/")) {
    return "only cli includes the report";
  }
  const Row* part = RowOf(TrainerParts(), path);
  if (part != nullptr && target.starts_with("trainer/") && !FitsAny(target, part->to)) {
    return "the way of the data does not go from it to " + std::string(part->from);
  }
  return "";
}

bool IsStandard(std::string_view target) {
  return std::all_of(target.begin(), target.end(), [](unsigned char c) {
    return std::islower(c) || std::isdigit(c) || c == '_';
  });
}

std::string BreachOfForeign(std::string_view path, std::string_view target) {
  if (IsStandard(target)) return "";
  if (std::find(kSystem.begin(), kSystem.end(), target) != kSystem.end()) return "";
  const Row* package = RowOf(Packages(), target);
  if (package == nullptr) return "is of no package that we use";
  if (!FitsAny(path, package->to)) return "this package is not used here";
  return "";
}

}  // namespace

std::string BreachOf(const std::string& path, const std::string& line) {
  std::string_view rest = line;
  const auto skip_blanks = [&rest] {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  };
  skip_blanks();
  if (!rest.starts_with("#")) return "";
  rest.remove_prefix(1);
  skip_blanks();
  if (!rest.starts_with("include")) return "";
  rest.remove_prefix(std::string_view("include").size());
  skip_blanks();
  const bool ours = rest.starts_with("\"");
  const std::size_t end = rest.empty() ? std::string_view::npos : rest.find(ours ? '"' : '>', 1);
  if (end == std::string_view::npos) return "is no include of a plain name";
  const std::string_view target = rest.substr(1, end - 1);
  return ours ? BreachOfOurs(path, target) : BreachOfForeign(path, target);
}

bool IsSource(const std::filesystem::path& path) {
  return path.extension() == ".h" || path.extension() == ".cc";
}

}  // namespace coppice::testing
