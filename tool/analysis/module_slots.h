// Module slots: which slot array a module definition names, and its rows, by the tables and by what the program writes
// into them before the module is made. What cannot be read is named, never guessed. Used by modules.cpp.
#pragma once

#include <string>

#include "analysis/program.h"

namespace ftaudit::analysis {

struct ModuleSlots {
  bool known = false;                  // what m_slots holds
  model::GlobalId array{none};         // none with known: there is no array
  const model::Table* rows = nullptr;  // null where the array's contents are not known
  std::string unread;                  // what could not be read, as written
};

ModuleSlots module_slots(const Program& program, model::GlobalId definition);

}  // namespace ftaudit::analysis
