// StressPlan: what the directed stress driver is to try, as the JSON file it reads, and what it found it can do, as the
// JSON file it writes. Made from the facts' entry points and the findings, which come in as plain structs. The driver
// itself is the Python program in runtime/stress, started through stress_driver.h.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "finding/document.h"

namespace ftaudit::dynamic {

// One way from Python into the extension; analysis::EntryPoint in words.
struct EntryPoint {
  std::string python_name;  // "tally.Meter.hit", "tally.count", "tally.Meter.__new__ (tp_new)"
  std::string kind;         // name of the role: "method", "getter", "slot", ...
  std::string c_function;   // "Meter_hit"
  std::string signature;    // "(label, by=1)" where known
  std::string doc;
};

struct StressPlan {
  std::vector<std::string> modules;   // importable names of the built extension modules, "tally", "weave._shuttle"
  std::vector<std::string> packages;  // Python packages to import as well, for the factories and subclasses they offer
  std::vector<EntryPoint> entries;
  std::vector<fs::path> stubs;  // .pyi files and folders to look for them
  std::vector<fs::path> tests;  // the project's tests and examples; read, not run
  fs::path recorded;            // folder of calls the test suite made, as the recorder left them; may be missing
  std::uint64_t seed = 1;
  unsigned threads = 4;
  double seconds_per_finding = 2;  // running time of a directed scenario at full speed
  double seconds_for_pairs = 60;   // running time of all the others together
  double seconds_for_survey = 180;
  // Which findings the driver is to aim at, most severe first.
  struct Target {
    std::string finding;  // fingerprint
    std::string rule;
    std::vector<std::string> functions;  // C functions of its two sides
    std::vector<std::string> entry_points;
    struct Part {
      std::vector<std::string> entry_points;
      bool writes = false;
    };
    std::vector<Part> sides;  // everybody who takes part, where the finding says so
  };
  std::vector<Target> targets;
  std::vector<TypeReport> types;  // which entries of a type stand against which
};

// Targets of findings, in order of severity and confidence. Functions as for rendezvous_of().
std::vector<StressPlan::Target> targets_of(const std::vector<Finding>& findings,
                                           const std::function<std::string(const Location&)>& function_at);

Status write_plan(const fs::path& path, const StressPlan& plan);

// One thing the driver can run in a process of its own.
struct Scenario {
  std::string id;                     // "d003", "p012"; stable for one survey
  std::string title;                  // "tally.Meter: hit with mean"
  std::string kind;                   // "directed", "first pass", "sweep", "first call", "special", "pairs"
  std::vector<std::string> findings;  // fingerprints it aims at; empty for the undirected
  double seconds = 1;                 // running time at full speed
};

// What the driver made of the plan.
struct Survey {
  std::vector<Scenario> scenarios;  // in the order they are worth running
  struct Share {
    std::uint64_t of = 0, done = 0;
  };
  Share types;                         // types of the extension; instances made of them
  Share operations;                    // methods, attributes, slots and functions; called with success
  std::vector<std::string> unmade;     // types no instance was made of, with the last refusal
  std::vector<std::string> uncalled;   // operations never called with success, with the last refusal
  std::vector<std::string> dangerous;  // calls that ended or hung a process by themselves, single-threaded
  std::vector<std::string> notes;      // "cannot import spam._speedups: ..."
};

Result<Survey> read_survey(const fs::path& path);

}  // namespace ftaudit::dynamic
