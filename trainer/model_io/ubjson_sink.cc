// UBJSON as XGBoost writes it: lengths always in 64 bits, objects without a count, lists with one
// and without a closing bracket.

#include <bit>
#include <limits>

#include "trainer/model_io/model_sink.h"

namespace coppice::trainer {
namespace {

class UbjsonSink final : public ModelSink {
 public:
  void Open() override { out_ += '{'; }
  void Close() override { out_ += '}'; }
  void Key(std::string_view key) override { LengthThen(key); }
  void OpenList(std::size_t count) override {
    out_ += "[#";
    Length(count);
  }
  void CloseList() override {}

  void Text(std::string_view text) override {
    out_ += 'S';
    LengthThen(text);
  }

  void Int(std::int64_t value) override {
    if (Fits<std::int8_t>(value)) {
      out_ += 'i';
      Number<std::int8_t, std::uint8_t>(value);
    } else if (Fits<std::int16_t>(value)) {
      out_ += 'I';
      Number<std::int16_t, std::uint16_t>(value);
    } else if (Fits<std::int32_t>(value)) {
      out_ += 'l';
      Number<std::int32_t, std::uint32_t>(value);
    } else {
      out_ += 'L';
      Number<std::int64_t, std::uint64_t>(value);
    }
  }

  void Float(float value) override {
    out_ += 'd';
    Bits(std::bit_cast<std::uint32_t>(value));
  }

  void Floats(std::span<const float> values) override {
    TypedList('d', values.size());
    for (const float value : values) Bits(std::bit_cast<std::uint32_t>(value));
  }
  void Ints(std::span<const std::int32_t> values) override {
    TypedList('l', values.size());
    for (const std::int32_t value : values) Number<std::int32_t, std::uint32_t>(value);
  }
  void LongInts(std::span<const std::int32_t> values) override {
    TypedList('L', values.size());
    for (const std::int32_t value : values) Number<std::int64_t, std::uint64_t>(value);
  }
  void Bytes(std::span<const std::uint8_t> values) override {
    TypedList('U', values.size());
    for (const std::uint8_t value : values) out_ += static_cast<char>(value);
  }

  std::string Take() override { return std::move(out_); }

 private:
  template <typename Int>
  static bool Fits(std::int64_t value) {
    return value >= std::numeric_limits<Int>::min() && value <= std::numeric_limits<Int>::max();
  }

  template <typename Unsigned>
  void Bits(Unsigned bits) {
    for (std::size_t shift = sizeof bits * 8; shift > 0;) {
      shift -= 8;
      out_ += static_cast<char>(bits >> shift & 0xFFU);
    }
  }
  template <typename Signed, typename Unsigned>
  void Number(std::int64_t value) {
    Bits(static_cast<Unsigned>(static_cast<Signed>(value)));
  }

  void Length(std::size_t length) {
    out_ += 'L';
    Bits(static_cast<std::uint64_t>(length));
  }
  void LengthThen(std::string_view text) {
    Length(text.size());
    out_ += text;
  }
  void TypedList(char type, std::size_t count) {
    out_ += "[$";
    out_ += type;
    out_ += '#';
    Length(count);
  }

  std::string out_;
};

}  // namespace

std::unique_ptr<ModelSink> MakeUbjsonSink() { return std::make_unique<UbjsonSink>(); }

}  // namespace coppice::trainer
