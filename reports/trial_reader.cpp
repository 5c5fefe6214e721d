#include "reports/json_at.h"
#include "reports/trial.h"

namespace ftaudit::reports {
namespace {

constexpr unsigned schema = 1;

void read(const At& at, TriedInterpreter& out) {
  at["name"].get(out.name), at["version"].get(out.version), at["executable"].get(out.executable);
}

void read(const At& at, TriedPackage& out) {
  at["name"].get(out.name), at["version"].get(out.version), at["gil_version"].get(out.gil_version);
  at["modules"].get(out.modules), at["state"].get(out.state, tried_state_named);
  at["built_here"].get(out.built_here), at["for_tests"].get(out.for_tests), at["why"].get(out.why);
  if (at.has("pin")) at["pin"].get(out.pin);
}

void read(const At& at, TriedImport& out) {
  at["module"].get(out.module), at["package"].get(out.package), at["switched_gil_on"].get(out.switched_gil_on);
  at["problem"].get(out.problem), at["only_without"].get(out.only_without);
}

void read(const At& at, TriedRuns& out) {
  at["passed"].get(out.passed), at["failed"].get(out.failed), at["crashed"].get(out.crashed);
  at["stuck"].get(out.stuck), at["skipped"].get(out.skipped), at["what"].get(out.what);
}

void read(const At& at, TriedTest& out) {
  at["name"].get(out.name), at["answer"].get(out.answer, tried_answer_named);
  for (const Way way : {Way::gil, Way::alone, Way::threads, Way::control})
    read(at[std::string(name_of(way)).c_str()], out.of(way));
  at["single"].get(out.single), at["enters"].get(out.enters), at["guilty"].get(out.guilty);
  at["proven"].get(out.proven), at["evidence"].get(out.evidence), at["stack"].get(out.stack);
}

void read(const At& at, Trial& out) {
  unsigned version = 0;
  at["schema"].get(version);
  if (version != schema) return at["schema"].complain("is not " + std::to_string(schema));
  at["tool"]["version"].get(out.tool_version), at["application"].get(out.application), at["date"].get(out.date);
  read(at["gil"], out.gil), read(at["free"], out.free);
  at["threads"].get(out.threads), at["rounds"].get(out.rounds), at["runner"].get(out.runner);
  at["installed"].get(out.installed), at["imports_tried"].get(out.imports_tried);
  at["gil_stays_off"].get(out.gil_stays_off), at["switched_on_by"].get(out.switched_on_by);
  at["forced"].get(out.forced), at["incomplete"].get(out.incomplete);
  const auto each = [](const At& one, auto& into) { read(one, into); };
  at["packages"].each(out.packages, each), at["imports"].each(out.imports, each), at["tests"].each(out.tests, each);
  at["notes"].get(out.notes), at["next"].get(out.next);
}

}  // namespace

Result<Trial> read_trial_json(std::string_view text) {
  Trial out;
  if (const Status done = read_report(text, [&](const At& at) { read(at, out); }); !done) return done.error();
  return out;
}

}  // namespace ftaudit::reports
