#include "plan/holders.h"

#include <algorithm>

namespace ftaudit::plan {

using analysis::Path;
using analysis::View;
using analysis::ViewId;

namespace {

// The parameter that is this root of the view; none.
std::uint32_t parameter_of(const View& view, const Path& object) {
  for (std::uint32_t p = 0; p < view.given.size(); ++p) {
    const Path& given = view.given[p].path;
    if (given.root == object.root && given.number == object.number && given.steps.empty() && !given.is_address)
      return p;
  }
  return none;
}

// The object itself, or a struct that lies in it.
bool is_part(const Path& path) {
  if (path.steps.empty()) return !path.is_address;
  for (std::size_t i = 0; i < path.steps.size(); ++i)
    if (path.steps[i].kind != (i == 0 ? model::Step::Kind::deref : model::Step::Kind::field)) return false;
  return path.is_address && path.steps.size() > 1;
}

}  // namespace

Holders::Holders(const analysis::Audit& audit) : audit_(audit), callers_(audit.views().all().size()) {
  for (const ViewId id : callers_.ids())
    for (const ViewId called : audit.views().called(id)) callers_[called].push_back(id);
}

void Holders::climb(ViewId id, std::uint32_t object, std::set<Holder>& out,
                    std::set<std::pair<ViewId, std::uint32_t>>& seen) const {
  if (!seen.emplace(id, object).second) return;
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
          const Path& here = view.given[p].path;
          if (here.root != Path::Root::given || here.number != object || !is_part(here)) continue;
          const Path given =
              views.lifted(caller, path_of(from, audit_.values(caller.function), operands[p], edge.event));
          if (given.root != Path::Root::given || !is_part(given)) continue;
          found = true, climb(above, given.number, out, seen);
        }
      }
    stays |= !found;
  }
  const std::uint32_t parameter = parameter_of(view, {.root = Path::Root::given, .number = object});
  if (stays && parameter != none) out.insert({view.function, parameter, none});
}

std::optional<std::set<Holder>> Holders::of(const analysis::Access& access) const {
  std::set<Holder> out;
  std::vector<ViewId> ways{access.view};
  ways.insert(ways.end(), access.others.begin(), access.others.end());
  const bool busy = audit_.held().is_busy(access.site.function);
  for (const ViewId id : ways) {
    const View& view = audit_.views().view(id);
    Path object;
    if (access.base.size() > 1 && access.base[0] == 'r') {
      object.root = Path::Root::given;
      object.number = static_cast<std::uint32_t>(std::stoul(access.base.substr(1)));
      // Of a struct that an object leads to: the object.
      if (access.base.find_first_not_of("0123456789", 1) != std::string::npos &&
          (object.number >= view.roots.size() || !view.roots[object.number].to_object))
        return std::nullopt;
    }
    std::set<Holder> found;
    if (object.root == Path::Root::given && !busy) {
      std::set<std::pair<ViewId, std::uint32_t>> seen;
      climb(id, object.number, found, seen);
    }
    if (found.empty()) found.insert({access.site.function, none, access.site.event});
    out.insert(found.begin(), found.end());
  }
  return out;
}

// False where a way has no object.
bool Holders::reach(ViewId id, EventId event, const model::Place& place, std::vector<Boundary>& out,
                    std::set<std::pair<ViewId, EventId>>& seen) const {
  if (!seen.emplace(id, event).second) return true;
  const View& view = audit_.views().view(id);
  const model::Function& function = audit_.program().function(view.function);
  const Path path = path_of(function, audit_.values(view.function), place, event);
  if (path.root == Path::Root::parameter && path.number < view.given.size() &&
      view.given[path.number].origin.is_private())
    return true;
  // The object is a parameter here, or a local that the place names.
  model::Place owner{.root = model::Place::Root::variable, .variable = path.number};
  std::vector<model::Step> steps = path.steps;
  const bool is_parameter = path.root == Path::Root::parameter && path.number < function.parameters;
  if (place.root == model::Place::Root::variable && !is_parameter)
    owner.variable = place.variable, steps = place.steps;
  else if (!is_parameter) return false;
  if (steps.size() > 1 && steps[0].kind == model::Step::Kind::deref && steps[1].kind == model::Step::Kind::field) {
    const model::Record* record = audit_.program().record(steps[1].record);
    if (record != nullptr && record->is_object) {
      owner.steps = {steps[0]};
      owner.type = {.kind = model::Type::Kind::record, .record = steps[1].record};
      out.push_back({view.function, event, std::move(owner), steps[1].record, steps[1].field});
      return true;
    }
  }
  if (!is_parameter) return false;
  bool any = false;
  for (const ViewId above : callers_[id])
    for (const analysis::Edge& edge : audit_.program().calls_from(audit_.views().view(above).function)) {
      if (edge.to != view.function || edge.mention) continue;
      const auto& operands = audit_.program().function(edge.from).events[edge.event].operands;
      if (path.number >= operands.size() || operands[path.number].kind != model::Operand::Kind::place) return false;
      const model::Place& given = audit_.program().function(edge.from).places[operands[path.number].place];
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
        const model::Place& place = function.places[operand.place];
        if (place.root != model::Place::Root::variable || place.variable >= function.parameters ||
            place.steps.size() != 2 || place.steps[0].kind != model::Step::Kind::deref ||
            !fields.contains({place.steps[1].record, place.steps[1].field}) ||
            audit_.views().given(id, place.variable).is_private() || !known.insert({id, e}).second)
          continue;
        model::Place owner{.root = place.root, .variable = place.variable};
        owner.type = {.kind = model::Type::Kind::record, .record = place.steps[1].record};
        owner.steps = {place.steps[0]};
        boundaries.push_back({id, e, std::move(owner), place.steps[1].record, place.steps[1].field});
      }
    }
  });
}

std::optional<model::Place> Holders::owner_at(const model::Function& function, EventId event,
                                              const std::string& record) {
  const model::Event& at = function.events[event];
  std::uint32_t number = at.place;
  for (const model::Operand& operand : at.operands)
    if (number == none &&
        (operand.kind == model::Operand::Kind::place || operand.kind == model::Operand::Kind::address))
      number = operand.place;
  if (number == none) return std::nullopt;
  model::Place out = function.places[number];
  for (std::size_t i = 0; i < out.steps.size(); ++i) {
    if (out.steps[i].kind != model::Step::Kind::field || out.steps[i].record != record) continue;
    out.steps.resize(i);
    out.type = {.kind = model::Type::Kind::record, .record = record};
    return out;
  }
  return std::nullopt;
}

}  // namespace ftaudit::plan
