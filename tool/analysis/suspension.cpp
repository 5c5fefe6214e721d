#include "analysis/suspension.h"

#include <algorithm>

#include "analysis/edges_at.h"
#include "capi/capi.h"
#include "capi/records.h"
#include "capi/slots.h"

namespace ftaudit::analysis {

using model::Event;

namespace {

bool is_common(capi::Suspends why) {
  return why == capi::Suspends::protocols || why == capi::Suspends::conversions ||
         why == capi::Suspends::types_and_modules || why == capi::Suspends::detaches;
}

// The garbage collector's callbacks and the object allocator.
bool never_runs_python(const std::string& pointer_type) {
  return pointer_type == "visitproc" || pointer_type == "traverseproc" || pointer_type == "allocfunc" ||
         pointer_type == "freefunc";
}

// Where it leads is more than the callee's name: a pointer, a vtable, a function handed over.
bool takes_function(const Event& event) {
  return event.callee.empty() || event.is_virtual ||
         std::any_of(event.operands.begin(), event.operands.end(),
                     [](const model::Operand& operand) { return operand.kind == model::Operand::Kind::function; });
}

}  // namespace

Suspension::Suspension(const Program& program) : program_(program), suspends_(spread(false)), commonly_(spread(true)) {}

Per<FunctionId, bool> Suspension::spread(bool commonly) const {
  Per<FunctionId, bool> found(program_.facts.functions.size(), false);
  std::vector<FunctionId> news;
  for (const FunctionId id : found.ids()) {
    const model::Function& function = program_.function(id);
    for (const Event& event : function.events)
      if (is_call(event) && known(function, event, commonly)) {
        found[id] = true;
        news.push_back(id);
        break;
      }
  }
  while (!news.empty()) {
    const FunctionId id = news.back();
    news.pop_back();
    for (const Edge& edge : program_.calls_to(id))
      if (carries(edge) && !found[edge.from]) found[edge.from] = true, news.push_back(edge.from);
  }
  return found;
}

// By the callee's own name, or by the slot it is called through.
bool Suspension::known(const model::Function& in, const Event& event, bool commonly) const {
  if (!event.callee.empty()) {
    if (!event.callee_key.text.empty() && program_.find(event.callee_key) != none) return false;  // its body says
    const capi::Suspends why = capi::suspends(event.callee);
    return commonly ? is_common(why) : why != capi::Suspends::never && why != capi::Suspends::unknown;
  }
  if (event.target.place == none) return false;
  const model::Place& place = in.places[event.target.place];
  if (!place.steps.empty() && place.steps.back().kind == model::Step::Kind::field &&
      capi::record_named(place.steps.back().record) == capi::Record::type_object) {
    const capi::SlotUse use = capi::slot_use(place.steps.back().field);
    return use != capi::SlotUse::allocation && use != capi::SlotUse::freeing;
  }
  if (never_runs_python(place.type.spelling)) return false;
  if (bool known_callees = false; through_edges(in, event, {}, known_callees) || known_callees)
    return false;  // their bodies say
  return std::any_of(event.operands.begin(), event.operands.end(), [&](const model::Operand& operand) {
    return operand.kind == model::Operand::Kind::place && in.places[operand.place].type.to_object;
  });
}

// A call leads there, or hands it to somebody who calls it before it returns.
bool Suspension::carries(const Edge& edge) const {
  return !edge.mention || edge.indirect || capi::calls_at_once(program_.function(edge.from).events[edge.event].callee);
}

bool Suspension::through_edges(const model::Function& in, const Event& event, const Per<FunctionId, bool>& suspends,
                               bool& known_callees) const {
  const FunctionId id = program_.find(in.key);
  if (id == none) return false;
  for (const Edge& edge : edges_at(program_, id, static_cast<EventId>(&event - in.events.data()))) {
    if (!carries(edge)) continue;
    known_callees = true;
    if (!suspends.empty() && suspends[edge.to]) return true;
  }
  return false;
}

bool Suspension::event(const model::Function& in, const Event& event) const {
  if (!is_call(event)) return false;
  if (!event.is_virtual && !event.callee_key.text.empty())
    if (const FunctionId callee = program_.find(event.callee_key); callee != none) return suspends_[callee];
  if (bool known_callees = false; takes_function(event) && through_edges(in, event, suspends_, known_callees))
    return true;
  return known(in, event, false);
}

bool Suspension::commonly(const model::Function& in, const Event& event) const {
  if (!is_call(event)) return false;
  if (!event.is_virtual && !event.callee_key.text.empty())
    if (const FunctionId callee = program_.find(event.callee_key); callee != none) return commonly_[callee];
  if (bool known_callees = false; takes_function(event) && through_edges(in, event, commonly_, known_callees))
    return true;
  return known(in, event, true);
}

}  // namespace ftaudit::analysis
