// Meeting: what the static side found and what was seen to happen, brought together. Each finding gets its witness;
// what was seen and no finding speaks of becomes a finding of its own (FT901 and on). Fills the Document in place.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/files.h"
#include "dynamic/sightings/sightings.h"
#include "finding/document.h"

namespace ftaudit::dynamic {

// How far the runs got, for the words of the verdicts.
struct Runs {
  bool any = false;       // something was run with the watched functions in it
  std::string why_none;   // "the build failed": said of every finding then
  bool screened = false;  // light mode
  bool counted = true;    // false: the modules were not built by ftaudit, and nothing counts what is entered
  // The function a place lies in, "" where that is not known; for the other side of a finding.
  std::function<std::string(const Location&)> function_at;
};

// Every finding gets its witness; then what was seen and no finding speaks of is added as findings of its own, in order
// and with fingerprints. `document.root` is where source lines are read. Module verdicts are the caller's to renew
// (judge).
void meet(Document& document, std::span<const Sighting> sightings, const Coverage& coverage, const Runs& runs);

// Lines of the project's sources, read once.
class SourceLines {
 public:
  explicit SourceLines(fs::path root) : root_(std::move(root)) {}
  std::string_view line(const std::string& file, std::uint32_t number);  // "" where there is none

 private:
  fs::path root_;
  std::map<std::string, std::vector<std::string>> files_;
};

// Whether `sighting` shows what `finding` says: it is of a kind the finding speaks of, and it was seen at the finding's
// own line, or in the finding's function and at the other side that its trace names, or there about the same variable
// or field. `function_at` as in Runs; may be empty.
bool shows(const Sighting& sighting, const Finding& finding, SourceLines& lines,
           const std::function<std::string(const Location&)>& function_at = {});

// Findings of such a category name where a reference is taken; the object is used after its end a little further on.
bool about_lifetime(Category category);

// Whether `a` is the better witness of two that show the same: seen before any fault, in full, in the project's own
// code; then the one with a reproducer, then the oftener seen.
bool tells_more(const Sighting& a, const Sighting& b);

}  // namespace ftaudit::dynamic
