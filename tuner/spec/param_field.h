#pragma once
// Names and values of training parameters, as they stand in `train`, `search` and `start`.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json_fwd.h"
#include "base/value.h"
#include "trainer/params.h"
#include "tuner/spec/object_reader.h"

namespace coppice::tuner {

// One value a parameter, one type a parameter: whole for kInt, real for kFloat; one text for what a
// kList says. The value is legal for `param`; null: a parameter of another program, whose values
// stay as they are.
Value Canonical(const trainer::ParamInfo* param, const Value& value);
// What is wrong with it; nothing for a parameter of another program.
std::optional<trainer::ParamProblem> ProblemOf(const trainer::ParamInfo* param, const Value& value);

// As it stands in `train`: the text of kNumbers or a kList as the list or object that it is.
Json ParamJson(const trainer::ParamInfo& param, const Value& value);

// A key of the spec and the parameter that it names.
struct NamedParam {
  std::string key;                            // as written, maybe an alias
  std::string name;                           // canonical
  const trainer::ParamInfo* param = nullptr;  // null: of another program
};

// The keys of `object` that name parameters; findings for the others and for a parameter that is
// named twice, once by an alias. `any_name`: each names one of another program.
std::vector<NamedParam> NamedParams(ObjectReader& object, bool any_name = false);

// The value under `named.key`, which Has one, checked and canonical; a finding and nothing when it
// is not legal.
std::optional<Value> ReadParamValue(ObjectReader& object, const NamedParam& named);

}  // namespace coppice::tuner
