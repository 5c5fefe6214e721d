#include <optional>

#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Site;
using capi::Blocking;
using model::Event;
using model::Operand;

// An argument that makes the call return at once: a timeout of zero, a flag not to wait.
static bool returns_at_once(const Blocking& call, const Event& event) {
  const auto number = [&](int index) -> const Operand* {
    if (index < 0 || index >= static_cast<int>(event.operands.size())) return nullptr;
    return event.operands[static_cast<std::size_t>(index)].kind == Operand::Kind::number
               ? &event.operands[static_cast<std::size_t>(index)]
               : nullptr;
  };
  if (const Operand* timeout = number(call.timeout); timeout != nullptr && timeout->number == 0) return true;
  const Operand* flags = number(call.flags);
  return flags != nullptr && (flags->number & call.no_wait) != 0;
}

// A timeout behind a pointer is judged only when it is NULL: wait for ever.
static bool waits_for_long(const Blocking& call, const Event& event) {
  if (!call.pointer_timeout) return !returns_at_once(call, event);
  return call.timeout < static_cast<int>(event.operands.size()) &&
         event.operands[static_cast<std::size_t>(call.timeout)].kind == Operand::Kind::null;
}

// "std::atomic::wait", of the base class that a library has it in.
static std::string shown(std::string callee) {
  for (const std::string_view inner : {"__atomic_base", "__atomic_flag_base"})
    if (const std::size_t at = callee.find(std::string(inner) + "::"); at != std::string::npos)
      callee.replace(at, inner.size(), inner.substr(2, inner.size() - 7));
  return callee;
}

// Threads are known by what they run, and nothing of that attaches: they are done when they are done. One that attaches
// can be held up by whoever stops the world, and so by who waits for it.
static bool threads_only_compute(const Audit& audit) {
  bool known = false, attach = false;
  audit.each_concurrent_function([&](analysis::FunctionId id) {
    if (!audit.shared().on_native_thread(id)) return;
    known = true;
    for (const Event& event : audit.program().function(id).events) {
      const capi::ThreadCall* call = analysis::is_call(event) ? capi::thread_call(event.callee) : nullptr;
      attach |= call != nullptr &&
                (call->does == capi::ThreadCall::Does::ensure || call->does == capi::ThreadCall::Does::attach);
    }
  });
  return known && !attach;
}

static void check(const Audit& audit, Report& report) {
  std::optional<bool> only_compute;
  audit.each_concurrent_call(
      [](const Event& event) { return event.callee_key.text.empty() && capi::blocking(event.callee) != nullptr; },
      [&](const Site& site) {
        report.site();
        const Event& event = audit.event(site);
        const Blocking& call = *capi::blocking(event.callee);
        if (!waits_for_long(call, event) || !audit.attached().surely_attached(site)) return;
        Finding& finding = add_at(
            report, audit, site,
            shown(event.callee) + (call.unbounded ? " may wait for ever" : " waits") + " while the thread is attached");
        finding.place = event.callee;
        if (call.unbounded) finding.severity = Severity::medium;
        if (call.for_thread && !only_compute) only_compute = threads_only_compute(audit);
        if (call.for_thread && *only_compute) finding.confidence = Confidence::possible;
        finding.instead = "Py_BEGIN_ALLOW_THREADS before and Py_END_ALLOW_THREADS after it (in C++ a scoped release)";
      });
}

extern const Rule blocking_while_attached{
    {.id = "FT506",
     .name = "blocking-while-attached",
     .category = Category::thread_state,
     .severity = Severity::low,
     .confidence = Confidence::likely,
     .summary = "An attached thread sleeps, joins a thread or waits for input",
     .why = "the garbage collector stops the world first, and that takes until every attached thread has paused: one "
            "thread that waits elsewhere makes all others wait with it",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
