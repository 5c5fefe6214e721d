// Adoption: what a set of Python packages means for running without the GIL, package by package and for the whole.
// Plain data: packages decides and fills it in, reports render it and know nothing else. Everything shown was read from
// somewhere, and what was not looked into is said.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "finding/document.h"
#include "finding/evidence.h"

namespace ftaudit {

// From best to worst; the worst of a set decides.
enum class Standing : std::uint8_t {
  pure,            // no extension module in it
  supports,        // every extension module declares it, and the author's classifier says so too or an import agreed
  declared_only,   // the binary declares it; nothing else backs the claim
  hazards,         // it declares it, and the static scan found what stands against it
  unknown,         // what would decide could not be read
  no_wheel,        // no wheel that a free-threaded interpreter can load; see Build
  enables_gil,     // importing it switches the GIL back on
  cannot_install,  // the resolver found no version for this target
};
std::string_view name_of(Standing standing);   // "switches-gil-on": the key of machine-readable reports
std::string_view title_of(Standing standing);  // "switches the GIL on": what people read
std::optional<Standing> standing_named(std::string_view name);

enum class Builds : std::uint8_t { unknown, yes, no };
std::string_view name_of(Builds builds);

// One importable extension module inside a wheel.
struct ModuleEvidence {
  std::string file;  // inside the wheel
  std::string name;  // "_speedups"
  Gil gil = Gil::unknown;
  std::string style;                        // "multi-phase", "single-phase", "export hook", "delegated", "unknown"
  std::string how;                          // "Py_mod_gil slot is Py_MOD_GIL_NOT_USED"; why unknown, where it is
  std::vector<std::string> origins;         // "Cython", "PyO3", ...
  std::vector<std::string> borrowed_calls;  // functions it imports that hand out borrowed references
  bool own_locks = false;                   // imports PyMutex_* or critical sections
  bool instrumented = false;                // built with ThreadSanitizer
};

// One observation behind a verdict, with where it came from.
struct Reason {
  std::string what;    // one sentence without a full stop
  std::string source;  // "wheel numpy-2.1.0-cp313-cp313t-....whl", "METADATA", "index", "import", "scan", "resolver"
};

struct ScanSummary {
  std::uint64_t high = 0, medium = 0, low = 0;
  std::uint64_t files = 0, skipped = 0;
  std::string report;  // path of the full report; "" when none was kept
  std::string failed;  // why there is no scan; "" when there is
};

struct ProbeSummary {
  std::optional<bool> gil_after;      // sys._is_gil_enabled() after import; none: it never got there
  std::vector<std::string> culprits;  // modules whose loading switched it on, in order
  std::string python;                 // "3.13.5t"
  std::string failed;                 // "killed by signal 11", "ModuleNotFoundError: ..."
};

struct ConfirmSummary {
  std::uint64_t confirmed = 0;    // findings seen to happen
  std::uint64_t against = 0;      // of these, the ones of high or medium severity
  std::uint64_t reached = 0;      // run through, and not seen to happen
  std::uint64_t not_reached = 0;  // never got to
  bool screened = false;          // some were seen without ThreadSanitizer, which may err
  std::string report;             // path of the full report; "" when there is none
  std::string failed;             // why nothing could be run; "" when something was
};

// What a trial of the application says of one of its packages.
struct TrialSummary {
  struct Incident {
    std::string test, what;  // "race that the GIL hid"
    bool proven = false;     // a native frame of the package; else it is one of several suspects
  };
  std::string python, version;  // "3.13.5t"; of the package, "" where it could not be installed
  bool built_here = false;      // from its sources
  std::string problem;          // not installed, without its compiled part, not to be imported; "" if nothing
  bool blocks = false;          // and that stands against going without the GIL
  bool switched_gil_on = false;
  std::vector<Incident> incidents;
  std::uint64_t tests = 0;  // that enter its compiled code and were run by several threads
};

struct PackageReport {
  std::string name, version;              // version "" where none was found
  bool direct = false;                    // named by the user, not pulled in
  std::vector<std::string> asked_by;      // requirement files that name it ("requirements.txt:3")
  std::vector<std::string> needed_by;     // packages that pull it in
  std::vector<std::string> requires_;     // packages of this report that it pulls in
  std::vector<std::string> applications;  // inputs of this report that need it

  Standing standing = Standing::unknown;
  Confidence confidence =
      Confidence::possible;  // claimed only: possible; read: likely; seen running or plainly so: certain
  std::string summary;       // one sentence without a full stop
  std::vector<Reason> reasons;
  std::vector<std::string> not_checked;  // what was not looked into, and why

