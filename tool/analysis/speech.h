// Speech: code behind a flag that says something to a person, sets the flag, and does nothing else. Where two threads
// get there, it is said twice.
#pragma once

#include <functional>
#include <utility>

#include "analysis/program.h"

namespace ftaudit::analysis {

class Speech {
 public:
  Speech(const Program& program, std::function<bool(const model::Place&)> is_flag)
      : program_(program), is_flag_(std::move(is_flag)) {}

  bool is(const model::Function& function, const model::Event& event, int depth = 0) const;
  // All that only the block leads to.
  bool is_all(FunctionId id, std::uint32_t first) const;

 private:
  const Program& program_;
  std::function<bool(const model::Place&)> is_flag_;
};

}  // namespace ftaudit::analysis
