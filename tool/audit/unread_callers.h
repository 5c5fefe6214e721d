// Sources of an extension that were not read, and what of the C that was they may call: a SWIG interface whose C is not
// there holds the entry points. What neither an entry point is seen to reach nor such a source names is told as
// possible and no more. Used when a project is audited.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "analysis/audit.h"
#include "finding/finding.h"
#include "project/project.h"

namespace ftaudit::audit {

// Such sources of the project, with what they include of it.
std::vector<fs::path> unread_sources(const project::Project& project);

// The words of a source that may be a call while others run: of an interface neither what its %init block does, which
// runs at import, nor what it declares to its own C.
std::set<std::string> names_called(std::string_view text, bool interface);

class UnreadCallers {
 public:
  UnreadCallers(const analysis::Audit& audit, const project::Project& project);

  void settle(Finding& finding) const;

 private:
  bool unread_ = false;
  std::set<std::string> seen_, known_;  // functions that somebody reaches; those of the project
};

}  // namespace ftaudit::audit
