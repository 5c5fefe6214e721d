#include "analysis/view_paths.h"

#include <algorithm>
#include <optional>
#include <set>

#include "analysis/argument_arrays.h"
#include "analysis/lead.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Operand;
using model::Step;

namespace {

constexpr Origin shared_perhaps{Origin::Kind::shared, false, false};

bool is_path(const Given& given) { return given.path.root != Path::Root::unknown; }

}  // namespace

std::vector<std::string> ViewPaths::entry_names(const View& view) const {
  std::set<std::string> names;
  for (std::uint32_t entry : view.entries)
    if (!entries_[entry].python_name.empty()) names.insert(entries_[entry].python_name);
  return {names.begin(), names.end()};
}

bool ViewPaths::alone(const View& view) const {
  if (view.arrival == Arrival::takedown) return true;
  bool any = false;
  for (const Given& given : view.given) {
    if (!given.origin.is_private()) return false;
    any |= given.origin.kind == Origin::Kind::fresh || given.origin.kind == Origin::Kind::exclusive;
  }
  return any;
}

Origin ViewPaths::given(FunctionId id, std::uint32_t parameter) const {
  Origin out;
  bool any = false;
  for (int pass = 0; pass < 2 && !any; ++pass)
    for (ViewId view : of_[id]) {
      if ((pass == 0 && alone(all_[view])) || parameter >= all_[view].given.size()) continue;
      out = worse(out, all_[view].given[parameter].origin), any = true;
    }
  return any ? out : shared_perhaps;
}

std::optional<Origin> ViewPaths::behind_cell(FunctionId id, const View* view, const Path& path, EventId at) const {
  std::optional<Origin> out;
  const auto look = [&](const View& one) {
    if (one.cells.empty()) return;
    const Path there = lifted(one, path);
    const Path& given =
        path.root == Path::Root::parameter && path.number < one.given.size() ? one.given[path.number].path : path;
    if (there.root == given.root && there.number == given.number) return;
    const Origin origin = owner(one, there, there.steps.size(), at);
    out = out ? worse(*out, origin) : origin;
  };
  if (view != nullptr) look(*view);
  else
    for (const ViewId one : of_[id]) look(all_[one]);
  return out;
}

Locks ViewPaths::common_locks(FunctionId id) const {
  std::optional<Locks> out;
  for (int pass = 0; pass < 2 && !out; ++pass)
    for (ViewId number : of_[id]) {
      const View& view = all_[number];
      // That a stranger would come without the lock which all callers hold is a guess.
      if (pass == 0 && (alone(view) || view.arrival == Arrival::exported)) continue;
      Locks here = entry_locks(view);
      std::erase_if(here, is_claim);
      for (Lock& lock : here)
        if (lock.what.starts_with("r") || lock.what.starts_with("&r")) lock.what = "?";
      if (!out) out = std::move(here);
      else
        std::erase_if(*out, [&](const Lock& lock) { return std::find(here.begin(), here.end(), lock) == here.end(); });
    }
  return out.value_or(Locks{});
}

Locks ViewPaths::held(const View& view, EventId event) const {
  const bool busy = held_.is_busy(view.function);
  Locks out = busy ? held_.way(view.function, entry_locks(view)).at(event).sure : view.locks;
  std::erase_if(out, is_claim);
  if (busy)
    for (Lock& lock : out) lock.what = absolute(view, lock.what);
  return out;
}

Locks ViewPaths::claims(const View& view, EventId event) const {
  const bool busy = held_.is_busy(view.function);
  Locks out = busy ? held_.way(view.function, entry_locks(view)).at(event).claims : view.locks;
  std::erase_if(out, [](const Lock& lock) { return !is_claim(lock) || lock.what == "?"; });
  if (busy)
    for (Lock& lock : out) lock.what = absolute(view, lock.what);
  return out;
}

