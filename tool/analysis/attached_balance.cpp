// The ways out of a function on which it does not undo what it did to the thread state.
#include <algorithm>

#include "analysis/attached.h"
#include "analysis/attached_paths.h"
#include "analysis/looked_at.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

namespace {

// The object of a throw is made last before control is gone.
bool is_thrown(const model::Function& function, const Event& last) {
  if (!is_call(last) || last.operands.empty() || last.operands[0].kind != Operand::Kind::unknown) return false;
  const std::size_t colon = last.callee.rfind("::");
  if (colon == std::string::npos || function.blocks.empty()) return false;
  const std::string made = last.callee.substr(colon + 2);
  return last.callee.substr(0, colon).ends_with(made);
}

// The end is a return, or what is destroyed after one.
bool leaves(const model::Function& function, EventId last) {
  while (last.n > 0 && function.events[last].implicit) --last;
  return function.events[last].kind == Event::Kind::leave;
}

// The saved state is kept where only this function sees it: nobody else can bring it back.
bool kept_in_local(const model::Function& function, EventId changed) {
  std::uint32_t local = none;
  for (const Event& event : function.events) {
    if (event.kind != Event::Kind::write || event.operands.empty() || event.operands[0].kind != Operand::Kind::call ||
        event.operands[0].event != changed)
      continue;
    const model::Place& place = function.places[event.place];
    if (place.root == model::Place::Root::variable && place.steps.empty() &&
        function.variables[place.variable].storage == model::Storage::local &&
        !function.variables[place.variable].by_reference)
      local = place.variable;
  }
  const auto gives_away = [&](const Event& event) {
    bool away = false;
    each_operand(event, [&](const Operand& part) {
      away = away || (part.place != none && function.places[part.place].root == model::Place::Root::variable &&
                      function.places[part.place].variable == local);
    });
    return away && (event.kind == Event::Kind::leave || event.kind == Event::Kind::write ||
                    (is_call(event) && capi::thread_call(event.callee) == nullptr));
  };
  return local != none && std::none_of(function.events.begin(), function.events.end(), gives_away);
}

}  // namespace

std::vector<Attached::Imbalance> Attached::imbalances(FunctionId id) const {
  std::vector<Imbalance> found;
  const model::Function& function = program_.function(id);
  if (!relevant_[id]) return found;
  Run run;
  flow(id, {Path{}}, run);
  for (const Run::End& end : run.ends) {
    const bool whole =
        std::all_of(end.paths.begin(), end.paths.end(), [](const Path& path) { return !path.saved.empty(); });
    for (const Path& path : end.paths) {
      if (path.saved.empty() || path.saved.back().by.function != id) continue;
      // Attached for a while and detached again, with the state that the caller had saved: as it was on entry.
      if (path.saved.size() <= path.undone) continue;
      const EventId changed = path.saved.back().by.event;
      const auto undone = run.undone.find(changed);
      if (undone == run.undone.end() ? !(whole && kept_in_local(function, changed))
                                     : !whole && hangs_together(id, changed, undone->second))
        continue;
      const bool thrown = end.leave != none && is_thrown(function, function.events[end.leave]);
      if (thrown && function.events[changed].callee_key.text.empty() && !kept_in_local(function, changed))
        continue;  // a guard; its destructor runs
      if (thrown && !function.events[changed].callee_key.text.empty()) continue;
      if (!thrown && end.leave != none && function.result.kind != model::Type::Kind::other &&
          !leaves(function, end.leave))
        continue;
      found.push_back({end.leave, changed, path.kind == Kind::detached, thrown});
      break;
    }
  }
  return found;
}

// Whether the change is undone hangs on what the change itself hung on, or on a flag that is set by hand: ways that
// leave it undone may not exist.
bool Attached::hangs_together(FunctionId id, EventId changed, const std::set<EventId>& undoing) const {
  const model::Function& function = program_.function(id);
  const std::set<std::uint32_t> before = deciding(id, changed);
  const auto is_flag = [&](std::uint32_t variable) {
    return std::all_of(function.events.begin(), function.events.end(),
                       [&](const Event& event) {
                         if (event.kind != Event::Kind::write ||
                             function.places[event.place].root != model::Place::Root::variable ||
                             function.places[event.place].variable != variable)
                           return true;
                         return !event.operands.empty() && (event.operands[0].kind == Operand::Kind::number ||
                                                            event.operands[0].kind == Operand::Kind::null);
                       }) &&
           function.variables[variable].storage == model::Storage::local;
  };
  for (EventId event : undoing)
    for (std::uint32_t variable : deciding(id, event))
      if (before.contains(variable) || is_flag(variable)) return true;
  return false;
}

// The locals and parameters that decide whether control gets to the event.
std::set<std::uint32_t> Attached::deciding(FunctionId id, EventId at) const {
  const model::Function& function = program_.function(id);
  const Flow& flow = program_.flow(id);
  std::set<std::uint32_t> found;
  std::uint32_t block = flow.block_of[at];
  // What cannot be reached is dominated by nothing.
  while (flow.dominator[block] != block && flow.dominator[block] != none) {
    const std::uint32_t above = flow.dominator[block];
    const EventId condition = function.blocks[above].condition;
    // Of a dominator that always leads here, the outcome does not matter.
    const std::vector<std::uint32_t>& next = function.blocks[above].successors;
    if (condition != none && next.size() == 2 && std::any_of(next.begin(), next.end(), [&](std::uint32_t n) {
          return n != none && flow.dominates(n, flow.block_of[at]) && flow.predecessors[n].size() == 1;
        }))
      for (const Operand& operand : function.events[condition].operands)
        each_operand(operand, [&](const Operand& part) {
          if (part.place != none && function.places[part.place].root == model::Place::Root::variable)
            found.insert(function.places[part.place].variable);
        });
    block = above;
  }
  return found;
}

// The locals on which more than one change of the thread state hangs, and which change only where they are written.
std::set<std::uint32_t> Attached::deciding_together(FunctionId id) const {
  const model::Function& function = program_.function(id);
  std::set<std::uint32_t> once, again;
  for (const EventId e : function.events.ids())
    if (const Event& event = function.events[e]; is_call(event) && is_change(event))
      for (const std::uint32_t variable : deciding(id, e))
        if (!once.insert(variable).second) again.insert(variable);
  std::erase_if(again, [&](std::uint32_t variable) {
    const model::Variable& of = function.variables[variable];
    return of.by_reference || (of.storage != model::Storage::local && of.storage != model::Storage::parameter);
  });
  for (const Event& event : function.events)
    for (std::size_t i = 0; i < event.operands.size(); ++i)
      each_operand(event.operands[i], [&](const Operand& part) {
        if (part.kind != Operand::Kind::address) return;
        const model::Place& place = function.places[part.place];
        const bool stays = &part == &event.operands[i] && only_looks_at(function, event, i);
        if (place.root == model::Place::Root::variable && !stays) again.erase(place.variable);
      });
  return again;
}

bool Attached::is_change(const Event& event) const {
  if (capi::thread_call(event.callee) != nullptr) return true;
  const FunctionId callee = event.callee_key.text.empty() ? none : program_.find(event.callee_key);
  return callee != none && relevant_[callee];
}

}  // namespace ftaudit::analysis
