#include "plan/spans.h"

#include <algorithm>

namespace ftaudit::plan {

std::vector<std::pair<EventId, EventId>> spans_without_python(const analysis::Audit& audit, FunctionId id,
                                                              const std::vector<EventId>& accesses) {
  const model::Function& function = audit.program().function(id);
  const auto suspends = [&](EventId e) {
    return analysis::is_call(function.events[e]) && audit.suspension().event(function, function.events[e]);
  };
  const bool busy = audit.held().is_busy(id);
  bool quiet = !busy && accesses.size() > 1;
  for (EventId e = 0; e < function.events.size(); ++e) quiet &= !suspends(e);
  if (quiet) return {{none, none}};
  std::vector<std::pair<EventId, EventId>> out;
  const analysis::Flow& flow = audit.program().flow(id);
  for (const EventId e : accesses) {
    bool joins = !out.empty() && flow.block_of[out.back().second] == flow.block_of[e];
    for (EventId between = joins ? out.back().second : e; joins && between < e; ++between) {
      const model::Event::Kind kind = function.events[between].kind;
      joins =
          !suspends(between) && !(busy && (kind == model::Event::Kind::acquire || kind == model::Event::Kind::release));
    }
    if (joins) out.back().second = e;
    else out.emplace_back(e, e);
  }
  return out;
}

}  // namespace ftaudit::plan
