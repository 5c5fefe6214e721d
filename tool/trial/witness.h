// Witness: what goes into every process of a trial so that it can say why it died and whether its GIL came back: the
// crash's native stack, out of a library that is loaded beside whatever was installed, and the modules that switched
// the GIL on. Built once a trial. Used by suite_rounds.
#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace ftaudit::trial {

class Witness {
 public:
  // Writes into `folder`, which has to be on the processes' PYTHONPATH.
  static Result<Witness> make(const fs::path& folder);

  // "NAME=value" for a process.
  std::vector<std::string> environment() const;
  // Modules that have switched the GIL on in a process so far, each once.
  std::vector<std::string> switched_on_by() const;
  // Why crashes tell no native stack; "" where they do.
  const std::string& blind() const { return blind_; }

 private:
  fs::path library_, gil_;
  std::string blind_;
};

}  // namespace ftaudit::trial
