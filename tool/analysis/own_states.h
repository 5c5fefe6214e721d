// Fields that keep the calling thread's own thread state: whatever any function of the program puts there is the state
// of the thread that runs it, made for it, or taken from what it stored for itself. True of guards that attach while
// they live; says nothing of a field of an object that threads share. Asked by FT504.
#pragma once

#include <map>
#include <string>

#include "analysis/audit.h"

namespace ftaudit::analysis {

class OwnStates {
 public:
  explicit OwnStates(const Audit& audit) : audit_(audit) {}

  // `field` is the step that names the field whose value is a thread state.
  bool kept_in(const model::Step& field);

 private:
  void look_at_stores();
  bool is_own(FunctionId id, EventId at, const model::Operand& value, unsigned depth) const;
  bool gives_own(FunctionId id, unsigned depth) const;

  const Audit& audit_;
  bool looked_ = false;
  std::map<std::string, bool> own_;  // by "Record.field", of fields that anything is stored to
};

}  // namespace ftaudit::analysis
