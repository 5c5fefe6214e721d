#include "analysis/bases.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>

#include "capi/records.h"

namespace ftaudit::analysis {

using model::Event;
using model::Function;
using model::Operand;
using model::Place;
using model::Record;
using model::Step;

namespace {

class Bases {
 public:
  explicit Bases(model::Facts& facts) : facts_(facts) {
    for (const Record& record : facts.records) records_.emplace(record.name, &record);
    for (const Function& function : facts.functions) functions_.emplace(function.key.text, &function);
    for (const Record& record : facts.records)
      if (const Record* base = base_of(record)) bases_.emplace(&record, base);
    for (const Function& function : facts.functions) find_twins(function);
  }

  void rename() {
    if (bases_.empty() && twins_.empty()) return;
    for (Function& function : facts_.functions) rename(function);
  }

 private:
  const Record* find(const std::string& name) const {
    const auto it = records_.find(name);
    return it == records_.end() ? nullptr : it->second;
  }

  // An object's record of the project, or of a library, that the record begins with. CPython's own (PyObject) are the
  // business of rules that look at their fields.
  const Record* base_of(const Record& record) const {
    if (record.is_union || record.fields.empty()) return nullptr;
    const model::Field& first = record.fields[0];
    if (first.offset != 0 || first.type.kind != model::Type::Kind::record ||
        capi::record_named(first.type.record) != capi::Record::other)
      return nullptr;
    const Record* base = find(first.type.record);
    return base != nullptr && base->is_object && !base->is_union ? base : nullptr;
  }

  bool is_base(const Step& step) const {
    if (step.kind != Step::Kind::field) return false;
    const Record* record = find(step.record);
    return record != nullptr && bases_.contains(record) && record->fields[0].name == step.field;
  }

  // Pointers to objects that are used as pointers to objects of another record.
  void find_twins(const Function& function) {
    for (const Place& place : function.places)
      if (place.root == Place::Root::variable && place.steps.size() > 1 && place.steps[0].kind == Step::Kind::deref &&
          place.steps[1].kind == Step::Kind::field)
        join(function.variables[place.variable].type, place.steps[1].record);
    for (const Event& event : function.events) {
      if (event.kind == Event::Kind::write && event.place != model::none && !event.operands.empty())
        if (const model::Type* from = pointer(function, event.operands[0]))
          join(*from, pointed_to(function.places[event.place].type));
      if (event.kind > Event::Kind::release) continue;
      const auto callee = functions_.find(event.callee_key.text);
      if (callee == functions_.end()) continue;
      for (std::uint32_t i = 0; i < event.operands.size() && i < callee->second->parameters; ++i)
        if (const model::Type* from = pointer(function, event.operands[i]))
          join(*from, pointed_to(callee->second->variables[i].type));
    }
  }

  static const model::Type* pointer(const Function& function, const Operand& operand) {
    return operand.kind == Operand::Kind::place ? &function.places[operand.place].type : nullptr;
  }

  static std::string pointed_to(const model::Type& type) {
    return type.kind == model::Type::Kind::pointer && type.indirections == 1 && type.to_object ? type.record : "";
  }

  void join(const model::Type& from, const std::string& to) {
    const std::string own = pointed_to(from);
    if (own.empty() || to.empty() || own == to) return;
    const Record *one = find(own), *other = find(to);
    if (one == nullptr || other == nullptr || !one->is_object || !other->is_object) return;
    const bool swapped = other->fields.size() > one->fields.size() ||
                         (other->fields.size() == one->fields.size() && other->name > one->name);
    if (swapped) std::swap(one, other);
    // More than the head that all objects have.
    const bool begins =
        other->fields.size() > 1 &&
        std::ranges::equal(other->fields.begin(), other->fields.end(), one->fields.begin(),
                           one->fields.begin() + static_cast<std::ptrdiff_t>(other->fields.size()),
                           [](const model::Field& a, const model::Field& b) {
                             return a.name == b.name && a.offset == b.offset && a.type.spelling == b.type.spelling;
                           });
    if (begins) twins_.emplace(one, other);
  }

  void name_as_twin(Step& step) const {
    const Record* record = find(step.record);
    for (auto twin = twins_.find(record); twin != twins_.end(); twin = twins_.find(record)) {
      if (std::ranges::none_of(twin->second->fields,
                               [&](const model::Field& field) { return field.name == step.field; }))
        return;
      record = twin->second, step.record = record->name;
    }
  }

  void rename(Function& function) {
    std::map<std::string, std::uint32_t> known;
    const auto key = [](const Place& place) {
      std::string out = std::to_string(static_cast<int>(place.root)) + ":" + std::to_string(place.variable) + ":" +
                        std::to_string(place.global.n) + ":" + std::to_string(place.call.n);
      for (const Step& step : place.steps)
        out += step.kind == Step::Kind::field   ? "." + step.field + "/" + step.record
               : step.kind == Step::Kind::index ? "[" + step.field
                                                : "*";
      return out;
    };
    std::vector<std::uint32_t> now(function.places.size());
    bool changed = false;
    for (std::uint32_t i = 0; i < now.size(); ++i) {
      Place& place = function.places[i];
      for (Step& step : place.steps)
        if (!is_base(step) && step.kind == Step::Kind::field) {
          const std::string before = step.record;
          name_as_twin(step);
          changed |= step.record != before;
        }
      changed |= std::erase_if(place.steps, [&](const Step& step) { return is_base(step); }) > 0;
      now[i] = known.emplace(key(place), i).first->second;
    }
    if (!changed) return;
    const auto renumber = [&](Operand& operand, const auto& self) -> void {
      if (operand.place < now.size()) operand.place = now[operand.place];
      for (Operand& part : operand.parts) self(part, self);
      if (operand.kind != Operand::Kind::address) return;
      // &*p is p.
      Place place = function.places[operand.place];
      if (place.steps.empty() || place.steps.back().kind != Step::Kind::deref) return;
      place.steps.pop_back(), place.type = {};
      if (place.steps.empty() && place.root == Place::Root::variable)
        place.type = function.variables[place.variable].type;
      if (place.steps.empty() && place.root == Place::Root::call) {
        operand = {.kind = Operand::Kind::call, .event = place.call};
        return;
      }
      operand.kind = Operand::Kind::place;
      const auto [it, is_new] = known.emplace(key(place), static_cast<std::uint32_t>(function.places.size()));
      if (is_new) function.places.push_back(std::move(place));
      operand.place = it->second;
    };
    for (Event& event : function.events) {
      if (event.place < now.size()) event.place = now[event.place];
      renumber(event.target, renumber);
      for (Operand& operand : event.operands) renumber(operand, renumber);
    }
  }

  model::Facts& facts_;
  std::unordered_map<std::string, const Record*> records_;
  std::unordered_map<std::string, const Function*> functions_;
  std::map<const Record*, const Record*> bases_;  // what begins with what
  std::map<const Record*, const Record*> twins_;  // by the record with more fields
};

}  // namespace

void name_bases(model::Facts& facts) { Bases(facts).rename(); }

}  // namespace ftaudit::analysis
