#include <algorithm>
#include <map>

#include "capi/capi.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::FunctionId;
using analysis::Site;
using analysis::Use;
using model::Event;

// The same slot for reader and writer: a global, or a field of every object of a record. "" for other places.
static std::string slot_of(const model::Place& place) {
  if (!place.steps.empty() && place.steps.back().kind == model::Step::Kind::field)
    return place.steps.back().record + "." + place.steps.back().field;
  return place.root == model::Place::Root::global && place.steps.empty() ? "g" + std::to_string(place.global.n) : "";
}

// Uses of what an atomic access yields: the access itself is its value, or the call of the atomic function it came out
// of.
static std::vector<Use> uses_of(const Audit& audit, FunctionId id, EventId access) {
  const analysis::Values& values = audit.values(id);
  std::vector<Use> uses = values.uses(access);
  const std::vector<Event>& events = audit.program().function(id).events;
  if (access > 0 && analysis::is_call(events[access - 1]) && !events[access - 1].operands.empty() &&
      events[access - 1].span.line == events[access].span.line) {
    const std::vector<Use> more = values.uses(access - 1);
    uses.insert(uses.end(), more.begin(), more.end());
  }
  return uses;
}

static bool frees(const Event& event, const Use& use) {
  if (use.kind == Use::Kind::released) return true;
  const capi::Allocator* release = use.kind == Use::Kind::passed ? capi::allocator(event.callee) : nullptr;
  return release != nullptr && release->releases && use.argument == 0;
}

// Needs the object alive, and does not ask first whether it is.
static bool needs_object(const Event& event, const Use& use) {
  if (use.kind == Use::Kind::counted || use.kind == Use::Kind::followed) return true;
  return use.kind == Use::Kind::passed && !frees(event, use) && event.callee.find("TryI") == std::string::npos &&
         event.callee.find("TryXI") == std::string::npos && !capi::is_atomic_operation(event.callee) &&
         !event.callee.starts_with("std::atomic");
}

static bool common_lock(const Audit& audit, const Site& a, const Site& b) {
  const analysis::Locks &left = audit.held().at(a.function, a.event), &right = audit.held().at(b.function, b.event);
  return std::any_of(left.begin(), left.end(), [&](const analysis::Lock& lock) {
    return std::any_of(right.begin(), right.end(), [&](const analysis::Lock& other) {
      return lock.kind == other.kind && (lock.what == other.what || lock.what == "?" || other.what == "?");
    });
  });
}

static void each_access(const Audit& audit, Event::Kind kind,
                        const std::function<void(const Site&, const std::string&)>& visit) {
  audit.each_concurrent_function([&](FunctionId id) {
    if (audit.contexts().exclusive(id)) return;
    const model::Function& function = audit.program().function(id);
    for (EventId e = 0; e < function.events.size(); ++e) {
      const Event& event = function.events[e];
      if (event.kind != kind || !event.atomic || event.place == model::none) continue;
      if (const std::string slot = slot_of(function.places[event.place]); !slot.empty()) visit({id, e}, slot);
    }
  });
}

static void check(const Audit& audit, Report& report) {
  // Where a writer takes out what a slot held, and gives its reference up.
  std::map<std::string, std::vector<Site>> dropped;
  each_access(audit, Event::Kind::write, [&](const Site& site, const std::string& slot) {
    for (const Use& use : uses_of(audit, site.function, site.event))
      if (frees(audit.function(site).events[use.event], use)) {
        dropped[slot].push_back({site.function, use.event});
        return;
      }
  });
  each_access(audit, Event::Kind::read, [&](const Site& site, const std::string& slot) {
    report.site();
    const auto drops = dropped.find(slot);
    if (drops == dropped.end()) return;
    const model::Function& function = audit.function(site);
    for (const Use& use : uses_of(audit, site.function, site.event)) {
      if (!needs_object(function.events[use.event], use)) continue;
      const auto drop = std::find_if(drops->second.begin(), drops->second.end(), [&](const Site& other) {
        return !common_lock(audit, site, other) || !common_lock(audit, Site{site.function, use.event}, other);
      });
      if (drop == drops->second.end()) return;
      const model::Place& place = function.places[audit.event(site).place];
      const std::string name =
          place.steps.empty() ? audit.facts().globals[place.global.n].name : place.steps.back().field;
      Finding& finding =
          add_at(report, audit, site, "what " + name + " points to may be freed between this atomic load and its use");
      finding.place = name;
      finding.instead =
          "one lock around load and Py_INCREF here and around the exchange there, or a pointer that is set once and "
          "never given up";
      finding.trace.push_back({audit.location(function.events[use.event].span),
                               use.kind == Use::Kind::counted ? "the reference is taken here" : "used here", 1});
      finding.trace.push_back({audit.location(*drop), "another thread gives it up here", 2});
      return;
    }
  });
}

extern const Rule atomic_pyobject_without_lifetime{
    {.id = "FT705",
     .name = "atomic-pyobject-without-lifetime",
     .category = Category::memory_order,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A pointer is loaded atomically, and what it points to may be freed before it is used",
     .why = "an atomic pointer cannot be torn, but nothing keeps its object alive: a writer that swaps in another one "
            "may drop the last reference before the reader has taken its own",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
