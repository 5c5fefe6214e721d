#include "adoption/probe_package.h"

#include <algorithm>

namespace ftaudit::adoption {

ProbeSummary probe_package(const packages::Resolved& package, const packages::ProbeOptions& options,
                           const std::string& python) {
  using Outcome = packages::ImportResult::Outcome;
  ProbeSummary out{.python = python};
  const std::string requirement = package.path.empty() ? package.name + "==" + package.version : package.path.string();
  Result<packages::Probe> probe = packages::probe(package.name, requirement, options);
  if (!probe.ok() || !probe->installed) {
    out.failed = probe.ok() ? probe->reason : probe.message();
    return out;
  }
  for (const auto* list : {&probe->imports, &probe->modules})
    for (const packages::ImportResult& one : *list) {
      if (one.outcome == Outcome::gil_switched_on) {
        out.gil_after = true;
        if (one.culprits.empty()) out.culprits.push_back(one.module);
        for (const std::string& culprit : one.culprits)
          if (std::find(out.culprits.begin(), out.culprits.end(), culprit) == out.culprits.end())
            out.culprits.push_back(culprit);
      } else if (one.outcome == Outcome::gil_stays_off) {
        if (!out.gil_after) out.gil_after = false;
      } else if (list == &probe->imports && out.failed.empty()) {
        out.failed = one.module + ": " + one.message;
      }
    }
  if (!out.gil_after && out.failed.empty())
    out.failed = probe->reason.empty() ? "nothing in it could be imported" : probe->reason;
  return out;
}

}  // namespace ftaudit::adoption
