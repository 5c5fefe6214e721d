// Ownership, the part about fields of structs that only carry objects from one function to another.
#include "analysis/ownership.h"

namespace ftaudit::analysis {

using model::Event;
using model::Place;

// A struct of the project's own that only ever carries what is surely shared: options that were taken out of an
// argument.
bool Ownership::field_of_others(const std::string& record, const std::string& field, int depth) const {
  if (depth > depth_limit) return false;
  if (!stores_known_) {
    stores_known_ = true;
    for (const FunctionId id : program_.facts.functions.ids()) {
      const model::Function& function = program_.function(id);
      for (const EventId e : function.events.ids()) {
        const Event& event = function.events[e];
        if (event.kind != Event::Kind::write || event.place == none || event.operands.empty() ||
            !function.places[event.place].type.to_object)
          continue;
        const std::vector<model::Step>& steps = function.places[event.place].steps;
        if (!steps.empty() && steps.back().kind == model::Step::Kind::field)
          stores_[steps.back().record + "." + steps.back().field].push_back({id, e});
      }
    }
  }
  const std::string key = record + "." + field;
  if (const auto known = others_.find(key); known != others_.end()) return known->second;
  others_[key] = false;  // asked again on the way: not sure
  const auto stores = stores_.find(key);
  if (stores == stores_.end()) return false;
  bool any = false;
  for (const auto& [id, e] : stores->second) {
    const Origin origin = of(Frame{id}, e, program_.function(id).events[e].operands[0], depth + 1);
    if (origin.kind == Origin::Kind::none) continue;
    if (origin.kind != Origin::Kind::shared || !origin.certain) return false;
    any = true;
  }
  return others_[key] = any;
}

// Options on the stack: the struct is nobody else's, but the objects that are named in it are whose they were.
bool Ownership::carries_what_is_shared(const Frame& in, const Place& place, int depth) const {
  const FunctionId id = in.function;
  if (contexts_.exclusive(id) || contexts_.init_only(id) || !place.type.to_object || place.steps.empty() ||
      place.steps.back().kind != model::Step::Kind::field)
    return false;
  const model::Step& field = place.steps.back();
  const model::Record* record = program_.record(field.record);
  return record != nullptr && !record->is_object && field_of_others(field.record, field.field, depth);
}

// `request->environ = PyDict_New()`, which was given to somebody who may have kept it: the struct is nobody else's, but
// the dict is not.
bool Ownership::given_away(const Frame& in, EventId at, const model::Operand& operand, int depth) const {
  const model::Function& function = program_.function(in.function);
  if (depth > depth_limit || !function.places[operand.place].type.to_object) return false;
  const EventId put = held_.values(in.function).written_before(operand.place, at);
  if (put == none || function.events[put].operands.empty()) return false;
  const model::Operand& value = function.events[put].operands[0];
  if (value.kind != model::Operand::Kind::call) return false;
  return of(in, put, value, depth + 1).kind == Origin::Kind::fresh &&
         of(in, at, value, depth + 1).kind == Origin::Kind::shared;
}

}  // namespace ftaudit::analysis
