#include "adoption/evidence.h"

#include <algorithm>

#include "base/text.h"

namespace ftaudit::adoption {
namespace {

EvidenceCell declared(const PackageReport& of, const std::string& target) {
  const std::string when = of.wheel_tag.empty() ? of.version : of.version + ", " + of.wheel_tag;
  if (of.probe && of.probe->gil_after.value_or(false))
    return {Says::against, "importing it switches the GIL on: " + join(of.probe->culprits, ", "), of.probe->python};
  for (const ModuleEvidence& one : of.modules)
    if (one.gil != Gil::not_used && one.gil != Gil::unknown) return {Says::against, one.name + ": " + one.how, when};
  if (of.standing == Standing::cannot_install && of.file.empty())
    return {Says::against, "it cannot be installed for " + target, when};
  if (of.modules.empty() && of.standing == Standing::no_wheel)
    return {Says::against, "no wheel of it is for " + target, when};
  for (const ModuleEvidence& one : of.modules)
    if (one.gil == Gil::unknown) return {Says::silent, one.name + " cannot be read: " + one.how, when};
  if (!of.modules.empty())
    return {Says::in_favour,
            counted(of.modules.size(), "module") + (of.modules.size() == 1 ? " declares" : " declare") +
                " Py_MOD_GIL_NOT_USED",
            when};
  if (!of.classifier.empty()) return {Says::in_favour, "its classifier says " + of.classifier, when};
  if (of.standing == Standing::pure) return {Says::silent, "pure Python: no module to declare anything", when};
  return {};
}

EvidenceCell scanned(const PackageReport& of) {
  if (!of.scan) return {};
  if (!of.scan->failed.empty()) return {Says::not_looked, of.scan->failed, of.version};
  const std::string files = " in " + counted(of.scan->files, "file");
  if (of.scan->high > 0)
    return {Says::against, counted(of.scan->high, "finding") + " of high severity" + files, of.version};
  return {Says::silent, "no finding of high severity" + files, of.version};
}

EvidenceCell confirmed(const PackageReport& of) {
  if (!of.confirm) return {};
  if (!of.confirm->failed.empty()) return {Says::not_looked, of.confirm->failed, of.version};
  if (of.confirm->against > 0)
    return {Says::against, counted(of.confirm->against, "finding") + " seen to happen", of.version};
  return {Says::silent, counted(of.confirm->reached, "finding") + " reached and not seen to happen", of.version};
}

EvidenceCell tried(const PackageReport& of, const Trial& trial) {
  if (!of.trial) return {};
  const TrialSummary& seen = *of.trial;
  const std::string when = (seen.version.empty() ? "" : seen.version + ", ") + trial.date;
  if (seen.switched_gil_on) return {Says::against, "importing it switched the GIL on", when};
  if (seen.blocks) return {Says::against, seen.problem, when};
  for (const TrialSummary::Incident& one : seen.incidents)
    if (one.proven) return {Says::against, one.what + " in " + one.test, when};
  if (!seen.incidents.empty())
    return {Says::silent, "one of the suspects for " + seen.incidents[0].test + " (" + seen.incidents[0].what + ")",
            when};
  if (!seen.problem.empty()) return {Says::silent, seen.problem, when};
  if (seen.tests > 0)
    return {Says::in_favour,
            "nothing seen in " + counted(seen.tests, "test") + " that " + (seen.tests == 1 ? "enters" : "enter") +
                " it by " + counted(trial.threads, "thread"),
            when};
  return {Says::silent, "installed, and no test by several threads enters compiled code of it", when};
}

// "spam/_eggs.cpython-313t-x86_64-linux-gnu.so": "spam/_eggs".
std::string stem(const std::string& file) { return file.substr(0, file.find('.', file.rfind('/') + 1)); }

bool loaded(const PackageReport& of, const std::vector<std::string>& files) {
  return std::ranges::any_of(of.modules, [&](const ModuleEvidence& one) {
    return std::ranges::any_of(files, [&](const std::string& file) { return stem(file) == stem(one.file); });
  });
}

// "spam._eggs" of "spam/_eggs.cpython-313t-x86_64-linux-gnu.so".
std::string dotted(const std::string& file) {
  std::string out = stem(file);
  std::ranges::replace(out, '/', '.');
  return out;
}

EvidenceCell measured(const PackageReport& of, const Measurement& measurement) {
  const std::string& when = measurement.date;
  for (const ModuleEvidence& one : of.modules)
    if (std::ranges::find(measurement.switched_on_by, dotted(one.file)) != measurement.switched_on_by.end())
      return {Says::against, "loading " + dotted(one.file) + " brought the GIL back", when};
  if (of.modules.empty()) return {Says::silent, "no compiled code of it", when};
  if (loaded(of, measurement.loaded[1])) {
    if (!measurement.switched_on_by.empty()) return {Says::silent, "loaded, and the GIL came back with another", when};
    return {Says::in_favour, "its compiled code was loaded in the measured processes, and the GIL stayed off", when};
  }
  if (loaded(of, measurement.loaded[0])) return {Says::against, "its compiled code was loaded with the GIL only", when};
  return {Says::silent, "the workload does not load it", when};
}

}  // namespace

void fill_evidence(AdoptionReport& report, const Trial* trial, const Measurement* measurement) {
  for (PackageReport& one : report.packages) {
    one.evidence.of(Look::declared) = declared(one, report.target);
    one.evidence.of(Look::scanned) = scanned(one);
    one.evidence.of(Look::confirmed) = confirmed(one);
    if (trial != nullptr) one.evidence.of(Look::tried) = tried(one, *trial);
    if (measurement != nullptr) one.evidence.of(Look::measured) = measured(one, *measurement);
  }
}

}  // namespace ftaudit::adoption
