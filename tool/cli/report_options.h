// What `ftaudit report` takes from the command line, as values. Options are added in report_options.cpp.
#pragma once

#include <string>
#include <vector>

#include "adoption/request.h"

namespace ftaudit::cli {

struct ReportOptions : adoption::Request {
  std::string format = "terminal", output;
  std::vector<std::string> reports;  // FORMAT:FILE
  FailOn fail_on = FailOn::gil;
  std::string diff;  // an older report, JSON
};

}  // namespace ftaudit::cli
