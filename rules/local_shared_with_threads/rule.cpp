#include <algorithm>

#include "analysis/lent_locals.h"
#include "finding/rule.h"
#include "rules/sides.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::LentAccess;
using analysis::LentLocal;
using model::Event;

namespace {

// Whoever comes, the same is stored there: a mark that something has been seen.
bool stores_only(const Audit& audit, const std::vector<LentAccess>& accesses) {
  const Event* first = nullptr;
  for (const LentAccess& access : accesses) {
    if (!access.write) continue;
    const Event& event = audit.event(access.site);
    if (event.kind != Event::Kind::write || event.is_update() || event.operands.empty()) return false;
    const auto number = analysis::constant(event.operands[0]);
    if (!number || (first != nullptr && analysis::constant(first->operands[0]) != number)) return false;
    first = &event;
  }
  return first != nullptr;
}

Does done_at(const Audit& audit, const LentAccess& access) {
  if (!access.write) return Does::read;
  return audit.event(access.site).op == Event::Operator::update ? Does::update : Does::write;
}

void tell(const Audit& audit, const LentLocal& local, Report& report) {
  const model::Function& owner = audit.program().function(local.owner);
  std::string name = owner.variables[local.variable].name;
  const std::string& place = local.change.place;
  if (const std::size_t part = place.find_first_of(".["); part != std::string::npos) name += place.substr(part);
  const std::string how =
      local.owner_changes ? "here while a thread that was given it uses it and has not been joined"
      : local.by_owner    ? "by a thread that was given it, while " + owner.name + " uses it and has not joined that"
                          : "by a thread that was given it, while another such thread uses it";
  Finding& finding = add_at(report, audit, local.change.site, name + " of " + owner.name + " is changed " + how);
  finding.place = owner.name + "." + name, finding.owner = owner.name;
  if (stores_only(audit, local.sides)) finding.severity = Severity::low;
  finding.trace = {{audit.location({local.owner, local.started}), "the thread is started here and given " + name},
                   {audit.location(local.change.site), name + " is changed here", 1},
                   {audit.location(local.other.site),
                    std::string(local.other.write ? "changed" : "read") + " here by the other one", 2}};
  finding.instead =
      "give each thread a result of its own and join them when all are done, or lock one mutex on both sides (make "
      "a plain number a std::atomic); what the threads are done with is used behind join() or get()";
  std::vector<Part> parts;
  for (const LentAccess& access : local.sides) parts.push_back({access.site, done_at(audit, access)});
  tell_sides(finding, audit, parts);
}

void check(const Audit& audit, Report& report) {
  for (const LentLocal& local : analysis::lent_locals(audit.program(), audit.held())) {
    report.site();
    if (audit.contexts().reached(local.owner)) tell(audit, local, report);
  }
}

}  // namespace

extern const Rule local_shared_with_threads{
    {.id = "FT807",
     .name = "local-shared-with-threads",
     .category = Category::object_field,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A local variable is changed by threads that were given it by reference, without a lock",
     .why = "threads of the extension's own run beside each other whatever Python does, and a variable of the function "
            "that started them is theirs together: one change is lost, or a container is torn",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
