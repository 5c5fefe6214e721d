#include <map>

#include "analysis/lock_names.h"
#include "analysis/path.h"
#include "analysis/python_calls.h"
#include "finding/rule.h"
#include "rules/lock_place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::FunctionId;
using analysis::Lock;
using analysis::Runs;
using analysis::Site;
using capi::Role;

static bool runs_at_the_end(Role r) { return r == Role::dealloc || r == Role::finalize || r == Role::clear; }

// The call hands the first argument on as the first argument.
static bool hands_on(const Audit& audit, const analysis::Edge& edge) {
  const model::Function& function = audit.program().function(edge.from);
  const model::Event& call = function.events[edge.event];
  if (call.operands.empty()) return false;
  const analysis::Path given = analysis::path_of(function, audit.values(edge.from), call.operands[0], edge.event);
  return given.root == analysis::Path::Root::parameter && given.number == 0 && given.steps.empty() && !given.is_address;
}

// Which lock it is, across functions: statics of several files can have one name.
static std::string key_of(const Audit& audit, FunctionId id, const Lock& lock) {
  const bool is_static = lock.what.starts_with("&g") && lock.what.find_first_of(".*") == std::string::npos;
  return is_static ? lock.what : analysis::lock_name(audit, id, lock);
}

// By key: a place that may drop a reference, or run Python code that does, with the lock held.
static std::map<std::string, Site> dangerous_regions(const Audit& audit, const analysis::PythonCalls& calls) {
  std::map<std::string, Site> out;
  audit.each_concurrent_function([&](FunctionId id) {
    if (!audit.held().is_busy(id)) return;
    for (const EventId e : audit.program().function(id).events.ids()) {
      if (calls.event({id, e}) < Runs::finalizers) continue;
      for (const Lock& lock : audit.held().at(id, e))
        if (!analysis::is_section(lock) && !lock.recursive && lock.acquired != analysis::none &&
            !analysis::is_own(audit, id, lock))
          if (std::string key = key_of(audit, id, lock); !key.empty()) out.try_emplace(std::move(key), Site{id, e});
    }
  });
  return out;
}

static void check(const Audit& audit, Report& report) {
  const analysis::PythonCalls calls(audit);
  const std::map<std::string, Site> regions = dangerous_regions(audit, calls);
  std::vector<FunctionId> queue;
  struct Way {
    FunctionId finalizer;
    bool of_dying = true;  // the first argument is the object that goes away, whoever leads here
  };
  std::map<FunctionId, Way> reached;
  for (const analysis::EntryPoint& entry : audit.entries())
    if (runs_at_the_end(entry.role) && reached.try_emplace(entry.function, Way{entry.function}).second)
      queue.push_back(entry.function);
  while (!queue.empty()) {
    const FunctionId id = queue.back();
    queue.pop_back();
    for (const analysis::Edge& edge : audit.program().calls_from(id)) {
      if (edge.mention || !audit.held().is_busy(edge.to)) continue;
      const Way next{reached.at(id).finalizer, reached.at(id).of_dying && hands_on(audit, edge)};
      const auto [known, is_new] = reached.try_emplace(edge.to, next);
      if (!is_new && (next.of_dying || !known->second.of_dying)) continue;
      known->second = next;
      queue.push_back(edge.to);
    }
  }
  for (const auto& [id, way] : reached) {
    const model::Function& function = audit.program().function(id);
    for (const EventId e : function.events.ids())
      for (const Lock& lock : audit.held().taken_by(id, e)) {
        if (analysis::is_section(lock) || lock.recursive || function.events[e].kind != model::Event::Kind::acquire)
          continue;
        report.site();
        // A lock of the very object that goes away, made for it: nobody else can hold it any more.
        const bool own = way.of_dying && analysis::is_made_for_its_owner(audit, {id, e}) &&
                         (lock.what.starts_with("&p0*.") || lock.what.starts_with("p0*.")) &&
                         lock.what.find('*', lock.what.find('*') + 1) == std::string::npos;
        const auto region = regions.find(key_of(audit, id, lock));
        if (own || region == regions.end()) continue;
        const std::string name = analysis::lock_text(audit, id, lock);
        const std::string& finalizer = audit.program().function(way.finalizer).name;
        const std::string& callee = audit.event(region->second).callee;
        Finding& finding = add_at(report, audit, {id, e},
                                  finalizer + " takes " + name + ", and may run where this thread holds it already");
        place_at_lock(finding, name, analysis::lock_name(audit, id, lock));
        finding.instead = "drop references and call Python only after " + name +
                          " is let go, or put the work of the finalizer on a list for later";
        finding.trace.push_back(
            {audit.location(region->second), (callee.empty() ? std::string("a call") : callee + "()") +
                                                 " may run a finalizer here, with the lock held, in " +
                                                 audit.function(region->second).name});
        if (id != way.finalizer)
          finding.trace.push_back(
              {audit.location(audit.program().function(way.finalizer).name_span), finalizer + " leads here"});
      }
  }
}

extern const Rule lock_in_finalizer{
    {.id = "FT411",
     .name = "lock-in-finalizer",
     .category = Category::mutex_deadlock,
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "A finalizer takes a lock that is held elsewhere while references are dropped",
     .why = "finalizers run wherever the last reference goes; where that is under the same lock, the thread waits for "
            "itself",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
