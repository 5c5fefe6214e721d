// RendezvousSites: where threads of an instrumented extension are made to meet in a run, and the environment that says
// so to the runtime. Sites are functions that findings name; which of them belong together comes from the two sides of
// each finding.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "finding/finding.h"

namespace ftaudit::dynamic {

struct Rendezvous {
  std::vector<std::string> functions;                      // as findings spell them: "Meter_hit", "grid::Lattice::add"
  std::vector<std::pair<std::size_t, std::size_t>> pairs;  // indices; a function without a pair meets any other
};

// The functions of findings (Finding::function and, for steps, the functions `function_at` gives; "" where it does not
// know), in order of severity; the pairs are those of each finding's two sides.
Rendezvous rendezvous_of(const std::vector<Finding>& findings,
                         const std::function<std::string(const Location&)>& function_at);

// How a run is perturbed and where it leaves what it counted.
struct RendezvousRun {
  fs::path sites;                      // as write_sites left it; empty: nobody is parked, functions are only counted
  std::chrono::milliseconds park{20};  // how long the first thread waits for the second at most
  unsigned parks = 200;                // how often one site may park in one process, so that a slow suite stays usable
  fs::path coverage_folder;            // one file a process and module: <folder>/<pid>-<n>.coverage
  fs::path owner_folder;  // one table a process: <folder>/<pid>.owners, see owner_table.h; empty: none is kept
};

Status write_sites(const fs::path& path, const Rendezvous& rendezvous);

// The environment of a run, as "NAME=value".
std::vector<std::string> environment_of(const RendezvousRun& run);

// Shell-style patterns of the symbols a function as findings spell it may have: itself, and mangled by the Itanium C++
// ABI or by Cython. Too many rather than too few: "add" is also found as member and in any namespace.
std::vector<std::string> symbol_patterns(std::string_view function);

}  // namespace ftaudit::dynamic
