// Where a report on an application's packages goes, and in which formats. Used by the commands that end in one.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "finding/adoption.h"

namespace ftaudit::cli {

struct AdoptionOutput {
  std::string format = "terminal", output;
  std::vector<std::string> reports;  // FORMAT:FILE
};

struct AdoptionTarget {
  std::string format, file;  // file "": stdout
};

void add_adoption_output(Arguments& command, AdoptionOutput& output);
Result<std::vector<AdoptionTarget>> adoption_targets(const AdoptionOutput& output);
// 0, or the exit code with which it failed.
int write_adoption(const std::vector<AdoptionTarget>& targets, const AdoptionReport& report, const Console& console);

}  // namespace ftaudit::cli
