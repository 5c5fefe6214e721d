#include "adoption/tried.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "packages/names/names.h"

namespace ftaudit::adoption {
namespace {

using State = TriedPackage::State;

// "spam[fast]>=2 ; python_version > '3'": "spam".
std::string name_in(const std::string& requirement) {
  const std::size_t end = std::min(requirement.find_first_of("[]<>=!~; @("), requirement.size());
  return packages::normal_name(requirement.substr(0, end));
}

void took_place(const TriedPackage& one, TrialSummary& out) {
  out.version = one.version, out.built_here = one.built_here;
  switch (one.state) {
    case State::cannot_install:
      out.problem = "it cannot be installed, and can be with the GIL: " + one.why;
      out.blocks = !one.for_tests;
      break;
    case State::cannot_install_anywhere: out.problem = "it cannot be installed on either build: " + one.why; break;
    case State::without_c_part:
      out.problem = "it is installed without the compiled part that it has with the GIL";
      break;
    case State::other_version: out.problem = "with the GIL it was version " + one.gil_version; break;
    case State::installed: break;
  }
}

void lower(PackageReport& package, Standing standing, const std::string& what) {
  package.reasons.push_back({what, "trial"});
  if (package.standing >= standing) return;
  package.standing = standing, package.confidence = Confidence::certain, package.summary = what;
}

// A verdict on one version is none on another.
bool same_version(const PackageReport& package) {
  return package.version.empty() || package.trial->version.empty() || package.version == package.trial->version;
}

void judge(PackageReport& package) {
  const TrialSummary& tried = *package.trial;
  if (!same_version(package)) {
    package.not_checked.push_back("version " + package.version + " in the trial: it had " + tried.version);
    return;
  }
  if (tried.built_here && package.standing == Standing::no_wheel)
    package.builds = Builds::yes, package.builds_why = "the trial built it on this machine";
  if (tried.switched_gil_on) lower(package, Standing::enables_gil, "importing it switched the GIL on in the trial");
  if (tried.blocks)
    lower(package, tried.version.empty() ? Standing::cannot_install : Standing::hazards,
          "in the trial " + tried.problem);
  const auto proven = std::ranges::find(tried.incidents, true, &TrialSummary::Incident::proven);
  if (proven != tried.incidents.end())
    lower(package, Standing::hazards, "in the trial its code was in a test's " + proven->what + ": " + proven->test);
}

}  // namespace

void lay_beside(std::vector<PackageReport>& packages, const Trial& trial) {
  std::map<std::string, PackageReport*> by_name;
  for (PackageReport& package : packages) by_name[packages::normal_name(package.name)] = &package;
  const auto summary = [&](const std::string& name) -> TrialSummary* {
    const auto found = by_name.find(packages::normal_name(name));
    if (found == by_name.end()) return nullptr;
    if (!found->second->trial) found->second->trial.emplace().python = trial.free.version + "t";
    return &*found->second->trial;
  };
  for (const TriedPackage& one : trial.packages)
    if (TrialSummary* of = summary(name_in(one.name)); of != nullptr && of->version.empty()) took_place(one, *of);
  for (const TriedImport& one : trial.imports) {
    TrialSummary* of = summary(one.package);
    if (of == nullptr) continue;
    of->switched_gil_on = of->switched_gil_on || one.switched_gil_on;
    if (!one.problem.empty() && one.only_without)
      of->problem = one.module + " cannot be imported, and can be with the GIL: " + one.problem, of->blocks = true;
  }
  for (const TriedTest& test : trial.tests) {
    if (test.of(Way::threads).runs() > 0)
      for (const std::string& name : test.enters)
        if (TrialSummary* of = summary(name)) ++of->tests;
    if (!stands_against(test.answer)) continue;
    for (const std::string& name : test.guilty)
      if (TrialSummary* of = summary(name))
        of->incidents.push_back({test.name, std::string(title_of(test.answer)), test.proven});
  }
  for (PackageReport& package : packages)
    if (package.trial) judge(package);
}

std::vector<std::string> against(const Trial& trial) {
  std::vector<std::string> out;
  if (!trial.switched_on_by.empty()) out.push_back("the GIL comes back with " + join(trial.switched_on_by, ", "));
  for (const TriedPackage& one : trial.packages)
    if (one.state == State::cannot_install && !one.for_tests)
      out.push_back(one.name + " cannot be installed, and can be with the GIL");
  for (const TriedImport& one : trial.imports)
    if (!one.problem.empty() && one.only_without)
      out.push_back("importing " + one.module + " fails, and does not with the GIL");
  for (const TriedTest& one : trial.tests)
    if (stands_against(one.answer))
      out.push_back(one.name + ": " + std::string(title_of(one.answer)) +
                    (one.proven ? ", in " + join(one.guilty, ", ") : ""));
  return out;
}

}  // namespace ftaudit::adoption
