#include <algorithm>
#include <map>

#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Access;
using analysis::Audit;
using analysis::Conflict;
using analysis::State;

static std::string kind_of(const State& state) {
  const std::string& record = state.type.record;
  const std::string name = record.substr(record.rfind(':') + 1);
  return name.empty()                    ? "container"
         : record == "std::basic_string" ? "string"
         : name.ends_with("_ptr")        ? "smart pointer"
                                         : name;
}

// What nobody locks of one class one lock mends: told once, at the first.
static std::vector<Conflict> found_in(const Audit& audit, Report& report) {
  std::vector<Conflict> out;
  std::map<std::string, std::size_t> of_class;
  for (const State& state : audit.shared().cxx_containers()) {
    report.sites(state.accesses.size());
    const std::optional<analysis::Race> race = audit.conflicts().pair(state);
    // Of a class that nothing ties to a Python object nobody knows whether two threads ever have one.
    if (!race || audit.conflicts().told_of_holder(state)) continue;
    if (!race->write->origin.certain && !race->other->origin.certain) continue;
    const bool bare = std::all_of(state.accesses.begin(), state.accesses.end(), [](const analysis::Access& access) {
      return access.locks.empty() && !access.unknown_lock;
    });
    if (bare && state.kind == State::Kind::field) {
      // Instances of a template have their source in common.
      const auto [known, is_new] = of_class.emplace(state.record.substr(0, state.record.find('<')), out.size());
      if (!is_new) {
        // The one that speaks for all is used by whoever holds nothing at all.
        Conflict& told = out[known->second];
        const State* also = &state;
        if (told.race.write->other_lock && !race->write->other_lock) std::swap(also, told.state), told.race = *race;
        told.also.push_back(also);
        continue;
      }
    }
    out.push_back({.state = &state, .race = *race});
  }
  for (Conflict& conflict : out) {
    std::vector<const State*> states{conflict.state};
    states.insert(states.end(), conflict.also.begin(), conflict.also.end());
    conflict.sides = audit.conflicts().parties(states, "");
  }
  return out;
}

// The lock that one of two is known to hold and the other does without, in what it does; "" where there is none.
static std::string lacking(const Access& one, const Access& other) {
  if (one.unknown_lock || other.unknown_lock) return "";
  for (const std::string& lock : other.locks) {
    const bool holds = std::find(one.locks.begin(), one.locks.end(), lock) != one.locks.end();
    if (!holds || (one.write && one.only_reads_under(lock))) return lock;
  }
  return "";
}

static void check(const Audit& audit, Report& report) {
  for (const Conflict& conflict : found_in(audit, report)) {
    const State& state = *conflict.state;
    const Access &write = *conflict.race.write, &other = *conflict.race.other;
    const std::string theirs = lacking(other, write), ours = theirs.empty() ? lacking(write, other) : "";
    const std::string lock = lock_name(audit, theirs + ours);
    const bool mixed = write.atomic != other.atomic;
    const std::string what = "the " + kind_of(state) + " " + state.name + also_named(conflict) + " is ";
    Finding& finding = add_race(
        report, audit, conflict,
        what + (mixed ? std::string("used here as it is, and elsewhere by atomic functions")
                : !theirs.empty()
                    ? (other.write ? "changed" : "read") + (" here without " + lock) + ", under which others change it"
                : ours.empty() ? std::string("changed here while other threads may ") +
                                     (other.write ? "change it too" : "be reading it")
                : write.only_reads_under(ours) && is_one_of_many(ours)
                    ? "changed here with only " + lock + ", while others come with another of them"
                : write.only_reads_under(ours) ? "changed here with the reader's side of " + lock + " only"
                                               : "changed here without " + lock + ", which its other users hold"),
        mixed ? write.atomic : !theirs.empty());
    if (!lock.empty() && !mixed) finding.locks = {lock};
    finding.category = state.kind == State::Kind::field          ? Category::object_field
                       : state.kind == State::Kind::static_local ? Category::static_local_cache
                                                                 : Category::global_state;
    const bool one_of_many = !ours.empty() && is_one_of_many(ours) && write.only_reads_under(ours);
    finding.instead = one_of_many ? "a lock of its own, which everybody takes who uses it"
                      : mixed     ? "std::atomic_load and std::atomic_store here too, or a std::atomic<std::shared_ptr>"
                      : !theirs.empty() || !ours.empty()
                          ? "take " + lock + " here too" + (write.only_reads_under(ours) ? ", for writing" : "")
                      : state.kind == State::Kind::field
                          ? "a mutex beside it in the object, taken by every member that uses it; or the critical "
                            "section of the Python object (py::scoped_critical_section, nb::lock_self())"
                          : "one mutex around every use, or a snapshot that is never changed and is replaced as a "
                            "whole under the mutex";
  }
}

extern const Rule cxx_container_shared{
    {.id = "FT805",
     .name = "cxx-container-shared",
     .category = Category::object_field,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A container of the C++ library is changed while other threads use it",
     .why = "containers, strings and smart pointers of the standard library have no locks of their own: a change "
            "beside any other use invalidates iterators, loses nodes and corrupts the heap; the GIL used to keep the "
            "threads apart",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
