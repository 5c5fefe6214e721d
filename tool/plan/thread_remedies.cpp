// What each thread has for itself: what one call puts into a global for its own use, and lists of things kept for
// reuse. These go before the other steps: once no two threads take the same thing out of a list, nobody else has what
// came out of it.
#include "plan/remedy.h"
#include "plan/words.h"

namespace ftaudit::plan {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;
using analysis::State;
using model::Event;

namespace {

// A variable for one call, which another function gets at only while that runs.
bool is_of_one_call(const Conflict& conflict) {
  return conflict.mistake == Mistake::callback_argument ||
         (conflict.mistake == Mistake::plain && conflict.state->kind == State::Kind::static_local &&
          conflict.state->type.kind == model::Type::Kind::array);
}

bool is_about(const model::Function& function, std::uint32_t place, model::GlobalId global) {
  return place != none && function.places[place].root == model::Place::Root::global &&
         function.places[place].global == global;
}

// Written or given away while the module is made, or by code that runs once: the threads that come later would find it
// unset.
bool is_made_once(const Audit& audit, model::GlobalId global) {
  if (audit.facts().globals[global].runtime_initialised) return true;
  const analysis::Contexts& contexts = audit.contexts();
  for (const FunctionId id : audit.facts().functions.ids()) {
    if (!contexts.init_only(id) && !contexts.runs_once(id)) continue;
    const model::Function& function = audit.facts().functions[id];
    for (const Event& event : function.events) {
      if (event.kind == Event::Kind::write && is_about(function, event.place, global)) return true;
      for (const model::Operand& operand : event.operands)
        if (operand.kind == model::Operand::Kind::address && is_about(function, operand.place, global)) return true;
    }
  }
  return false;
}

}  // namespace

std::set<const Conflict*> thread_remedies(const Audit& audit, const Refused& refused, Remedies& out) {
  std::set<const Conflict*> taken;
  for (const Conflict& conflict : audit.conflicts().all()) {
    const bool list = conflict.mistake == Mistake::free_list;
    if (conflict.state->kind == State::Kind::field || (!list && !is_of_one_call(conflict))) continue;
    std::map<model::GlobalId, std::string> globals;
    for (const State* state : states_of(conflict))
      globals.emplace(state->global, audit.facts().globals[state->global].name);
    Remedy remedy{.kind = StepKind::per_thread, .key = "per-thread " + globals.begin()->second};
    const bool unset =
        list && std::ranges::any_of(globals, [&](const auto& one) { return is_made_once(audit, one.first); });
    if (unset || refused.contains(remedy.key)) continue;
    std::set<std::string> names;
    for (const auto& [global, name] : globals) {
      names.insert(name);
      Edit edit{.does = Edit::Does::per_thread};
      edit.global = global;
      remedy.edits.push_back(edit);
      remedy.places.push_back({.location = audit.location(audit.facts().globals[global].span),
                               .write = list ? "_Thread_local"
                                        : conflict.mistake == Mistake::callback_argument
                                            ? "_Thread_local, or hand it over as the callback's own argument"
                                            : "a variable of the call, or _Thread_local"});
    }
    speak_of(audit, conflict, remedy);
    remedy.what = "give each thread its own " + listed({names.begin(), names.end()});
    remedy.because = list ? "what one thread keeps for reuse, no other can take out at the same time"
                          : "what one call puts there is for that call alone";
    if (list)
      remedy.otherwise =
          "leave the list out under Py_GIL_DISABLED: the allocator keeps one a thread, and nothing is lost with a "
          "thread that ends";
    taken.insert(&conflict);
    out.push_back(std::move(remedy));
  }
  return taken;
}

}  // namespace ftaudit::plan
