#include "plan/makers.h"

#include "capi/capi.h"

namespace ftaudit::plan {
namespace {

using model::Event;
using model::Type;

// What the event writes or returns is what a call got from an allocator that zeroes nothing.
bool is_unmade(const model::Function& function, const Event& event) {
  if (event.operands.empty() || event.operands[0].kind != model::Operand::Kind::call) return false;
  const std::string& callee = function.events[event.operands[0].event].callee;
  return capi::leaves_memory(callee) || capi::resizes(callee);
}

bool leads_to(const Type& type, const std::string& record) {
  return type.kind == Type::Kind::pointer && type.indirections == 1 && type.record == record;
}

}  // namespace

std::vector<EventId> stores_unmade(const model::Function& function, const std::string& record) {
  std::vector<EventId> out;
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if (event.kind == Event::Kind::write && event.place != analysis::none && is_unmade(function, event) &&
        leads_to(function.places[event.place].type, record))
      out.push_back(e);
  }
  return out;
}

bool returns_unmade(const model::Function& function, const std::string& record) {
  if (!leads_to(function.result, record)) return false;
  for (const Event& event : function.events)
    if (event.kind == Event::Kind::leave && is_unmade(function, event)) return true;
  return false;
}

}  // namespace ftaudit::plan
