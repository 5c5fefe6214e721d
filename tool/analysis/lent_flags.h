// Lent flags: what atomics say about the threads that a function gives its locals to. Who has won one is the only one
// behind it: the first to exchange it, the one that counted to a number. Who has found one set comes after all that was
// done before it was set; who sets it tells what it did before. Used by LentPaths.
// Source: [atomics.order], [intro.races].
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/held.h"

namespace ftaudit::analysis {

// "=name": a flag that is set, "#name": a count that is changed, "-name": one that goes down; sorted.
struct LentOrder {
  std::vector<std::string> seen, told;
};
// `first` comes before `second` wherever both are made.
bool comes_first(const LentOrder& first, const LentOrder& second);

class LentFlags {
 public:
  LentFlags(const Program& program, const Held& held) : program_(program), held_(held) {}

  // One thread alone gets there, in all.
  bool is_won(FunctionId in, EventId at) const;
  // What is known there of atomics, and what they are told after it.
  using Named = std::function<std::string(const model::Place&, EventId)>;
  void note(FunctionId in, EventId at, const Named& named, LentOrder& out) const;

 private:
  const Program& program_;
  const Held& held_;
};

}  // namespace ftaudit::analysis
