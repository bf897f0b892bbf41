#pragma once
// The one exception of coppice. It is thrown only for what ends the operation that the user asked
// for; expected endings (a trial that failed, a budget that is spent) are values.
//
// One Error carries every finding of a reader, so that a user sees all of them at once:
//
//   Findings findings;
//   if (bad) findings.Add("`min` is above `max`", place, "swap the two");
//   findings.ThrowIfAny(ErrorKind::kSpec);

#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace coppice {

// Each kind has one exit code (tuner/cli/exit_code.h).
enum class ErrorKind {
  kUsage,      // wrong command line
  kSpec,       // wrong spec or parameter
  kData,       // a data or model file is unreadable or does not fit
  kStore,      // the study's folder: busy, damaged, newer, not writable, disk full
  kCancelled,  // the user asked to stop
  kInternal,   // our bug
};

// Where something is wrong. Empty strings and zeros mean "not known".
struct Place {
  std::string file;
  int line = 0;      // 1-based
  int column = 0;    // 1-based, in bytes
  std::string path;  // inside a JSON document: search.eta.min

  // "spec.json:4:12 (search.eta.min)"; empty when nothing is known.
  std::string ToString() const;
};

// One thing that is wrong: a sentence with the offending literal in backticks, the place, and what
// to do about it.
struct Finding {
  std::string message;
  Place place;
  std::string hint;
};

class Error : public std::exception {
 public:
  Error(ErrorKind kind, Finding finding);
  Error(ErrorKind kind, std::string message, Place place = {}, std::string hint = {});
  // `findings` is not empty.
  Error(ErrorKind kind, std::vector<Finding> findings);

  // Adds what was being done, from the inside out: "while binning column `age`".
  Error& AddNote(std::string note);

  ErrorKind kind() const { return kind_; }
  const std::vector<Finding>& findings() const { return findings_; }
  const std::vector<std::string>& notes() const { return notes_; }
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  ErrorKind kind_;
  std::vector<Finding> findings_;
  std::vector<std::string> notes_;
  std::string what_;
};

// Collects what a reader of user input finds. One thread at a time.
class Findings {
 public:
  void Add(std::string message, Place place = {}, std::string hint = {}) {
    list_.push_back({std::move(message), std::move(place), std::move(hint)});
  }
  bool empty() const { return list_.empty(); }
  const std::vector<Finding>& list() const { return list_; }
  void ThrowIfAny(ErrorKind kind) const {
    if (!list_.empty()) throw Error(kind, list_);
  }

 private:
  std::vector<Finding> list_;
};

namespace internal {
[[noreturn]] void CheckFailed(const char* condition, const char* why, const char* file, int line);
}

}  // namespace coppice

// An invariant of ours that no input can break: prints and aborts.
#define COPPICE_CHECK(condition, why)                                                      \
  do {                                                                                     \
    if (!(condition)) ::coppice::internal::CheckFailed(#condition, why, __FILE__, __LINE__); \
  } while (false)
