#include "rules/race.h"

#include <algorithm>
#include <set>

namespace ftaudit::rules {

using analysis::Access;
using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;
using analysis::State;

namespace {

std::string held_by(const Audit& audit, const Access& access) {
  if (access.unknown_lock) return " (with a lock of the caller's)";
  if (access.locks.empty()) return access.other_lock ? " (the lock held here is another object's)" : "";
  return " (holding " + lock_name(audit, access.locks[0]) + ")";
}

std::string way_to(const Audit& audit, const analysis::Site& site) {
  const std::vector<std::string> names = audit.contexts().entry_names(site.function, 1);
  const std::string& function = audit.function(site).name;
  return names.empty() ? "in " + function : "in " + function + ", reached from " + names[0];
}

}  // namespace

std::string lock_name(const Audit& audit, const std::string& lock) {
  if (lock.starts_with("section module")) return "the module's critical section";
  if (lock.starts_with("section^")) return "the critical section of the object around it";
  if (lock.starts_with("section"))
    return lock.size() > 7 && lock[7] == 'g'
               ? "the critical section of " + audit.facts().globals[std::stoul(lock.substr(8))].name
               : "the object's critical section";
  if (lock.starts_with("&g")) {
    const std::size_t end = lock.find_first_not_of("0123456789", 2);
    const std::string member = end == std::string::npos ? "" : lock.substr(end);
    return audit.facts().globals[std::stoul(lock.substr(2))].name + (member.starts_with(".") ? member : "");
  }
  const std::size_t field = lock.rfind('.');
  return field == std::string::npos ? "a mutex" : "its mutex " + lock.substr(field + 1);
}

std::string shown_name(const Audit& audit, const Conflict& conflict) {
  const Access& write = *conflict.race.write;
  const model::Event& event = audit.event(write.site);
  if (conflict.state->kind != State::Kind::field || conflict.state->contents || event.place == analysis::none)
    return conflict.state->name;
  const analysis::Path path = analysis::path_of(audit.function(write.site), audit.values(write.site.function),
                                                audit.function(write.site).places[event.place], write.site.event);
  if (path.root != analysis::Path::Root::parameter && path.root != analysis::Path::Root::local)
    return conflict.state->name;
  std::string out = audit.function(write.site).variables[path.number].name;
  for (std::size_t i = 0; i < path.steps.size(); ++i) {
    const model::Step& step = path.steps[i];
    if (step.kind == model::Step::Kind::index) out += "[]";
    else if (step.kind == model::Step::Kind::field)
      out += (i > 0 && path.steps[i - 1].kind == model::Step::Kind::deref ? "->" : ".") + step.field;
    else if (i + 1 >= path.steps.size() || path.steps[i + 1].kind != model::Step::Kind::field)
      return conflict.state->name;
  }
  return out;
}

std::string also_named(const Conflict& conflict) {
  std::set<std::string> names;
  for (const State* also : conflict.also) names.insert(also->kind == State::Kind::field ? also->field : also->name);
  names.erase(conflict.state->kind == State::Kind::field ? conflict.state->field : conflict.state->name);
  if (names.empty()) return "";
  std::string out;
  std::size_t shown = 0;
  for (const std::string& name : names) {
    if (shown++ == 4) break;
    out += (out.empty() ? " (and " : ", ") + name;
  }
  return out + (names.size() > 4 ? " and " + std::to_string(names.size() - 4) + " more" : "") + ")";
}

Finding& add_race(Report& report, const Audit& audit, const Conflict& conflict, std::string what, bool at_other) {
  const Access &write = *conflict.race.write, &other = *conflict.race.other;
  const Access &here = at_other ? other : write, &there = at_other ? write : other;
  Finding& finding = add_at(report, audit, here.site, std::move(what));
  finding.place = conflict.state->name;
  const auto python = [&](const Access& access) {
    return !audit.contexts().entry_names(access.site.function, 1).empty();
  };
  const auto bare = [](const Access& access) {
    return access.locks.empty() && !access.unknown_lock && !access.other_lock;
  };
  const auto whole = [&](const Access& access) {
    return !audit.program().is_read_in_part(audit.function(access.site).span.file);
  };
  // Threads that meet at a global are a matter of course; that they share one object is likely and no more. And a race
  // is certain to do harm only where an update gets lost or memory goes away under a reader.
  const bool global = conflict.state->kind != State::Kind::field;
  const bool harm =
      conflict.releases || audit.event(write.site).is_update() || conflict.mistake == Mistake::callback_argument ||
      (conflict.state->kind == State::Kind::static_local && conflict.state->type.kind == model::Type::Kind::array);
  if (!write.origin.certain || !other.origin.certain) finding.confidence = Confidence::possible;
  else if (!global && conflict.state->contents && !capi::frees(audit.event(write.site).callee))
    finding.confidence = Confidence::possible;
  else if (finding.confidence == Confidence::likely && global && harm && python(write) && python(other) &&
           bare(write) && bare(other) && whole(write) && whole(other))
    finding.confidence = Confidence::certain;
  // Who calls what a library exports, and when, is not to be seen: perhaps only the import of a module written in
  // Cython.
  if (audit.contexts().only_exported(here.site.function) || audit.contexts().only_exported(there.site.function))
    finding.confidence = Confidence::possible;
  if (conflict.setting || conflict.same_again) finding.confidence = Confidence::possible;
  const auto side = [&](const Access& access) {
    return (access.write ? "written" : "read") + std::string(" here, ") + way_to(audit, access.site) +
           held_by(audit, access);
  };
  finding.trace.push_back({audit.location(here.site), side(here), 1});
  if (&there == &here)
    finding.trace.push_back({audit.location(there.site), "and by another thread in the same function", 2});
  else finding.trace.push_back({audit.location(there.site), side(there), 2});
  std::set<std::string> names(finding.entry_points.begin(), finding.entry_points.end());
  for (const std::string& name : audit.entry_names(there.site))
    if (names.size() < 5) names.insert(name);
  finding.entry_points.assign(names.begin(), names.end());
  return finding;
}

void each_conflict(const Audit& audit, Report& report, const std::function<bool(const Conflict&)>& wanted,
                   const std::function<void(const Conflict&)>& tell) {
  report.sites(audit.shared().states().size());
  for (const Conflict& conflict : audit.conflicts().all())
    if (wanted(conflict)) tell(conflict);
}

}  // namespace ftaudit::rules
