#pragma once
// What a round adds to a model. A session owns one method and calls it round by round.

#include <cstdint>
#include <memory>
#include <span>

#include "base/bytes.h"
#include "trainer/boost/booster.h"
#include "trainer/boost/margins.h"
#include "trainer/boost/session_data.h"
#include "trainer/objective/objective.h"
#include "trainer/params.h"

namespace coppice::trainer {

// What methods work on; all of it outlives them.
struct BoostingInput {
  const SessionData& data;
  const TrainParams& params;
  const Objective& objective;
  SessionKey key;
  std::span<const float> base_margin;  // [n_outputs]

  // XGBoost's own `seed` parameter shifts the study's.
  std::uint64_t Seed() const;
  // Of the model that is continued.
  std::uint64_t RoundsBefore() const;
  // The round that is being added is of no use any more.
  bool GivenUp() const { return IsReached(data.limit); }
};

// One thread at a time; work is spread over the caller's arena. No result depends on threads.
class BoostingMethod {
 public:
  virtual ~BoostingMethod() = default;

  // Trains one more round. `margins` are those of the model so far; afterwards they have the round
  // too, at the rows that train and at those that validate. Behind the limit of the data it returns
  // early, and only the rounds before this one are whole: the method can but fill boosters then.
  virtual void AddRound(Margins& margins) = 0;
  // Gives `booster` what the first `rounds` rounds are made of, behind those of the model that is
  // continued. 0 <= rounds <= rounds added.
  virtual void FillBooster(int rounds, Booster* booster) const = 0;
  // About how many additions the first `rounds` rounds took: see TreeWork. 0 <= rounds <= added.
  virtual double Work(int rounds) const = 0;
  // The rounds as bytes, all of them whole; and back, in place of none, where another method of the
  // same input then goes on as this one would. False: these are not `rounds` such rounds.
  virtual void Save(ByteWriter& bytes) const = 0;
  virtual bool Load(ByteReader& bytes, int rounds) = 0;
};

// The method that the parameters name.
std::unique_ptr<BoostingMethod> MakeBoostingMethod(const BoostingInput& input);

}  // namespace coppice::trainer
