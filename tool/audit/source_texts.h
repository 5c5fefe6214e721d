// SourceTexts: what stands in the sources at a place, and around it. For fingerprints and for showing; a file is read
// once, and one that cannot be read has no text.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/location.h"

namespace ftaudit::audit {

class SourceTexts {
 public:
  explicit SourceTexts(fs::path root) : root_(std::move(root)) {}

  // The text of a range, at most ten lines of it.
  std::string text(const Location& where);
  // A digest of the three lines before a range and the three after it, however they are indented.
  std::string around(const Location& where);

 private:
  const std::vector<std::string>& lines(const std::string& file);

  fs::path root_;
  std::map<std::string, std::vector<std::string>> files_;  // by shown path
};

}  // namespace ftaudit::audit
