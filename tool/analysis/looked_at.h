// What a call can only look at, by the type that it takes it by.
#pragma once

#include "analysis/program.h"

namespace ftaudit::analysis {

// A number by a reference or pointer to const, which stays what it is. What a struct leads to may change all the same.
inline bool only_looks_at(const model::Function& function, const model::Event& call, std::size_t operand) {
  const model::Operand& given = call.operands[operand];
  return given.kind == model::Operand::Kind::address && call.is_const_operand(operand) &&
         function.places[given.place].type.kind == model::Type::Kind::scalar;
}

}  // namespace ftaudit::analysis
