#include <algorithm>

#include "analysis/unique.h"
#include "capi/capi.h"
#include "capi/changes.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Origin;
using analysis::Site;
using analysis::Use;
using model::Event;

// The same lock is held where the pointer is made and where it is used, and nothing suspended it.
static bool covered(const Audit& audit, const Site& site, const Use& use) {
  const analysis::Locks &before = audit.held().at(site.function, site.event),
                        &then = audit.held().at(site.function, use.event);
  return std::any_of(before.begin(), before.end(), [&](const analysis::Lock& lock) {
    if (use.suspended && lock.kind == capi::LockCall::Kind::critical_section) return false;
    return std::any_of(then.begin(), then.end(),
                       [&](const analysis::Lock& other) { return lock == other && lock.acquired == other.acquired; });
  });
}

// The function changes the size of the same bytearray.
static bool resizes_itself(const Audit& audit, const Site& site) {
  const model::Function& function = audit.function(site);
  const analysis::Values& values = audit.values(site.function);
  const std::string object = values.identity(audit.event(site).operands[0], site.event);
  for (const analysis::EventId e : function.events.ids())
    if (capi::resizes_bytearray(function.events[e].callee) && !function.events[e].operands.empty() &&
        values.identity(function.events[e].operands[0], e) == object)
      return true;
  return false;
}

static void moving(const Audit& audit, Report& report, const Site& site) {
  const Event& event = audit.event(site);
  const Origin origin = audit.ownership().of(site.function, site.event, event.operands[0]);
  if (audit.unchanging(site, event.operands[0], origin)) return;
  const bool guarded = audit.guarded(site, event.operands[0]);
  for (const Use& use : audit.values(site.function).uses(site.event)) {
    if (use.kind == Use::Kind::tested || (guarded && covered(audit, site, use))) continue;
    const std::string name = audit.text(site, event.operands[0]);
    Finding& finding = add_at(report, audit, site,
                              "the pointer into " + name + " is used while another thread may resize the bytearray");
    finding.place = name;
    if (!origin.certain) finding.confidence = Confidence::possible;
    if (resizes_itself(audit, site))
      finding.instead = "hold Py_BEGIN_CRITICAL_SECTION(" + name +
                        ") from the resizing until the last use of the pointer: with a buffer handed out the function "
                        "could not resize it";
    else
      finding.instead =
          "PyObject_GetBuffer and PyBuffer_Release around the use: a bytearray with a buffer handed out cannot be "
          "resized";
    finding.trace.push_back(
        {audit.location(Site{site.function, use.event}),
         use.suspended ? "used here, after a call that may run Python code or detach" : "used here"});
    return;
  }
}

static void constant(const Audit& audit, Report& report, const Site& site) {
  const Event& event = audit.event(site);
  const Origin origin = audit.ownership().of(site.function, site.event, event.operands[0]);
  // Only what surely came from elsewhere: a string being built is often handed about on the way.
  if (origin.kind != Origin::Kind::immutable && !(origin.kind == Origin::Kind::shared && origin.certain)) return;
  if (analysis::made_unique(audit, site, event.operands[0])) return;
  for (const Use& use : audit.values(site.function).uses(site.event)) {
    const Event& then = audit.function(site).events[use.event];
    const bool writes = use.kind == Use::Kind::followed
                            ? then.kind == Event::Kind::write
                            : use.kind == Use::Kind::passed && capi::writes_through(then.callee, use.argument);
    if (!writes) continue;
    const std::string name = audit.text(site, event.operands[0]);
    Finding& finding = add_at(report, audit, site,
                              name + " is written through a pointer to its characters, though others may have it");
    finding.place = name;
    finding.instead =
        "a new object that is filled before anybody else sees it (PyBytes_FromStringAndSize, PyUnicode_New, "
        "PyBytesWriter from 3.15 on)";
    finding.trace.push_back({audit.location(Site{site.function, use.event}), "written here"});
    return;
  }
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_call([](const Event& event) { return capi::memory_given(event.callee) != capi::Memory::none; },
                             [&](const Site& site) {
                               const Event& event = audit.event(site);
                               if (event.operands.empty()) return;
                               report.site();
                               if (capi::memory_given(event.callee) == capi::Memory::bytearray)
                                 moving(audit, report, site);
                               else constant(audit, report, site);
                             });
}

extern const Rule raw_buffer_pointer{
    {.id = "FT108",
     .name = "raw-buffer-pointer",
     .category = Category::borrowed_ref,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A bare pointer into a bytearray that others can resize, or a write into a bytes or str object that "
                "others may have",
     .why = "a bare pointer holds nothing in place: another thread that resizes the bytearray frees the memory under "
            "it, and one that reads or hashes the immutable object sees it change",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
