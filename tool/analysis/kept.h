// Kept: containers in fields and globals that are filled before they are stored (in a global: while the module is
// made), never changed afterwards, and never handed out. Nobody can drop an item of such a container, so what is
// borrowed from it stays alive as long as its owner.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/ownership.h"

namespace ftaudit::analysis {

class Kept {
 public:
  Kept(const Program& program, const Contexts& contexts, const Held& held, const Ownership& ownership);

  // The container in the place that an operand names (of every object of the field's record) only ever holds what it
  // held when it was stored there; with `may_grow` a dict may be given keys that it did not have (PyDict_SetDefault),
  // which drops nothing. False for anything that is neither a field nor a global.
  bool settled(FunctionId id, EventId at, const model::Operand& operand, bool may_grow = false) const;
  // It would be settled, had it not been made an attribute of the module or given to pickle: only Python code that
  // takes it from there and changes it is in the way.
  bool left_to_python(FunctionId id, EventId at, const model::Operand& operand) const;
  // The operand names a field that is somewhere filled with an object that Python handed in: whoever passed it can
  // still change it, whatever lock of the project's is held here.
  bool handed_in(FunctionId id, EventId at, const model::Operand& operand) const;

 private:
  struct Mention {
    FunctionId function;
    EventId event;
  };
  // What may be done to the containers of the question being answered.
  struct Tolerance {
    bool growth = false, exposure = false;
  };
  bool ask(FunctionId id, EventId at, const model::Operand& operand, Tolerance tolerance) const;
  bool names_settled(FunctionId id, EventId at, const model::Operand& operand) const;
  bool settled(const model::Place& place) const;
  std::string key_of(const model::Place& place) const;
  bool open_to_python(const model::Place& place) const;
  bool find(const std::vector<Mention>& mentions, const std::string& key) const;
  bool settled_value(FunctionId id, EventId at, const model::Operand& operand, int depth) const;
  bool stays_inside(FunctionId id, EventId store, const model::Operand& value) const;
  bool only_read(FunctionId id, const std::vector<Use>& uses, int depth) const;
  bool reads(FunctionId id, const Use& use, int depth) const;

  const Program& program_;
  const Contexts& contexts_;
  const Held& held_;
  const Ownership& ownership_;
  std::map<std::string, std::vector<Mention>> mentions_;  // "record.field" -> events that read or write the field
  mutable std::map<std::string, bool> known_[4], handed_in_;
  mutable Tolerance tolerance_;
  mutable bool of_global_ = false;  // asked of a global: an object's deallocation has it no more alone than others
};

}  // namespace ftaudit::analysis
