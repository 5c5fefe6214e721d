#include "finding/rule.h"
#include "analysis/lock_order.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Ordered;

static void explain(const Audit& audit, Finding& finding, const Ordered& order, std::uint8_t thread) {
  finding.trace.push_back({audit.location(order.held_since),
                           order.first_text + " is taken here, in " + audit.function(order.held_since).name, thread});
  finding.trace.push_back({audit.location(order.taken), "and " + order.second_text + " with it held", thread});
  if (order.inside.function != order.taken.function || order.inside.event != order.taken.event)
    finding.trace.push_back(
        {audit.location(order.inside), "by this acquisition, in " + audit.function(order.inside).name, thread});
}

static void check(const Audit& audit, Report& report) {
  const analysis::LockOrder& orders = audit.lock_order();
  report.sites(orders.looked_at());
  for (const std::vector<Ordered>& circle : orders.circles()) {
    const Ordered& first = circle[0];
    const bool instances = circle.size() == 1;
    std::string what = first.second_text + " is taken while " + first.first_text + " is held";
    if (instances) what += "; another thread may do the same with the two objects the other way round";
    else
      what += circle.size() == 2 ? "; elsewhere it is the other way round"
                                 : "; over other locks it also comes the other way round";
    Finding& finding = add_at(report, audit, first.taken, what);
    finding.place = first.first + ", " + first.second;
    for (const Ordered& order : circle) finding.locks.push_back(order.first);
    if (instances && !first.either_way) finding.confidence = Confidence::possible;
    finding.instead = instances ? "take both in an order that does not depend on the arguments (by address), or at "
                                  "once: Py_BEGIN_CRITICAL_SECTION2, std::scoped_lock"
                                : "take the locks in one order everywhere, or at once: std::scoped_lock";
    // Two threads are all it takes where there are two orders; a longer circle is told as one story.
    for (std::size_t i = 0; i < circle.size(); ++i) explain(audit, finding, circle[i], circle.size() == 2 ? i + 1 : 0);
  }
}

extern const Rule lock_order_inversion{
    {.id = "FT408",
     .name = "lock-order-inversion",
     .category = Category::mutex_deadlock,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "Locks are taken in different orders",
     .why = "two threads that each hold one of the locks and wait for the other wait for ever",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
