#include "finding/rule.h"
#include "analysis/balance.h"
#include "analysis/lock_names.h"
#include "analysis/lock_order.h"
#include "analysis/nested.h"
#include "rules/lock_place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::FunctionId;
using analysis::lock_name;
using analysis::lock_text;
using analysis::Site;

static void kept(const Audit& audit, Report& report, FunctionId id, const analysis::Leak& leak) {
  const std::string name = lock_text(audit, id, leak.lock);
  const model::Function& function = audit.program().function(id);
  std::string what = leak.suspended ? name + " is held while the coroutine waits, for whoever resumes it to give back"
                     : leak.thrown  ? "an exception that is thrown here leaves " + name + " locked"
                                    : "the function returns with " + name + " still held";
  if (leak.leave == analysis::none) what = name + " is still held when " + function.name + " ends on another path";
  const bool unseen =  // where Cython's code leaves stands no line of the source
      leak.leave == analysis::none || function.events[leak.leave].span.line == function.name_span.line;
  Finding& finding = add_at(report, audit, {id, unseen ? leak.lock.acquired : leak.leave}, what);
  place_at_lock(finding, name, lock_name(audit, id, leak.lock));
  finding.instead = leak.suspended ? "let " + name + " go before co_await or co_yield, and take it again behind"
                                   : "let " + name + " go on this path too: one exit behind the unlock, or a guard";
  finding.trace.push_back({audit.location(Site{id, leak.lock.acquired}), name + " is taken here"});
  finding.trace.push_back({audit.location(Site{id, leak.given_back}),
                           leak.suspended ? "the coroutine waits here" : "another path gives it back here"});
}

static void wrong(const Audit& audit, Report& report, FunctionId id, const analysis::Wrong& wrong) {
  const analysis::Misuse& misuse = wrong.misuse;
  const std::vector<model::Operand>& operands = audit.program().function(id).events[misuse.event].operands;
  const bool named = !misuse.twice && !operands.empty();
  std::string name = named ? audit.text({id, misuse.event}, operands[0]) : lock_text(audit, id, misuse.lock);
  if (name.starts_with("&")) name.erase(0, 1);
  Finding& finding = add_at(report, audit, {id, misuse.event},
                            misuse.twice ? name + " is taken again while this thread holds it"
                                         : name + " is let go when this thread does not hold it");
  place_at_lock(finding, name, named ? lock_name(audit, id, operands[0]) : lock_name(audit, id, misuse.lock));
  if (!wrong.sure) finding.confidence = Confidence::possible;
  finding.instead = misuse.twice ? once(name, "the function") : "let " + name + " go once on each path";
  if (misuse.twice && misuse.lock.acquired != analysis::none)
    finding.trace.push_back({audit.location(Site{id, misuse.lock.acquired}), "it is taken here already"});
}

static void nested(const Audit& audit, Report& report, FunctionId id, const analysis::Nested& nested) {
  const std::string name = lock_text(audit, id, nested.held);
  Finding& finding = add_at(report, audit, {id, nested.at},
                            name + " is taken again for reading while this thread reads under it already: a writer " +
                                "that comes in between stops both for good");
  place_at_lock(finding, name, lock_name(audit, id, nested.held));
  if (!nested.forbidden) finding.confidence = Confidence::possible;
  finding.instead = once(name, "the function");
  finding.trace.push_back({audit.location(Site{id, nested.held.acquired}), "it is taken here already"});
  if (nested.again.function != id)
    finding.trace.push_back({audit.location(nested.again), "and again here, in " + audit.function(nested.again).name});
}

static void misplaced(const Audit& audit, Report& report, FunctionId id, const analysis::Misplaced& mutex) {
  using How = analysis::Misplaced::How;
  const bool copied = mutex.how == How::copied, moved = mutex.how == How::moved;
  Finding& finding = add_at(report, audit, {id, mutex.event},
                            copied  ? "a copy is made of the mutex in " + mutex.field
                            : moved ? "the mutex in " + mutex.field + " may move with the memory it is in"
                                    : "the mutex in " + mutex.field + " is not made zero in this new memory");
  place_at_lock(finding, mutex.field, mutex.field);
  finding.instead = copied  ? "copy the other members one by one, and give the copy a mutex of its own"
                    : moved ? "keep the mutex in memory of its own, and a pointer to it here"
                            : "memory that is zero (PyMem_Calloc, tp_alloc), or set " + mutex.field +
                                  " to (PyMutex){0} before its first use";
}

static void again(const Audit& audit, Report& report, const analysis::Again& twice) {
  const std::string name = lock_text(audit, twice.call.function, twice.held), &inner = audit.function(twice.taken).name;
  Finding& finding = add_at(report, audit, twice.call, inner + "() takes " + name + " while this thread holds it");
  place_at_lock(finding, name, lock_name(audit, twice.call.function, twice.held));
  if (!twice.sure || analysis::may_nest(audit, twice.held)) finding.confidence = Confidence::possible;
  finding.instead = once(name, inner + "()");
  finding.trace.push_back(
      {audit.location(Site{twice.call.function, twice.held.acquired}), name + " is taken here already"});
  finding.trace.push_back({audit.location(twice.taken), "and here again, in " + inner});
}

static void check(const Audit& audit, Report& report) {
  // Of readers `nested` knows more.
  for (const analysis::Again& twice : audit.lock_order().again())
    if (!twice.held.shared) again(audit, report, twice);
  audit.each_function([&](FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (const auto e : function.events.ids())
      if (const capi::LockCall* lock =
              analysis::is_call(function.events[e]) ? audit.program().lock_call(function.events[e].callee) : nullptr;
          lock != nullptr && lock->does != capi::LockCall::Does::release &&
          lock->kind != capi::LockCall::Kind::critical_section)
        report.site();
    for (const analysis::Wrong& use : analysis::wrong_uses(audit, id))
      if (!use.told_at_call) wrong(audit, report, id, use);
    for (const analysis::Nested& again : analysis::nested_readers(audit, id)) nested(audit, report, id, again);
    for (const analysis::Leak& leak : analysis::leaks(audit, id)) kept(audit, report, id, leak);
    for (const analysis::Misplaced& mutex : analysis::misplaced_mutexes(audit, id)) misplaced(audit, report, id, mutex);
  });
}

extern const Rule unbalanced_or_misused_lock{
    {.id = "FT407",
     .name = "unbalanced-or-misused-lock",
     .category = Category::mutex_deadlock,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary =
         "A lock is kept on a way out, taken twice, let go unheld, or a mutex is copied, moved or never made zero",
     .why = "the next thread that asks for the lock waits for ever, or the process ends with a fatal error",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
