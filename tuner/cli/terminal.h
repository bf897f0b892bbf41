#pragma once
// stdout carries only what was asked for; everything else goes to stderr through here.

#include <string>
#include <string_view>

#include "base/error.h"

namespace coppice::tuner {

// Writes to stdout. Throws Error (kStore) when that fails (a full disk behind a redirection).
void Print(std::string_view text);

// Writes a line to stderr, unless --quiet was given.
void Say(std::string_view line);
void SetQuiet(bool quiet);
bool IsQuiet();

// Whether stderr is a terminal that understands carriage returns and colours.
bool IsSmartTerminal();
// The terminal's width; 80 when it is not known.
int TerminalWidth();

// "error: ..." with place, notes and hint, one block a finding; never quiet.
void PrintError(const Error& error);
std::string ErrorText(const Error& error, bool colour);

}  // namespace coppice::tuner
