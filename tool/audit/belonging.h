// Whose a finding is: the modules whose entry points lead to its place, in sources that several share too. Where no
// entry point is known to lead there, the modules one of whose sources reads the file. Used when a project is audited.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "analysis/audit.h"
#include "analysis/module_reach.h"
#include "finding/document.h"
#include "frontend/frontend.h"

namespace ftaudit::audit {

class Belonging {
 public:
  // `names`: of the audit's modules in its order, as `document` calls them.
  Belonging(const analysis::Audit& audit, std::vector<std::string> names, const Document& document,
            const std::vector<frontend::Parsed>& units);

  // Fills in the finding's modules.
  void settle(Finding& finding) const;

 private:
  std::set<std::string> leading_to(const Location& where) const;
  bool sees(const std::string& module, const std::string& file) const;

  const analysis::Program& program_;
  analysis::ModuleReach reach_;
  std::vector<std::string> names_;
  std::map<std::string, std::vector<analysis::FunctionId>> by_file_;
  std::map<std::string, std::set<std::string>> sees_;  // module -> files its sources read
};

}  // namespace ftaudit::audit
