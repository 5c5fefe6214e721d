// Kept: containers in fields that are filled before they are stored, never changed afterwards, and never handed out.
// Nobody can drop an item of such a container, so what is borrowed from it stays alive as long as its owner.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/ownership.h"

namespace ftaudit::analysis {

class Kept {
 public:
  Kept(const Program& program, const Contexts& contexts, const Held& held, const Ownership& ownership);

  // Of every object of `record`: the container in `field` only ever holds what it held when it was stored there; with
  // `may_grow` a dict may be given keys that it did not have (PyDict_SetDefault), which drops nothing.
  bool settled(const std::string& record, const std::string& field, bool may_grow = false) const;
  // The same for the place an operand names; false for anything that is not a field.
  bool settled(FunctionId id, EventId at, const model::Operand& operand, bool may_grow = false) const;
  // The operand names a field that is somewhere filled with an object that Python handed in: whoever passed it can still
  // change it, whatever lock of the project's is held here.
  bool handed_in(FunctionId id, EventId at, const model::Operand& operand) const;

 private:
  struct Mention {
    FunctionId function;
    EventId event;
  };
  bool open_to_python(const std::string& record, const std::string& field) const;
  bool find(const std::vector<Mention>& mentions, const std::string& key) const;
  bool settled_value(FunctionId id, EventId at, const model::Operand& operand, int depth) const;
  bool only_read(FunctionId id, const std::vector<Use>& uses, int depth) const;
  bool reads(FunctionId id, const Use& use, int depth) const;

  const Program& program_;
  const Contexts& contexts_;
  const Held& held_;
  const Ownership& ownership_;
  std::map<std::string, std::vector<Mention>> mentions_;  // "record.field" -> events that read or write the field
  mutable std::map<std::string, bool> known_, known_growing_, handed_in_;
  mutable bool may_grow_ = false;  // of the question being answered
};

}  // namespace ftaudit::analysis
