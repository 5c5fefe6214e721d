#include "rules/race.h"

#include <algorithm>
#include <set>

#include "analysis/strangers.h"
#include "base/text.h"
#include "capi/capi.h"
#include "capi/records.h"

namespace ftaudit::rules {

using analysis::Access;
using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;
using analysis::State;

namespace {

std::string way_to(const Audit& audit, const Access& access) {
  const std::vector<std::string> names = entries_of(audit, access);
  const std::string& function = audit.function(access.site).name;
  return names.empty() ? "in " + function : "in " + function + ", reached from " + names[0];
}

// A library's handle is one thing, whoever works with which part of it; what other pointers lead to may be used in
// parts, unless others take a lock for it.
bool is_changed_as_a_whole(const State& state, const model::Event& event) {
  if (!analysis::is_call(event) || state.type.record.empty() || capi::is_public_name(event.callee)) return false;
  for (int argument = 0; argument < 4; ++argument)
    if (capi::writes_through(event.callee, argument)) return false;
  return true;
}

// Either holds a mutex that goes by one name, found on another way: that it is the same one is as likely as not.
bool hold_of_one_name(const Audit& audit, const Access& one, const Access& other) {
  return std::ranges::any_of(one.locks, [&](const std::string& ours) {
    return ours.starts_with('&') && std::ranges::any_of(other.locks, [&](const std::string& theirs) {
             return theirs != ours && theirs.starts_with('&') && lock_name(audit, theirs) == lock_name(audit, ours);
           });
  });
}

// "a, b, c, d and 3 more".
std::string first_of(const std::set<std::string>& names) {
  constexpr std::size_t shown = 4;
  std::string out;
  std::size_t count = 0;
  for (const std::string& name : names)
    if (count++ < shown) out += (out.empty() ? "" : ", ") + name;
  return out + (names.size() > shown ? " and " + std::to_string(names.size() - shown) + " more" : "");
}

}  // namespace

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
  return names.empty() ? "" : " (and " + first_of(names) + ")";
}

Finding& add_race(Report& report, const Audit& audit, const Conflict& conflict, std::string what, bool at_other) {
  const Access &write = *conflict.race.write, &other = *conflict.race.other;
  const Access &here = at_other ? other : write, &there = at_other ? write : other;
  Finding& finding = add_at(report, audit, here.site, std::move(what));
  finding.place = conflict.state->name;
  const std::vector<std::string> ours = entries_of(audit, here), theirs = entries_of(audit, there);
  finding.entry_points = ours;
  finding.entry_points.insert(finding.entry_points.end(), theirs.begin(), theirs.end());
  const auto bare = [](const Access& access) {
    return access.locks.empty() && !access.unknown_lock && !access.other_lock;
  };
  const auto whole = [&](const Access& access) {
    return !audit.program().is_read_in_part(audit.function(access.site).span.file);
  };
  // Who fills it does so once for all: whether a reader comes behind that may hang on what made the reader.
  const bool filled_once = std::ranges::all_of(
      conflict.state->accesses, [](const Access& access) { return !access.write || !access.once.empty(); });
  // Threads that meet at a global are a matter of course; that they share one object is likely and no more. And a race
  // is certain to do harm only where an update gets lost or memory goes away under a reader.
  const bool global = conflict.state->kind != State::Kind::field;
  const bool harm =
      conflict.releases || audit.event(write.site).is_update() || conflict.mistake == Mistake::callback_argument ||
      (conflict.state->kind == State::Kind::static_local && conflict.state->type.kind == model::Type::Kind::array);
  if (!write.origin.certain || !other.origin.certain) finding.confidence = Confidence::possible;
  else if (!global && conflict.state->contents && conflict.mistake != Mistake::inconsistent &&
           !capi::frees(audit.event(write.site).callee) &&
           !is_changed_as_a_whole(*conflict.state, audit.event(write.site)))
    finding.confidence = Confidence::possible;
  else if (finding.confidence == Confidence::likely && global && harm && !ours.empty() && !theirs.empty() &&
           bare(write) && bare(other) && whole(write) && whole(other) && !filled_once)
    finding.confidence = Confidence::certain;
  if (is_a_strangers(audit, here) || is_a_strangers(audit, there)) finding.confidence = Confidence::possible;
  if (!meet_without_hooks(audit, conflict)) finding.confidence = Confidence::possible;
  if (hold_of_one_name(audit, write, other)) finding.confidence = Confidence::possible;
  if (conflict.setting || conflict.same_again) finding.confidence = Confidence::possible;
  const auto side = [&](const Access& access) {
    return (access.write ? "written" : "read") + std::string(" here, ") + way_to(audit, access) +
           held_by(audit, access);
  };
  finding.trace.push_back({audit.location(here.site), side(here), 1});
  if (&there == &here)
    finding.trace.push_back({audit.location(there.site), "and by another thread in the same function", 2});
  else finding.trace.push_back({audit.location(there.site), side(there), 2});
  // Which lock is missing tells findings of one owner apart where there is one; what has none is one finding.
  const bool one_of_several = conflict.mistake == Mistake::inconsistent || conflict.mistake == Mistake::second_object ||
                              conflict.mistake == Mistake::wrong_object || conflict.mistake == Mistake::double_checked;
  tell_sides(finding, audit, conflict.sides, one_of_several ? conflict.lock : "");
  return finding;
}

