#include "analysis/atomic_pointers.h"

#include <algorithm>
#include <map>

#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;

namespace {

// The same slot for reader and writer: a global, or a field of every object of a record. "" for other places.
std::string slot_of(const model::Place& place) {
  if (!place.steps.empty() && place.steps.back().kind == model::Step::Kind::field)
    return place.steps.back().record + "." + place.steps.back().field;
  return place.root == model::Place::Root::global && place.steps.empty() ? "g" + std::to_string(place.global.n) : "";
}

// Uses of what an atomic access yields: the access itself is its value, or the call of the atomic function it came out
// of.
std::vector<Use> uses_of(const Audit& audit, FunctionId id, EventId access) {
  const Values& values = audit.values(id);
  std::vector<Use> uses = values.uses(access);
  const auto& events = audit.program().function(id).events;
  if (access.n > 0 && is_call(events[access - 1]) && !events[access - 1].operands.empty() &&
      events[access - 1].span.line == events[access].span.line) {
    const std::vector<Use> more = values.uses(access - 1);
    uses.insert(uses.end(), more.begin(), more.end());
  }
  return uses;
}

bool frees(const Event& event, const Use& use) {
  if (use.kind == Use::Kind::released) return true;
  const capi::Allocator* release = use.kind == Use::Kind::passed ? capi::allocator(event.callee) : nullptr;
  return release != nullptr && release->releases && use.argument == 0;
}

// Needs the object alive, and does not ask first whether it is.
bool needs_object(const Event& event, const Use& use) {
  if (use.kind == Use::Kind::counted || use.kind == Use::Kind::followed) return true;
  return use.kind == Use::Kind::passed && !frees(event, use) && event.callee.find("TryI") == std::string::npos &&
         event.callee.find("TryXI") == std::string::npos && !capi::is_atomic_operation(event.callee) &&
         !event.callee.starts_with("std::atomic");
}

bool common_lock(const Audit& audit, const Site& a, const Site& b) {
  const Locks &left = audit.held().at(a.function, a.event), &right = audit.held().at(b.function, b.event);
  return std::any_of(left.begin(), left.end(), [&](const Lock& lock) {
    return std::any_of(right.begin(), right.end(), [&](const Lock& other) {
      return lock.kind == other.kind && (lock.what == other.what || lock.what == "?" || other.what == "?");
    });
  });
}

void each_access(const Audit& audit, Event::Kind kind,
                 const std::function<void(const Site&, const std::string&)>& visit) {
  audit.each_concurrent_function([&](FunctionId id) {
    if (audit.contexts().exclusive(id)) return;
    const model::Function& function = audit.program().function(id);
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (event.kind != kind || !event.atomic || event.place == none) continue;
      if (const std::string slot = slot_of(function.places[event.place]); !slot.empty()) visit({id, e}, slot);
    }
  });
}

}  // namespace

std::vector<UnkeptLoad> unkept_loads(const Audit& audit, std::uint64_t& looked_at) {
  // Where a writer takes out what a slot held, and gives its reference up.
  std::map<std::string, std::vector<Site>> dropped;
  each_access(audit, Event::Kind::write, [&](const Site& site, const std::string& slot) {
    for (const Use& use : uses_of(audit, site.function, site.event))
      if (frees(audit.function(site).events[use.event], use)) {
        dropped[slot].push_back({site.function, use.event});
        return;
      }
  });
  std::vector<UnkeptLoad> out;
  each_access(audit, Event::Kind::read, [&](const Site& site, const std::string& slot) {
    ++looked_at;
    const auto drops = dropped.find(slot);
    if (drops == dropped.end()) return;
    for (const Use& use : uses_of(audit, site.function, site.event)) {
      if (!needs_object(audit.function(site).events[use.event], use)) continue;
      const auto drop = std::find_if(drops->second.begin(), drops->second.end(), [&](const Site& other) {
        return !common_lock(audit, site, other) || !common_lock(audit, Site{site.function, use.event}, other);
      });
      if (drop != drops->second.end()) out.push_back({site, use.event, use.kind == Use::Kind::counted, *drop});
      return;
    }
  });
  return out;
}

static std::string shown(const Audit& audit, const Site& access) {
  const model::Place& place = audit.function(access).places[audit.event(access).place];
  return place.steps.empty() ? audit.facts().globals[place.global].name : place.steps.back().field;
}

// Where what was loaded is followed: here, or by a caller that it is returned to.
static Site followed(const Audit& audit, const Site& load) {
  bool returned = false;
  for (const Use& use : uses_of(audit, load.function, load.event)) {
    if (use.kind == Use::Kind::followed) return {load.function, use.event};
    returned |= use.kind == Use::Kind::returned;
  }
  if (returned)
    for (const Edge& edge : audit.program().calls_to(load.function))
      if (!edge.mention)
        for (const Use& use : audit.values(edge.from).uses(edge.event))
          if (use.kind == Use::Kind::followed) return {edge.from, use.event};
  return {none, none};
}

std::vector<Unordered> unordered_stores(const Audit& audit) {
  std::map<std::string, std::vector<Site>> stores;
  each_access(audit, Event::Kind::write, [&](const Site& site, const std::string& slot) {
    const Event& event = audit.function(site).events[site.event];
    if (event.order != model::Order::relaxed || event.op == Event::Operator::update || event.operands.empty() ||
        event.operands[0].kind == model::Operand::Kind::null || event.operands[0].kind == model::Operand::Kind::number)
      return;
    // Before the call that stores it, which is handed the pointer.
    const auto& events = audit.program().function(site.function).events;
    const bool by_call =
        site.event.n > 0 && is_call(events[site.event - 1]) && events[site.event - 1].span.line == event.span.line;
    const Origin made = audit.ownership().of(site.function, by_call ? site.event - 1 : site.event, event.operands[0]);
    if (made.kind == Origin::Kind::fresh) stores[slot].push_back(site);
  });
  std::vector<Unordered> out;
  if (stores.empty()) return out;
  each_access(audit, Event::Kind::read, [&](const Site& site, const std::string& slot) {
    const auto known = stores.find(slot);
    if (known == stores.end()) return;
    const Site use = followed(audit, site);
    if (use.function == none) return;
    for (const Site& store : known->second)
      if (!common_lock(audit, site, store) && !common_lock(audit, use, store)) {
        out.push_back({shown(audit, store), store, site, use, !audit.held().at(store.function, store.event).empty()});
        known->second.clear();
        break;
      }
  });
  return out;
}

}  // namespace ftaudit::analysis
