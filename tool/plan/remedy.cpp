#include "plan/remedy.h"

namespace ftaudit::plan {

std::vector<const analysis::State*> states_of(const analysis::Conflict& conflict) {
  std::vector<const analysis::State*> out{conflict.state};
  out.insert(out.end(), conflict.also.begin(), conflict.also.end());
  return out;
}

void speak_of(const analysis::Audit& audit, const analysis::Conflict& conflict, Remedy& remedy) {
  for (const analysis::Party& party : conflict.sides)
    remedy.speaks_of.insert(audit.location(party.access->site)), remedy.functions.insert(party.access->site.function);
  remedy.speaks_of.insert(audit.location(conflict.race.write->site));
  std::set<std::string> names(remedy.states.begin(), remedy.states.end());
  for (const analysis::State* state : states_of(conflict)) names.insert(state->name);
  remedy.states.assign(names.begin(), names.end());
}

}  // namespace ftaudit::plan
