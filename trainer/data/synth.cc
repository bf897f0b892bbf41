#include "trainer/data/synth.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/random.h"

namespace coppice::trainer {
namespace {

// What a stream of random numbers is for; rows have a stream each, so that a row does not depend
// on how many there are.
enum class Draw : std::uint64_t { kCorners, kMaps, kRedundant, kColumns, kRow };

RandomStream StreamFor(const SynthSpec& spec, Draw draw, std::uint64_t of = 0) {
  return {spec.seed, {Purpose::kSynth, static_cast<std::uint64_t>(draw), of}};
}

void CheckSpec(const SynthSpec& spec) {
  Findings findings;
  if (spec.rows < 1) findings.Add(fmt::format("`{}` rows are too few", spec.rows));
  if (spec.classes < 2) findings.Add(fmt::format("`{}` classes are too few", spec.classes));
  if (spec.clusters_per_class < 1) {
    findings.Add(fmt::format("`{}` clusters a class are too few", spec.clusters_per_class));
  }
  if (!(spec.flip >= 0 && spec.flip <= 1)) {
    findings.Add(fmt::format("`{}` is no share of labels", spec.flip), {}, "take 0 to 1");
  }
  if (!(spec.class_sep >= 0 && spec.class_sep < 1e30)) {
    findings.Add(fmt::format("`{}` is no distance of classes", spec.class_sep), {},
                 "take 0 or more");
  }
  if (spec.informative < 1 || spec.redundant < 0) {
    findings.Add(fmt::format("{} informative and {} redundant features are too few",
                             spec.informative, spec.redundant),
                 {}, "take 1 or more and 0 or more");
  } else if (std::int64_t{spec.informative} + spec.redundant > spec.features) {
    findings.Add(fmt::format("{} informative and {} redundant features are more than {}",
                             spec.informative, spec.redundant, spec.features),
                 {}, "take more features");
  }
  const std::int64_t clusters = std::int64_t{spec.classes} * spec.clusters_per_class;
  if (spec.informative >= 1 && spec.informative < 62 &&
      clusters > std::int64_t{1} << spec.informative) {
    findings.Add(fmt::format("{} clusters need more corners than {} informative features have",
                             clusters, spec.informative),
                 {}, "take more informative features, or fewer classes or clusters");
  }
  findings.ThrowIfAny(ErrorKind::kUsage);
}

// [rows][columns], row-major.
struct Matrix {
  std::size_t n_columns = 0;
  std::vector<double> values;
  const double* row(std::size_t i) const { return values.data() + i * n_columns; }
};

Matrix RandomMatrix(std::size_t n_rows, std::size_t n_columns, RandomStream random) {
  Matrix matrix{n_columns, std::vector<double>(n_rows * n_columns)};
  for (double& value : matrix.values) value = 2 * random.Uniform() - 1;
  return matrix;
}

// target[j] += sum over i of x[i] * map[i][j]
void AddMapped(const std::vector<double>& x, const Matrix& map, double* target) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < map.n_columns; ++j) target[j] += x[i] * map.row(i)[j];
  }
}

class Generator {
 public:
  explicit Generator(const SynthSpec& spec)
      : spec_(spec),
        n_informative_(static_cast<std::size_t>(spec.informative)),
        n_redundant_(static_cast<std::size_t>(spec.redundant)),
        n_features_(static_cast<std::size_t>(spec.features)),
        n_clusters_(static_cast<std::size_t>(spec.classes) *
                    static_cast<std::size_t>(spec.clusters_per_class)),
        redundant_(RandomMatrix(n_informative_, n_redundant_, StreamFor(spec, Draw::kRedundant))) {
    MakeCorners();
    for (std::size_t c = 0; c < n_clusters_; ++c) {
      maps_.push_back(
          RandomMatrix(n_informative_, n_informative_, StreamFor(spec, Draw::kMaps, c)));
    }
    ShuffleColumns();
  }

  void AddRow(std::uint64_t row, std::string& csv) {
    RandomStream random = StreamFor(spec_, Draw::kRow, row);
    const std::size_t cluster = random.Below(n_clusters_);
    // Clusters are dealt to classes in turn.
    std::uint64_t label = cluster % static_cast<std::uint64_t>(spec_.classes);
    if (random.Uniform() < spec_.flip) {
      label = random.Below(static_cast<std::uint64_t>(spec_.classes));
    }
    std::vector<double> cloud(n_informative_);
    for (double& value : cloud) value = random.Normal();
    std::vector<double> features(n_features_);
    std::copy(corners_[cluster].begin(), corners_[cluster].end(), features.begin());
    AddMapped(cloud, maps_[cluster], features.data());
    const std::vector<double> informative(
        features.begin(), features.begin() + static_cast<std::ptrdiff_t>(n_informative_));
    AddMapped(informative, redundant_, features.data() + n_informative_);
    for (std::size_t i = n_informative_ + n_redundant_; i < n_features_; ++i) {
      features[i] = random.Normal();
    }
    fmt::format_to(std::back_inserter(csv), "{}", label);
    for (const std::size_t column : columns_) {
      fmt::format_to(std::back_inserter(csv), ",{:.6g}", features[column]);
    }
    csv.push_back('\n');
  }

 private:
  // Different corners of the cube with coordinates +-class_sep.
  void MakeCorners() {
    RandomStream random = StreamFor(spec_, Draw::kCorners);
    std::set<std::vector<double>> taken;
    while (corners_.size() < n_clusters_) {
      std::vector<double> corner(n_informative_);
      std::vector<double> key(n_informative_);
      for (std::size_t i = 0; i < n_informative_; ++i) {
        key[i] = random.Below(2) == 0 ? -1 : 1;
        corner[i] = key[i] * spec_.class_sep;
      }
      // The signs, not the corner, which is one point when class_sep is 0.
      if (taken.insert(std::move(key)).second) corners_.push_back(std::move(corner));
    }
  }

  void ShuffleColumns() {
    RandomStream random = StreamFor(spec_, Draw::kColumns);
    for (std::size_t i = 0; i < n_features_; ++i) columns_.push_back(i);
    for (std::size_t i = n_features_; i > 1; --i) {
      std::swap(columns_[i - 1], columns_[random.Below(i)]);
    }
  }

  const SynthSpec& spec_;
  const std::size_t n_informative_;
  const std::size_t n_redundant_;
  const std::size_t n_features_;
  const std::size_t n_clusters_;
  const Matrix redundant_;                    // [n_informative][n_redundant]
  std::vector<std::vector<double>> corners_;  // [n_clusters][n_informative]
  std::vector<Matrix> maps_;                  // [n_clusters], [n_informative][n_informative]
  std::vector<std::size_t> columns_;          // the feature at each column
};

}  // namespace

std::string SynthesizeCsv(const SynthSpec& spec) {
  CheckSpec(spec);
  Generator generator(spec);
  std::string csv = "label";
  for (int i = 0; i < spec.features; ++i) csv += fmt::format(",f{}", i);
  csv.push_back('\n');
  for (std::int64_t row = 0; row < spec.rows; ++row) {
    generator.AddRow(static_cast<std::uint64_t>(row), csv);
  }
  return csv;
}

}  // namespace coppice::trainer
