#include "trainer/boost/train_session.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/error.h"
#include "trainer/boost/boosting_method.h"
#include "trainer/boost/margins.h"
#include "trainer/boost/row_chunks.h"

namespace coppice::trainer {

namespace {

// Of the bytes of SaveState; raised whenever they are laid out in another way, by a boosting method
// or a tree too.
constexpr std::uint32_t kStateFormat = 1;

}  // namespace

class TrainSession::State {
 public:
  State(SessionData data, TrainParams params, std::vector<const Metric*> metrics,
        bool train_metrics, SessionKey key)
      : data_(std::move(data)),
        params_(std::move(params)),
        objective_(CheckedObjective(params_, data_)),
        base_score_(BaseScore()),
        base_margin_(BaseMargins()),
        evaluation_(*objective_, data_, std::move(metrics), train_metrics),
        margins_(data_.matrix->n_rows(), static_cast<std::size_t>(objective_->n_outputs())),
        method_(MakeBoostingMethod({data_, params_, *objective_, key, base_margin_})) {
    StartMargins();
  }

  int Advance(int rounds, const CancelToken* cancel) {
    COPPICE_CHECK(!is_broken_, "a session whose last round was given up cannot go on");
    int done = 0;
    while (done < rounds && rounds_ < params_.num_round) {
      if (cancel != nullptr && cancel->cancelled()) break;
      method_->AddRound(margins_);
      if (IsReached(data_.limit)) {
        is_broken_ = true;
        break;
      }
      ++rounds_;
      evaluation_.AddRound(margins_);
      ++done;
    }
    return done;
  }

  std::string SaveState() const {
    COPPICE_CHECK(!is_broken_, "half a round is no state to go on from");
    ByteWriter bytes;
    const std::span<const float> margins = std::as_const(margins_).all();
    bytes(kStateFormat, rounds_, std::vector<float>(margins.begin(), margins.end()),
          evaluation_.curves().train, evaluation_.curves().validation);
    method_->Save(bytes);
    return bytes.Take();
  }

  bool LoadState(std::string_view from) {
    COPPICE_CHECK(rounds_ == 0, "a state is loaded in place of no rounds");
    ByteReader bytes(from);
    std::vector<float> margins;
    MetricCurves curves;
    std::uint32_t format = 0;
    int rounds = 0;
    if (!bytes(format) || format != kStateFormat) return false;
    if (!bytes(rounds, margins, curves.train, curves.validation)) return false;
    if (rounds < 0 || rounds > params_.num_round || margins.size() != margins_.all().size()) {
      return false;
    }
    if (!evaluation_.SetCurves(std::move(curves), static_cast<std::size_t>(rounds))) return false;
    if (!method_->Load(bytes, rounds) || !bytes.AtEnd()) return false;
    std::copy(margins.begin(), margins.end(), margins_.all().begin());
    rounds_ = rounds;
    return true;
  }

  bool is_broken() const { return is_broken_; }
  int rounds() const { return rounds_; }
  bool finished() const { return rounds_ >= params_.num_round; }
  const MetricCurves& curves() const { return evaluation_.curves(); }
  double Work(int rounds) const { return method_->Work(rounds); }

  Booster MakeBooster(const Schema& schema, int rounds) const {
    const int used = rounds == 0 ? rounds_ : rounds;
    COPPICE_CHECK(used <= rounds_, "only trained rounds make a model");
    Booster booster;
    booster.objective = params_.objective;
    booster.objective_params = objective_->Parameters();
    booster.n_outputs = objective_->n_outputs();
    booster.base_score = base_score_;
    booster.schema = schema;
    method_->FillBooster(used, &booster);
    return booster;
  }

 private:
  static std::unique_ptr<Objective> CheckedObjective(const TrainParams& params,
                                                     const SessionData& data) {
    COPPICE_CHECK(data.matrix->n_rows() < (1U << 30), "sums of more rows could overflow");
    auto objective = MakeObjective(params.objective, SettingsOf(params));
    COPPICE_CHECK(objective != nullptr, "the objective's name was checked");
    COPPICE_CHECK(
        objective->coupling() != Coupling::kQueries || data.group.size() == data.matrix->n_rows(),
        "the groups were checked");
    const std::vector<float> label = GatherRows(data.label, data.train);
    const std::vector<float> upper = GatherRows(data.label_upper, data.train);
    Labels labels(label);
    labels.upper = upper;
    if (auto problem = objective->CheckLabels(labels)) {
      throw Error(ErrorKind::kData, *problem, {},
                  "choose an objective that fits the label, or clean the label");
    }
    return objective;
  }

  std::vector<float> BaseScore() const {
    if (data_.start.model != nullptr) return data_.start.model->base_score;
    if (params_.base_score) return {static_cast<float>(*params_.base_score)};
    return objective_->EstimateBaseScore(GatherRows(data_.label, data_.train),
                                         GatherRows(data_.weight, data_.train));
  }

  std::vector<float> BaseMargins() const {
    std::vector<float> margins;
    for (int k = 0; k < objective_->n_outputs(); ++k) {
      const auto output = static_cast<std::size_t>(k);
      // XGBoost starts every output of a linear model from the first score.
      const bool first = base_score_.size() == 1 || params_.booster == BoosterKind::kGblinear;
      margins.push_back(objective_->ToMargin(base_score_[first ? 0 : output]));
    }
    return margins;
  }

  void StartMargins() {
    const SessionStart& start = data_.start;
    const std::size_t n_outputs = margins_.n_outputs();
    COPPICE_CHECK(start.model == nullptr || start.margins.size() == margins_.n_rows() * n_outputs,
                  "a model that is continued comes with a margin for each row and output");
    for (std::size_t k = 0; k < n_outputs; ++k) {
      const std::span<float> own = margins_.Of(k);
      if (start.model == nullptr) {
        std::fill(own.begin(), own.end(), base_margin_[k]);
        continue;
      }
      for (std::size_t row = 0; row < own.size(); ++row) {
        own[row] = start.margins[row * n_outputs + k];
      }
    }
  }

  SessionData data_;
  TrainParams params_;
  std::unique_ptr<Objective> objective_;
  std::vector<float> base_score_;
  std::vector<float> base_margin_;  // [n_outputs]
  Evaluation evaluation_;
  Margins margins_;
  std::unique_ptr<BoostingMethod> method_;
  int rounds_ = 0;
  bool is_broken_ = false;
};

TrainSession::TrainSession(SessionData data, TrainParams params, std::vector<const Metric*> metrics,
                           bool train_metrics, SessionKey key)
    : state_(std::make_unique<State>(std::move(data), std::move(params), std::move(metrics),
                                     train_metrics, key)) {}
TrainSession::~TrainSession() = default;
TrainSession::TrainSession(TrainSession&&) noexcept = default;

int TrainSession::Advance(int rounds, const CancelToken* cancel) {
  return state_->Advance(rounds, cancel);
}
std::string TrainSession::SaveState() const { return state_->SaveState(); }
bool TrainSession::LoadState(std::string_view bytes) { return state_->LoadState(bytes); }
bool TrainSession::is_broken() const { return state_->is_broken(); }
int TrainSession::rounds() const { return state_->rounds(); }
bool TrainSession::finished() const { return state_->finished(); }
const MetricCurves& TrainSession::curves() const { return state_->curves(); }
double TrainSession::Work(int rounds) const { return state_->Work(rounds); }
Booster TrainSession::MakeBooster(const Schema& schema, int rounds) const {
  return state_->MakeBooster(schema, rounds);
}

}  // namespace coppice::trainer
