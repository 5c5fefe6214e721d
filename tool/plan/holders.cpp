#include "plan/holders.h"

#include <algorithm>
#include <tuple>

namespace ftaudit::plan {

using analysis::Path;
using analysis::View;
using analysis::ViewId;
using model::Place;
using model::Step;

namespace {

// On the way to an object that is worth a lock; a walk down a tree leads to itself.
constexpr std::ptrdiff_t most_pointers = 2;

bool begins_with(const std::vector<Step>& steps, const std::vector<Step>& first) {
  return first.size() <= steps.size() && std::equal(first.begin(), first.end(), steps.begin());
}

// A struct that lies in what the pointer leads to: `&p->part`.
bool is_part(std::vector<Step>::const_iterator step, std::vector<Step>::const_iterator end) {
  return end - step > 1 && step->kind == Step::Kind::deref &&
         std::all_of(step + 1, end, [](const Step& one) { return one.kind == Step::Kind::field; });
}

// To the pointer that leads to what the path is in; false where none does.
bool cut(Path& path) {
  while (!path.steps.empty() && path.steps.back().kind != Step::Kind::deref) path.steps.pop_back();
  if (path.steps.empty()) return false;
  path.steps.pop_back();
  return true;
}

// What is handed as `here` leads to the object, or is a part of it.
bool is_on_the_way(const Path& object, const Path& here) {
  if (here.root != object.root || here.number != object.number) return false;
  return begins_with(object.steps, here.steps) ? !here.is_address || here.steps == object.steps
                                               : here.is_address && begins_with(here.steps, object.steps);
}

// What the caller has as `given` the function has as `here`: the caller's name of an object of the function's.
std::optional<Path> at_caller(const Path& object, const Path& here, const Path& given) {
  if (!is_on_the_way(object, here) || given.root != Path::Root::given) return std::nullopt;
  Path out = given;
  out.is_address = false;
  if (!here.is_address) {
    auto rest = object.steps.begin() + here.steps.size();
    // A struct in an object: that one.
    if (given.is_address && rest == object.steps.end()) return cut(out) ? std::optional(out) : std::nullopt;
    out.steps.insert(out.steps.end(), given.is_address ? rest + 1 : rest, object.steps.end());
    return out;
  }
  if (!given.is_address) return std::nullopt;
  const auto part = here.steps.begin() + object.steps.size();
  const std::size_t length = here.steps.end() - part;
  if (!is_part(part, here.steps.end()) || length > given.steps.size() ||
      !std::equal(part, here.steps.end(), given.steps.end() - length))
    return std::nullopt;
  out.steps.resize(given.steps.size() - length);
  return out;
}

// Of the pointer that the steps end with.
const model::Type* type_of(const analysis::Program& program, const std::vector<Step>& steps) {
  if (steps.empty() || steps.back().kind != Step::Kind::field) return nullptr;
  const model::Record* record = program.record(steps.back().record);
  if (record == nullptr) return nullptr;
  const auto field = std::ranges::find(record->fields, steps.back().field, &model::Field::name);
  return field == record->fields.end() ? nullptr : &field->type;
}

bool leads_to_object(const analysis::Program& program, const std::vector<Step>& steps) {
  const model::Type* type = type_of(program, steps);
  return type != nullptr && type->to_object;
}

}  // namespace

bool operator<(const Holder& a, const Holder& b) {
  const auto before = [](const Step& one, const Step& other) {
    return std::tie(one.kind, one.record, one.field) < std::tie(other.kind, other.record, other.field);
  };
  if (std::tie(a.function, a.parameter, a.event) != std::tie(b.function, b.parameter, b.event))
    return std::tie(a.function, a.parameter, a.event) < std::tie(b.function, b.parameter, b.event);
  return std::ranges::lexicographical_compare(a.steps, b.steps, before);
}

bool may_be_null(const analysis::Audit& audit, FunctionId id, const Place& object) {
  const model::Function& function = audit.program().function(id);
  if (const analysis::EntryPoint* entry = audit.contexts().entry(id);
      entry != nullptr && object.variable == 2 && object.steps.empty()) {
    const bool keywords =
        (entry->flags & analysis::meth_keywords) != 0 && (entry->flags & analysis::meth_fastcall) == 0;
    if (keywords || entry->role == capi::Role::init_slot || entry->role == capi::Role::new_slot ||
        entry->slot == "tp_call")
      return true;
  }
  const auto is_it = [&](const model::Operand& operand) {
    return operand.kind == model::Operand::Kind::place && is_same_object(function.places[operand.place], object);
  };
  return std::ranges::any_of(function.events, [&](const model::Event& event) {
    return event.kind == model::Event::Kind::compare && std::ranges::any_of(event.operands, is_it) &&
           (event.op == model::Event::Operator::truth ||
            std::ranges::any_of(event.operands,
                                [](const model::Operand& other) { return analysis::constant(other) == 0; }));
  });
}

Holders::Holders(const analysis::Audit& audit) : audit_(audit), callers_(audit.views().all().size()) {
  for (const ViewId id : callers_.ids())
    for (const ViewId called : audit.views().called(id)) callers_[called].push_back(id);
}

// Nobody changes a pointer on the way while others may follow it.
bool Holders::is_kept(const std::vector<Step>& steps) const {
  if (steps.empty()) return true;
  if (!is_part(steps.begin(), steps.end())) return false;
  std::string field = steps[1].field;
  for (std::size_t i = 2; i < steps.size(); ++i) field += "." + steps[i].field;
  return std::ranges::none_of(audit_.shared().states(), [&](const analysis::State& state) {
    return state.record == steps[1].record && state.field == field && !state.contents &&
           std::ranges::any_of(state.accesses, &analysis::Access::write);
  });
}

Place Holders::pointer(const Holder& holder) const {
  Place out{.root = Place::Root::variable, .variable = holder.parameter, .steps = holder.steps};
  if (const model::Type* type = type_of(audit_.program(), holder.steps)) out.type = *type;
  else out.type = audit_.program().function(holder.function).variables[holder.parameter].type;
  return out;
}

std::optional<Place> Holders::object(const Holder& holder) const {
  if (holder.parameter == none) return std::nullopt;
  Place out = pointer(holder);
  if (!out.type.to_object || may_be_null(audit_, holder.function, out)) return std::nullopt;
  return out;
}

bool Holders::climb(ViewId id, const Path& object, std::set<Holder>& out, Seen& seen) const {
  if (!seen.emplace(id, object.text()).second) return true;
  const analysis::Views& views = audit_.views();
  const View& view = views.view(id);
  bool stays = callers_[id].empty();
  for (const ViewId above : callers_[id]) {
    const View& caller = views.view(above);
    bool found = false;
    // A caller that locks by itself knows where: the lock goes into the function that it calls.
    if (!audit_.held().is_busy(caller.function) && !audit_.program().function(caller.function).is_support)
      for (const analysis::Edge& edge : audit_.program().calls_from(caller.function)) {
        if (edge.to != view.function || edge.mention) continue;
        const model::Function& from = audit_.program().function(caller.function);
        const std::vector<model::Operand>& operands = from.events[edge.event].operands;
        for (std::uint32_t p = 0; p < operands.size() && p < view.given.size(); ++p) {
          if (!is_on_the_way(object, view.given[p].path)) continue;
          const Path given =
              views.lifted(caller, path_of(from, audit_.values(caller.function), operands[p], edge.event));
          if (const std::optional<Path> there = at_caller(object, view.given[p].path, given);
              there && std::ranges::count(there->steps, Step::Kind::deref, &Step::kind) <= most_pointers)
            found |= climb(above, *there, out, seen);
        }
      }
    stays |= !found;
  }
  if (!stays) return true;
  const std::optional<Holder> own = named(view, object);
  if (own) out.insert(*own);
  return own.has_value();
}

// By a parameter that has the object, or that leads to it with the fewest steps.
std::optional<Holder> Holders::named(const View& view, const Path& object) const {
  std::optional<Holder> out;
  const std::size_t parameters = audit_.program().function(view.function).parameters;
  for (std::uint32_t p = 0; p < view.given.size() && p < parameters; ++p) {
    const Path& given = view.given[p].path;
    if (given.root != object.root || given.number != object.number || given.is_address ||
        !begins_with(object.steps, given.steps))
      continue;
    std::vector<Step> rest(object.steps.begin() + given.steps.size(), object.steps.end());
    if ((!out || rest.size() < out->steps.size()) && is_kept(rest))
      out = Holder{.function = view.function, .parameter = p, .steps = std::move(rest)};
  }
  return out;
}

// The object that the access is in, or that leads to the struct it is in, in terms of a view of its function. Nothing
// where that has no name.
std::optional<Path> Holders::object_of(const analysis::Access& access, const View& view) const {
  const model::Function& function = audit_.function(access.site);
  const model::Event& event = audit_.event(access.site);
  std::vector<std::uint32_t> places;
  if (event.place != none) places.push_back(event.place);
  for (const model::Operand& operand : event.operands)
    if (operand.kind == model::Operand::Kind::place || operand.kind == model::Operand::Kind::address)
      places.push_back(operand.place);
  for (const std::uint32_t place : places) {
    const Path here = path_of(function, audit_.values(access.site.function), function.places[place], access.site.event);
    const Path known = audit_.views().lifted(audit_.views().view(access.view), here);
    for (std::size_t n = 0; n <= known.steps.size(); ++n) {
      if (known.text(n) != access.base) continue;
      Path out = audit_.views().lifted(view, here);
      if (out.root != Path::Root::given || out.steps.size() + n < known.steps.size()) break;
      out.steps.resize(out.steps.size() + n - known.steps.size()), out.is_address = false;
      return out;
    }
  }
  return std::nullopt;
}

std::optional<std::set<Holder>> Holders::of(const analysis::Access& access) const {
  std::set<Holder> out;
  std::vector<ViewId> ways{access.view};
  ways.insert(ways.end(), access.others.begin(), access.others.end());
  const bool busy = audit_.held().is_busy(access.site.function);
  for (const ViewId id : ways) {
    const View& view = audit_.views().view(id);
    std::optional<Path> object = object_of(access, view);
    // Of a struct that an object leads to: the object.
    bool leads = false;
    while (object && !object->steps.empty() && !leads_to_object(audit_.program(), object->steps))
      cut(*object), leads = true;
    if (leads && object->steps.empty() &&
        (object->number >= view.roots.size() || !view.roots[object->number].to_object))
      return std::nullopt;
    std::set<Holder> found;
    if (object && !busy) {
      Seen seen;
      climb(id, *object, found, seen);
    }
    if (found.empty()) found.insert({.function = access.site.function, .event = access.site.event});
    out.insert(found.begin(), found.end());
  }
  return out;
}

// False where a way has no object.
bool Holders::reach(ViewId id, EventId event, const Place& place, std::vector<Boundary>& out,
                    std::set<std::pair<ViewId, EventId>>& seen) const {
  if (!seen.emplace(id, event).second) return true;
  const View& view = audit_.views().view(id);
  const model::Function& function = audit_.program().function(view.function);
  const Path path = path_of(function, audit_.values(view.function), place, event);
  if (path.root == Path::Root::parameter && path.number < view.given.size() &&
      view.given[path.number].origin.is_private())
    return true;
  // The object is a parameter here, or a local that the place names.
  Place owner{.root = Place::Root::variable, .variable = path.number};
  std::vector<model::Step> steps = path.steps;
  const bool is_parameter = path.root == Path::Root::parameter && path.number < function.parameters;
  if (place.root == Place::Root::variable && !is_parameter) owner.variable = place.variable, steps = place.steps;
  else if (!is_parameter) return false;
  // The last object on the way.
  for (std::size_t i = steps.size(); i-- > 1;) {
    if (steps[i - 1].kind != Step::Kind::deref || steps[i].kind != Step::Kind::field) continue;
    const model::Record* record = audit_.program().record(steps[i].record);
    if (record == nullptr || !record->is_object || !is_kept({steps.begin(), steps.begin() + (i - 1)})) continue;
    owner.steps.assign(steps.begin(), steps.begin() + i);
    owner.type = {.kind = model::Type::Kind::record, .record = steps[i].record};
    out.push_back({view.function, event, std::move(owner), steps[i].record, steps[i].field});
    return true;
  }
  if (!is_parameter) return false;
  bool any = false;
  for (const ViewId above : callers_[id])
    for (const analysis::Edge& edge : audit_.program().calls_from(audit_.views().view(above).function)) {
      if (edge.to != view.function || edge.mention) continue;
      const auto& operands = audit_.program().function(edge.from).events[edge.event].operands;
      if (path.number >= operands.size() || (operands[path.number].kind != model::Operand::Kind::place &&
                                             operands[path.number].kind != model::Operand::Kind::address))
        return false;
      const Place& given = audit_.program().function(edge.from).places[operands[path.number].place];
      if (!reach(above, edge.event, given, out, seen)) return false;
      any = true;
    }
  return any;
}

std::vector<Boundary> Holders::boundaries(const analysis::Access& access) const {
  std::vector<Boundary> out;
  std::set<std::pair<ViewId, EventId>> seen;
  const model::Function& function = audit_.function(access.site);
  const std::uint32_t place = audit_.event(access.site).place;
  if (place == none) return {};
  std::vector<ViewId> ways{access.view};
  ways.insert(ways.end(), access.others.begin(), access.others.end());
  for (const ViewId way : ways)
    if (!reach(way, access.site.event, function.places[place], out, seen)) return {};
  return out;
}

std::set<Holder> Holders::outermost(FunctionId id, const Place& pointer) const {
  std::set<Holder> out;
  const Holder here{.function = id, .parameter = pointer.variable, .steps = pointer.steps};
  for (const ViewId way : audit_.views().of(id)) {
    const View& view = audit_.views().view(way);
    if (pointer.variable >= view.given.size() || view.given[pointer.variable].origin.is_private()) continue;
    Path object = view.given[pointer.variable].path;
    if (object.is_address && is_part(object.steps.begin(), object.steps.end()))
      object.steps.clear(), object.is_address = false;
    object.steps.insert(object.steps.end(), pointer.steps.begin(), pointer.steps.end());
    Seen seen;
    if (object.root != Path::Root::given || object.is_address || !climb(way, object, out, seen)) out.insert(here);
  }
  const auto has_object = [&](const Holder& one) { return object(one).has_value(); };
  if (!out.empty() && std::ranges::all_of(out, has_object)) return out;
  return may_be_null(audit_, id, pointer) ? std::set<Holder>() : std::set<Holder>{here};
}

void Holders::add_handed_on(std::vector<Boundary>& boundaries) const {
  std::set<std::pair<std::string, std::string>> fields;
  std::set<std::pair<FunctionId, EventId>> known;
  for (const Boundary& one : boundaries) fields.emplace(one.record, one.field), known.insert({one.function, one.event});
  audit_.each_concurrent_function([&](FunctionId id) {
    const model::Function& function = audit_.program().function(id);
    for (const EventId e : function.events.ids()) {
      if (!analysis::is_call(function.events[e])) continue;
      for (const model::Operand& operand : function.events[e].operands) {
        if (operand.kind != model::Operand::Kind::place) continue;
        const Place& place = function.places[operand.place];
        if (place.root != Place::Root::variable || place.variable >= function.parameters || place.steps.size() != 2 ||
            place.steps[0].kind != Step::Kind::deref ||
            !fields.contains({place.steps[1].record, place.steps[1].field}) ||
            audit_.views().given(id, place.variable).is_private() || !known.insert({id, e}).second)
          continue;
        Place owner{.root = place.root, .variable = place.variable};
        owner.type = {.kind = model::Type::Kind::record, .record = place.steps[1].record};
        owner.steps = {place.steps[0]};
        boundaries.push_back({id, e, std::move(owner), place.steps[1].record, place.steps[1].field});
      }
    }
  });
}

std::optional<Place> Holders::owner_at(const model::Function& function, EventId event, const std::string& record) {
  const model::Event& at = function.events[event];
  std::uint32_t number = at.place;
  for (const model::Operand& operand : at.operands)
    if (number == none &&
        (operand.kind == model::Operand::Kind::place || operand.kind == model::Operand::Kind::address))
      number = operand.place;
  if (number == none) return std::nullopt;
  Place out = function.places[number];
  for (std::size_t i = 0; i < out.steps.size(); ++i) {
    if (out.steps[i].kind != Step::Kind::field || out.steps[i].record != record) continue;
    out.steps.resize(i);
    out.type = {.kind = model::Type::Kind::record, .record = record};
    return out;
  }
  return std::nullopt;
}

}  // namespace ftaudit::plan
