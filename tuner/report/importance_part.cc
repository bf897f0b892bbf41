#include <algorithm>

#include "base/json.h"
#include "tuner/report/parts.h"
#include "tuner/report/search_importance.h"

namespace coppice::tuner {

void AddImportance(const ReportFacts& facts, Json* report) {
  const auto importance = SearchImportance(facts.input.spec, facts.board);
  const bool all_chance = std::all_of(importance.begin(), importance.end(),
                                      [](const auto& one) { return one.is_chance; });
  if (importance.size() < 2 || all_chance) return;
  Json& list = (*report)["importance"] = Json::array();
  for (const auto& one : importance) {
    list.push_back({{"name", one.name},
                    {"share", Short(one.share)},
                    {"low", Short(one.share_low)},
                    {"high", Short(one.share_high)},
                    {"chance", one.is_chance}});
  }
}

}  // namespace coppice::tuner
