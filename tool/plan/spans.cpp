#include "plan/spans.h"

#include <algorithm>

#include "plan/stretch.h"

namespace ftaudit::plan {

std::vector<Edit> spans_without_python(const analysis::Audit& audit, FunctionId id, const std::set<EventId>& accesses,
                                       const std::set<EventId>& all) {
  const model::Function& function = audit.program().function(id);
  const auto suspends = [&](EventId e) {
    return analysis::is_call(function.events[e]) && audit.suspension().event(function, function.events[e]);
  };
  const bool busy = audit.held().is_busy(id);
  const auto locks = [&](EventId e) {
    const model::Event::Kind kind = function.events[e].kind;
    return busy && (kind == model::Event::Kind::acquire || kind == model::Event::Kind::release);
  };
  std::set<EventId> together = accesses;
  together.insert(all.begin(), all.end());
  bool quiet = !busy && together.size() > 1;
  for (const EventId e : function.events.ids()) quiet &= !suspends(e);
  if (quiet) return {{.function = id}};
  if (together.size() > 1)
    if (std::optional<Stretch> stretch = stretch_of(audit, id, together, none)) {
      const std::set<EventId> inside = events_in(audit, id, *stretch);
      if (std::ranges::none_of(inside, [&](EventId e) { return suspends(e) || locks(e); })) {
        Edit out{.function = id};
        out.stretch = std::move(*stretch);
        return {out};
      }
    }
  std::vector<Edit> out;
  const analysis::Flow& flow = audit.program().flow(id);
  for (const EventId e : accesses) {
    bool joins = !out.empty() && flow.block_of[out.back().last] == flow.block_of[e];
    for (EventId between = joins ? out.back().last : e; joins && between < e; ++between)
      joins = !suspends(between) && !locks(between);
    if (joins) out.back().last = e;
    else out.push_back({.function = id, .first = e, .last = e});
  }
  for (Edit& edit : out) edit.apart = together.size() > 1 && (out.size() > 1 || together.size() > accesses.size());
  return out;
}

}  // namespace ftaudit::plan
