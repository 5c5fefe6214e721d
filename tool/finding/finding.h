// Finding: one thing wrong, wherever it was seen. What rules report and what ThreadSanitizer witnesses is this
// one type; reports render it and fingerprints name it. Plain data: nothing here decides or prints.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/location.h"

namespace ftaudit {

enum class Severity : std::uint8_t { info, low, medium, high };
enum class Confidence : std::uint8_t { possible, likely, certain };

// What kind of thing a rule is about. A closed list, in the order of the names.
enum class Category : std::uint8_t {
  allocator,
  borrowed_ref,
  container_internals,
  critical_section_misuse,
  dict_next,
  gil_reliance,
  global_state,
  iteration,
  lazy_init,
  memory_order,
  missing_gil_slot,
  mutex_deadlock,
  non_threadsafe_libc,
  object_field,
  other,
  refcount_unique_check,
  static_local_cache,
  thread_state,
};

std::string_view name_of(Severity severity);      // "high"
std::string_view name_of(Confidence confidence);  // "likely"
std::string_view name_of(Category category);      // "borrowed-ref"
std::optional<Severity> severity_named(std::string_view name);
std::optional<Confidence> confidence_named(std::string_view name);
std::optional<Category> category_named(std::string_view name);

// What a rule is, apart from its code. Ids and names follow the catalogue and never change their meaning.
struct RuleInfo {
  std::string_view id;    // "FT104"
  std::string_view name;  // "dict-next-unlocked"
  Category category;
  Severity severity;
  Confidence confidence;
  std::string_view summary;  // one sentence without a full stop
  std::string_view why;      // what happens without the GIL; shown with each finding
  std::string_view since;    // version of ftaudit that first had it
};

// A step of the story behind a finding: "locked here", "the other thread writes here".
struct Step {
  Location location;
  std::string what;
  // Whose step it is where two threads meet: 1 the one the finding is placed at, 2 the other; 0 where that is no
  // question.
  std::uint8_t thread = 0;
};

// What a side does to the state, the worst last: `release` gives memory or a reference back.
enum class Does : std::uint8_t { read, write, update, release };
std::string_view name_of(Does does);  // "write"
std::optional<Does> does_named(std::string_view name);

// A function that takes part in what a finding is about: it is at the state without what would keep the others off. One
// edit in it, in vain while the other sides stay as they are, mends the side.
struct Side {
  struct Point {
    Location location;
    std::string state;  // "Bag.items"
    Does does = Does::read;
    std::string text;  // the source text of the location; in no report
  };
  std::string function;
  Location location;                      // of the point that tells most
  Does does = Does::read;                 // the worst that it does
  std::string held;                       // what it holds, which does not help; "" for nothing
  std::vector<std::string> states;        // what it touches, sorted
  std::vector<std::string> entry_points;  // Python-visible names that lead to it: all
  Confidence confidence = Confidence::likely;
  std::vector<Point> points;  // each place and what is done there, in order
};

// An edit that is certain to be right: replace the range by the text. The edits of a finding belong together. As a rule
// writes it, the text is lines without their indentation; fitted() in edits.h makes it what goes into the file.
struct Fix {
  Location range;
  std::string text;
  // Where it differs: the text for a project that has the newer API anyway (CPython 3.13, pythoncapi-compat), while
  // `text` keeps the old way beside it.
  std::optional<std::string> plain;
  bool needs_compat = false;  // `plain` names what pythoncapi-compat brings to older versions
  std::string of;             // SHA-256 of the file that the range is about
  std::uint32_t level = 0;    // as a rule writes it: the line that it is indented like; 0: the one the range starts on
};

// What running the code under ThreadSanitizer said of this finding.
struct Witness {
  // Seen near: something went wrong while its function was hammered, and what was seen does not show that this did it:
  // a crash without a frame of the extension, threads that stand still without a circle.
  enum class Verdict : std::uint8_t { confirmed, seen_near, reached_not_raced, not_reached, not_run };
  Verdict verdict = Verdict::not_run;
  std::string report;          // the sanitizer's text, or the stacks of a crash or deadlock
  std::string reproducer;      // a command line
  std::string why;             // one sentence: what kind of thing was seen, or why it was not; without a full stop
  std::string workload;        // what saw it first: "stress: tally.Meter: hit with mean"
  std::uint64_t seen = 0;      // how often it was
  std::uint64_t reached = 0;   // how often the finding's function was entered
  std::uint64_t overlaps = 0;  // how often two threads stood in its two sides at the same time
  std::uint32_t hits = 0, runs = 0;  // of the reproducer; runs 0: not measured
  bool crashes_plain = false;        // seen as a crash or deadlock on the build without the sanitizer
  bool screened = false;             // seen without an instrumented interpreter, which may err
  // The scenario that it was seen in, run again as it was, and with the GIL on: how often it showed, of how often.
  struct Repeats {
    std::uint32_t seen = 0, of = 0, gil_seen = 0, gil_of = 0;
  };
  Repeats repeats;
  // Where it was seen, each pair of lines once: "write in hit at spam.c:10 and read in get at spam.c:20".
  struct Place {
    std::string what;
    std::uint64_t seen = 0;
  };
  std::vector<Place> places;
};
std::string_view name_of(Witness::Verdict verdict);  // "reached-not-raced"
std::optional<Witness::Verdict> verdict_named(std::string_view name);

struct Finding {
  std::string rule, name;
  Category category = Category::other;
  Severity severity = Severity::medium;
  Confidence confidence = Confidence::likely;
  Location location;
  std::string function;  // the C or C++ function it lies in; "" at file scope
  std::string place;     // the object or state it concerns ("self->items", "cache"); groups findings
  std::string what;      // this place, one sentence
  std::string why;
  std::string instead;  // what to write here
  std::vector<Step> trace;
  std::vector<std::string> entry_points;  // Python-visible names that lead here: all
  std::vector<std::string> modules;       // whose entry points lead here, sorted; empty where that is not known
  std::vector<Side> sides;                // where several functions share the blame: all that do, the worst first
  std::string owner;                      // what they share ("Bag", "pool"); findings with sides go by it
  std::string remedy;              // what tells findings of one rule about one owner apart: the lock that is missing
  bool others_change = false;      // somebody who is no side (who holds that lock) changes the state too
  std::vector<Location> declared;  // the state and its owner; for allowances
  std::vector<Fix> fixes;
  std::optional<Witness> witness;
  std::vector<std::string> locks;  // whose taking or keeping it is about: "Bag.mutex", "cache_lock"; in no report
  std::optional<Location> said;    // in the definition of a macro of the project, which says it there; in no report
  std::string guilty_text;         // the source text of the location, for the fingerprint
  std::string around;  // a digest of the lines before and after, to tell equal findings apart; "" if not known
  std::string fingerprint;
};

// Order of reports: by file, line, column, rule, what.
bool before(const Finding& a, const Finding& b);

// Gives each finding its fingerprint: rule + function + place + guilty text without white space (with sides: rule +
// owner
// + remedy, whoever takes part), and the index among those that agree in all of that. Neither line numbers nor paths go
// in, so that it survives moves and re-indentation. Expects the findings in report order.
void fingerprint(std::vector<Finding>& findings);

// What a fingerprint is made of but the index: the same for findings that nothing but their order tells apart.
std::string identity(const Finding& finding);
std::string identity_of(std::string_view rule, std::string_view function, std::string_view place,
                        std::string_view text);
std::string fingerprint_of(const std::string& identity, std::size_t index);

}  // namespace ftaudit
