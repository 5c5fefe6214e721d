#include <algorithm>

#include "reports/adoption_json.h"
#include "reports/json_at.h"

namespace ftaudit::reports {
namespace {

constexpr unsigned schema = 1;

// Of the names in the order of an enumeration.
template <class Enum, Enum last> std::optional<Enum> one_named(std::string_view name) {
  for (unsigned i = 0; i <= static_cast<unsigned>(last); ++i)
    if (name_of(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  return std::nullopt;
}

void read(const At& at, ModuleEvidence& out) {
  at["file"].get(out.file), at["name"].get(out.name), at["gil"].get(out.gil, gil_named);
  at["style"].get(out.style), at["how"].get(out.how), at["origins"].get(out.origins);
  at["borrowed_calls"].get(out.borrowed_calls), at["own_locks"].get(out.own_locks);
  at["instrumented"].get(out.instrumented);
}

void read(const At& at, ScanSummary& out) {
  at["high"].get(out.high), at["medium"].get(out.medium), at["low"].get(out.low), at["files"].get(out.files);
  at["skipped"].get(out.skipped), at["report"].get(out.report), at["failed"].get(out.failed);
}

void read(const At& at, ProbeSummary& out) {
  if (at.has("gil_after")) at["gil_after"].get(out.gil_after.emplace());
  at["culprits"].get(out.culprits), at["python"].get(out.python), at["failed"].get(out.failed);
}

void read(const At& at, ConfirmSummary& out) {
  at["confirmed"].get(out.confirmed), at["against"].get(out.against), at["reached"].get(out.reached);
  at["not_reached"].get(out.not_reached), at["screened"].get(out.screened), at["report"].get(out.report);
  at["failed"].get(out.failed);
}

void read(const At& at, TrialSummary& out) {
  at["python"].get(out.python), at["version"].get(out.version), at["built_here"].get(out.built_here);
  at["problem"].get(out.problem), at["blocks"].get(out.blocks), at["switched_gil_on"].get(out.switched_gil_on);
  at["incidents"].each(out.incidents, [](const At& one, TrialSummary::Incident& into) {
    one["test"].get(into.test), one["what"].get(into.what), one["proven"].get(into.proven);
  });
  at["tests"].get(out.tests);
}

void read(const At& at, EvidenceRow& out) {
  for (const Look look : all_looks) {
    const At one = at[std::string(name_of(look)).c_str()];
    EvidenceCell& into = out.of(look);
    one["says"].get(into.says, one_named<Says, Says::against>);
    one["what"].get(into.what), one["when"].get(into.when);
  }
}

template <class Summary> void read_if(const At& at, const char* key, std::optional<Summary>& out) {
  if (at.has(key)) read(at[key], out.emplace());
}

void read(const At& at, PackageReport& out) {
  at["name"].get(out.name), at["version"].get(out.version), at["standing"].get(out.standing, standing_named);
  at["confidence"].get(out.confidence, confidence_named), at["summary"].get(out.summary);
  at["direct"].get(out.direct), at["asked_by"].get(out.asked_by), at["needed_by"].get(out.needed_by);
  at["requires"].get(out.requires_), at["applications"].get(out.applications);
  at["reasons"].each(out.reasons,
                     [](const At& one, Reason& into) { one["what"].get(into.what), one["source"].get(into.source); });
  at["not_checked"].get(out.not_checked), at["file"].get(out.file), at["wheel_tag"].get(out.wheel_tag);
  at["classifier"].get(out.classifier), at["builds"].get(out.builds, one_named<Builds, Builds::no>);
  at["builds_why"].get(out.builds_why), at["foreign"].get(out.foreign);
  at["modules"].each(out.modules, [](const At& one, ModuleEvidence& into) { read(one, into); });
  at["first_version"].get(out.first_version), at["upgrade_to"].get(out.upgrade_to), at["pin_to"].get(out.pin_to);
  at["yanked"].get(out.yanked), at["homepage"].get(out.homepage);
  read_if(at, "scan", out.scan), read_if(at, "probe", out.probe), read_if(at, "confirm", out.confirm);
  read_if(at, "trial", out.trial), read(at["evidence"], out.evidence);
}

void read(const At& at, AdoptionReport& out) {
  unsigned version = 0;
  at["schema"].get(version);
  if (version != schema) return at["schema"].complain("is not " + std::to_string(schema));
  at["tool"]["version"].get(out.tool_version), at["target"].get(out.target), at["platform"].get(out.platform);
  at["date"].get(out.date), at["resolver"].get(out.resolver), at["workload"].get(out.workload, workload_named);
  at["inputs"].get(out.inputs), at["incomplete"].get(out.incomplete), at["problems"].get(out.problems);
  at["notes"].get(out.notes), at["downloaded_bytes"].get(out.downloaded_bytes);
  at["packages"].each(out.packages, [](const At& one, PackageReport& into) { read(one, into); });
  if (at.has("application")) {
    ApplicationEvidence& own = out.application.emplace();
    const At of = at["application"];
    of["tried"].get(own.tried), of["measured"].get(own.measured), of["trial"].get(own.trial);
    of["measurement"].get(own.measurement), of["against"].get(own.against);
  }
}

}  // namespace

Result<AdoptionReport> read_adoption_report(std::string_view text) {
  AdoptionReport out;
  if (const Status done = read_report(text, [&](const At& at) { read(at, out); }); !done) return done.error();
  return out;
}

bool is_adoption_report(std::string_view text) {
  bool out = false;
  const Status read = read_report(text, [&](const At& at) { out = at.has("packages") && at.has("advice"); });
  return read.ok() && out;
}

}  // namespace ftaudit::reports
