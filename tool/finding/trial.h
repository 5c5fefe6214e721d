// Trial: what became of an application that was installed and tested on a CPython without the GIL and beside it on one
// with, as plain data: what installed, which import switches the GIL on, how each test ended in each of four ways to
// run it, and what follows. Made by trial, rendered by reports. Only the rules of sorting stand here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ftaudit {

// A distribution that was asked for or came along.
struct TriedPackage {
  enum class State : std::uint8_t { installed, without_c_part, other_version, cannot_install, cannot_install_anywhere };
  std::string name, version;
  std::string gil_version;           // on the build with the GIL; "" where it is not installed there
  std::vector<std::string> modules;  // compiled modules, without the GIL
  State state = State::installed;
  bool built_here = false;  // from its sources, on this machine
  bool for_tests = false;   // asked for by the tests alone, where that is known
  std::string why;          // it could not be installed
  std::string pin;          // the version that was asked for exactly, and could not be installed; "" where none was
};
std::string_view name_of(TriedPackage::State state);  // "without-c-part"
std::optional<TriedPackage::State> tried_state_named(std::string_view name);

// A compiled module that was imported, where that showed something.
struct TriedImport {
  std::string module, package;
  bool switched_gil_on = false;
  std::string problem;       // the exception, or how the process ended; "" where it can be imported
  bool only_without = true;  // the problem is not there on the build with the GIL
};

// How often a test ended how, in one way to run it.
struct TriedRuns {
  unsigned passed = 0, failed = 0, crashed = 0, stuck = 0, skipped = 0;
  std::string what;  // of the first that went wrong

  unsigned bad() const { return failed + crashed + stuck; }
  unsigned runs() const { return passed + bad(); }
};

// The ways: on the build with the GIL; without it alone; without it by several threads; the control, on the same
// interpreter by as many threads with the GIL on.
enum class Way : std::uint8_t { gil, alone, threads, control };
constexpr std::size_t ways = 4;
std::string_view name_of(Way way);

enum class TriedAnswer : std::uint8_t {
  passes,
  alone_only,  // passes, and was not run by several threads
  skipped,     // nowhere run
  fails_everywhere,
  flaky,         // at times it fails where no thread and no missing GIL can be the reason
  undecided,     // too few runs to tell a difference from chance
  shares_state,  // by several threads it fails with the GIL on, too
  interpreter,   // without threads: it fails on this interpreter, and not on the other
  hidden_race,   // by several threads, and not with the GIL on
  stands_still,  // a deadlock or a hang, and not with the GIL on
  crashes,       // and not with the GIL on
};
std::string_view name_of(TriedAnswer answer);  // "hidden-race"
std::optional<TriedAnswer> tried_answer_named(std::string_view name);
std::string_view title_of(TriedAnswer answer);  // "race that the GIL hid"
bool stands_against(TriedAnswer answer);

struct TriedTest {
  std::string name;
  std::array<TriedRuns, ways> by_way;
  TriedAnswer answer = TriedAnswer::skipped;
  std::string single;               // why it was not run by several threads
  std::vector<std::string> enters;  // compiled packages it enters
  std::vector<std::string> guilty;  // distributions
  bool proven = false;              // by a native frame; else `guilty` are suspects: one of them, or the application
  std::string evidence;             // "roster.cpython-313t.so+0x12c4 roster_total", "4 threads stand in transfer"
  std::vector<std::string> stack;   // the lines behind it

  const TriedRuns& of(Way way) const { return by_way[static_cast<std::size_t>(way)]; }
  TriedRuns& of(Way way) { return by_way[static_cast<std::size_t>(way)]; }
};

// What follows from the runs.
TriedAnswer sorted(const TriedTest& test);
// Whether further runs could change or settle that.
bool in_doubt(const TriedTest& test);
// One-sided, exact (Fisher): how likely at least `bad` of `runs` are bad where `other_bad` of `other_runs` are, if
// nothing differs.
double chance(unsigned bad, unsigned runs, unsigned other_bad, unsigned other_runs);

struct TriedInterpreter {
  std::string name, version, executable;
};

struct Trial {
  std::string tool_version, application, date;
  TriedInterpreter gil, free;
  unsigned threads = 0, rounds = 0;
  std::string runner;  // "pytest", "unittest", or the command
  std::vector<TriedPackage> packages;
  bool installed = false;  // something could be run on both
  bool imports_tried = false;
  std::vector<TriedImport> imports;
  bool gil_stays_off = false;               // after all imports and in all runs that had the choice
  std::vector<std::string> switched_on_by;  // modules, in order
  bool forced = false;                      // so the runs went on with PYTHON_GIL=0
  std::vector<TriedTest> tests;             // what stands against it first
  std::vector<std::string> notes;
  std::vector<std::string> next;  // commands
  bool incomplete = false;        // something asked for was not looked at
};

// Whether something stands against going without the GIL.
bool stands_against(const Trial& trial);

}  // namespace ftaudit
