// Naming everybody who takes part in what a finding is about: one side a function, with what it does, what it holds,
// and who gets there.
#pragma once

#include <string>
#include <vector>

#include "analysis/numbered_steps.h"
#include "rules/place.h"

namespace ftaudit::rules {

// Python-visible names of the ways to this access, sorted: of those who come as it was made, with these locks.
std::vector<std::string> entries_of(const analysis::Audit& audit, const analysis::Access& access);

// " (holding the object's critical section)": what an access holds, as steps of a trace say it; "" for nothing.
std::string held_by(const analysis::Audit& audit, const analysis::Access& access);

// "the critical section of the object", "&pool_mutex": a lock as Shared names it.
std::string lock_name(const analysis::Audit& audit, const std::string& lock);

using analysis::is_one_of_many;

// Fills in sides, owner, remedy, declarations and all entry points. Location and function of the finding are set.
void tell_sides(Finding& finding, const analysis::Audit& audit, const std::vector<analysis::Party>& parties,
                const std::string& lock = {});

// The same for what the finding's place goes through at these events; owner and remedy are left as they are.
struct Part {
  analysis::Site site;
  Does does = Does::read;
};
void tell_sides(Finding& finding, const analysis::Audit& audit, const std::vector<Part>& parts);

// The same for a reference count in a plain number, whose owner and place are set; the change that tells most.
void tell_sides(Finding& finding, const analysis::Audit& audit, const analysis::Count& count);
const analysis::Count::Change& shown_change(const analysis::Count& count);

}  // namespace ftaudit::rules
