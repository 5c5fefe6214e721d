// Initialisers: what runs once, under a hidden lock that the others wait for: function statics of C++ that are made
// when control first gets there, and what is given to call_once and its like; with the calls inside that may run Python
// code or detach while the thread is attached. Source: [stmt.dcl]; [thread.once.callonce]; PEP 703 (stop the world).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/audit.h"

namespace ftaudit::analysis {

struct Initialiser {
  Site at;
  std::string name;          // of the static local; "" for what is given to a call
  std::vector<Site> python;  // the first such call of each function that it is; none where nothing does that
};

void each_initialiser(const Audit& audit, FunctionId id, const std::function<void(const Initialiser&)>& visit);

}  // namespace ftaudit::analysis
