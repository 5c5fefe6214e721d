// Supposition: the facts as they would be with some edits made. Analyses and rules see nothing else, so what they find
// in it is what they would find in the sources after the edits; no text is touched.
#pragma once

#include <map>
#include <vector>

#include "model/rewriting.h"
#include "plan/edit.h"

namespace ftaudit::plan {

// Of edits of one function: sections that several steps hold all through it, of two objects together, written as one,
// which holds both where one inside the other would not. Nothing where none does, or where it would be of three.
std::optional<Edit> one_section(const std::vector<const Edit*>& edits);

class Supposition {
 public:
  Supposition(const model::Facts& facts, const std::vector<const Edit*>& edits);

  const model::Facts& facts() const { return facts_; }
  // Where an event of a supposed function was in the facts as they were read; none for one that an edit put in.
  EventId original(FunctionId id, EventId event) const;

 private:
  void edit(FunctionId id, const std::vector<const Edit*>& edits);
  model::GlobalId mutex(const std::string& name);
  void declare(const Edit& edit);
  void set_gil(model::Function& function, EventId made, model::Rewriting& rewriting);

  model::Facts facts_;
  std::map<std::string, model::GlobalId> mutexes_;
  std::map<FunctionId, Per<EventId, EventId>> originals_;
};

}  // namespace ftaudit::plan
