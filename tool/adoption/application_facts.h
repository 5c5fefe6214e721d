// The facts of an application that advice rests on, out of a measurement's samples: each a number with the interval
// that holds it in 95 of 100 cases, or not known, and then why. Nothing is taken from what was measured of other work:
// the reference set says nothing of an application. Used by weighing and branches.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "finding/adoption.h"
#include "finding/measurement.h"

namespace ftaudit::adoption {

enum class Fact : std::uint8_t {
  blocked,       // 1: something stands against it, 0: nothing known does
  tried,         // 1: a trial holds
  cpu_share,     // with the GIL: processor time by the time it takes; of a service, of a request
  one_lane,      // processor time of the same work, without the GIL by with it
  gain,          // throughput of as many threads (of a command: of all it does), without the GIL by with it
  native_share,  // with the GIL: what threads gain today, of what they could; so it is native code that frees the GIL
  pool_time,     // threads without the GIL by as many worker processes with it: time for the same work
  pool_memory,   // those processes by those threads
  tail,          // 99th percentile of the latency, without the GIL by with it
  memory,        // without the GIL by with it
};
constexpr std::size_t fact_count = 10, first_measured = 2;
std::string_view name_of(Fact fact);
std::string_view title_of(Fact fact);
// A command that would make it known; "" where none would.
std::string_view made_known_by(Fact fact);

using Facts = std::array<ApplicationFact, fact_count>;

// All but the first two, which are no measurements. `measurement`: null where there is none.
Facts facts_of(const Measurement* measurement);
void set(Facts& facts, Fact fact, double value);

// The kind of work that was measured, where it can be told.
std::optional<Workload> kind_of(const Facts& facts);

// What was seen while measuring that stands against it: the GIL came back, the answers differ.
std::vector<std::string> against(const Measurement& measurement);

}  // namespace ftaudit::adoption