std::vector<std::string> ViewPaths::passed(const View& view, EventId event) const {
  if (!held_.is_busy(view.function)) return view.passed;
  std::vector<std::string> out = view.passed;
  for (const std::string& flag : held_.way(view.function, entry_locks(view)).at(event).passed)
    out.push_back(absolute(view, flag));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// Through the first parameter that leads there.
Locks ViewPaths::entry_locks(const View& view) const {
  Locks out = view.locks;
  for (Lock& lock : out) {
    const bool address = lock.what.starts_with("&");
    const std::string place = address ? lock.what.substr(1) : lock.what;
    if (!place.starts_with("r")) continue;
    for (std::size_t p = 0; p < view.given.size(); ++p) {
      const Path& given = view.given[p].path;
      const std::string text = given.text();
      if (given.root != Path::Root::given || !lies_in(place, text)) continue;
      if (given.is_address && place.size() == text.size() && address) lock.what = "p" + std::to_string(p);
      else
        lock.what =
            (address ? "&p" : "p") + std::to_string(p) + (given.is_address ? "*" : "") + place.substr(text.size());
      break;
    }
  }
  return out;
}

std::string ViewPaths::absolute(const View& view, const std::string& what) const {
  const bool address = what.starts_with("&");
  std::string place = address ? what.substr(1) : what;
  if (place.size() < 2) return what;
  if (place[0] == 'p') {
    const std::size_t digits = std::min(place.find_first_not_of("0123456789", 1), place.size());
    const std::size_t number = std::stoul(place.substr(1, digits - 1));
    const std::string rest = place.substr(digits);
    const bool known = number < view.given.size();
    if (rest.starts_with("@") || (known && !is_path(view.given[number]))) return what;
    const Path given =
        known ? view.given[number].path
              : lifted(view, {.root = Path::Root::parameter, .number = static_cast<std::uint32_t>(number)});
    // Captured, and nobody knows from whom.
    if (given.root == Path::Root::parameter) return (address ? "&v" : "v") + place.substr(1);
    if (given.is_address) {
      if (rest.empty()) return address ? what : "&" + given.text();
      if (rest[0] != '*') return what;
      place = given.text() + rest.substr(1);
    } else {
      place = given.text() + rest;
    }
  }
  for (bool changed = !view.cells.empty(); changed;) {
    changed = false;
    for (const auto& [cell, value] : view.cells) {
      if (!place.starts_with(cell) || place.size() == cell.size() || place[cell.size()] != '*') continue;
      place = value.text() + place.substr(cell.size() + (value.is_address ? 1 : 0));
      changed = true;
      break;
    }
  }
  // The lock is what a pointer in such a block leads to.
  if (const auto cell = view.cells.find(place); !address && cell != view.cells.end())
    return (cell->second.is_address ? "&" : "") + cell->second.text();
  return address ? "&" + place : place;
}

const std::vector<std::pair<Path, Path>>& ViewPaths::stores(FunctionId id) const {
  const auto [known, is_new] = stores_.try_emplace(id);
  std::vector<std::pair<Path, Path>>& out = known->second;
  if (!is_new) return out;
  const model::Function& function = program_.function(id);
  const Values& values = held_.values(id);
  for (const EventId e : function.events.ids()) {
    const model::Event& event = function.events[e];
    if (event.kind != model::Event::Kind::write || event.place == none || event.operands.empty()) continue;
    const model::Place& place = function.places[event.place];
    if (place.root != model::Place::Root::variable || place.steps.size() < 2 ||
        place.steps.back().kind != Step::Kind::field || !leads_elsewhere(place.type))
      continue;
    Path cell = path_of(function, values, place, e);
    if (cell.root != Path::Root::parameter) continue;
    Path value = path_of(function, values, event.operands[0], e);
    if (value.root != Path::Root::parameter && value.root != Path::Root::global) value = {};
    out.emplace_back(std::move(cell), std::move(value));
  }
  return out;
}

const std::vector<EventId>& ViewPaths::fills(FunctionId id) const {
  const auto [known, is_new] = fills_.try_emplace(id);
  if (!is_new) return known->second;
  const model::Function& function = program_.function(id);
  for (const EventId e : function.events.ids()) {
    const model::Event& event = function.events[e];
    bool fills = false;
    if (event.kind == model::Event::Kind::write && event.place != none && !event.operands.empty()) {
      const model::Place& place = function.places[event.place];
      fills = event.operands[0].kind == Operand::Kind::parts || (!place.steps.empty() && leads_elsewhere(place.type));
    } else if (is_call(event) && !event.callee_key.text.empty() && !event.operands.empty()) {
      const FunctionId callee = program_.find(event.callee_key);
      fills = callee != none && callee != id && !stores(callee).empty();
    }
    if (fills) fills_[id].push_back(e);
  }
  return fills_[id];
}

Path ViewPaths::through_cells(const View& view, Path path) const {
  for (int depth = 0; depth < 4; ++depth) {
    bool changed = false;
    for (std::size_t count = path.steps.size(); count-- > 0 && !changed;) {
      if (path.steps[count].kind == Step::Kind::field) continue;
      const auto cell = view.cells.find(path.text(count));
      if (cell == view.cells.end()) continue;
      Path rest = path;
      rest.steps.erase(rest.steps.begin(), rest.steps.begin() + static_cast<std::ptrdiff_t>(count));
      path = spliced(cell->second, rest), changed = true;
    }
    if (!changed) break;
  }
  return path;
}

Path ViewPaths::lifted(const View& view, Path path) const {
  if (path.root == Path::Root::parameter && path.number < view.given.size() && is_path(view.given[path.number])) {
    path = spliced(view.given[path.number].path, path);
  } else if (path.root == Path::Root::parameter) {
    // What a lambda captures is what it was made from.
    const Operand* captured = program_.captured(view.function, path.number);
    if (captured != nullptr) {
      const Creation& made = program_.creation(view.function);
      Path from = path_of(program_.function(made.in), held_.values(made.in), *captured, made.event);
      if (!of_[made.in].empty()) from = lifted(all_[of_[made.in][0]], from);
      if (from.root == Path::Root::global) path = spliced(from, path);
    }
  }
  return view.cells.empty() ? path : through_cells(view, std::move(path));
}

Path ViewPaths::led(const View& view, const Path& path, EventId at) const {
  Path from;
  if (path.root == Path::Root::given) from = view.roots[path.number].led;
  else if (path.root == Path::Root::local || path.root == Path::Root::call)
    from = lifted(view, lead(program_, held_, view.function, path, at));
  if (from.root == Path::Root::given && path.root != Path::Root::given &&
      view.roots[from.number].led.root != Path::Root::unknown) {
    Path above = view.roots[from.number].led;
    above.steps.insert(above.steps.end(), from.steps.begin(), from.steps.end());
    from = above;
  }
  if (from.root == Path::Root::unknown) return from;
  from.is_address = false;
  from.steps.insert(from.steps.end(), path.steps.begin(), path.steps.end());
  return from;
}

Origin ViewPaths::owner(const View& view, const Path& path, std::size_t steps, EventId at) const {
  const model::Function& function = program_.function(view.function);
  Origin now = shared_perhaps;
  bool stack = false, of_object = false;
  switch (path.root) {
    case Path::Root::given: {
      const Root& root = view.roots[path.number];
      now = root.origin, stack = root.stack, of_object = root.to_object;
      break;
    }
    case Path::Root::parameter:
    case Path::Root::local: {
      const model::Variable& variable = function.variables[path.number];
      stack = variable.storage == model::Storage::local &&
              (variable.type.kind == model::Type::Kind::record || variable.type.kind == model::Type::Kind::array);
      // It is followed to what others may have as well.
      if (variable.type.record == "std::shared_ptr" && !path.steps.empty() && path.steps[0].kind == Step::Kind::deref)
        stack = false;
      of_object = variable.type.to_object;
      if (stack && steps == 0) return {Origin::Kind::exclusive};
      if (stack) {
        const auto [it, made] =
            origins_.try_emplace({&view, static_cast<std::uint8_t>(path.root), path.number, EventId(none)}, Origin{});
        if (made) it->second.certain = holds_arguments(program_, ownership_, {view.function, &view}, path.number);
        if (it->second.certain) return {Origin::Kind::shared, true, false};
      }
      [[fallthrough]];
    }
    case Path::Root::call: {
      const EventId where = path.at == none ? at : path.at;
      const auto [it, made] =
          origins_.try_emplace({&view, static_cast<std::uint8_t>(path.root), path.number, where}, Origin{});
      if (made) {
        const Frame frame{view.function, &view};
        it->second = path.root == Path::Root::call ? ownership_.of_call(frame, where, path.call())
                                                   : ownership_.of_local(frame, where, path.number);
      }
      now = it->second;
      // What a module or a capsule leads to is there once for everybody.
      of_object |= path.root == Path::Root::call && now.certain && !now.from_python;
      break;
    }
    case Path::Root::global: return {Origin::Kind::shared, true, false};
    default: break;
  }
  if (steps == 0) return now;
  for (std::size_t i = 0; i < steps; ++i)
    if (const model::Record* record = program_.record(path.steps[i].record)) of_object |= record->is_object;
  if (stack) return now.from_python ? Origin{Origin::Kind::shared, true, false} : shared_perhaps;
  if (now.kind == Origin::Kind::fresh || now.kind == Origin::Kind::exclusive) return {Origin::Kind::exclusive};
  return {Origin::Kind::shared, now.certain && of_object, false};
}

}  // namespace ftaudit::analysis
