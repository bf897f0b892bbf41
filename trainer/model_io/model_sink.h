#pragma once
// Writes a model file value by value, as JSON or as UBJSON.
//
//   auto sink = MakeJsonSink();
//   sink->Open();
//   sink->Key("version");
//   sink->OpenList(1);
//   sink->Int(3);
//   sink->CloseList();
//   sink->Close();
//   std::string file = sink->Take();

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace coppice::trainer {

// One thread at a time. The caller keeps to the order of a document.
class ModelSink {
 public:
  virtual ~ModelSink() = default;

  // An object: keys and values in turn.
  virtual void Open() = 0;
  virtual void Close() = 0;
  virtual void Key(std::string_view key) = 0;
  // `count` values follow.
  virtual void OpenList(std::size_t count) = 0;
  virtual void CloseList() = 0;

  virtual void Text(std::string_view text) = 0;
  virtual void Int(std::int64_t value) = 0;
  virtual void Float(float value) = 0;
  // Lists whose types XGBoost's UBJSON fixes; it refuses a list of another width.
  virtual void Floats(std::span<const float> values) = 0;
  virtual void Ints(std::span<const std::int32_t> values) = 0;
  virtual void LongInts(std::span<const std::int32_t> values) = 0;
  virtual void Bytes(std::span<const std::uint8_t> values) = 0;

  // What was written; the sink is spent.
  virtual std::string Take() = 0;
};

std::unique_ptr<ModelSink> MakeJsonSink();
std::unique_ptr<ModelSink> MakeUbjsonSink();

}  // namespace coppice::trainer
