// Comparison of two states of a project: which findings of the later one were there before, which are new, which are
// gone. Findings are matched one to one, so that of several equal ones exactly those that came in are new. Knows lines
// of the two states only as it is told. Used by the gate.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "finding/document.h"

namespace ftaudit {

// Where things of the later state were in the earlier one. Files as in findings.
struct Ancestry {
  std::function<std::optional<std::string>(const std::string& file)> file;
  // Of a line that is unchanged since.
  std::function<std::optional<std::uint32_t>(const std::string& file, std::uint32_t line)> line;
};

// Leaves in `later.findings` those that are new and fills `later.against`. A finding was there before when, in this
// order,
// - its fingerprint says so: rule, function, place and text; of equal ones those on unchanged lines go first, then
// those
//   with the same lines around them, then the rest in order;
// - the same rule spoke of the same line, and the line is unchanged (the function was renamed, its state is called
// otherwise);
// - the same rule spoke of the same place in the same function of that file, though in other words (the line was
// rewritten,
//   and what was wrong stayed wrong).
// Findings with sides are matched by those instead: a side was there before when its function did the same to the same
// state, or did it on an unchanged line. A finding with a side that was not is new, and told at that side; one that has
// lost some is unchanged, and its progress told; one that has lost all is fixed.
// What was held back before counts as new when it was allowed in the source, listed in a baseline or less sure than
// what is shown, and as unchanged otherwise. What is held back now is not fixed, nor is what lay in a file that could
// not be read whole this time: that is counted as unread.
void compare(const Document& earlier, Document& later, const Ancestry& ancestry, std::string revision);

}  // namespace ftaudit
