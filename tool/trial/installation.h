// Installation: an application and what its tests need, in a throw-away environment of one interpreter: wheels first,
// then sources, and where not all of it can be had, each thing by itself, so that one failure costs one row. Then what
// is there, and what importing it does. RUNS CODE: builds, and what is imported. Used by trial.
#pragma once

#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "dynamic/build/build.h"

namespace ftaudit::trial {

// What pip calls a distribution, as it lies there.
struct Distribution {
  std::string name, version;
  std::vector<std::string> top, modules;  // names to import; of the compiled modules
  std::vector<std::string> files;         // relative to the folder of packages
  std::vector<std::string> tags;          // of its wheel
  fs::path folder;                        // of the sources it was installed from; empty: it came from an index
  fs::path location;                      // the folder of packages

  // Its wheel fits this machine's Linux alone: no index takes such, it was built here.
  bool built_here() const;
};

struct Wanted {
  bool application = false;               // is something that can be installed itself
  std::vector<std::string> extras;        // of it
  std::vector<fs::path> files;            // of requirements
  std::vector<std::string> requirements;  // of the files, one each: what is tried where they cannot be had as a whole
  std::vector<std::string> tests;         // what the tests need
  std::vector<std::string> pins;          // exact versions that are kept to where they install: "pytest==8.4.2"
};

struct Refused {
  std::string what, why;
  bool for_tests = false;
};

// An exact version that was asked for and let go.
struct Unpinned {
  std::string name, version, why;
};

struct Installed {
  fs::path python;  // of the environment
  fs::path source;  // the copy of the application that the tests are run in
  std::vector<Distribution> distributions;
  std::vector<Refused> refused;
  std::vector<Unpinned> unpinned;
  bool apart = false;              // each thing was installed by itself, since not all of it can be
  std::vector<std::string> tests;  // what the tests need and is there, then

  bool is_application(const Distribution& one) const { return !one.folder.empty() && one.folder == source; }
};

// `constraints`: "name==version" that are kept to where that works. The error: no environment at all.
Result<Installed> install(const dynamic::Workspace& workspace, const python::Interpreter& interpreter,
                          const std::string& name, const fs::path& application, const Wanted& wanted,
                          const std::vector<std::string>& constraints, Progress& progress);

struct Imported {
  std::string module;
  std::string problem;                // the exception, or how the process ended
  std::vector<std::string> culprits;  // compiled modules whose loading switched the GIL on
};

// All in one process, as an application has them; behind one that takes the process along the rest goes on in another.
// `apart`: each in a process of its own.
std::vector<Imported> import_all(const fs::path& python, const fs::path& folder,
                                 const std::vector<std::string>& modules, bool apart);

}  // namespace ftaudit::trial
