// Library calls: what a function that nobody here reads does to what its arguments lead to. Of the commonest libraries
// rows say it (capi/libraries.cpp). Of the others their types do, where they can be trusted: a library that takes a
// pointer to const where it only reads means to change what it takes otherwise. One that never writes const says
// nothing. Not for Python's own functions, nor for members of C++ classes.
#pragma once

#include <set>
#include <string>

#include "analysis/program.h"

namespace ftaudit::analysis {

class LibraryCalls {
 public:
  explicit LibraryCalls(const Program& program);

  enum class Does : std::uint8_t { unknown, reads, changes };
  Does does(const model::Function& function, const model::Event& event, std::size_t operand) const;

 private:
  bool is_of_library(const model::Event& event) const;

  const Program& program_;
  std::set<std::string> read_by_const_;  // records that some library takes by pointer to const
};

}  // namespace ftaudit::analysis
