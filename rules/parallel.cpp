#include "rules/parallel.h"

#include <algorithm>

#include "analysis/path.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Path;
using analysis::Site;
using model::Event;

namespace {

// What the write is to, where every thread of the loop means the same by it; "" otherwise.
std::string shared_place(const Audit& audit, const Site& site, bool global) {
  const Event& event = audit.event(site);
  if (event.place == analysis::none || event.atomic) return "";
  const model::Function& function = audit.function(site);
  // A pointer of the thread's own is given a value, not what it leads to.
  const model::Place& written = function.places[event.place];
  if (written.root == model::Place::Root::variable && written.steps.empty()) return "";
  const Path path = analysis::path_of(function, audit.values(site.function), written, site.event);
  if (path.root != (global ? Path::Root::global : Path::Root::parameter)) return "";
  const bool indexed = std::any_of(path.steps.begin(), path.steps.end(),
                                   [](const model::Step& step) { return step.kind == model::Step::Kind::index; });
  if (indexed || written.type.is_atomic) return "";
  if (global) {
    const model::Global& state = audit.facts().globals[path.global()];
    return state.is_thread_local || state.type.is_atomic ? "" : state.name;
  }
  const bool field = std::any_of(path.steps.begin(), path.steps.end(),
                                 [](const model::Step& step) { return step.kind == model::Step::Kind::field; });
  model::Operand operand;
  operand.kind = model::Operand::Kind::place, operand.place = event.place;
  return field ? audit.text(site, operand) : "";
}

}  // namespace

void tell_parallel_writes(const Audit& audit, Report& report, bool global) {
  audit.each_function([&](analysis::FunctionId id) {
    const auto& events = audit.program().function(id).events;
    for (const analysis::EventId e : events.ids()) {
      if (!events[e].parallel || events[e].kind != Event::Kind::write) continue;
      const Site site{id, e};
      const std::string place = shared_place(audit, site, global);
      if (place.empty()) continue;
      report.site();
      if (!audit.held().at(id, e).empty()) continue;
      Finding& finding = add_at(report, audit, site,
                                place + " is changed by several native threads of the same loop at the same time");
      finding.place = place;
      finding.instead =
          "let each thread count for itself and join the results behind the loop (reduction), or hold a lock round it";
    }
  });
}

}  // namespace ftaudit::rules
