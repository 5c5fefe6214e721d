// Suspension: which calls may let the thread state go or run Python code, project functions included, by what they
// call. Critical sections are suspended there, and borrowed references may die there. Calls nobody here knows (other
// libraries) are taken to do neither; function pointers do what the functions of the project do that they may lead to,
// and if none is known, run Python when they are given an object.
// Source: C API reference, synchronization; HOWTO free-threading-extensions, "Critical Sections".
#pragma once

#include <vector>

#include "analysis/program.h"

namespace ftaudit::analysis {

class Suspension {
 public:
  explicit Suspension(const Program& program);
  bool function(FunctionId id) const { return suspends_[id]; }
  bool event(const model::Function& in, const model::Event& event) const;
  // Of the calls that may: it does so in the ordinary course of things, and not only where a reference that it drops
  // was the last one, a key brings its own __hash__, or an error is raised.
  bool commonly(const model::Function& in, const model::Event& event) const;

 private:
  bool known(const model::Function& in, const model::Event& event, bool commonly) const;
  bool through_edges(const model::Function& in, const model::Event& event, const Per<FunctionId, bool>& suspends,
                     bool& known_callees) const;
  bool carries(const Edge& edge) const;
  Per<FunctionId, bool> spread(bool commonly) const;
  const Program& program_;
  Per<FunctionId, bool> suspends_, commonly_;
};

}  // namespace ftaudit::analysis
