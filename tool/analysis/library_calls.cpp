#include "analysis/library_calls.h"

#include "capi/capi.h"
#include "capi/records.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

namespace {

// The record that an argument leads to; "" for numbers, objects of Python and what has no type here.
std::string record_of(const model::Function& function, const Operand& operand) {
  if (operand.kind != Operand::Kind::address && operand.kind != Operand::Kind::place) return {};
  const model::Type& type = function.places[operand.place].type;
  const std::size_t pointers = type.indirections + (operand.kind == Operand::Kind::address ? 1 : 0);
  return type.to_object || pointers > 2 ? "" : type.record;
}

}  // namespace

LibraryCalls::LibraryCalls(const Program& program) : program_(program) {
  for (const model::Function& function : program.facts.functions)
    for (const Event& event : function.events) {
      if (!is_of_library(event)) continue;
      for (std::size_t i = 0; i < event.operands.size(); ++i)
        if (event.is_const_operand(i))
          if (std::string record = record_of(function, event.operands[i]); !record.empty())
            read_by_const_.insert(std::move(record));
    }
}

bool LibraryCalls::is_of_library(const Event& event) const {
  if (!is_call(event) || event.callee.empty() || event.callee.find("::") != std::string::npos) return false;
  if (capi::is_api_name(event.callee) || event.callee.starts_with("operator")) return false;
  return event.callee_key.text.empty() || program_.find(event.callee_key) == none;
}

LibraryCalls::Does LibraryCalls::does(const model::Function& function, const Event& event, std::size_t operand) const {
  if (!is_of_library(event) || program_.lock_call(event.callee) != nullptr) return Does::unknown;
  if (capi::library_changes(event.callee, static_cast<int>(operand))) return Does::changes;
  const std::string record = record_of(function, event.operands[operand]);
  if (record.empty() || capi::is_lock_type(record) || !read_by_const_.contains(record)) return Does::unknown;
  return event.is_const_operand(operand) ? Does::reads : Does::changes;
}

}  // namespace ftaudit::analysis
