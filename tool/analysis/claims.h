// Claims: flags that work like a lock which is only tried. Who finds the flag 0 and sets it in one step (an exchange,
// or test and store under one lock) has what it stands for until it stores 0 again; everybody else is turned away or
// comes back later. Here is only which events take a flag and which give it back; that all who touch a flag keep to it
// is Shared's to prove. Source: ISO C11, 7.17.7 and 7.17.8; C API reference, synchronization.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "analysis/values.h"

namespace ftaudit::analysis {

struct ClaimStep {
  enum class Does : std::uint8_t {
    exchanges,   // takes it when the result says so
    takes,       // has tested it, and sets it
    gives_back,  // stores 0 or something else, and all that was done before is to be seen
    breaks       // changes it in another way
  };
  Does does = Does::breaks;
  std::uint32_t flag = none;  // number of the flag: of a global, or of a field whatever the object
  EventId result = none;      // exchanges: the event whose result tells
  bool taken_when_zero = false;
  EventId tested = none;  // takes: where the value that was tested was read
  std::string what;       // "&p0*.busy", as a lock would be named
};

class Claims {
 public:
  // `values` of a function, made when first asked for.
  Claims(const Program& program, const Suspension& suspension, const std::function<const Values&(FunctionId)>& values);

  // None for events that have nothing to do with a flag.
  const ClaimStep* at(FunctionId id, EventId event) const;
  const std::map<EventId, ClaimStep>& in(FunctionId id) const { return steps_[id]; }
  std::size_t flags() const { return flags_.size(); }

 private:
  Per<FunctionId, std::map<EventId, ClaimStep>> steps_;
  std::map<std::string, std::uint32_t> flags_;  // "Scan.busy", "g3"
};

}  // namespace ftaudit::analysis
