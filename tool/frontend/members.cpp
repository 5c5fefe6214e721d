#include "frontend/members.h"

#include "capi/fields.h"
#include "capi/records.h"

namespace ftaudit::frontend {

namespace fields = capi::fields;

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

constexpr std::int64_t type_object = 6, type_object_ex = 16, read_only = 1;

std::int64_t number(const model::Row& row, std::string_view field) {
  const Operand* value = row.value(field);
  return value != nullptr && value->kind == Operand::Kind::number ? value->number : 0;
}

class Setter {
 public:
  Setter(std::string key, const model::Span& where, std::string record, std::string field) {
    made_.key = {std::move(key)};
    made_.name = "PyMember_SetOne";
    made_.span = made_.name_span = where;
    made_.is_implicit = true;
    made_.result.kind = model::Type::Kind::scalar, made_.result.spelling = "int";
    const std::uint32_t self = variable("self", pointer(record), model::Storage::parameter);
    const std::uint32_t value = variable("value", pointer("PyObject"), model::Storage::parameter);
    made_.parameters = 2;
    const std::uint32_t old = variable("old", pointer("PyObject"), model::Storage::local);
    model::Type section;
    section.kind = model::Type::Kind::record, section.record = section.spelling = "PyCriticalSection";
    const std::uint32_t held = variable("section", section, model::Storage::local);
    const std::uint32_t member =
        place(self, pointer("PyObject"), {{Step::Kind::deref, {}, {}}, {Step::Kind::field, field, record}});
    call(Event::Kind::acquire, "PyCriticalSection_Begin",
         {operand(Operand::Kind::address, place(held, section)), named(self)});
    event(Event::Kind::read).place = member;
    write(place(old, pointer("PyObject")), operand(Operand::Kind::place, member));
    write(member, named(value));
    call(Event::Kind::release, "PyCriticalSection_End", {operand(Operand::Kind::address, place(held, section))});
    call(Event::Kind::call, "Py_XDECREF", {named(old)});
    Operand done;
    done.kind = Operand::Kind::number;
    event(Event::Kind::leave).operands.push_back(done);
    const model::EventId first(0), end = made_.events.next_id();
    made_.blocks.push_back({.first = first, .last = first, .successors = {1}});
    made_.blocks.push_back({.first = first, .last = end, .successors = {2}});
    made_.blocks.push_back({.first = end, .last = end, .successors = {}});
  }

  model::Function take() { return std::move(made_); }

 private:
  static model::Type pointer(const std::string& record) {
    model::Type out;
    out.kind = model::Type::Kind::pointer;
    out.record = record, out.spelling = record + " *";
    out.indirections = 1, out.to_object = true;
    return out;
  }
  std::uint32_t variable(std::string name, model::Type type, model::Storage storage) {
    model::Variable& made = made_.variables.emplace_back();
    made.name = std::move(name), made.type = std::move(type), made.span = made_.span, made.storage = storage;
    return static_cast<std::uint32_t>(made_.variables.size() - 1);
  }
  std::uint32_t place(std::uint32_t variable, model::Type type, std::vector<Step> steps = {}) {
    Place made;
    made.root = Place::Root::variable, made.variable = variable;
    made.type = std::move(type), made.steps = std::move(steps);
    made_.places.push_back(std::move(made));
    return static_cast<std::uint32_t>(made_.places.size() - 1);
  }
  static Operand operand(Operand::Kind kind, std::uint32_t place) {
    Operand out;
    out.kind = kind, out.place = place;
    return out;
  }
  Operand named(std::uint32_t variable) {
    return operand(Operand::Kind::place, place(variable, made_.variables[variable].type));
  }
  Event& event(Event::Kind kind) {
    Event& made = made_.events.emplace_back();
    made.kind = kind, made.span = made_.span;
    return made;
  }
  void call(Event::Kind kind, std::string callee, std::vector<Operand> operands) {
    Event& made = event(kind);
    made.callee = std::move(callee), made.operands = std::move(operands);
  }
  void write(std::uint32_t place, Operand value) {
    Event& made = event(Event::Kind::write);
    made.place = place, made.op = Event::Operator::assign;
    made.operands.push_back(std::move(value));
  }

  model::Function made_;
};

}  // namespace

void add_member_setters(Context& context, model::Table& table) {
  if (capi::record_named(table.record) != capi::Record::member_def) return;
  for (model::Row& row : table.rows) {
    const std::int64_t type = number(row, fields::member_type);
    const Operand* offset = row.value(fields::member_offset);
    if ((type != type_object && type != type_object_ex) || (number(row, fields::member_flags) & read_only) != 0 ||
        offset == nullptr || offset->offset_of().empty() || row.span.line == 0)
      continue;
    const std::string member = std::string(offset->offset_of());
    const std::size_t dot = member.rfind('.');
    if (dot == std::string::npos || member.find('.') != dot) continue;
    Setter setter(context.facts.globals[table.variable].key + " setter of " + member, row.span, member.substr(0, dot),
                  member.substr(dot + 1));
    model::Function function = setter.take();
    model::Cell made;
    made.field = fields::setter, made.span = row.span;
    made.value.kind = Operand::Kind::function, made.value.function = function.key;
    row.cells.push_back(std::move(made));
    context.add_unwritten(std::move(function));
  }
}

}  // namespace ftaudit::frontend
