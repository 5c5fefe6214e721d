#include "audit/belonging.h"

#include <algorithm>

namespace ftaudit::audit {

static bool holds(const model::Span& span, const Location& where) {
  return span.line <= where.line && where.line <= span.end_line;
}

Belonging::Belonging(const analysis::Audit& audit, std::vector<std::string> names, const Document& document,
                     const std::vector<frontend::Parsed>& units)
    : program_(audit.program()), reach_(audit.program(), audit.modules()), names_(std::move(names)) {
  const model::Facts& facts = program_.facts;
  for (const analysis::FunctionId id : facts.functions.ids())
    by_file_[facts.files[facts.functions[id].span.file]].push_back(id);
  for (const ModuleReport& module : document.modules)
    for (const frontend::Parsed& unit : units) {
      const auto& seen = unit.facts.files;
      const std::string& own = seen[unit.facts.units[0].file];
      if (std::find(module.files.begin(), module.files.end(), own) != module.files.end() || module.location.file == own)
        sees_[module.name].insert(seen.begin(), seen.end());
    }
}

void Belonging::settle(Finding& finding) const {
  std::set<std::string> modules = leading_to(finding.location);
  // Where two threads meet, the other one's place counts as well.
  for (const Step& step : finding.trace)
    if (step.thread != 0) modules.merge(leading_to(step.location));
  if (modules.empty())
    for (const std::string& name : names_)
      if (sees(name, finding.location.file)) modules.insert(name);
  finding.modules.assign(modules.begin(), modules.end());
}

// Of several instances of a template each counts.
std::set<std::string> Belonging::leading_to(const Location& where) const {
  std::set<std::string> out;
  const auto here = by_file_.find(where.file);
  if (here == by_file_.end()) return out;
  std::uint32_t innermost = 0;
  for (const analysis::FunctionId id : here->second)
    if (holds(program_.function(id).span, where)) innermost = std::max(innermost, program_.function(id).span.line);
  for (const analysis::FunctionId id : here->second) {
    const model::Span& span = program_.function(id).span;
    if (span.line != innermost || !holds(span, where)) continue;
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (reach_.reaches(i, id) || (!reach_.followed(i) && sees(names_[i], where.file))) out.insert(names_[i]);
  }
  return out;
}

bool Belonging::sees(const std::string& module, const std::string& file) const {
  const auto found = sees_.find(module);
  return found != sees_.end() && found->second.contains(file);
}

}  // namespace ftaudit::audit
