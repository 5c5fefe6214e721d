// Lent paths: what the variables of a function that runs on another thread, or for one, are in terms of the function
// whose locals it was given: by std::ref, by pointer, captured by a lambda, handed on by whoever it was given to. And
// every access to these locals that the function makes, itself or in what it calls, with the locks it holds.
// Source: [thread.thread.constr], [func.wrap.ref], [expr.prim.lambda.capture].
#pragma once

#include <set>
#include <string>
#include <vector>

#include "analysis/held.h"
#include "analysis/lent_flags.h"
#include "analysis/path.h"

namespace ftaudit::analysis {

// What a variable is: a local of the owner ("v3.total"; "" for none), or its address; code that can be called.
struct Lent {
  std::string place;
  bool address = false;
  FunctionId code = none;
  std::vector<Lent> captured;
  bool is_something() const;
};
// By variable: parameters, then captures.
struct Bindings : std::vector<Lent> {
  using vector::vector;
  bool starter = false;  // of a function that starts threads for the owner: its own locals are one for all of them, too
};

struct LentAccess {
  Site site;
  std::string place;
  bool write = false, atomic = false;
  bool container = false;  // a call on a container of the C++ library
  bool single = false;     // one of the threads alone gets there
  std::vector<std::string> locks, readers;
  LentOrder order;

  bool conflicts_with(const LentAccess& other) const;
};

class LentPaths {
 public:
  LentPaths(const Program& program, const Held& held) : program_(program), held_(held), flags_(program, held) {}

  // An operand of a function, whose variables are so bound. Of the owner itself there are no bindings.
  Lent of(FunctionId in, const Bindings* known, const model::Operand& operand, EventId at, int depth = 0) const;
  // What the function is given by the operands from `first` on, captures of a lambda included.
  Bindings given(FunctionId in, const Bindings* known, const Lent& code, const model::Event& event, EventId at,
                 std::size_t first) const;
  // Accesses of the event of the function, and of what it calls there.
  void at(FunctionId in, const Bindings* known, EventId event, std::vector<LentAccess>& out, int depth = 0) const;
  // Accesses of all its events.
  void all(FunctionId code, const Bindings& known, std::vector<LentAccess>& out, int depth = 0) const;

 private:
  void call(FunctionId in, const Bindings* known, EventId at, FunctionId callee, const Bindings& given,
            std::vector<LentAccess>& out, int depth) const;
  std::string named(FunctionId in, const Bindings* known, const model::Place& place, EventId at, bool& address) const;
  void note(FunctionId in, const Bindings* known, EventId at, std::string place, bool write, bool container,
            std::vector<LentAccess>& out) const;
  void touch(FunctionId in, const Bindings* known, EventId at, std::vector<LentAccess>& out) const;
  std::string lock_name(FunctionId in, const Bindings* known, const std::string& lock) const;
  std::string flag_name(FunctionId in, const Bindings* known, const model::Place& place, EventId at) const;
  void order(FunctionId in, const Bindings* known, EventId at, LentAccess& access) const;
  bool is_of_one_thread(FunctionId in, EventId at) const;

  const Program& program_;
  const Held& held_;
  const LentFlags flags_;
};

}  // namespace ftaudit::analysis
