// Telling a race: both sides with the way into each, what either holds, how sure it is, how bad. What every rule about
// shared state does with a Conflict.
#pragma once

#include <string>

#include "rules/sides.h"

namespace ftaudit::rules {

// "self->items" where the place can be written so, else "Counter.items".
std::string shown_name(const analysis::Audit& audit, const analysis::Conflict& conflict);

// " (and size, items and 2 more)": the other state that the conflict is about; "" if there is none.
std::string also_named(const analysis::Conflict& conflict);

// Adds the finding at the write (or, with `at_other`, at the other side); trace, sides, entry points and confidence are
// filled in.
Finding& add_race(Report& report, const analysis::Audit& audit, const analysis::Conflict& conflict, std::string what,
                  bool at_other = false);

// What is made on first use is a lock.
bool makes_lock(const analysis::Conflict& conflict);
// What two threads both do that find unset what the conflict is about, and what ends it; `else_fill` where it is a
// thing that is made on first use.
std::string first_use_story(const analysis::Conflict& conflict, const std::string& name);
std::string first_use_mend(const analysis::Conflict& conflict, std::string else_fill);

// Moves the finding to where a lock ends what a whole body of code does with its static variables. `without` is the
// lock that others hold there, "" where nobody holds one.
void tell_at_boundary(Finding& finding, const analysis::Audit& audit, const analysis::Conflict& conflict,
                      const std::string& without);

// Runs `tell` for each conflict with one of the mistakes and counts all shared states as sites.
void each_conflict(const analysis::Audit& audit, Report& report,
                   const std::function<bool(const analysis::Conflict&)>& wanted,
                   const std::function<void(const analysis::Conflict&)>& tell);

}  // namespace ftaudit::rules
