#include "audit/linked_modules.h"

#include <algorithm>

#include "analysis/program.h"
#include "base/files.h"
#include "capi/module_calls.h"

namespace ftaudit::audit {
namespace {

std::string_view last_part(std::string_view module) { return module.substr(module.rfind('.') + 1); }

// A macro that stands for it may have hidden it from who read the build's description.
bool is_spelled_out(const project::Unit& unit, const std::string& name) {
  const Result<std::string> text = read_file(unit.file);
  return text.ok() && text->find(name) != std::string::npos;
}

template <class Visit> void each_init(const ParsedProject& parsed, Visit visit) {
  for (std::size_t i = 0; i < parsed.units.size(); ++i) {
    if (parsed.units[i].failed) continue;
    for (const model::Function& function : parsed.units[i].facts.functions)
      if (const auto module = capi::initialised_module(function.name)) visit(i, function, *module);
  }
}

// Who calls it, hands it on (a PyInittab too), or looks it up by its name.
void erase_used(const ParsedProject& parsed, std::set<std::string>& names) {
  const auto use = [&](const model::Operand& part) {
    if (part.kind == model::Operand::Kind::function) names.erase(part.function.text);
    if (part.kind == model::Operand::Kind::text && part.text.starts_with("PyInit_")) names.clear();
  };
  for (const frontend::Parsed& unit : parsed.units) {
    for (const model::Function& function : unit.facts.functions)
      for (const model::Event& event : function.events) {
        names.erase(event.callee);
        analysis::each_operand(event, use);
      }
    for (const model::Table& table : unit.facts.tables)
      for (const model::Row& row : table.rows)
        for (const model::Cell& cell : row.cells) analysis::each_operand(cell.value, use);
  }
}

}  // namespace

std::set<std::string> linked_into_others(const ParsedProject& parsed) {
  std::set<std::string> defined, called, out;
  each_init(parsed,
            [&](std::size_t, const model::Function& function, std::string_view) { defined.insert(function.name); });
  each_init(parsed, [&](std::size_t i, const model::Function& function, std::string_view module) {
    const project::Unit& unit = parsed.project.units[i];
    const auto is_its_own = [&](const std::string& name) { return last_part(name) == module; };
    const auto has_init = [&](const std::string& name) {
      return defined.contains(capi::init_function(last_part(name)));
    };
    const bool linked = std::ranges::none_of(unit.modules, is_its_own) && !unit.modules.empty() &&
                        std::ranges::all_of(unit.modules, has_init) && is_spelled_out(unit, function.name);
    (linked ? out : called).insert(function.name);
  });
  std::erase_if(out, [&](const std::string& name) { return called.contains(name); });
  if (!out.empty()) erase_used(parsed, out);
  return out;
}

}  // namespace ftaudit::audit
