#include <algorithm>
#include <tuple>

#include "capi/changes.h"
#include "finding/rule.h"
#include "rules/loop.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Site;

// The lock is taken anew for each step of one walk: it protects the step and not the position.
static bool opened_each_step(const Audit& audit, const Site& site) {
  const model::Event& event = audit.event(site);
  if (event.operands.size() < 2) return false;
  const analysis::Values& values = audit.values(site.function);
  const std::uint32_t position = values.local_of(event.operands[1]);
  for (const analysis::Lock& lock : audit.held().at(site.function, site.event))
    if (lock.acquired == analysis::none || !values.reaches(site.event, lock.acquired, position)) return false;
  return true;
}

static bool lies_in(const model::Span& inner, const model::Span& outer) {
  return inner.file == outer.file && std::tie(outer.line, outer.column) <= std::tie(inner.line, inner.column) &&
         std::tie(inner.line, inner.column) < std::tie(outer.end_line, outer.end_column);
}

// A section around the loop, where that is all there is to it: nothing is held there that it could come into conflict
// with, nothing in the loop lets it go, and what the walk lends is not used behind it.
static void wrap(const Audit& audit, const Site& site, Finding& finding) {
  const model::Function& function = audit.function(site);
  const model::Event& event = audit.event(site);
  const auto shape = std::find_if(function.shapes.begin(), function.shapes.end(), [&](const model::Shape& s) {
    return s.kind == model::Shape::Kind::walk && s.call.file == event.span.file && s.call.line == event.span.line &&
           s.call.column == event.span.column;
  });
  if (shape == function.shapes.end() || !audit.held().open_at(site.function, site.event).empty()) return;
  for (const model::Event& inside : function.events)
    if (lies_in(inside.span, shape->span) && audit.suspension().event(function, inside)) return;
  const analysis::Values& values = audit.values(site.function);
  for (std::size_t i = 2; i < event.operands.size(); ++i)
    if (const std::uint32_t item = values.local_of(event.operands[i]); item != analysis::none)
      for (const analysis::Use& use : values.uses(site.event, item, false))
        if (!lies_in(function.events[use.event].span, shape->span)) return;
  Location before = audit.location(shape->span), after = before;
  before.end_line = before.line, before.end_column = before.column;
  after.line = after.end_line, after.column = after.end_column;
  const auto guarded = [](const std::string& line) {
    return "#if PY_VERSION_HEX >= 0x030D0000\n" + line + "\n#endif\n";
  };
  const std::string begin = "Py_BEGIN_CRITICAL_SECTION(" + shape->arguments[0] + ");",
                    end = "Py_END_CRITICAL_SECTION();";
  finding.fixes = {{.range = before, .text = guarded(begin), .plain = begin, .needs_compat = true},
                   {.range = after, .text = guarded(end), .plain = end, .needs_compat = true}};
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_call(
      [](const model::Event& event) { return capi::walks(event.callee); },
      [&](const Site& site) {
        const model::Event& event = audit.event(site);
        if (event.operands.empty()) return;
        report.site();
        const analysis::Origin dict = audit.ownership().of(site.function, site.event, event.operands[0]);
        if (dict.is_private() || audit.unchanging(site, event.operands[0], dict) ||
            (audit.guarded(site, event.operands[0]) && !opened_each_step(audit, site)))
          return;
        const std::string name = audit.text(site, event.operands[0]);
        Finding& finding = add_at(report, audit, site, event.callee + " walks " + name + " without a lock on it");
        finding.place = name;
        if (!dict.certain) finding.confidence = Confidence::possible;
        if (audit.left_to_python(site, event.operands[0])) left_to_python(finding);
        finding.instead = "wrap the whole loop in Py_BEGIN_CRITICAL_SECTION(" + name +
                          ") and Py_END_CRITICAL_SECTION(), or walk PyDict_Items(" + name + ") or a PyDict_Copy";
        if (const analysis::EventId call = lets_go_in_loop(audit, site); call != analysis::none) {
          const std::string& callee = audit.function(site).events[call].callee;
          finding.instead = "walk over PyDict_Items(" + name + ") or a PyDict_Copy: the loop calls " +
                            (callee.empty() ? "code" : callee + "()") +
                            ", which may run Python and let go of a critical section around it";
          finding.trace.push_back({audit.location(Site{site.function, call}), "the loop may run Python code here"});
        }
        wrap(audit, site, finding);
      });
}

extern const Rule dict_next_unlocked{
    {.id = "FT104",
     .name = "dict-next-unlocked",
     .category = Category::dict_next,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A dict that others can change is walked with PyDict_Next without its lock",
     .why = "PyDict_Next takes no lock: when another thread inserts or deletes meanwhile, the position means nothing "
            "any more and the borrowed key and value may already be freed",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
