#include "analysis/audit.h"

#include <algorithm>

#include "model/print.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

void Audit::each_function(const std::function<void(FunctionId)>& visit) const {
  for (const FunctionId id : facts().functions.ids())
    if (!program_.function(id).is_support) visit(id);
}

void Audit::each_concurrent_function(const std::function<void(FunctionId)>& visit) const {
  each_function([&](FunctionId id) {
    if (contexts_.concurrent(id)) visit(id);
  });
}

void Audit::each_concurrent_call(const std::function<bool(const Event&)>& wanted,
                                 const std::function<void(const Site&)>& visit) const {
  each_concurrent_function([&](FunctionId id) {
    const auto& events = program_.function(id).events;
    for (const EventId e : events.ids())
      if (is_call(events[e]) && !events[e].callee.empty() && wanted(events[e])) visit({id, e});
  });
}

std::string Audit::text(const Site& site, const Operand& operand) const {
  std::string out = model::text_of(facts(), function(site), operand);
  // The result of a call reads best by the call's name.
  if (operand.kind == Operand::Kind::call) {
    const Event& call = function(site).events[operand.event];
    const std::string& callee = call.callee;
    if (capi::unwraps(callee) && !call.operands.empty()) {
      const std::string wrapped = text(site, call.operands[0]);
      return wrapped.starts_with("&") ? wrapped.substr(1) : wrapped;
    }
    out = callee.empty() ? "the result of a call" : "the result of " + callee + "()";
  }
  return out == "?" ? "the object" : out;
}

EventId Audit::made_by(const Site& site, const Operand& operand, bool (*is_one)(std::string_view callee)) const {
  const auto& events = function(site).events;
  if (operand.kind == Operand::Kind::call) return is_one(events[operand.event].callee) ? operand.event : none;
  const std::uint32_t local = values(site.function).local_of(operand);
  if (local == none || operand.kind != Operand::Kind::place) return none;
  for (EventId given : values(site.function).definitions(local, site.event)) {
    if (given == none || events[given].kind != Event::Kind::write || events[given].operands.empty()) continue;
    const Operand& value = events[given].operands[0];
    if (value.kind == Operand::Kind::call && is_one(events[value.event].callee)) return value.event;
  }
  return none;
}

bool Audit::in_section_on(const Site& site, const Operand& object) const {
  const std::string identity = values(site.function).identity(object, site.event);
  const Locks& locks = held_.at(site.function, site.event);
  return std::any_of(locks.begin(), locks.end(), [&](const Lock& lock) {
    return lock.kind == capi::LockCall::Kind::critical_section &&
           (lies_in(identity, lock.what) || (lock.what.starts_with("&") && lies_in(identity, lock.what.substr(1))));
  });
}

bool Audit::unchanging(const Site& site, const Operand& container, const Origin& origin, bool may_grow) const {
  return origin.kind != Origin::Kind::none &&
         (origin.is_private() || kept_.settled(site.function, site.event, container, may_grow));
}

bool Audit::left_to_python(const Site& site, const Operand& container) const {
  return kept_.left_to_python(site.function, site.event, container);
}

bool Audit::guarded(const Site& site, const Operand& container) const {
  if (in_section_on(site, container)) return true;
  const Locks& locks = held_.at(site.function, site.event);
  if (locks.empty()) return false;
  // An object that Python handed in is not behind a lock of the project's.
  return !ownership_.of(site.function, site.event, container).from_python &&
         !kept_.handed_in(site.function, site.event, container);
}

}  // namespace ftaudit::analysis
