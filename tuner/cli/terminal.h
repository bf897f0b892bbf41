#pragma once
// stdout carries only what was asked for; everything else goes to stderr through here.

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json_fwd.h"

namespace coppice::tuner {

// Writes to stdout. Throws Error (kStore) when that fails (a full disk behind a redirection).
void Print(std::string_view text);

// Writes a line to stderr, unless --quiet was given.
void Say(std::string_view line);
void SetQuiet(bool quiet);
bool IsQuiet();

// From here on every line on stderr is a JSON object: what is said as {"event":"message"}, an error
// as {"event":"error"}.
void SetJsonTalk(bool is_json);
// Writes a line of JSON to stderr, in one go, unless --quiet was given.
void SayEvent(const Json& event);

// Whether stderr is a terminal that understands carriage returns and colours.
bool IsSmartTerminal();

struct ScreenSize {
  int columns = 80;
  int rows = 24;
};

// Where live lines are drawn.
class Screen {
 public:
  virtual ~Screen() = default;
  // As it is now; 80 by 24 when it is not known.
  virtual ScreenSize Size() const = 0;
  // Whether what is written belongs there now: not while this process runs in the background.
  virtual bool IsOurs() const = 0;
  // In one go.
  virtual void Write(std::string_view bytes) = 0;
};

// The terminal behind stderr.
class StderrScreen : public Screen {
 public:
  ScreenSize Size() const override;
  bool IsOurs() const override;
  void Write(std::string_view bytes) override;
};

// "error: ..." with place, notes and hint, one block a finding; never quiet.
void PrintError(const Error& error);
std::string ErrorText(const Error& error, bool colour);

}  // namespace coppice::tuner
