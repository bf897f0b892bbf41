// Tries a target on many broken files.
//
//   coppice_fuzz_READER [--runs N | --seconds N] [--seed N] [--first N] FILE ...
//
// Run number k depends on the seed, on k and on the files only: when a run ends the program, its
// number is printed, and `--first k --runs 1` repeats it. The last line counts what was read.

#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "base/files.h"
#include "tests/fuzz/mutation.h"
#include "tests/fuzz/target.h"

// Both sanitizers then end in the handler below. Only they call these.
extern "C" const char* __asan_default_options() { return "abort_on_error=1:handle_abort=0"; }
extern "C" const char* __ubsan_default_options() { return "abort_on_error=1"; }

namespace coppice::fuzz {
namespace {

volatile std::uint64_t current_run = 0;

void SayRun(int signal_number) {
  char text[64] = "ended by run ";
  const auto end = std::to_chars(text + std::strlen(text), text + sizeof text - 1, current_run).ptr;
  *end = '\n';
  const auto written = write(STDERR_FILENO, text, static_cast<std::size_t>(end + 1 - text));
  static_cast<void>(written);
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

struct Options {
  std::uint64_t runs = 0;
  double seconds = 0;
  std::uint64_t seed = 1;
  std::uint64_t first = 0;
  std::vector<std::string> files;
};

Options Parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool has_value = i + 1 < argc;
    if (word == "--runs" && has_value) {
      options.runs = std::stoull(argv[++i]);
    } else if (word == "--seconds" && has_value) {
      options.seconds = std::stod(argv[++i]);
    } else if (word == "--seed" && has_value) {
      options.seed = std::stoull(argv[++i]);
    } else if (word == "--first" && has_value) {
      options.first = std::stoull(argv[++i]);
    } else {
      options.files.push_back(word);
    }
  }
  return options;
}

int Run(const Options& options) {
  RealFileSystem disk;
  std::vector<std::string> seeds;
  for (const std::string& file : options.files) {
    seeds.push_back(disk.Read(file));
    current_run = seeds.size();
    if (TryInput(seeds.back()) == Outcome::kRead) continue;
    std::fprintf(stderr, "%s is refused as it is\n", file.c_str());
    return 1;
  }
  if (seeds.empty()) {
    std::fprintf(stderr, "name the files to begin with\n");
    return 2;
  }
  const std::vector<std::string> words = Words();
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  std::uint64_t n_read = 0;
  std::uint64_t run = options.first;
  const auto more = [&] {
    return options.seconds > 0 ? seconds() < options.seconds : run < options.first + options.runs;
  };
  for (; more(); ++run) {
    current_run = run;
    RandomStream random(options.seed, {Purpose::kSynth, run});
    if (TryInput(Mutated(seeds, words, random)) == Outcome::kRead) ++n_read;
  }
  std::printf("%llu runs, %llu read\n", static_cast<unsigned long long>(run - options.first),
              static_cast<unsigned long long>(n_read));
  return 0;
}

}  // namespace
}  // namespace coppice::fuzz

int main(int argc, char** argv) {
  for (const int number : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE}) {
    signal(number, coppice::fuzz::SayRun);
  }
  return coppice::fuzz::Run(coppice::fuzz::Parse(argc, argv));
}
