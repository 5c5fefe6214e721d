// Caches of what is the same for everybody: the module makes them, nobody else. Those of one file are one step: they
// are moved to one place.
#include <algorithm>
#include <map>

#include "cython/sources.h"
#include "plan/remedy.h"
#include "plan/words.h"

namespace ftaudit::plan {

using analysis::Access;
using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;
using analysis::State;
using model::Operand;

namespace {

// Made of what was there when the module was made: no argument of the function goes into it.
bool depends_on_arguments(const Audit& audit, FunctionId id, const Operand& operand, EventId at, int depth = 0) {
  if (depth > 6) return true;
  const model::Function& function = audit.program().function(id);
  switch (operand.kind) {
    case Operand::Kind::number:
    case Operand::Kind::null:
    case Operand::Kind::text:
    case Operand::Kind::function:
    case Operand::Kind::global: return false;
    case Operand::Kind::call:
      return std::ranges::any_of(function.events[operand.event].operands, [&](const Operand& part) {
        return depends_on_arguments(audit, id, part, operand.event, depth + 1);
      });
    case Operand::Kind::parts:
    case Operand::Kind::choice:
      return std::ranges::any_of(
          operand.parts, [&](const Operand& part) { return depends_on_arguments(audit, id, part, at, depth + 1); });
    case Operand::Kind::place:
    case Operand::Kind::address: {
      const model::Place& place = function.places[operand.place];
      if (place.root == model::Place::Root::global) return false;
      if (place.root != model::Place::Root::variable || !place.steps.empty()) return true;
      for (const EventId given : audit.values(id).definitions(place.variable, at)) {
        // The module, or whatever self is: import has it as well.
        if (given == none) {
          if (place.variable > 0 || function.parameters == 0) return true;
          continue;
        }
        const model::Event& event = function.events[given];
        if (event.kind != model::Event::Kind::write || event.operands.empty() ||
            depends_on_arguments(audit, id, event.operands[0], given, depth + 1))
          return true;
      }
      return false;
    }
    default: return true;
  }
}

class Caches {
 public:
  Caches(const Audit& audit, const Refused& refused) : audit_(audit), refused_(refused) {
    for (const Conflict& conflict : audit.conflicts().all())
      for (const State* state : states_of(conflict))
        for (const Access& access : state->accesses)
          if (access.write && audit.conflicts().unset_test(*state, access) != nullptr)
            tested_.emplace(access.site.function, block_of(access));
  }

  std::set<const Conflict*> work_out(Remedies& out) const {
    std::map<std::string, std::vector<std::pair<const Conflict*, Remedy>>> by_file;
    for (const Conflict& conflict : audit_.conflicts().all()) {
      Remedy one = alone(conflict);
      if (one.edits.empty()) continue;
      const std::string file = one.places[0].location.file;
      by_file[file].emplace_back(&conflict, std::move(one));
    }
    std::set<const Conflict*> taken;
    for (auto& [file, caches] : by_file) {
      Remedy together{.kind = StepKind::made_at_import, .key = "made-at-import of " + file};
      for (auto& [conflict, one] : caches) {
        if (refused_.contains(one.key)) continue;
        taken.insert(conflict);
        if (refused_.contains(together.key)) {
          describe(one);
          out.push_back(std::move(one));
          continue;
        }
        together.edits.insert(together.edits.end(), one.edits.begin(), one.edits.end());
        together.places.insert(together.places.end(), one.places.begin(), one.places.end());
        together.states.insert(together.states.end(), one.states.begin(), one.states.end());
        together.speaks_of.merge(one.speaks_of), together.functions.merge(one.functions);
      }
      if (together.edits.empty()) continue;
      describe(together);
      out.push_back(std::move(together));
    }
    return taken;
  }

 private:
  std::uint32_t block_of(const Access& access) const {
    return audit_.program().flow(access.site.function).block_of[access.site.event];
  }

  Remedy alone(const Conflict& conflict) const {
    Remedy out{.kind = StepKind::made_at_import, .key = "made-at-import " + conflict.state->name};
    if (conflict.state->kind == State::Kind::field && !conflict.state->module_state) return out;
    if (conflict.mistake != Mistake::first_use && conflict.mistake != Mistake::double_checked &&
        conflict.mistake != Mistake::object_cache && conflict.mistake != Mistake::plain)
      return out;
    std::set<std::pair<FunctionId, EventId>> seen;
    for (const State* state : states_of(conflict)) {
      for (const Access& access : state->accesses) {
        if (!access.write || !seen.emplace(access.site.function, access.site.event).second) continue;
        const model::Event& event = audit_.event(access.site);
        // The test may be of another cache that is filled in the same breath.
        if (event.kind != model::Event::Kind::write || event.operands.empty() || event.is_update() ||
            event.operands[0].kind == Operand::Kind::null ||
            !tested_.contains({access.site.function, block_of(access)}) ||
            depends_on_arguments(audit_, access.site.function, event.operands[0], access.site.event))
          return {.kind = StepKind::made_at_import};
        out.edits.push_back(
            {.does = Edit::Does::only_read, .function = access.site.function, .first = access.site.event});
        out.places.push_back(place_at(audit_, access.site.function, access.site.event,
                                      cython::is_source_name(audit_.location(access.site).file)
                                          ? "assign it at module level; here it is only read"
                                          : "fill it in the module's exec function; here it is only read"));
      }
    }
    speak_of(audit_, conflict, out);
    return out;
  }

  static void describe(Remedy& remedy) {
    std::ranges::sort(remedy.states);
    remedy.states.erase(std::ranges::unique(remedy.states).begin(), remedy.states.end());
    remedy.what = "make " + listed(remedy.states) + " when the module is made";
    remedy.because = "no argument goes into " + std::string(remedy.states.size() > 1 ? "them" : "it") +
                     ", and the import lock covers what the module does first";
    remedy.otherwise = "fill it behind a once flag, or publish it by compare-exchange and drop what came second";
  }

  const Audit& audit_;
  const Refused& refused_;
  std::set<std::pair<FunctionId, std::uint32_t>> tested_;  // blocks that something unset was found for
};

}  // namespace

std::set<const Conflict*> import_remedies(const Audit& audit, const Refused& refused, Remedies& out) {
  return Caches(audit, refused).work_out(out);
}

}  // namespace ftaudit::plan
