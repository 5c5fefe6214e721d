#include <map>

#include "analysis/lock_names.h"
#include "analysis/python_calls.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::FunctionId;
using analysis::Lock;
using analysis::Runs;
using analysis::Site;
using capi::Role;

static bool runs_at_the_end(Role role) {
  return role == Role::dealloc || role == Role::finalize || role == Role::clear;
}

// By name: a place that may drop a reference, or run Python code that does, with the lock held.
static std::map<std::string, Site> dangerous_regions(const Audit& audit, const analysis::PythonCalls& calls) {
  std::map<std::string, Site> out;
  audit.each_concurrent_function([&](FunctionId id) {
    if (!audit.held().is_busy(id)) return;
    for (EventId e = 0; e < audit.program().function(id).events.size(); ++e) {
      if (calls.event({id, e}) < Runs::finalizers) continue;
      for (const Lock& lock : audit.held().at(id, e))
        if (!analysis::is_section(lock) && !lock.recursive && lock.acquired != analysis::none &&
            !analysis::is_own(audit, id, lock))
          if (std::string name = analysis::lock_name(audit, id, lock); !name.empty())
            out.try_emplace(std::move(name), Site{id, e});
    }
  });
  return out;
}

static void check(const Audit& audit, Report& report) {
  const analysis::PythonCalls calls(audit);
  const std::map<std::string, Site> regions = dangerous_regions(audit, calls);
  std::vector<FunctionId> queue;
  std::map<FunctionId, FunctionId> from;  // function reached from a finalizer -> that finalizer
  for (const analysis::EntryPoint& entry : audit.entries())
    if (runs_at_the_end(entry.role) && from.try_emplace(entry.function, entry.function).second)
      queue.push_back(entry.function);
  while (!queue.empty()) {
    const FunctionId id = queue.back();
    queue.pop_back();
    const model::Function& function = audit.program().function(id);
    for (const analysis::Edge& edge : audit.program().calls_from(id))
      if (!edge.mention && audit.held().is_busy(edge.to) && from.try_emplace(edge.to, from.at(id)).second)
        queue.push_back(edge.to);
    for (EventId e = 0; e < function.events.size(); ++e)
      for (const Lock& lock : audit.held().taken_by(id, e)) {
        if (analysis::is_section(lock) || lock.recursive || function.events[e].kind != model::Event::Kind::acquire)
          continue;
        report.site();
        // A lock of the very object that goes away: nobody else can hold it any more.
        const bool own = from.at(id) == id && (lock.what.starts_with("&p0*.") || lock.what.starts_with("p0*.")) &&
                         lock.what.find('*', lock.what.find('*') + 1) == std::string::npos;
        const auto region = regions.find(analysis::lock_name(audit, id, lock));
        if (own || region == regions.end()) continue;
        const std::string name = analysis::lock_text(audit, id, lock),
                          finalizer = audit.program().function(from.at(id)).name;
        const std::string& callee = audit.event(region->second).callee;
        Finding& finding = add_at(report, audit, {id, e},
                                  finalizer + " takes " + name + ", and may run where this thread holds it already");
        finding.place = name;
        finding.instead = "drop references and call Python only after " + name +
                          " is let go, or put the work of the finalizer on a list for later";
        finding.trace.push_back(
            {audit.location(region->second), (callee.empty() ? std::string("a call") : callee + "()") +
                                                 " may run a finalizer here, with the lock held, in " +
                                                 audit.function(region->second).name});
        if (id != from.at(id))
          finding.trace.push_back(
              {audit.location(audit.program().function(from.at(id)).name_span), finalizer + " leads here"});
      }
  }
}

extern const Rule lock_in_finalizer{
    {.id = "FT411",
     .name = "lock-in-finalizer",
     .category = "mutex-deadlock",
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "A finalizer takes a lock that is held elsewhere while references are dropped",
     .why = "finalizers run wherever the last reference goes; where that is under the same lock, the thread waits for "
            "itself",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
