#include <set>

#include "capi/collector.h"
#include "capi/references.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::FunctionId;
using model::Event;

constexpr int deepest = 6;  // calls followed

namespace {

class Traverse {
 public:
  Traverse(const Audit& audit, Report& report, FunctionId entry) : audit_(audit), report_(report), entry_(entry) {
    look(entry, 0);
  }

 private:
  void look(FunctionId id, int depth) {
    if (depth > deepest || !seen_.insert(id).second) return;
    const model::Function& function = audit_.program().function(id);
    for (const analysis::EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (!analysis::is_call(event) || event.callee.empty()) continue;
      const FunctionId callee =
          event.callee_key.text.empty() ? analysis::none : audit_.program().find(event.callee_key);
      if (callee != analysis::none) look(callee, depth + 1);
      else judge(id, e, event);
    }
  }

  void judge(FunctionId id, analysis::EventId at, const Event& event) {
    report_.site();
    const capi::LockCall* lock = audit_.program().lock_call(event.callee);
    if (lock != nullptr && lock->does == capi::LockCall::Does::acquire)
      return say(id, at, event.callee + " waits for a lock while the collector has all other threads stopped",
                 Confidence::certain, "visit the members without a lock: no other thread runs");
    if (capi::counting(event.callee) != capi::Counting::none)
      return say(id, at, event.callee + " changes a reference count that the collector is working with",
                 Confidence::certain, "pass the member to Py_VISIT and leave its count alone");
    if (lock != nullptr || capi::allowed_in_traverse(event.callee)) return;
    const capi::Suspends why = capi::suspends(event.callee);
    if (why != capi::Suspends::never && why != capi::Suspends::unknown)
      return say(id, at, event.callee + " may run code or allocate while the collector is working", Confidence::likely,
                 "do this work where the object is changed, and only visit here");
  }

  void say(FunctionId id, analysis::EventId at, std::string what, Confidence confidence, const char* instead) {
    Finding& finding = add_at(report_, audit_, {id, at}, std::move(what));
    finding.place = audit_.program().function(id).events[at].callee;
    finding.confidence = confidence;
    finding.instead = instead;
    if (id != entry_)
      finding.trace.push_back({audit_.location(audit_.program().function(entry_).name_span),
                               "the collector calls " + audit_.program().function(entry_).name});
  }

  const Audit& audit_;
  Report& report_;
  FunctionId entry_;
  std::set<FunctionId> seen_;
};

}  // namespace

static void check(const Audit& audit, Report& report) {
  std::set<FunctionId> done;
  for (const analysis::EntryPoint& entry : audit.entries())
    if (entry.role == capi::Role::traverse && done.insert(entry.function).second)
      Traverse(audit, report, entry.function);
}

extern const Rule unsafe_traverse{
    {.id = "FT410",
     .name = "unsafe-traverse",
     .category = Category::mutex_deadlock,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A traverse function locks, changes reference counts or calls into Python",
     .why = "traverse functions run while every other thread is stopped: a lock that one of them holds is never given "
            "back, and the counts are the collector's own working copy",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
