#include "tests/cli/case_run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <regex>
#include <stdexcept>
#include <utility>

#include "base/json.h"

namespace coppice::cli_tests {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string FromBase64(const std::string& text) {
  static const std::string digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0;
  int n_bits = 0;
  for (const char c : text) {
    const std::size_t digit = digits.find(c);
    if (digit == std::string::npos) continue;
    bits = (bits << 6) | static_cast<unsigned>(digit);
    n_bits += 6;
    if (n_bits < 8) continue;
    n_bits -= 8;
    bytes += static_cast<char>((bits >> n_bits) & 0xFFU);
  }
  return bytes;
}

std::string FromHex(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

std::string Replaced(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("nothing to replace: " + from);
  return text.substr(0, at) + to + text.substr(at + from.size());
}

bool HasType(const Json& value, const std::string& type) {
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  return value.type_name() == type;
}

// "POINTER", "POINTER = VALUE" or "POINTER is TYPE"; empty when it holds, else what is wrong.
std::string JsonProblem(const Json& json, const std::string& line) {
  const std::vector<std::string> words = SplitWords(line);
  const Json::json_pointer pointer(words.at(0));
  if (!json.contains(pointer)) return line + ": is not there";
  const Json& value = json.at(pointer);
  if (words.size() == 1) return {};
  if (words.at(1) == "is") {
    return HasType(value, words.at(2)) ? "" : fmt::format("{}: it is {}", line, value.dump());
  }
  const Json wanted = Json::parse(line.substr(line.find(" = ") + 3));
  return value == wanted ? "" : fmt::format("{}: it is {}", line, value.dump());
}

}  // namespace

HeldLease::HeldLease(const std::string& study_folder) {
  fd_ = ::open((study_folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  if (fd_ < 0 || ::fcntl(fd_, F_OFD_SETLK, &lock) != 0) {
    throw std::runtime_error("cannot lock " + study_folder);
  }
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(fd_, 0) != 0 || ::write(fd_, pid.data(), pid.size()) < 0) {
    throw std::runtime_error("cannot write the lock of " + study_folder);
  }
}

HeldLease::~HeldLease() { ::close(fd_); }

CaseRun::CaseRun(const CaseFile& file, std::string source)
    : file_(file), source_(std::move(source)) {
  AddSetup();
  AddExpectations();
}

void CaseRun::AddSetup() {
  directives_["file"] = [this](const Section& s) { support::WriteText(At(s.words.at(1)), s.text); };
  directives_["base64"] = [this](const Section& s) {
    support::WriteText(At(s.words.at(1)), FromBase64(s.text));
  };
  directives_["copy"] = [this](const Section& s) {
    const std::string& from = s.words.at(1);
    const bool ours = fs::exists(At(from));
    support::WriteText(At(s.words.at(3)),
                       support::ReadText(ours ? At(from) : source_ + "/" + from));
  };
  directives_["folder"] = [this](const Section& s) {
    fs::create_directories(At(s.words.at(1)));
    if (s.words.size() == 2) return;
    const auto mode = static_cast<fs::perms>(std::stoi(s.words.at(3), nullptr, 8));
    fs::permissions(At(s.words.at(1)), mode);
  };
  directives_["remove"] = [this](const Section& s) { fs::remove_all(At(s.words.at(1))); };
  directives_["keep"] = [this](const Section& s) {
    fs::resize_file(At(s.words.at(1)), std::stoul(s.words.at(2)));
  };
  directives_["poke"] = [this](const Section& s) {
    std::string text = support::ReadText(At(s.words.at(1)));
    const std::string bytes = FromHex(s.words.at(3));
    text.replace(std::stoul(s.words.at(2)), bytes.size(), bytes);
    support::WriteText(At(s.words.at(1)), text);
  };
  directives_["replace"] = [this](const Section& s) {
    const std::vector<std::string> lines = Lines(s.text);
    const std::string text = support::ReadText(At(s.words.at(1)));
    support::WriteText(At(s.words.at(1)), Replaced(text, lines.at(0), lines.at(1)));
  };
  directives_["lease"] = [this](const Section& s) {
    leases_[s.words.at(1)] = std::make_unique<HeldLease>(At(s.words.at(1)));
  };
  directives_["release"] = [this](const Section& s) { leases_.erase(s.words.at(1)); };
  directives_["filesize"] = [this](const Section& s) {
    file_bytes_ = s.words.at(1) == "free" ? std::nullopt
                                          : std::optional<std::uint64_t>(std::stoul(s.words[1]));
  };
  directives_["env"] = [this](const Section& s) { environment_.push_back(s.words.at(1)); };
  directives_["skip"] = [this](const Section&) { skipped_ = ::geteuid() == 0; };
  directives_["run"] = [this](const Section& s) { RunProgram(s); };
}

void CaseRun::AddExpectations() {
  directives_["exit"] = [this](const Section& s) { exit_code_ = std::stoi(s.words.at(1)); };
  directives_["changes"] = [this](const Section& s) { ExpectChanges(s); };
  directives_["stdout"] = [this](const Section& s) { ExpectOutput(s); };
  directives_["stderr"] = [this](const Section& s) { ExpectOutput(s); };
  directives_["no"] = [this](const Section& s) {
    const bool out = s.words.at(1) == "stdout";
    EXPECT_EQ(out ? ended_.out : ended_.err, "") << Where(s);
  };
}

void CaseRun::Run() {
  for (const Section& section : file_.sections) {
    SCOPED_TRACE(Where(section));
    const std::string& name = section.words.at(0);
    const auto directive = directives_.find(name);
    if (directive == directives_.end()) throw std::runtime_error("no directive " + name);
    static const std::vector<std::string> kExpectations = {"exit", "changes", "stdout", "stderr",
                                                           "no"};
    const bool expects =
        std::find(kExpectations.begin(), kExpectations.end(), name) != kExpectations.end();
    if (expects && !ran_) throw std::runtime_error("an expectation before a run");
    if (!expects) CloseRun();
    directive->second(section);
    if (skipped_) GTEST_SKIP() << "permissions do not bind this user";
  }
  const bool ran = ran_;
  CloseRun();
  if (!ran) ADD_FAILURE() << file_.path << " ends without a run";
}

void CaseRun::RunProgram(const Section& section) {
  support::Command command;
  command.words = {support::ProgramPath()};
  command.words.insert(command.words.end(), section.words.begin() + 1, section.words.end());
  while (command.words.size() > 2) {
    const std::string sign = command.words[command.words.size() - 2];
    if (sign != "<" && sign != ">") break;
    (sign == "<" ? command.stdin_file : command.stdout_file) = At(command.words.back());
    command.words.resize(command.words.size() - 2);
  }
  // Made by the shell, not by the program, so it is no change of the program's.
  if (!command.stdout_file.empty() && !fs::exists(command.stdout_file)) {
    support::WriteText(command.stdout_file, "");
  }
  command.folder = folder_.path();
  command.environment = {"COPPICE_STORE="};
  command.environment.insert(command.environment.end(), environment_.begin(), environment_.end());
  command.file_bytes = file_bytes_;
  before_ = Look();
  ended_ = support::Run(command);
  after_ = Look();
  command_ = section;
  ran_ = true;
  exit_code_ = 0;
  changes_said_ = false;
}

void CaseRun::CloseRun() {
  if (!std::exchange(ran_, false)) return;
  const std::string where = Where(command_);
  EXPECT_EQ(ended_.exit_code, exit_code_) << where << "\nsignal " << ended_.signal << "\nstderr:\n"
                                          << ended_.err;
  if (exit_code_ != 0 && !changes_said_) {
    EXPECT_EQ(Changes(), std::vector<std::string>())
        << where << ": it failed, yet it changed files";
  }
  for (const auto& [path, content] : after_) {
    EXPECT_EQ(path.find(".tmp"), std::string::npos) << where << " left " << path;
  }
}

CaseRun::Snapshot CaseRun::Look() const {
  Snapshot snapshot;
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
    const std::string path = fs::relative(entry.path(), folder_.path()).string();
    if (entry.is_directory()) {
      snapshot[path + "/"] = "";
    } else {
      snapshot[path] = support::ReadText(entry.path().string());
    }
  }
  return snapshot;
}

std::vector<std::string> CaseRun::Changes() const {
  std::vector<std::string> changes;
  for (const auto& [path, content] : before_) {
    if (!after_.contains(path)) changes.push_back("removed " + path);
  }
  for (const auto& [path, content] : after_) {
    const auto old = before_.find(path);
    if (old == before_.end()) {
      changes.push_back("added " + path);
    } else if (old->second != content) {
      changes.push_back("changed " + path);
    }
  }
  return changes;
}

void CaseRun::ExpectChanges(const Section& section) {
  EXPECT_EQ(fmt::format("{}", fmt::join(Changes(), "\n")),
            fmt::format("{}", fmt::join(Lines(section.text), "\n")));
  changes_said_ = true;
}

void CaseRun::ExpectJson(const Section& section) {
  const Json json = Json::parse(Scrub(ended_.out), nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << "stdout is not JSON:\n" << ended_.out;
  for (const std::string& line : Lines(section.text)) {
    EXPECT_EQ(JsonProblem(json, line), "") << ended_.out;
  }
}

void CaseRun::ExpectOutput(const Section& section) {
  const std::string text = Scrub(section.words[0] == "stdout" ? ended_.out : ended_.err);
  const std::string how = section.words.size() > 1 ? section.words[1] : "is";
  if (how == "is") {
    EXPECT_EQ(text, section.text);
  } else if (how == "contains" || how == "lacks") {
    for (const std::string& line : Lines(section.text)) {
      const bool found = text.find(line) != std::string::npos;
      EXPECT_EQ(found, how == "contains") << line << "\nin:\n" << text;
    }
  } else if (how == "begins") {
    EXPECT_EQ(text.substr(0, section.text.size()), section.text);
  } else if (how == "lines") {
    EXPECT_EQ(Lines(text).size(), std::stoul(section.words.at(2))) << text;
  } else if (how == "json") {
    ExpectJson(section);
  } else {
    throw std::runtime_error("no check named " + how);
  }
}

std::string CaseRun::Scrub(std::string text) const {
  for (std::size_t at; (at = text.find(folder_.path())) != std::string::npos;) {
    text.replace(at, folder_.path().size(), "FOLDER");
  }
  static const std::vector<std::pair<std::regex, std::string>> kChanging = {
      {std::regex(R"(\b[0-9]+\.[0-9] s\b)"), "TIME"},
      {std::regex(R"([0-9]+ of [0-9]+ threads)"), "N of N threads"},
      {std::regex(R"(process `[0-9]+` \([^)]*\))"), "process `PID` (NAME)"},
      {std::regex(R"(`kill [0-9]+`)"), "`kill PID`"},
  };
  for (const auto& [pattern, word] : kChanging) text = std::regex_replace(text, pattern, word);
  return text;
}

std::string CaseRun::At(const std::string& name) const {
  return name.starts_with('/') ? name : folder_.File(name);
}

std::string CaseRun::Where(const Section& section) const {
  return fmt::format("{}:{}: == {}", fs::path(file_.path).filename().string(), section.line,
                     fmt::join(section.words, " "));
}

}  // namespace coppice::cli_tests
