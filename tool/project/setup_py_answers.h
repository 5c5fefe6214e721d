// Answers of the reader of setup.py files that earlier runs were given, with all they were made from: the text, the
// other files that were read, the folders that were listed and the places that were looked at. An answer holds as long
// as each of these is as it was; projects may lie elsewhere than they did. Starting a Python costs more than everything
// else that a run with nothing new to read has to do. Used by setup_py.cpp alone.
#pragma once

#include <ctime>
#include <optional>
#include <string>

#include "base/store.h"

namespace ftaudit::project {

class SetupPyAnswers {
 public:
  // `file` below `root`, read by `parser`, an executable. Opens nothing but these.
  SetupPyAnswers(Store& store, const fs::path& parser, const fs::path& file, const fs::path& root);

  std::optional<std::string> find();
  // `answer`: what the reader printed, with a list `looked` of what it looked at. Not kept when something of that
  // changed after the reader was started, or names the root in its own text.
  void keep(const std::string& answer);

 private:
  Store& store_;
  fs::path root_, file_;
  std::string key_;  // "" when the file cannot be read
  timespec started_{};
};

}  // namespace ftaudit::project
