#include "trainer/data/synth.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/hash.h"
#include "base/random.h"
#include "tests/trainer/data/data_files.h"

namespace coppice::trainer {
namespace {

Dataset Read(const SynthSpec& spec) {
  ReadOptions options;
  options.label_kind = LabelKind::kMulticlass;
  return ReadText(SynthesizeCsv(spec), options);
}

TEST(Synth, WritesTheRowsColumnsAndClassesAskedFor) {
  SynthSpec spec;
  spec.rows = 500;
  spec.classes = 3;
  const Dataset data = Read(spec);
  EXPECT_EQ(data.n_rows, 500U);
  EXPECT_EQ(data.values.size(), 20U);
  EXPECT_TRUE(Holds(data.schema.classes, "0", "1", "2"));
  EXPECT_EQ(data.schema.label, "label");
  EXPECT_EQ(NamesOf(data)[19], "f19");
}

TEST(Synth, WritesTheSameBytesForTheSameSeedForEver) {
  SynthSpec spec;
  spec.rows = 200;
  EXPECT_EQ(HashOf(SynthesizeCsv(spec)), "45da96c23334efa4c29870c7cfb32e88");
  spec.seed = 8;
  EXPECT_NE(HashOf(SynthesizeCsv(spec)), "45da96c23334efa4c29870c7cfb32e88");
}

TEST(Synth, BeginsALongerTableWithTheShorterOne) {
  SynthSpec spec;
  spec.rows = 10;
  const std::string shorter = SynthesizeCsv(spec);
  spec.rows = 20;
  EXPECT_TRUE(SynthesizeCsv(spec).starts_with(shorter));
}

TEST(Synth, GivesTheClassesEvenSharesWhateverIsFlipped) {
  SynthSpec spec;
  spec.rows = 4000;
  spec.flip = 1;
  const Dataset data = Read(spec);
  double sum = 0;
  for (const float label : data.label) sum += label;
  // Five standard deviations of the mean of 4000 coins.
  EXPECT_NEAR(sum / 4000, 0.5, 5 * 0.5 / std::sqrt(4000.0));
}

// The share of rows whose class has the nearer mean of both, over all features.
double AccuracyOfNearestMean(const Dataset& data) {
  std::vector<std::vector<double>> means(2, std::vector<double>(data.n_features()));
  double counts[2] = {0, 0};
  for (std::size_t row = 0; row < data.n_rows; ++row) {
    const auto code = static_cast<std::size_t>(data.label[row]);
    ++counts[code];
    for (std::size_t f = 0; f < data.n_features(); ++f) means[code][f] += data.values[f][row];
  }
  double right = 0;
  for (std::size_t row = 0; row < data.n_rows; ++row) {
    double distance[2] = {0, 0};
    for (std::size_t c = 0; c < 2; ++c) {
      for (std::size_t f = 0; f < data.n_features(); ++f) {
        distance[c] += std::pow(data.values[f][row] - means[c][f] / counts[c], 2);
      }
    }
    right += (distance[1] < distance[0]) == (data.label[row] == 1) ? 1 : 0;
  }
  return right / data.n_rows;
}

TEST(Synth, PutsClassesApartByTheirDistance) {
  SynthSpec spec;
  spec.rows = 2000;
  spec.features = spec.informative = 4;
  spec.redundant = 0;
  spec.clusters_per_class = 1;
  spec.flip = 0;
  spec.class_sep = 10;
  EXPECT_GT(AccuracyOfNearestMean(Read(spec)), 0.99);
  spec.class_sep = 0;
  EXPECT_LT(AccuracyOfNearestMean(Read(spec)), 0.7);
}

TEST(Synth, MakesNoiseOfMeanZeroAndVarianceOne) {
  SynthSpec spec;
  spec.rows = 5000;
  spec.features = 3;
  spec.informative = 1;
  spec.redundant = 0;
  spec.clusters_per_class = 1;
  spec.class_sep = 100;
  const Dataset data = Read(spec);
  int n_noise = 0;
  for (const std::vector<float>& column : data.values) {
    double sum = 0;
    double squares = 0;
    for (const float value : column) {
      sum += value;
      squares += static_cast<double>(value) * value;
    }
    if (squares / 5000 > 1000) continue;
    ++n_noise;
    EXPECT_NEAR(sum / 5000, 0, 5 / std::sqrt(5000.0));
    EXPECT_NEAR(squares / 5000, 1, 5 * std::sqrt(2 / 5000.0));
  }
  EXPECT_EQ(n_noise, 2);
}

TEST(Synth, RefusesNumbersThatDoNotFit) {
  const auto findings = [](auto change) {
    SynthSpec spec;
    change(spec);
    return FindingsOf([&] { SynthesizeCsv(spec); }, ErrorKind::kUsage);
  };
  EXPECT_TRUE(Holds(findings([](SynthSpec& spec) { spec.redundant = 6; }),
                    "15 informative and 6 redundant features are more than 20 [take more "
                    "features]"));
  EXPECT_TRUE(Holds(findings([](SynthSpec& spec) {
                      spec.informative = 2;
                      spec.classes = 5;
                      spec.clusters_per_class = 1;
                    }),
                    "5 clusters need more corners than 2 informative features have [take more "
                    "informative features, or fewer classes or clusters]"));
  EXPECT_TRUE(Holds(findings([](SynthSpec& spec) {
                      spec.rows = 0;
                      spec.flip = 1.5;
                    }),
                    "`0` rows are too few", "`1.5` is no share of labels [take 0 to 1]"));
  SynthSpec full;
  full.rows = 1;
  full.informative = 2;
  full.classes = 4;
  full.clusters_per_class = 1;
  EXPECT_FALSE(SynthesizeCsv(full).empty());
}

// The tails of a normal: 4.55 % lie beyond two.
TEST(RandomNormal, HasTheSharesOfANormal) {
  RandomStream random(1, {Purpose::kSynth});
  const int n = 40000;
  int inside = 0;
  int beyond = 0;
  for (int i = 0; i < n; ++i) {
    const double value = std::fabs(random.Normal());
    inside += value < 1 ? 1 : 0;
    beyond += value > 2 ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(inside) / n, 0.682689, 5 * std::sqrt(0.2166 / n));
  EXPECT_NEAR(static_cast<double>(beyond) / n, 0.0455, 5 * std::sqrt(0.0434 / n));
}

}  // namespace
}  // namespace coppice::trainer
