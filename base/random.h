#pragma once
// Random numbers that are named, not drawn in turn: a counter-based generator (Philox4x32-10,
// Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") whose stream is fixed by a
// seed and a name. Two streams with different names are independent, and which thread asks first
// does not matter.
//
//   RandomStream rows(seed, {Purpose::kRowSample, fold, round});
//   if (rows.Uniform() < subsample) ...

#include <array>
#include <cstdint>
#include <span>

namespace coppice {

// What a stream is for. The numbers are part of every study's result: never reuse one.
enum class Purpose : std::uint32_t {
  kRowSample = 1,
  kColumnsByTree = 2,
  kColumnsByLevel = 3,
  kColumnsByNode = 4,
  kSplit = 5,
  kProposal = 6,
  kScramble = 7,
  kSynth = 8,
  kDropTrees = 9,
  kFeatureOrder = 10,
  kRankPairs = 11,
  kResample = 12,
};

struct StreamName {
  Purpose purpose;
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  std::uint64_t c = 0;
};

// A value type; one thread at a time.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, const StreamName& name);

  std::uint32_t Next();
  // What as many calls of Next give, at a fraction of the cost.
  void Fill(std::span<std::uint32_t> numbers);
  std::uint64_t Next64();
  // In [0, 1), a multiple of 2^-53.
  double Uniform();
  // In [0, n), without bias. n > 0.
  std::uint64_t Below(std::uint64_t n);
  // Standard normal (Marsaglia's polar method: pairs of uniforms until one lies in the circle). The
  // same bits on every machine.
  double Normal();

 private:
  std::array<std::uint32_t, 4> counter_{};
  std::array<std::uint32_t, 2> key_{};
  std::array<std::uint32_t, 4> block_{};
  int used_ = 4;
};

// One block of Philox4x32-10.
std::array<std::uint32_t, 4> Philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key);

// Mixes 64 bits well (the finaliser of SplitMix64, Steele et al. 2014).
std::uint64_t Mix64(std::uint64_t x);

}  // namespace coppice
