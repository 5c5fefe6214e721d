// What the loop around a place does that takes a lock around it away.
#pragma once

#include "analysis/audit.h"

namespace ftaudit::rules {

// A call in the loop that the event is in which may run Python code or detach, so that a critical section around the
// loop does not hold; none where there is no loop, or no such call.
inline analysis::EventId lets_go_in_loop(const analysis::Audit& audit, const analysis::Site& site) {
  const model::Function& function = audit.function(site);
  const analysis::Values& values = audit.values(site.function);
  for (const analysis::EventId e : function.events.ids())
    if (e != site.event && analysis::is_call(function.events[e]) &&
        audit.suspension().event(function, function.events[e]) && values.reaches(site.event, e, analysis::none) &&
        values.reaches(e, site.event, analysis::none))
      return e;
  return analysis::none;
}

}  // namespace ftaudit::rules
