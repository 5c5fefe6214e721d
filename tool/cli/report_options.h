// What `ftaudit report` takes from the command line, as values. Options are added in report_options.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "finding/adoption.h"

namespace ftaudit::cli {

struct ReportOptions {
  std::vector<std::string> inputs;        // files, folders, environments, wheels, requirements
  std::vector<std::string> requirements;  // -r
  std::string target;                     // "": that of the wheels that are named, else 3.13t
  std::string platform;                   // "": this machine's
  Workload workload = Workload::mixed;
  std::string format = "terminal", output;
  std::vector<std::string> reports;  // FORMAT:FILE
  FailOn fail_on = FailOn::gil;
  std::string diff;      // an older report, JSON
  std::string resolver;  // uv, pip; "": uv when present
  std::vector<std::string> extras, groups;
  std::string index_url, certificate, proxy;
  std::vector<std::string> extra_index_urls, find_links, trusted_hosts;
  bool no_index = false, offline = false, prereleases = false, no_cache = false;
  bool no_binaries = false;  // --tags-only
  bool scan = false, probe = false;
  std::string scan_reports;          // a folder for the full report of each scan
  std::vector<std::string> confirm;  // names of packages to build and run
  std::chrono::seconds budget{600};  // of each of them
  std::string confirm_reports = "ftaudit-confirmed";
  std::string python;  // for --probe and --confirm
  unsigned jobs = 0;
};

}  // namespace ftaudit::cli
