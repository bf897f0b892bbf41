#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "trainer/model_io/model_sink.h"

namespace coppice::trainer {
namespace {

class JsonSink final : public ModelSink {
 public:
  void Open() override { OpenWith('{'); }
  void Close() override { CloseWith('}'); }
  void OpenList(std::size_t) override { OpenWith('['); }
  void CloseList() override { CloseWith(']'); }

  void Key(std::string_view key) override {
    Text(key);
    out_ += ':';
    needs_comma_ = false;
  }

  void Text(std::string_view text) override {
    Separate();
    out_ += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') {
        out_ += '\\';
        out_ += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        fmt::format_to(std::back_inserter(out_), "\\u{:04x}", static_cast<unsigned>(c));
      } else {
        out_ += c;
      }
    }
    out_ += '"';
  }

  void Int(std::int64_t value) override {
    Separate();
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out_.append(digits, end);
  }

  // The fewest digits (never more than 9) that read back as the same float, always with an
  // exponent: XGBoost takes a number without point and exponent for a whole one and refuses it.
  void Float(float value) override {
    Separate();
    if (!std::isfinite(value)) {
      out_ += std::isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity";
      return;
    }
    char digits[24];
    const auto end =
        std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific).ptr;
    out_.append(digits, end);
  }

  void Floats(std::span<const float> values) override {
    List(values, [this](float value) { Float(value); });
  }
  void Ints(std::span<const std::int32_t> values) override {
    List(values, [this](std::int32_t value) { Int(value); });
  }
  void LongInts(std::span<const std::int32_t> values) override { Ints(values); }
  void Bytes(std::span<const std::uint8_t> values) override {
    List(values, [this](std::uint8_t value) { Int(value); });
  }

  std::string Take() override { return std::move(out_) + "\n"; }

 private:
  template <typename T, typename Write>
  void List(std::span<const T> values, Write write) {
    OpenWith('[');
    for (const T value : values) write(value);
    CloseWith(']');
  }

  void Separate() {
    if (needs_comma_) out_ += ',';
    needs_comma_ = true;
  }
  void OpenWith(char bracket) {
    Separate();
    out_ += bracket;
    needs_comma_ = false;
  }
  void CloseWith(char bracket) {
    out_ += bracket;
    needs_comma_ = true;
  }

  std::string out_;
  bool needs_comma_ = false;
};

}  // namespace

std::unique_ptr<ModelSink> MakeJsonSink() { return std::make_unique<JsonSink>(); }

}  // namespace coppice::trainer
