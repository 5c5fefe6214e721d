#include "adoption/joined.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "packages/verdict/verdict.h"

namespace ftaudit::adoption {
namespace {

void unite(std::vector<std::string>& list, const std::vector<std::string>& more) {
  std::set<std::string> all(list.begin(), list.end());
  all.insert(more.begin(), more.end());
  list.assign(all.begin(), all.end());
}

void add_new(std::vector<std::string>& list, const std::vector<std::string>& more) {
  for (const std::string& one : more)
    if (std::ranges::find(list, one) == list.end()) list.push_back(one);
}

// Both are of one version; the one that knows worse is kept, and what only the other looked at is added.
void unite(PackageReport& into, PackageReport other) {
  if (other.standing > into.standing) std::swap(into, other);
  into.direct = into.direct || other.direct;
  unite(into.asked_by, other.asked_by), unite(into.needed_by, other.needed_by);
  unite(into.requires_, other.requires_), unite(into.applications, other.applications);
  unite(into.not_checked, other.not_checked);
  if (!into.scan) into.scan = other.scan;
  if (!into.probe) into.probe = other.probe;
  if (!into.confirm) into.confirm = other.confirm;
  if (!into.trial) into.trial = other.trial;
  for (const Look look : all_looks)
    if (other.evidence.of(look).says > into.evidence.of(look).says) into.evidence.of(look) = other.evidence.of(look);
}

void tell_application(const AdoptionReport& of, std::vector<std::string>& notes) {
  if (!of.application) return;
  const std::string name = join(of.inputs, ", ");
  for (const std::string& one : of.application->against) notes.push_back(name + ": " + one);
  if (of.application->tried && of.application->against.empty()) notes.push_back(name + ": " + of.application->trial);
}

}  // namespace

AdoptionReport joined(std::vector<AdoptionReport> reports) {
  AdoptionReport out;
  std::map<std::pair<std::string, std::string>, PackageReport> packages;
  std::set<std::string> targets;
  for (AdoptionReport& one : reports) {
    if (out.tool_version.empty())
      out.tool_version = one.tool_version, out.target = one.target, out.platform = one.platform, out.date = one.date,
      out.resolver = one.resolver, out.workload = one.workload;
    out.date = std::max(out.date, one.date);
    targets.insert(one.target);
    unite(out.inputs, one.inputs), add_new(out.problems, one.problems), add_new(out.notes, one.notes);
    tell_application(one, out.notes);
    out.incomplete = out.incomplete || one.incomplete;
    out.downloaded_bytes += one.downloaded_bytes;
    for (PackageReport& package : one.packages) {
      const auto [at, fresh] = packages.try_emplace({to_lower(package.name), package.version}, package);
      if (!fresh) unite(at->second, std::move(package));
    }
  }
  for (auto& [key, package] : packages) out.packages.push_back(std::move(package));
  if (targets.size() > 1)
    out.notes.push_back("these reports are for different Pythons: " +
                        join(std::vector<std::string>(targets.begin(), targets.end()), ", "));
  out.advice = packages::advise(out.packages, out.workload, out.target, out.incomplete);
  return out;
}

}  // namespace ftaudit::adoption
