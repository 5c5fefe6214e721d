#include "finding/rule.h"
#include "analysis/split_update.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::Site;
using analysis::SplitUpdate;
using model::Operand;

static void tell_drop(const Audit& audit, Report& report, const analysis::SplitDrop& drop) {
  const std::uint32_t place = audit.event(drop.drop).place;
  const std::string name = audit.text(drop.drop, Operand{.kind = Operand::Kind::place, .place = place});
  Finding& finding = add_at(report, audit, drop.drop,
                            name + " is lowered, and then asked in a separate step whether it is zero: two threads " +
                                "can both find that, and free twice");
  finding.place = name, finding.severity = Severity::high;
  finding.instead = "ask the step itself: free where fetch_sub (or the decrement) says that this was the last";
  finding.trace.push_back({audit.location(drop.test), "the value is loaded here"});
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_function([&](analysis::FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (const analysis::SplitDrop& drop : analysis::split_drops(audit, id)) tell_drop(audit, report, drop);
    for (const EventId e : function.events.ids()) {
      if (!analysis::is_atomic_store(function.events[e])) continue;
      report.site();
      const Site store{id, e};
      const std::optional<SplitUpdate> split = analysis::split_update(audit, store);
      if (!split) continue;
      const std::uint32_t place = function.events[e].place;
      const std::string name = audit.text(store, Operand{.kind = Operand::Kind::place, .place = place});
      Finding& finding =
          add_at(report, audit, store,
                 split->computed ? name +
                                       " is loaded, changed and stored back in separate steps; what another thread "
                                       "stores in between is lost"
                                 : name + " is tested and then stored; two threads can both pass the test");
      finding.place = name;
      finding.instead =
          split->computed ? "one step: atomic_fetch_add or another fetch operation, or a compare-exchange loop"
                          : "one step: a compare-exchange (or an exchange), whose result tells the one thread that won";
      finding.trace.push_back({audit.location(split->load), "the value is loaded here"});
      if (function.places[place].type.kind == model::Type::Kind::pointer) finding.severity = Severity::high;
      if (!split->certain) finding.confidence = Confidence::possible;
    }
  });
}

extern const Rule split_read_modify_write{
    {.id = "FT703",
     .name = "split-read-modify-write",
     .category = Category::memory_order,
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "An atomic variable is read, decided upon and written in separate steps",
     .why = "each step is atomic, the whole is not: between them another thread does the same, so updates are lost or "
            "two threads win",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
