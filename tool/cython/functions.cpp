#include "cython/functions.h"

#include <algorithm>

namespace ftaudit::cython {

std::string traceback_of(const model::Function& function, const CName& name) {
  for (const model::Event& event : function.events)
    if (event.callee == "__Pyx_AddTraceback" && !event.operands.empty() &&
        event.operands[0].kind == model::Operand::Kind::text) {
      std::string text = event.operands[0].text;
      for (std::size_t at; (at = text.find("__pyx_fuse_")) != std::string::npos;) {
        std::size_t end = at + 11;
        while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || text[end] == '_')) ++end;
        text.erase(at, end - at);
      }
      return text;
    }
  return name.dotted();
}

bool is_pickling(const model::Function& function) {
  return function.name.ends_with("__reduce_cython__") || function.name.ends_with("__setstate_cython__") ||
         function.name.find("__pyx_unpickle_") != std::string::npos;
}

bool picks_specialisation(const model::Function& function) {
  return std::any_of(function.variables.begin(), function.variables.end(), [](const model::Variable& variable) {
    return variable.name.starts_with("__pyx_v__fused_sigindex");
  });
}

bool is_own(const model::Global& global) {
  if (global.storage == model::Storage::static_local) return true;
  const bool plain = global.type.kind == model::Type::Kind::scalar || global.type.spelling == "const char *";
  return plain && taken_apart(global.name).kind == Kind::support;
}

}  // namespace ftaudit::cython
