// Every field of every fact, named once: fields(visit, fact) calls visit with all of them in order. Archive and join
// are visitors; a new field is added here and nowhere else. So is the last value of each enumeration.
#pragma once

#include "model/facts.h"

namespace ftaudit::model {

#define FTAUDIT_FIELDS(TYPE, ...)                                   \
  template <class V> void fields(V& v, TYPE& x) { v(__VA_ARGS__); } \
  template <class V> void fields(V& v, const TYPE& x) { v(__VA_ARGS__); }

FTAUDIT_FIELDS(FunctionKey, x.text)
FTAUDIT_FIELDS(Span, x.file, x.line, x.column, x.end_line, x.end_column)
FTAUDIT_FIELDS(Type, x.kind, x.spelling, x.record, x.indirections, x.is_const, x.pointee_const, x.is_atomic,
               x.is_volatile, x.to_object, x.to_function)
FTAUDIT_FIELDS(Variable, x.name, x.type, x.span, x.storage, x.by_reference)
FTAUDIT_FIELDS(Global, x.key, x.name, x.type, x.span, x.storage, x.owner, x.is_thread_local, x.is_external,
               x.is_defined, x.runtime_initialised)
FTAUDIT_FIELDS(Field, x.name, x.type, x.span, x.bit_field, x.confined, x.offset)
FTAUDIT_FIELDS(Record, x.name, x.span, x.fields, x.bases, x.is_object, x.is_union)
FTAUDIT_FIELDS(Step, x.kind, x.field, x.record)
FTAUDIT_FIELDS(Place, x.root, x.variable, x.global, x.call, x.steps, x.type)
FTAUDIT_FIELDS(Operand, x.kind, x.number, x.text, x.place, x.event, x.global, x.function, x.parts)
FTAUDIT_FIELDS(MacroUse, x.name, x.arguments, x.span)
FTAUDIT_FIELDS(Event, x.kind, x.op, x.order, x.failure, x.atomic, x.implicit, x.is_virtual, x.result_unused, x.parallel,
               x.once, x.span, x.macro, x.body, x.callee, x.callee_key, x.instance, x.target, x.operands,
               x.const_operands, x.place)
FTAUDIT_FIELDS(Shape, x.kind, x.span, x.call, x.variable, x.declares, x.arguments, x.taken, x.taken_text, x.tested)
FTAUDIT_FIELDS(Block, x.first, x.last, x.successors, x.condition, x.unwinds)
FTAUDIT_FIELDS(Function, x.key, x.name, x.span, x.name_span, x.result, x.parameters, x.has_this, x.is_external,
               x.is_lambda, x.is_constructor, x.is_destructor, x.is_instance, x.is_implicit, x.is_initialiser,
               x.is_support, x.body_known, x.parent, x.overrides, x.overrides_library, x.variables, x.places, x.macros,
               x.bodies, x.events, x.shapes, x.blocks)
FTAUDIT_FIELDS(Cell, x.field, x.value, x.span)
FTAUDIT_FIELDS(Row, x.cells, x.span)
FTAUDIT_FIELDS(Table, x.variable, x.record, x.is_array, x.rows)
FTAUDIT_FIELDS(MacroFact, x.name, x.arguments, x.span, x.definition, x.on_command_line)
FTAUDIT_FIELDS(Region, x.file, x.first_line, x.last_line, x.condition, x.taken)
FTAUDIT_FIELDS(Allowance, x.span, x.text, x.alone, x.next_line)
FTAUDIT_FIELDS(Absence, x.span, x.name)
FTAUDIT_FIELDS(Remark, x.span, x.text)
FTAUDIT_FIELDS(Demand, x.span, x.text)
FTAUDIT_FIELDS(Omission, x.file, x.reason)
FTAUDIT_FIELDS(Source, x.file, x.sha256)
FTAUDIT_FIELDS(Unit, x.file, x.language, x.parsed, x.errors, x.missing_headers, x.first_error, x.generator,
               x.defines_gil_disabled, x.functions)
FTAUDIT_FIELDS(Facts, x.files, x.units, x.functions, x.globals, x.records, x.tables, x.macros, x.regions, x.allowances,
               x.omissions, x.absences, x.remarks, x.demands, x.sources)

#undef FTAUDIT_FIELDS

constexpr Type::Kind last_value(Type::Kind) { return Type::Kind::function; }
constexpr Storage last_value(Storage) { return Storage::global; }
constexpr Step::Kind last_value(Step::Kind) { return Step::Kind::index; }
constexpr Place::Root last_value(Place::Root) { return Place::Root::call; }
constexpr Operand::Kind last_value(Operand::Kind) { return Operand::Kind::choice; }
constexpr Shape::Kind last_value(Shape::Kind) { return Shape::Kind::creation; }
constexpr Order last_value(Order) { return Order::seq_cst; }
constexpr Event::Kind last_value(Event::Kind) { return Event::Kind::leave; }
constexpr Event::Operator last_value(Event::Operator) { return Event::Operator::truth; }

}  // namespace ftaudit::model
