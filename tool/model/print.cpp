#include "model/print.h"

#include <ostream>

namespace ftaudit::model {
namespace {

const char* const operators[]{"", "=", "=:", "op=", "<=>", "?=>", "==", "!=", "<", ">", "is"};
const char* const orders[]{"", "relaxed", "acquire", "release", "acq_rel", "seq_cst"};

std::string at(const Facts& facts, const Span& span) {
  const std::string file = facts.files.has(span.file) ? facts.files[span.file] : "?";
  return file + ":" + std::to_string(span.line) + ":" + std::to_string(span.column);
}

std::string list_of(const Facts& facts, const Function& function, const std::vector<Operand>& operands,
                    const char* separator = ", ") {
  std::string out;
  for (const Operand& operand : operands) out += (out.empty() ? "" : separator) + text_of(facts, function, operand);
  return out;
}

// What the callee can only read is marked; for text that goes without saying.
std::string arguments_of(const Facts& facts, const Function& function, const Event& call) {
  using Kind = Operand::Kind;
  std::string out;
  for (std::size_t i = 0; i < call.operands.size(); ++i) {
    const Operand& operand = call.operands[i];
    const bool leads = operand.kind == Kind::place || operand.kind == Kind::address || operand.kind == Kind::call;
    out += std::string(i == 0 ? "" : ", ") + (leads && call.is_const_operand(i) ? "const " : "") +
           text_of(facts, function, operand);
  }
  return out;
}

std::string flags(const Global& global) {
  std::string out;
  if (global.type.is_const) out += " const";
  if (global.type.is_atomic) out += " atomic";
  if (global.is_thread_local) out += " thread-local";
  if (global.storage == Storage::static_local) out += " static-local-of " + global.owner.text;
  if (global.is_external) out += " external";
  if (!global.is_defined) out += " declared-only";
  if (global.runtime_initialised) out += " runtime-initialised";
  return out;
}

}  // namespace

std::string text_of(const Facts& facts, const Function& function, const Place& place) {
  std::string out = "?";
  const bool refers = place.root == Place::Root::variable && place.variable < function.variables.size() &&
                      function.variables[place.variable].type.kind == Type::Kind::reference;
  if (place.root == Place::Root::variable && place.variable < function.variables.size())
    out = function.variables[place.variable].name;
  else if (place.root == Place::Root::global && facts.globals.has(place.global)) out = facts.globals[place.global].name;
  else if (place.root == Place::Root::call) out = "%" + std::to_string(place.call.n);
  for (std::size_t i = 0; i < place.steps.size(); ++i) {
    const Step& step = place.steps[i];
    if (step.kind == Step::Kind::index) out += "[_]";
    else if (step.kind == Step::Kind::field) out += "." + step.field;
    else if (const Step* next = i + 1 < place.steps.size() ? &place.steps[i + 1] : nullptr;
             next == nullptr || next->kind == Step::Kind::deref)
      out = "*" + out;
    else {
      out += next->kind == Step::Kind::index ? "[_]" : (i == 0 && refers ? "." : "->") + next->field;
      ++i;
    }
  }
  return out;
}

std::string text_of(const Facts& facts, const Function& function, const Operand& operand) {
  using Kind = Operand::Kind;
  switch (operand.kind) {
    case Kind::unknown: return "?";
    case Kind::number: return std::to_string(operand.number) + (operand.text.empty() ? "" : " (" + operand.text + ")");
    case Kind::null: return "NULL";
    case Kind::text: return "\"" + operand.text + "\"";
    case Kind::place:
      return operand.place < function.places.size() ? text_of(facts, function, function.places[operand.place]) : "?";
    case Kind::address:
      return operand.place < function.places.size() ? "&" + text_of(facts, function, function.places[operand.place])
                                                    : "&?";
    case Kind::call: return "%" + std::to_string(operand.event.n);
    case Kind::function:
      return "@" + operand.function.text +
             (operand.parts.empty() ? "" : "[" + list_of(facts, function, operand.parts) + "]");
    case Kind::global: return "&" + (facts.globals.has(operand.global) ? facts.globals[operand.global].name : "?");
    case Kind::parts: return "{" + list_of(facts, function, operand.parts) + "}";
    case Kind::choice: return "(" + list_of(facts, function, operand.parts, " | ") + ")";
  }
  return "?";
}

std::string text_of(const Facts& facts, const Function& function, const Event& event) {
  using Kind = Event::Kind;
  std::string out;
  const std::string place =
      event.place < function.places.size() ? text_of(facts, function, function.places[event.place]) : "?";
  switch (event.kind) {
    case Kind::call: out = "call "; break;
    case Kind::acquire: out = "acquire "; break;
    case Kind::release: out = "release "; break;
    case Kind::read: out = "read " + place; break;
    case Kind::write:
      out = "write " + place + " " + operators[static_cast<int>(event.op)] + " " +
            list_of(facts, function, event.operands);
      break;
    case Kind::compare:
      out = "compare " + (event.operands.empty() ? "?" : text_of(facts, function, event.operands[0])) + " " +
            operators[static_cast<int>(event.op)] +
            (event.operands.size() > 1 ? " " + text_of(facts, function, event.operands[1]) : " true");
      break;
    case Kind::leave: out = "leave " + list_of(facts, function, event.operands); break;
  }
  if (event.kind <= Kind::release)
    out += (event.callee.empty() ? "(*" + text_of(facts, function, event.target) + ")" : event.callee) + "(" +
           arguments_of(facts, function, event) + ")";
  if (!event.callee.empty() && event.target.kind == Operand::Kind::function)
    out += " of " + text_of(facts, function, event.target);
  if (!event.instance.empty()) out += " for " + event.instance;
  if (event.atomic) out += std::string(" atomic ") + orders[static_cast<int>(event.order)];
  if (event.failure != Order::none) out += std::string(" else ") + orders[static_cast<int>(event.failure)];
  if (event.implicit) out += " implicit";
  if (event.is_virtual) out += " virtual";
  if (event.result_unused) out += " unused";
  if (event.once) out += " once";
  if (event.macro < function.macros.size()) out += "   from " + function.macros[event.macro].name;
  return out;
}

void print(std::ostream& out, const Facts& facts, const Function& function) {
  out << "function " << function.name << "  [" << function.key.text << "] " << at(facts, function.span) << "-"
      << function.span.end_line;
  if (function.is_external) out << " external";
  if (function.is_lambda) out << " lambda";
  if (function.is_instance) out << " instance";
  if (function.is_implicit) out << " implicit";
  if (function.is_support) out << " support";
  if (function.is_initialiser) out << " initialiser";
  if (!function.body_known) out << " body-unknown";
  for (const FunctionKey& overridden : function.overrides) out << " overrides " << overridden.text;
  if (function.overrides_library) out << " overrides-library";
  out << "\n";
  for (std::size_t i = 0; i < function.variables.size(); ++i) {
    const Variable& variable = function.variables[i];
    out << "  "
        << (i < function.parameters                 ? "parameter "
            : variable.storage == Storage::captured ? "captured "
                                                    : "local ")
        << variable.name << ": " << variable.type.spelling << (variable.type.to_object ? "  object" : "") << "\n";
  }
  for (const Shape& shape : function.shapes) {
    out << "  "
        << (shape.kind == Shape::Kind::walk    ? "walk "
            : shape.kind == Shape::Kind::fetch ? "fetch "
                                               : "creation ")
        << shape.span.line << ":" << shape.span.column << "-" << shape.span.end_line << ":" << shape.span.end_column;
    if (shape.kind == Shape::Kind::fetch)
      out << (shape.declares ? " declares " : " ") << shape.variable << ", taken " << shape.taken.line << ":"
          << shape.taken.column;
    if (shape.kind == Shape::Kind::creation)
      out << " " << (shape.variable.empty() ? "returned" : shape.variable) << (shape.tested ? ", tested" : "");
    for (const std::string& argument : shape.arguments) out << " (" << argument << ")";
    out << "\n";
  }
  for (std::size_t b = 0; b < function.blocks.size(); ++b) {
    const Block& block = function.blocks[b];
    out << "  block " << b << (block.unwinds ? " unwinds ->" : " ->");
    for (std::uint32_t successor : block.successors)
      out << " " << (successor == none ? std::string("-") : std::to_string(successor));
    if (block.condition != none) out << " on %" << block.condition.n;
    out << "\n";
    for (EventId e = block.first; e < block.last && function.events.has(e); ++e)
      out << "    %" << e.n << " " << function.events[e].span.line << ":" << function.events[e].span.column << " "
          << text_of(facts, function, function.events[e]) << "\n";
  }
}

void print(std::ostream& out, const Facts& facts) {
  const Function nowhere;
  for (const Unit& unit : facts.units) {
    out << "unit " << (facts.files.has(unit.file) ? facts.files[unit.file] : "?") << " " << unit.language
        << (unit.parsed ? "" : " not-parsed") << " errors " << unit.errors;
    if (!unit.generator.empty()) out << " generated-by " << unit.generator;
    for (const std::string& header : unit.missing_headers) out << " missing " << header;
    out << "\n";
  }
  for (const Omission& omission : facts.omissions)
    out << "omitted " << (facts.files.has(omission.file) ? facts.files[omission.file] : "?") << ": " << omission.reason
        << "\n";
  for (const MacroFact& macro : facts.macros) {
    out << (macro.definition ? "defines " : "expands ") << macro.name;
    for (const std::string& argument : macro.arguments) out << " (" << argument << ")";
    out << " " << (macro.on_command_line ? "command line" : at(facts, macro.span)) << "\n";
  }
  for (const Region& region : facts.regions)
    out << "region " << (facts.files.has(region.file) ? facts.files[region.file] : "?") << ":" << region.first_line
        << "-" << region.last_line << " " << (region.taken ? "if " : "not ") << region.condition << "\n";
  for (const Remark& remark : facts.remarks) out << "remark " << at(facts, remark.span) << " " << remark.text << "\n";
  for (const Demand& demand : facts.demands) out << "demand " << at(facts, demand.span) << " " << demand.text << "\n";
  for (const Allowance& allowance : facts.allowances)
    out << "allowance " << at(facts, allowance.span) << " " << allowance.text << "\n";
  for (const Absence& absence : facts.absences)
    out << "absent " << absence.name << " " << at(facts, absence.span) << "\n";
  for (const Record& record : facts.records) {
    out << "record " << record.name << (record.is_object ? " object" : "") << (record.is_union ? " union" : "") << " "
        << at(facts, record.span) << "\n";
    for (const Field& field : record.fields)
      out << "  " << field.name << ": " << field.type.spelling << (field.type.is_atomic ? " atomic" : "")
          << (field.type.is_const ? " const" : "") << (field.bit_field ? " bit-field" : "") << "\n";
  }
  for (const Global& global : facts.globals)
    out << "global " << global.name << ": " << global.type.spelling << flags(global) << " " << at(facts, global.span)
        << "\n";
  for (const Table& table : facts.tables) {
    out << "table " << (facts.globals.has(table.variable) ? facts.globals[table.variable].name : "?") << " of "
        << table.record << "\n";
    for (const Row& row : table.rows) {
      out << " ";
      for (const Cell& cell : row.cells)
        if (cell.value.kind != Operand::Kind::null &&
            !(cell.value.kind == Operand::Kind::number && cell.value.number == 0))
          out << " " << cell.field << "=" << text_of(facts, nowhere, cell.value);
      out << "\n";
    }
  }
  for (const Function& function : facts.functions) print(out, facts, function);
}

}  // namespace ftaudit::model
