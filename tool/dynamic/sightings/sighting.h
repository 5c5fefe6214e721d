// Sighting: one thing that was seen to go wrong while the code ran - a race, a crash, a deadlock - with the places in
// the project it lies in. Made of sanitizer reports and of how children ended; sightings of the same pair of places are
// one, counted. Knows nothing of static findings: bringing the two together is meeting.h's.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/location.h"
#include "dynamic/sightings/ours.h"
#include "dynamic/tsan/tsan.h"
#include "dynamic/watch/watch.h"
#include "finding/finding.h"

namespace ftaudit::dynamic {

// Which run saw it.
struct Seen {
  std::string workload;  // "tests", "tests in parallel", "plain repeats", "stress: Counter.bump x Counter.total"
  std::string command;   // what was run
  std::string step;      // of the driver, as its progress file had it
  std::vector<std::string>
      findings;           // fingerprints it was aimed at: only their functions were called by several threads
  bool plain = false;     // on the build without the sanitizer
  bool screened = false;  // light mode: the interpreter was not instrumented
};

struct Site {
  struct Entry {
    Location location;  // of the call
    std::string function;
  };
  Location location;
  std::string function;
  std::string access;            // "write", "atomic read", "free", "waits for PyMutex 0x...", ...
  std::optional<Entry> entered;  // the outermost function of the project that led there, where it is another one
};

enum class Attribution : std::uint8_t {
  extension,        // both sides lie in the project
  through_cpython,  // one side does; the other is CPython's or another library's, reached with the project's object
  cpython_only,     // neither: counted, not shown
};

struct Sighting {
  enum class Kind : std::uint8_t {
    data_race,
    use_after_free,
    lock_order_inversion,
    mutex_misuse,
    crash,
    deadlock,
    hang,
    gil_switched_on,
    signal_unsafe,
    runtime_trouble
  };
  Kind kind = Kind::data_race;
  std::string type;         // in words: "data race", "Segmentation fault", "assertion `x > 0' failed"
  std::vector<Site> sites;  // innermost places in the project, one a side, sorted; may be empty
  std::vector<Site> path;   // further frames of the project below them, for matching with findings
  Attribution attribution = Attribution::extension;
  std::string place;  // the global's name, or "memory allocated in FUNCTION"
  bool in_global = false;
  bool among_locks =
      false;           // of a deadlock: a proven circle of locks alone, in which nobody waits for all threads to pause
  bool proven = true;  // of a deadlock: the circle of waiting is known; else all threads were merely parked
  std::string lacks;   // evidence that the report should have and has not: "one of its two stacks was lost"
  Witness::Repeats repeats;  // of the scenario it was seen in; set by whoever ran it again
  bool after_fault = false;  // after a crash or a use after free in the same process: may be a consequence
  std::uint64_t count = 1;
  std::uint64_t plain_count = 0;     // of them on the plain build
  Seen seen;                         // the first time
  std::string text;                  // the report, for people
  std::string reproducer;            // a command line; set by whoever made one
  std::uint32_t hits = 0, runs = 0;  // of the reproducer

  // Kind and the unordered pair of (file, function): what people mend in one go.
  std::string family() const;
  // What is told as one: of races, the global they are about and the pair of functions that Python entered, whatever
  // they went through below; of the rest the family.
  std::string cause() const;
  // The same with lines: what a finding may speak of.
  std::string key() const;
};
std::string_view name_of(Sighting::Kind kind);      // "use-after-free"
std::string_view name_of(Attribution attribution);  // "through-cpython"

// What it lacks to show that the extension did it; "" for what is shown. A race is shown by its two stacks, a use after
// free by that of the use and that of the freeing, locks taken in opposite orders by their circle, a crash by a frame
// of the extension on its stack, a deadlock by a circle of waiting.
std::string lacking(const Sighting& sighting);

// One sanitizer report. Nothing for kinds that say nothing about the project (leaked threads).
std::optional<Sighting> sighting_of(const tsan::Report& report, const Ours& ours, const Seen& seen);

// A child that crashed, hung or locked up; nothing if it ended by itself, or if it stood or ran without the project
// having a part in it: a test that waits for ever is the test's business. `err_tail` is read for stacks, failed
// assertions and fatal errors.
std::optional<Sighting> sighting_of(const Ending& ending, const Ours& ours, const Seen& seen);

// Sightings without repetition, in the order they were first made.
class Sightings {
 public:
  void add(Sighting sighting);
  // All reports of a log, with `after_fault` set behind the first fault of each process.
  void add(const tsan::Log& log, const Ours& ours, const Seen& seen);
  std::span<const Sighting> all() const { return all_; }
  std::span<Sighting> all() { return all_; }
  std::uint64_t cpython_only() const { return cpython_only_; }  // reports that had nothing of the project in them

 private:
  std::vector<Sighting> all_;
  std::map<std::string, std::size_t> known_;
  std::uint64_t cpython_only_ = 0;
};

}  // namespace ftaudit::dynamic
