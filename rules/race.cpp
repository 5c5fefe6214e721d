#include "rules/race.h"

#include <algorithm>
#include <set>

#include "base/text.h"
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

// Nobody who is seen gets there: what a library exports, or is given as a callback, is called by whom it may be and
// when it may be; perhaps only by the import of a module written in Cython.
bool is_a_strangers(const Audit& audit, const Access& access) {
  const analysis::Arrival arrival = audit.shared().arrival(access);
  if (arrival != analysis::Arrival::callback && arrival != analysis::Arrival::exported)
    return audit.contexts().only_exported(access.site.function);
  return std::any_of(audit.entries().begin(), audit.entries().end(),
                     [](const analysis::EntryPoint& entry) { return !entry.python_name.empty(); });
}

// Nobody calls it but what a library exports, which nobody calls here.
bool only_strangers_call(const Audit& audit, analysis::FunctionId function) {
  std::set<analysis::FunctionId> seen{function};
  std::vector<analysis::FunctionId> queue{function};
  while (!queue.empty()) {
    const analysis::FunctionId id = queue.back();
    queue.pop_back();
    if (const analysis::EntryPoint* entry = audit.contexts().entry(id); entry != nullptr && !entry->exported)
      return false;
    for (const analysis::Edge& edge : audit.program().calls_to(id))
      if (seen.insert(edge.from).second) queue.push_back(edge.from);
  }
  return true;
}

bool is_in_table(const Audit& audit, analysis::FunctionId function) {
  bool found = false;
  for (const model::Table& table : audit.facts().tables)
    for (const model::Row& row : table.rows)
      for (const model::Cell& cell : row.cells)
        analysis::each_operand(cell.value, [&](const model::Operand& operand) {
          found |= operand.kind == model::Operand::Kind::function && audit.program().find(operand.function) == function;
        });
  return found;
}

// On the way there is a hook that strangers alone set.
bool is_behind_a_strangers_hook(const Audit& audit, analysis::ViewId id) {
  const analysis::Views& views = audit.shared().views();
  for (; views.view(id).from != analysis::none; id = views.view(id).from) {
    const analysis::View& view = views.view(id);
    const model::Event& call = audit.program().function(views.view(view.from).function).events[view.call];
    if (!analysis::is_call(call) || !call.callee.empty() || call.is_virtual) continue;
    bool set = false, seen = false;
    for (const analysis::Edge& edge : audit.program().calls_to(view.function)) {
      if (!edge.mention || edge.indirect) continue;
      set = true;
      seen |= !only_strangers_call(audit, edge.from);
    }
    if (set && !seen && !is_in_table(audit, view.function)) return true;
  }
  return false;
}

// Both can get there by other ways than such hooks, this pair or another.
bool meet_without_hooks(const Audit& audit, const Conflict& conflict) {
  const auto by_ours = [&](const Access& access) {
    return !is_behind_a_strangers_hook(audit, access.view) ||
           std::ranges::any_of(access.others,
                               [&](analysis::ViewId other) { return !is_behind_a_strangers_hook(audit, other); });
  };
  if (by_ours(*conflict.race.write) && by_ours(*conflict.race.other)) return true;
  const auto in_state = [&](const State* state) {
    std::vector<const Access*> ours;
    for (const Access& access : state->accesses)
      if (by_ours(access)) ours.push_back(&access);
    return std::ranges::any_of(ours, [&](const Access* one) {
      return std::ranges::any_of(ours, [&](const Access* other) { return audit.shared().conflict(*one, *other); });
    });
  };
  return in_state(conflict.state) || std::ranges::any_of(conflict.also, in_state);
}

// A library's handle is one thing, whoever works with which part of it; what other pointers lead to may be used in
// parts, unless others take a lock for it.
bool is_changed_as_a_whole(const State& state, const model::Event& event) {
  if (!analysis::is_call(event) || state.type.record.empty() || capi::is_public_name(event.callee)) return false;
  for (int argument = 0; argument < 4; ++argument)
    if (capi::writes_through(event.callee, argument)) return false;
  return true;
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
           bare(write) && bare(other) && whole(write) && whole(other))
    finding.confidence = Confidence::certain;
  if (is_a_strangers(audit, here) || is_a_strangers(audit, there)) finding.confidence = Confidence::possible;
  if (!meet_without_hooks(audit, conflict)) finding.confidence = Confidence::possible;
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
