#pragma once
// JSON that remembers where each value stood, so that an error in a file of the user's can name
// the line and the column. Comments (// and /* */) are allowed; a key given twice is an error.
//
//   JsonDocument document = ParseJson(text, "spec.json", ErrorKind::kSpec);
//   document.root()["seed"];
//   document.PlaceOf("/search/eta/min");   // line 4, column 12, path search.eta.min

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json_fwd.h"

namespace coppice {

// Immutable.
class JsonDocument {
 public:
  struct Position {
    int line = 0;
    int column = 0;
  };

  JsonDocument(Json root, std::string file, std::map<std::string, Position> positions);

  const Json& root() const { return root_; }
  const std::string& file() const { return file_; }

  // Where the value at a JSON pointer ("/search/eta/min") begins; for a member of an object the
  // place of its value. A pointer that does not exist gives the place of its nearest parent, with
  // the full path.
  Place PlaceOf(const std::string& pointer) const;

 private:
  Json root_;
  std::string file_;
  std::map<std::string, Position> positions_;
};

// The pointer of a member of the object, or of an element of the list, that stands at `parent`.
std::string PointerTo(const std::string& parent, std::string_view key);
std::string PointerTo(const std::string& parent, std::size_t index);
// For people: "/search/eta/min" is "search.eta.min".
std::string ReadablePath(const std::string& pointer);

// Throws Error of `kind`, naming `file`, line and column, when `text` is not JSON.
JsonDocument ParseJson(std::string_view text, const std::string& file, ErrorKind kind);

}  // namespace coppice
