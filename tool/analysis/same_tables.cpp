#include "analysis/same_tables.h"

#include <algorithm>
#include <optional>
#include <set>

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

constexpr int most_tables = 4;  // filled one from the other

struct Filling {
  Site site;
  std::set<std::string> indices;
};

class Tables {
 public:
  explicit Tables(const Program& program) : program_(program) {}

  bool is_alike(model::GlobalId table, int depth) const {
    const std::optional<Filling> filling = only_filling(table);
    if (!filling || depth > most_tables) return false;
    const model::Function& function = program_.function(filling->site.function);
    const Event& store = function.events[filling->site.event];
    return std::ranges::all_of(
        store.operands, [&](const Operand& operand) { return goes_by(*filling, function, operand, table, depth); });
  }

 private:
  static bool is_entry_of(const Place& place, model::GlobalId table) {
    return place.root == Place::Root::global && place.global == table;
  }
  static bool is_entry(const Place& place) {
    return place.root == Place::Root::global && !place.steps.empty() && place.type.kind == model::Type::Kind::scalar &&
           std::ranges::all_of(place.steps,
                               [](const Step& step) { return step.kind == Step::Kind::index && !step.field.empty(); });
  }

  // The one store to entries that are known by their indices; nothing else is done to the table but reading.
  std::optional<Filling> only_filling(model::GlobalId table) const {
    std::optional<Filling> out;
    for (const FunctionId id : program_.facts.functions.ids()) {
      const model::Function& function = program_.function(id);
      for (const EventId e : function.events.ids()) {
        const Event& event = function.events[e];
        bool lent = false;
        each_operand(event, [&](const Operand& part) {
          lent |= part.kind == Operand::Kind::global && part.global == table;
          if (part.place == none || !is_entry_of(function.places[part.place], table)) return;
          lent |=
              part.kind == Operand::Kind::address || function.places[part.place].type.kind != model::Type::Kind::scalar;
        });
        if (lent) return std::nullopt;
        if (event.kind != Event::Kind::write || event.place == none ||
            !is_entry_of(function.places[event.place], table))
          continue;
        const Place& place = function.places[event.place];
        if (out || event.is_update() || event.operands.empty() || !is_entry(place)) return std::nullopt;
        out = Filling{.site = {id, e}, .indices = {}};
        for (const Step& step : place.steps) out->indices.insert(step.field);
      }
    }
    return out;
  }

  bool goes_by(const Filling& filling, const model::Function& function, const Operand& operand, model::GlobalId table,
               int depth) const {
    switch (operand.kind) {
      case Operand::Kind::number: return true;
      case Operand::Kind::parts:
      case Operand::Kind::choice:
        return !operand.parts.empty() && std::ranges::all_of(operand.parts, [&](const Operand& part) {
          return goes_by(filling, function, part, table, depth);
        });
      case Operand::Kind::place: break;
      default: return false;
    }
    const Place& place = function.places[operand.place];
    if (place.root == Place::Root::variable && place.steps.empty())
      return filling.indices.contains("v" + std::to_string(place.variable)) &&
             !function.variables[place.variable].by_reference;
    if (!is_entry(place) || is_entry_of(place, table)) return false;
    const bool by_indices = std::ranges::all_of(place.steps, [&](const Step& step) {
      return !step.field.starts_with('v') || filling.indices.contains(step.field);
    });
    return by_indices && (program_.facts.globals[place.global].type.is_const || is_alike(place.global, depth + 1));
  }

  const Program& program_;
};

}  // namespace

bool is_filled_alike(const Program& program, const State& state) {
  return state.kind != State::Kind::field && state.type.kind == model::Type::Kind::array &&
         Tables(program).is_alike(state.global, 0);
}

}  // namespace ftaudit::analysis
