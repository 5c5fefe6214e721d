// Shared: what is read and written through a pointer to a place, as `*place = node` where a loop has moved `place` from
// the list's head on to where the last node keeps its next one: any of the places whose address it may hold.
#include "analysis/shared.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Step;

namespace {

constexpr std::size_t most_places = 8;

// The places that the local may hold the address of at `at`, but for those that nobody can name.
void places_behind(const model::Function& function, const Values& values, std::uint32_t local, EventId at, int depth,
                   std::vector<Path>& out) {
  const std::vector<EventId>& given = values.definitions(local, at);
  for (const EventId e : given) {
    if (e == none || out.size() >= most_places) continue;
    const Event& event = function.events[e];
    if (event.kind != Event::Kind::write || event.is_update() || event.operands.empty()) continue;
    const auto each = [&](const Operand& operand) {
      const std::uint32_t copied = values.local_of(operand);
      if (operand.kind == Operand::Kind::place && copied != none && copied != local && depth < 3)
        return places_behind(function, values, copied, e, depth + 1, out);
      if (operand.kind != Operand::Kind::address) return;
      Path path = path_of(function, values, operand, e);
      if (path.root != Path::Root::unknown && path.is_address) out.push_back(std::move(path));
    };
    if (event.operands[0].kind == Operand::Kind::choice)
      for (const Operand& part : event.operands[0].parts) each(part);
    else each(event.operands[0]);
  }
}

}  // namespace

void Shared::touched_places(FunctionId id, std::vector<Touched>& out) const {
  const model::Function& function = program_.function(id);
  const Values& values = held_.values(id);
  const std::size_t known = out.size();
  for (std::size_t i = 0; i < known; ++i) {
    const Path path = out[i].path;
    // A field is known by its record, wherever that lies.
    const bool followed = path.root == Path::Root::local && !path.is_address && path.steps.size() == 1 &&
                          path.steps[0].kind == Step::Kind::deref &&
                          function.variables[path.number].type.kind == model::Type::Kind::pointer;
    if (!followed || out[i].contents) continue;
    std::vector<Path> places;
    places_behind(function, values, path.number, path.at == none ? out[i].event : path.at, 0, places);
    for (const Path& place : places) {
      Touched touched = out[i];
      touched.path = spliced(place, path);
      out.push_back(std::move(touched));
    }
  }
}

}  // namespace ftaudit::analysis
