// What a report on the packages of an application is asked for, as plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "finding/adoption.h"
#include "finding/measurement.h"
#include "finding/trial.h"

namespace ftaudit::adoption {

struct Request {
  std::vector<std::string> inputs;        // files, folders, environments, wheels, requirements
  std::vector<std::string> requirements;  // requirement files
  std::string target;                     // "": that of the wheels that are named, else 3.13t
  std::string platform;                   // "": this machine's
  Workload workload = Workload::mixed;
  bool workload_named = false;             // by the user
  std::optional<Trial> trial;              // of the application that the inputs are of
  std::optional<Measurement> measurement;  // of it
  std::string resolver;                    // uv, pip; "": uv when present
  std::vector<std::string> extras, groups;
  std::string index_url, certificate, proxy;
  std::vector<std::string> extra_index_urls, find_links, trusted_hosts;
  bool no_index = false, offline = false, prereleases = false, no_cache = false;
  bool no_binaries = false;  // names and metadata only
  bool scan = false, probe = false;
  std::string scan_reports;          // a folder for the full report of each scan
  std::vector<std::string> confirm;  // names of packages to build and run
  std::chrono::seconds budget{600};  // of each of them
  std::string confirm_reports = "ftaudit-confirmed";
  std::string python;  // for probe and confirm
  unsigned jobs = 0;
};

}  // namespace ftaudit::adoption
