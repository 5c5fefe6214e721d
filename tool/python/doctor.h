// What ftaudit needs of a machine, piece by piece: there, missing, or missing without harm to a scan; with what it
// would take to get it. Looks at files only and changes nothing. Used by cli's doctor command.
#pragma once

#include <string>
#include <vector>

namespace ftaudit::python {

struct Check {
  enum class State { ok, missing, optional };  // missing: scan cannot work; optional: something else cannot

  std::string what;  // "CPython headers"
  State state = State::ok;
  std::string detail;  // what was found and where, or what fails without it
  std::string remedy;  // a command and its cost in brackets, or a sentence; empty when nothing is to be done

  // The remedy's command in words, where it is one that ftaudit may run itself; else nothing.
  std::vector<std::string> command() const;
};

std::vector<Check> examine_machine();

// True when none of them is missing.
bool scan_can_work(const std::vector<Check>& checks);

}  // namespace ftaudit::python
