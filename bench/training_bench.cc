// Question: how many CPU seconds does one training take, and what does it cost to bin and predict?
// Bad news would be: less than three times as fast as the fastest peer (bench/peers/training.py
// asks them on the same numbers, and compares the scores).
//
//   coppice_bench_training DIR THREADS PARAM=VALUE ...
//
// DIR holds train_x.f32 (column after column), train_y.f32, test_x.f32, test_y.f32, and types.txt
// with a word a feature: `q`, or `c:N` for N categories. Writes DIR/coppice.f32, the predictions of
// the test rows, and prints one JSON object: CPU and wall seconds, the memory of the process in
// megabytes when the table is loaded and at its peak after that, how many additions to histograms
// the training made, and the nanoseconds that one takes alone, before and after the training.

#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/threads.h"
#include "bench/addition_floor.h"
#include "trainer/bins/binned_matrix.h"
#include "trainer/boost/train_session.h"
#include "trainer/params.h"
#include "trainer/predict/predictor.h"

namespace coppice::trainer {
namespace {

std::vector<float> ReadFloats(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<float> values(static_cast<std::size_t>(file.tellg()) / sizeof(float));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(values.data()),
            static_cast<std::streamsize>(values.size() * sizeof(float)));
  return values;
}

std::vector<FeatureSchema> ReadFeatures(const std::string& path) {
  std::vector<FeatureSchema> features;
  std::ifstream file(path);
  for (std::string word; file >> word;) {
    FeatureSchema feature{"f" + std::to_string(features.size()), ColumnKind::kNumeric, {}};
    if (word[0] == 'c') {
      feature.kind = ColumnKind::kCategorical;
      for (int code = 0; code < std::stoi(word.substr(2)); ++code) {
        feature.categories.push_back(std::to_string(code));
      }
    }
    features.push_back(feature);
  }
  return features;
}

Dataset ReadTable(const std::string& folder, const std::string& part,
                  const std::vector<FeatureSchema>& features) {
  Dataset data;
  data.schema.features = features;
  data.label = ReadFloats(folder + "/" + part + "_y.f32");
  data.n_rows = static_cast<RowIndex>(data.label.size());
  const std::vector<float> all = ReadFloats(folder + "/" + part + "_x.f32");
  if (all.size() != data.label.size() * features.size()) throw std::runtime_error("odd shape");
  for (std::size_t f = 0; f < features.size(); ++f) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(f * data.n_rows);
    data.values.emplace_back(begin, begin + data.n_rows);
  }
  return data;
}

// A figure of this process in megabytes: VmRSS is what it holds now, VmHWM the most since the start
// or the last reset.
double MemoryMb(const std::string& figure) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind(figure + ":", 0) == 0) return std::stod(line.substr(figure.size() + 1)) / 1024;
  }
  throw std::runtime_error("no " + figure + " in /proc/self/status");
}

void ResetPeakMemory() { std::ofstream("/proc/self/clear_refs") << "5"; }

// CPU and wall seconds of `work`, under `name` in `report`.
template <typename Work>
void Measure(const std::string& name, Json& report, const Work& work) {
  const std::clock_t cpu = std::clock();
  const auto wall = std::chrono::steady_clock::now();
  work();
  report[name] = {
      {"cpu_s", static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC},
      {"wall_s", std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count()}};
}

void Run(int argc, char** argv) {
  const std::string folder = argv[1];
  TrainParams params;
  for (int i = 3; i < argc; ++i) {
    const std::string setting = argv[i];
    const std::size_t equals = setting.find('=');
    const Json value = Json::parse(setting.substr(equals + 1), nullptr, false);
    SetParam(params, setting.substr(0, equals),
             value.is_discarded() ? Value(setting.substr(equals + 1)) : ValueFromJson(value));
  }
  const std::vector<FeatureSchema> features = ReadFeatures(folder + "/types.txt");
  const Dataset train = ReadTable(folder, "train", features);
  const Dataset test = ReadTable(folder, "test", features);
  std::vector<RowIndex> rows(train.n_rows);
  std::iota(rows.begin(), rows.end(), 0);

  Json report;
  ResetPeakMemory();
  report["memory"]["loaded_mb"] = MemoryMb("VmRSS");
  std::shared_ptr<const BinnedMatrix> matrix;
  Measure("bin", report, [&] {
    matrix = std::make_shared<BinnedMatrix>(train, FindCuts(train, rows, params.max_bin));
  });
  const double before_ns = NanosecondsPerAddition();
  Booster booster;
  Measure("train", report, [&] {
    TrainSession session({matrix, train.label, {}, rows, {}, {}, train.values}, params, {}, false,
                         {});
    session.Advance(params.num_round, nullptr);
    booster = session.MakeBooster(train.schema, 0);
  });
  const double after_ns = NanosecondsPerAddition();
  std::vector<float> predictions;
  Measure("predict", report,
          [&] { predictions = PredictValues(booster, test.values, test.n_rows); });
  report["memory"]["peak_mb"] = MemoryMb("VmHWM");
  report["additions"] = {{"n", CountAdditions(booster, train, *matrix, params.max_depth)},
                         {"alone_ns", {before_ns, after_ns}}};
  std::ofstream out(folder + "/coppice.f32", std::ios::binary);
  out.write(reinterpret_cast<const char*>(predictions.data()),
            static_cast<std::streamsize>(predictions.size() * sizeof(float)));
  std::cout << report.dump() << '\n';
}

}  // namespace
}  // namespace coppice::trainer

int main(int argc, char** argv) {
  try {
    if (argc < 3) {
      throw std::runtime_error("usage: coppice_bench_training DIR THREADS PARAM=VALUE ...");
    }
    coppice::RunWithThreads(std::stoi(argv[2]), [&] { coppice::trainer::Run(argc, argv); });
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
