// Placing a finding at an event of a function: location, function, entry points. What every rule about code does.
#pragma once

#include <string>

#include "analysis/audit.h"
#include "finding/report.h"

namespace ftaudit::rules {

inline Finding& add_at(Report& report, const analysis::Audit& audit, const analysis::Site& site, std::string what) {
  Finding& finding = report.add(audit.location(site), std::move(what));
  finding.function = audit.function(site).name;
  finding.entry_points = audit.entry_names(site);
  if (const std::uint32_t body = audit.event(site).body; body != model::none)
    finding.said = audit.location(audit.function(site).bodies[body]);
  // Exported, and nobody here calls it: whether two threads ever do is not to be seen.
  if (audit.contexts().only_exported(site.function) && finding.confidence == Confidence::likely)
    finding.confidence = Confidence::possible;
  return finding;
}

// Of a container that nothing in the extension changes any more: it takes Python code that reaches for it to do harm.
inline void left_to_python(Finding& finding) {
  finding.severity = Severity::low;
  finding.what += "; nothing in the extension changes it, only Python code that gets hold of it can";
}

}  // namespace ftaudit::rules
