// Next steps: what to type after a trial, most urgent first, each a command that takes what the trial found. Used by
// trial.
#pragma once

#include <string>
#include <vector>

#include "finding/trial.h"
#include "trial/installation.h"

namespace ftaudit::trial {

std::vector<std::string> next_steps(const Trial& trial, const Installed& free);

}  // namespace ftaudit::trial
