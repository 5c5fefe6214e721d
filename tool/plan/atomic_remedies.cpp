// Fields that are atomic whatever else an object needs: reference counts of records that several objects hold, and
// hashes that are worked out once.
#include "plan/lone.h"
#include "plan/remedy.h"

namespace ftaudit::plan {

using analysis::Audit;
using analysis::Conflict;
using analysis::Party;
using analysis::State;

static Remedy begin(const std::string& record, const std::string& field) {
  return {.kind = StepKind::atomic, .key = "atomic " + record + "." + field, .states = {record + "." + field}};
}

static void reference_count(const Audit& audit, const Refused& refused, const analysis::Count& count, Remedies& out) {
  Remedy remedy = begin(count.record, count.field);
  if (refused.contains(remedy.key)) return;
  make_atomic(audit, count.record, count.field, remedy);
  for (const auto& change : count.bare)
    remedy.speaks_of.insert(audit.location(change.site)), remedy.functions.insert(change.site.function);
  remedy.what = "make the reference count " + count.field + " of " + count.record +
                " atomic, and free by what the subtraction gives back";
  remedy.because = "several objects hold the record, and none of their locks keeps the others off";
  out.push_back(std::move(remedy));
}

static bool kept_hash(const Audit& audit, const Refused& refused, const Conflict& conflict, Remedies& out) {
  const State& state = *conflict.state;
  Remedy remedy = begin(state.record, state.field);
  if (state.kind != State::Kind::field || !conflict.also.empty() || refused.contains(remedy.key) ||
      !is_kept_hash(audit, state))
    return false;
  make_atomic(audit, state.record, state.field, remedy);
  remedy.uses[state.record].insert(state.field);
  for (const Party& party : conflict.sides)
    remedy.speaks_of.insert(audit.location(party.access->site)), remedy.functions.insert(party.access->site.function);
  remedy.what = "make " + state.field + " of " + audit.shared().type_of(state.record) + " atomic";
  remedy.because = "whoever works the hash out stores the same, so no method needs a lock for it";
  out.push_back(std::move(remedy));
  return true;
}

std::set<const Conflict*> atomic_remedies(const Audit& audit, const Refused& refused, Remedies& out) {
  for (const analysis::Count& count : audit.counts())
    if (!count.bare.empty()) reference_count(audit, refused, count, out);
  std::set<const Conflict*> taken;
  for (const Conflict& conflict : audit.conflicts().all())
    if (kept_hash(audit, refused, conflict, out)) taken.insert(&conflict);
  return taken;
}

}  // namespace ftaudit::plan