  std::string file;                 // the wheel or sdist judged
  std::string wheel_tag;            // "cp313-cp313t-manylinux_2_17_x86_64"; "" when an sdist
  std::string classifier;           // "3 - Stable"; "" when the author says nothing
  Builds builds = Builds::unknown;  // for no_wheel: whether the sdist would build
  std::string builds_why;
  std::vector<ModuleEvidence> modules;
  std::vector<std::string>
      foreign;                // native code that is no extension module: loaded through ctypes or cffi, executables
  std::string first_version;  // first version that has a wheel for the target; "" when none or not known
  std::string upgrade_to;     // newer version that is better than this one; ""
  std::string pin_to;         // older version that is better, where no newer is; ""
  std::string yanked;         // reason, or "yes"
  std::string homepage;       // where its tracker is, when the metadata says
  bool known = true;          // false: no index knows the name, or none could be asked
  std::optional<ScanSummary> scan;
  std::optional<ProbeSummary> probe;
  std::optional<ConfirmSummary> confirm;
  std::optional<TrialSummary> trial;
  EvidenceRow evidence;
};

enum class Workload : std::uint8_t { mixed, io, cpu, numeric };
std::string_view name_of(Workload workload);
std::optional<Workload> workload_named(std::string_view name);

// stay: it would run, and what was measured shows no gain. none: too little is known to say anything.
enum class Recommendation : std::uint8_t { go, staging, stay, not_yet, none };
std::string_view name_of(Recommendation recommendation);   // "not-yet"
std::string_view title_of(Recommendation recommendation);  // "not yet"

// What to do about one package, in the order in which it pays.
struct Action {
  enum class Kind : std::uint8_t { upgrade, replace, ask, build, look } kind = Kind::look;
  std::string package;
  std::string what;  // one sentence: "upgrade to 2.1.0, the first version with a wheel for 3.13t"
};
std::string_view name_of(Action::Kind kind);

struct Advice {
  Recommendation recommendation = Recommendation::staging;
  std::string headline;               // one sentence
  std::vector<std::string> because;   // the steps of the decision
  std::vector<std::string> blockers;  // names of packages
  std::vector<Action> actions;
  // How the GIL comes back: each from what the user asked for to the package that does it.
  std::vector<std::vector<std::string>> chains;
  // Where the application itself was tried or measured:
  std::string branch;                 // the row of the table that fits, "batch"; "" where neither was done
  std::vector<std::string> rests_on;  // each a fact with its interval, and what it was held against
  std::vector<std::string> missing;   // what would have to be known for a better answer, with the command
  std::vector<std::string> never;     // what this does not say
};

// What was measured of the application, as one number with where it lies; in 95 of 100 cases between low and high.
struct ApplicationFact {
  std::string name, title;  // "cpu-share", "processor time by wall time, with the GIL"
  double low = 0, median = 0, high = 0;
  bool known = false;
  std::string why;  // it is not known
};

// The trial and the measurement of the application that were laid beside the packages.
struct ApplicationEvidence {
  bool tried = false, measured = false;
  std::string trial, measurement;    // one line each
  std::vector<std::string> against;  // what was seen that stands against it, whatever package it is of
  std::vector<ApplicationFact> facts;
  std::optional<Workload> kind;  // of work, as measured
};

// One package between two reports.
struct Change {
  std::string package;
  std::string before_version, after_version;  // "" where it was not there
  std::optional<Standing> before, after;
};

struct AdoptionReport {
  std::string tool_version;
  std::string target;                   // "3.13t"
  std::string platform;                 // "manylinux_2_28_x86_64"
  std::string date;                     // of the index data, "2026-01-31"
  std::string resolver;                 // "pip 25.0", "pinned"
  Workload workload = Workload::mixed;  // as the user says
  std::optional<ApplicationEvidence> application;
  std::vector<std::string> inputs;
  std::vector<PackageReport> packages;  // sorted by name
  Advice advice;
  std::vector<std::string> problems;  // inputs and packages that could not be used, each one sentence
  bool incomplete = false;            // something the user asked for is not among the packages because of a problem
  std::vector<std::string> notes;
  std::optional<std::vector<Change>> changes;  // with --diff
  std::uint64_t downloaded_bytes = 0;
};

// Packages of each standing, worst first, those without any left out.
std::vector<std::pair<Standing, std::uint64_t>> by_standing(const AdoptionReport& report);

// A package that stands in the way: it switches the GIL on, cannot be had, or has hazards.
struct Blocking {
  const PackageReport* package = nullptr;
  std::size_t applications = 0;  // that need it
};
// Of a report on several applications, those in the way of most of them first; empty where there is one.
std::vector<Blocking> blocking(const AdoptionReport& report);
// How many of its inputs need none of these, and of how many nothing is known: they could not be read, or need nothing.
struct Inputs {
  std::size_t all = 0, free = 0, unknown = 0;
};
Inputs inputs_of(const AdoptionReport& report);

enum class FailOn : std::uint8_t { never, gil, unsupported, unknown };  // each fails for more than the one before
std::optional<FailOn> fail_on_named(std::string_view name);

// gil: 1 when a package switches the GIL on. unsupported: also when one cannot be installed, has no wheel, or has
// hazards, or something was seen to stand against the application. unknown: also when a package could not be judged. 3
// when no package was judged, an input or a package could not be read or found, or the application was measured and yet
// nothing can be said; else 0.
int exit_code(const AdoptionReport& report, FailOn fail_on);

// What changed from `before` to `after`: packages that came, went, or changed version or standing; sorted by name.
std::vector<Change> changes(const std::vector<PackageReport>& before, const std::vector<PackageReport>& after);

}  // namespace ftaudit
