#include "finding/rule.h"
#include <algorithm>

#include "analysis/lapsed.h"
#include "rules/endangered.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;
using analysis::State;

// A length of the first locked stretch that is still taken for the length in the second.
static void tell_lapsed(const Audit& audit, Report& report, const analysis::Lapsed& lapsed) {
  const analysis::Site use{lapsed.read->site.function, lapsed.use};
  const std::string writer = audit.function(lapsed.writer->site).name;
  Finding& finding = add_at(report, audit, use,
                            lapsed.state->name + " as it was before the lock was given back and taken once more " +
                                (lapsed.amount ? "says how much is copied here; " : "says where to look here; ") +
                                writer + "() can change it in between");
  finding.place = lapsed.state->name;
  tell_sides(finding, audit, {{lapsed.state, lapsed.read}});
  if (!lapsed.read->origin.certain || !lapsed.writer->origin.certain) finding.confidence = Confidence::possible;
  finding.instead = "read it again, or compare with it, under the lock that is held here";
  finding.trace.push_back({audit.location(lapsed.read->site), "read here"});
  finding.trace.push_back({audit.location(lapsed.writer->site), "changed here, in " + writer});
}

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report, [](const Conflict& c) { return c.mistake == Mistake::inconsistent; },
      [&](const Conflict& conflict) {
        const auto holds = [&](const analysis::Access& access) {
          return std::find(access.locks.begin(), access.locks.end(), conflict.lock) != access.locks.end();
        };
        const bool writers_hold =
            std::all_of(conflict.state->accesses.begin(), conflict.state->accesses.end(),
                        [&](const analysis::Access& access) { return !access.write || holds(access); });
        const bool at_other = holds(*conflict.race.write);
        const analysis::Access& here = at_other ? *conflict.race.other : *conflict.race.write;
        const bool as_reader = here.write && here.only_reads_under(conflict.lock);
        const bool one_of_many = as_reader && is_one_of_many(conflict.lock);
        Finding& finding = add_race(
            report, audit, conflict,
            (conflict.state->kind == State::Kind::field ? conflict.state->name : "the global " + conflict.state->name) +
                " is " + (here.write ? "written" : "read") + " here " +
                (one_of_many ? "with only "
                 : as_reader ? "with only a reader's hold of "
                             : "without ") +
                lock_name(audit, conflict.lock) +
                (one_of_many    ? ", while others come with another of them"
                 : as_reader    ? ", which others read under at the same time"
                 : writers_hold ? ", which its writers hold"
                                : ", which its other users hold"),
            at_other);
        finding.locks = {lock_name(audit, conflict.lock)};
        // A number that is only looked at without the lock is stale or torn, and harms no memory by itself.
        const auto is_number = [](const State* state) { return state->type.kind == model::Type::Kind::scalar; };
        if (!here.write && is_number(conflict.state) && std::ranges::all_of(conflict.also, is_number))
          finding.severity = Severity::medium;
        if (conflict.flag) finding.severity = here.write ? Severity::medium : Severity::low;
        if (conflict.state->kind != State::Kind::field) finding.category = Category::global_state;
        if (!conflict.boundary.empty())
          return tell_at_boundary(finding, audit, conflict, lock_name(audit, conflict.lock));
        if (one_of_many) {
          finding.instead =
              "give it a lock of its own, which everybody takes; an atomic does for a lone counter or flag";
          return;
        }
        if (as_reader) {
          finding.instead =
              "take " + lock_name(audit, conflict.lock) +
              " as its writer here (pthread_rwlock_wrlock, std::unique_lock); or make every access atomic";
          return;
        }
        finding.instead = "take " + lock_name(audit, conflict.lock) +
                          " here too, before any test of the value; or make every access atomic";
      });
  // What was read under the lock is no more than a pointer when the lock was given back.
  for (const analysis::Load& load : audit.loads())
    if (load.let_go && !load.state->type.to_object)
      add_load(report, audit, load,
               "is read under the lock, and what it leads to is used when that was " + when_let_go(audit, load));
    else if (load.bare) {
      const std::string lock = load.writer->locks.empty() ? "a lock" : lock_name(audit, load.writer->locks[0]);
      add_load(report, audit, load, "is used without " + lock).locks = {lock};
    }
  for (const analysis::Lapsed& lapsed : analysis::lapsed_numbers(audit)) tell_lapsed(audit, report, lapsed);
  // A count of holders is at stake in tp_dealloc too, where the objects are nobody else's.
  for (const analysis::Count& count : audit.counts()) {
    if (!count.locked_elsewhere) continue;
    const analysis::Count::Change& shown = shown_change(count);
    Finding& finding = add_at(report, audit, shown.site,
                              count.record + "." + count.field + " is " + (shown.frees ? "lowered" : "changed") +
                                  " here without the lock under which others count who holds the " + count.record);
    finding.place = count.record + "." + count.field, finding.owner = count.record,
    finding.remedy = "the lock of the count";
    if (!count.held_by_objects) finding.confidence = Confidence::possible;
    finding.others_change = true;
    finding.instead =
        "take that lock here too, before the count is changed and until what it says is acted on; or make "
        "the count atomic";
    tell_sides(finding, audit, count);
  }
}

extern const Rule inconsistent_locking{
    {.id = "FT303",
     .name = "inconsistent-locking",
     .category = Category::object_field,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "State that is locked in most places is used without the lock in one",
     .why = "a lock protects only if everybody takes it: the unlocked access runs beside the locked ones",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
