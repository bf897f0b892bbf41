// Question: how many megabytes of a CSV file does coppice read in a second, on one thread and on
// several, and how much memory does that take? Bad news would be: less than 300 MB/s a core on
// numbers, or less than 150 on quoted and mixed columns (bench/peers/csv_readers.py makes both and
// asks the peers' readers).
//
//   coppice_bench_csv FILE LABEL THREADS REPEATS
//
// Prints one JSON object: the CPU and wall seconds of each reading, the rows and features read, the
// sum of all numbers (the check), and the peak of the process's memory in megabytes.

#include <chrono>
#include <cmath>
#include <ctime>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

#include "base/files.h"
#include "base/json.h"
#include "base/threads.h"
#include "trainer/data/reader.h"

namespace coppice::trainer {
namespace {

double SumOfNumbers(const Dataset& data) {
  double sum = 0;
  for (std::size_t c = 0; c < data.values.size(); ++c) {
    if (data.schema.features[c].kind != ColumnKind::kNumeric) continue;
    for (const float value : data.values[c]) {
      sum += std::isnan(value) ? 0 : static_cast<double>(value);
    }
  }
  return sum;
}

double PeakMemoryMb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmHWM:", 0) == 0) return std::stod(line.substr(6)) / 1024;
  }
  throw std::runtime_error("no VmHWM in /proc/self/status");
}

void Run(const std::string& file, const std::string& label, int repeats) {
  ReadOptions options;
  options.label = label;
  RealFileSystem disk;
  Json report = {{"cpu_s", Json::array()}, {"wall_s", Json::array()}};
  for (int i = 0; i < repeats; ++i) {
    const std::clock_t cpu = std::clock();
    const auto wall = std::chrono::steady_clock::now();
    const Dataset data = ReadDataset({{file}, {}, {}}, options, disk, nullptr);
    report["cpu_s"].push_back(static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC);
    report["wall_s"].push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count());
    report["rows"] = data.n_rows;
    report["features"] = data.n_features();
    report["sum"] = SumOfNumbers(data);
  }
  report["peak_mb"] = PeakMemoryMb();
  std::cout << report.dump() << '\n';
}

}  // namespace
}  // namespace coppice::trainer

int main(int argc, char** argv) {
  try {
    if (argc != 5) throw std::runtime_error("usage: coppice_bench_csv FILE LABEL THREADS REPEATS");
    coppice::RunWithThreads(std::stoi(argv[3]),
                            [&] { coppice::trainer::Run(argv[1], argv[2], std::stoi(argv[4])); });
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
