#include "cython/generators.h"

#include <algorithm>
#include <set>

#include "model/generated.h"

namespace ftaudit::cython {
namespace {

using model::Cell;
using model::Operand;
using model::Row;
using model::Table;

// "_cython_3_2_9.generator": shared by all modules that one Cython made.
bool names_own_type(const Row& row) {
  return std::ranges::any_of(row.cells, [](const Cell& cell) {
    return (cell.field == "tp_name" || cell.field == "name") && cell.value.kind == Operand::Kind::text &&
           cell.value.text.starts_with("_cython_");
  });
}

template <class Visit> void each_global(const Operand& operand, Visit visit) {
  if (operand.kind == Operand::Kind::global) visit(operand.global);
  for (const Operand& part : operand.parts) each_global(part, visit);
}

// The tables of those types, and what these point at: slots, methods, attributes.
void drop_own_types(model::Facts& facts) {
  std::set<model::GlobalId> own;
  for (const Table& table : facts.tables)
    if (std::ranges::any_of(table.rows, names_own_type)) own.insert(table.variable);
  for (int depth = 0; depth < 2; ++depth)  // a spec names its slots, the slots name their methods
    for (const Table& table : facts.tables)
      if (own.contains(table.variable))
        for (const Row& row : table.rows)
          for (const Cell& cell : row.cells)
            each_global(cell.value, [&](model::GlobalId global) { own.insert(global); });
  for (Table& table : facts.tables)
    if (own.contains(table.variable)) table.rows.clear();
}

Cell cell(std::string field, Operand value) {
  return {.field = std::move(field), .value = std::move(value), .span = {}};
}

}  // namespace

void enter_generators(model::Facts& facts, const std::map<std::string, std::string>& bodies) {
  drop_own_types(facts);
  for (const auto& [key, name] : bodies) {
    model::Global method{
        .key = std::string(model::resumed_entry) + key, .name = name, .type = {}, .span = {}, .owner = {}};
    method.type.record = "PyMethodDef";
    facts.globals.push_back(std::move(method));
    Operand text, body, flags;
    text.kind = Operand::Kind::text, text.text = name;
    body.kind = Operand::Kind::function, body.function.text = key;
    flags.kind = Operand::Kind::number, flags.number = 4;  // METH_NOARGS
    Row row;
    row.cells = {cell("ml_name", std::move(text)), cell("ml_meth", std::move(body)),
                 cell("ml_flags", std::move(flags))};
    facts.tables.push_back(
        {.variable = facts.globals.last_id(), .record = "PyMethodDef", .is_array = false, .rows = {std::move(row)}});
  }
}

}  // namespace ftaudit::cython
