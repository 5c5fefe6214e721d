// Guilt: whose compiled code a process was in when it died or stood still, by the native frames it left: the innermost
// one below Python's own code that lies in an installed distribution. A frame is a proof; where there is none (a broken
// heap is noticed anywhere), what else was in the stacks are suspects. Used by suite_rounds.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dynamic/watch/watch.h"
#include "trial/installation.h"

namespace ftaudit::trial {

// Which distribution a file is of.
class Owners {
 public:
  explicit Owners(const Installed& installed);
  // Its name; "" for the interpreter's files and the system's.
  std::string of(const fs::path& file) const;
  // Of the name of a module, "numpy._core._multiarray_umath"; by its longest part that is known.
  std::string of_module(std::string_view module) const;
  const fs::path& python() const { return python_; }

 private:
  std::map<std::string, std::string, std::less<>> by_file_, by_folder_, by_module_;
  fs::path python_;
};

struct Guilt {
  std::vector<std::string> guilty;  // distributions
  bool proven = false;              // else suspects
  std::string evidence;             // one line
  std::vector<std::string> stack;
};
Guilt guilt_of(const dynamic::Ending& ending, const Owners& owners);

}  // namespace ftaudit::trial