bool makes_lock(const Conflict& conflict) { return capi::is_lock_type(conflict.state->type.record); }

std::string first_use_story(const Conflict& conflict, const std::string& name) {
  const std::string two = conflict.state->kind == State::Kind::field && !conflict.state->module_state
                              ? "two threads with the same object"
                              : "two threads";
  if (conflict.guards_release)
    return name + " is set where it is found unset: " + two +
           " can both find it so, and what is given up behind it is " + "given up twice";
  if (conflict.told_again)
    return name + " says that something has been said: " + two + " can both find it unset and both say it";
  if (conflict.grows)
    return name + " gets an element where none is yet: " + two +
           " can both find it empty, and what one of them hangs in is lost";
  if (conflict.marked)
    return name + " is set where it is found unset: " + two + " can both find it so and both go on as the first";
  if (makes_lock(conflict))
    return name + " is made on first use: " + two + " can both find it unset, and each goes in by a lock of its own";
  return name + " is filled on first use: " + two + " can both find it unset and both fill it";
}

std::string first_use_mend(const Conflict& conflict, std::string else_fill) {
  if (conflict.grows)
    return "hold one lock from the first look at it until the element hangs in it, and wherever its elements are gone "
           "through";
  if (conflict.marked)
    return "test and set it in one step, by an atomic exchange or compare-exchange; or hold one lock around both and "
           "what only the first is to do";
  if (makes_lock(conflict))
    return "make the lock where nobody else is there yet (Py_mod_exec, tp_new); or have a PyMutex or another lock that "
           "is there from the start";
  return else_fill;
}

void tell_at_boundary(Finding& finding, const Audit& audit, const Conflict& conflict, const std::string& without) {
  const analysis::Site& first = conflict.boundary[0];
  std::set<std::string> callers;
  for (const analysis::Site& site : conflict.boundary) callers.insert(audit.function(site).name);
  const std::string lock = without.empty() ? "one lock" : without;
  finding.location = audit.location(first);
  finding.function = audit.function(first).name;
  finding.trace.insert(finding.trace.begin(), {finding.location, "this call leads there", 1});
  finding.what = "behind this call " + counted(conflict.functions, "function") + " work in static variables, " +
                 conflict.state->name + also_named(conflict) +
                 (without.empty() ? ", which every thread that gets there writes"
                                  : ", without " + without + ", which their other users hold");
  finding.instead =
      "hold " + lock + " around this call" +
      (conflict.boundary.size() == 1
           ? std::string()
           : " and around " + counted(conflict.boundary.size() - 1, "more call") + " (in " + first_of(callers) + ")") +
      ": it ends all of them at once";
}

void each_conflict(const Audit& audit, Report& report, const std::function<bool(const Conflict&)>& wanted,
                   const std::function<void(const Conflict&)>& tell) {
  report.sites(audit.shared().states().size());
  for (const Conflict& conflict : audit.conflicts().all())
    if (wanted(conflict)) tell(conflict);
}

}  // namespace ftaudit::rules
