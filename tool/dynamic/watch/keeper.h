// The keeper: a small process between ftaudit and a program under watch. Everything the program starts stays below it -
// it adopts orphans, also those that made a session of their own - and when its command pipe closes, because the watch
// is done or because ftaudit died, it kills all of it. Used by the watch only.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace ftaudit::dynamic {

struct KeptProgram {
  std::vector<std::string> argv;         // argv[0] a path
  std::vector<std::string> environment;  // the whole of it
  fs::path folder;                       // empty: the current one
  bool fixed_addresses = false;
};

class Keeper {
 public:
  // Error: the program could not be started, or no process could be made.
  static Result<Keeper> start(const KeptProgram& program);
  Keeper(Keeper&& other) noexcept;
  Keeper& operator=(Keeper&&) = delete;
  ~Keeper();  // kills what is left, and waits for the keeper

  pid_t pid() const { return keeper_; }
  pid_t program() const { return program_; }
  int out() const { return out_; }  // non-blocking ends of the program's stdout and stderr
  int err() const { return err_; }

  // The wait status of the program, once it has ended.
  std::optional<int> ended();
  // Kills the program and all that descends from it. Returns when they are gone.
  void kill_all();

 private:
  Keeper() = default;
  pid_t keeper_ = -1, program_ = -1;
  int out_ = -1, err_ = -1, command_ = -1, status_ = -1;
  std::optional<int> wait_status_;
};

}  // namespace ftaudit::dynamic
