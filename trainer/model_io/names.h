#pragma once
// The learner attributes that the reader and the writer agree on.

namespace coppice::trainer {

// ToJson(Schema); ours alone.
inline constexpr char kSchemaAttribute[] = "coppice.schema";
// XGBoost's: the best round less one, as a text.
inline constexpr char kBestRoundAttribute[] = "best_iteration";

}  // namespace coppice::trainer
