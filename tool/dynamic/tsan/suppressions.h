// Reports of ThreadSanitizer that are known and nobody's business here: races inside CPython itself, by its version. A
// line hides every report in whose stacks the name occurs anywhere, so one about the interpreter's own plumbing hides
// the extension too; such lines are refused, and a line that the runtime cannot read is found before it ends the run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace ftaudit::dynamic {

struct SuppressionLine {
  std::uint32_t line = 0;
  std::string type, pattern;  // "race", "set_allocator_unlocked"
};

struct Complaint {
  std::uint32_t line = 0;
  bool fatal = false;  // the runtime would refuse the file, or the extension would be hidden
  std::string what;
};

struct Suppressions {
  std::vector<SuppressionLine> lines;
  std::vector<Complaint> complaints;
};

// A user's file, judged.
Suppressions read_suppressions(std::string_view text);

// The text of the file for a run: CPython's for "3.13" (empty for versions that need none), then the user's files.
// Fails with the file and line of the first fatal complaint.
Result<std::string> suppressions_for(std::string_view python_version, const std::vector<fs::path>& user_files);

}  // namespace ftaudit::dynamic
