#pragma once
// Files as a seam: tests put a disk that is full or forgetful behind it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace coppice {

// A file that is open for reading, and stays the same one when its name is given to another.
// Thread-safe.
class InputFile {
 public:
  virtual ~InputFile() = default;

  // When it was opened.
  virtual std::uint64_t size() const = 0;
  // The bytes from `offset` on, to `to`; fewer than `most` only at the end. Throws Error (kData).
  virtual std::size_t ReadAt(std::uint64_t offset, char* to, std::size_t most) = 0;
};

// Thread-safe. Every failure is an Error of kind kData (reading) or kStore (writing) that names
// the file and the system's reason.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual bool Exists(const std::string& path) = 0;
  virtual std::string Read(const std::string& path) = 0;
  // For files that are not held whole. This one holds what Read gives.
  virtual std::unique_ptr<InputFile> Open(const std::string& path);
  // The file holds the old text or the new one, never a part: written beside it, synced, renamed,
  // and the folder synced. A target that is not a regular file (a pipe, a device) is written to
  // as it is. On failure nothing is left behind.
  virtual void WriteAtomically(const std::string& path, std::string_view text) = 0;
  // Adds at the end; for logs that may lose their tail.
  virtual void Append(const std::string& path, std::string_view text) = 0;
  // With all parents, each durable when it returns; fine if it is there.
  virtual void MakeFolder(const std::string& path) = 0;
  // Gives a folder another name on the same disk; durable when it returns. False, and nothing is
  // changed, when the name is taken.
  virtual bool MoveFolder(const std::string& from, const std::string& to) = 0;
  // Names in a folder, sorted, without "." and "..".
  virtual std::vector<std::string> List(const std::string& path) = 0;
};

// The machine's own disk.
class RealFileSystem : public FileSystem {
 public:
  bool Exists(const std::string& path) override;
  std::string Read(const std::string& path) override;
  // A pipe, which gives its bytes only once, is held whole.
  std::unique_ptr<InputFile> Open(const std::string& path) override;
  void WriteAtomically(const std::string& path, std::string_view text) override;
  void Append(const std::string& path, std::string_view text) override;
  void MakeFolder(const std::string& path) override;
  bool MoveFolder(const std::string& from, const std::string& to) override;
  std::vector<std::string> List(const std::string& path) override;
};

}  // namespace coppice
