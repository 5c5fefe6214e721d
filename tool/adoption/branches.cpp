#include "adoption/branches.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "base/text.h"

namespace ftaudit::adoption {
namespace {

using Is = Condition::Is;
using enum Fact;

// Bounds: what is worth a change of interpreter (1.2), what is no difference anybody would notice (1.05), work that
// mostly computes (0.7) or mostly waits (0.3).
const std::vector<Branch>& table() {
  static const std::vector<Branch> all{
      {"blocked",
       {{blocked, Is::above, 0.5}},
       Recommendation::not_yet,
       "Not yet: something stands against it, whatever the speed",
       "What crashes, stands still, answers otherwise, cannot be installed or brings the GIL back is no gain",
       "that nothing else stands against it"},
      {"process-pool",
       {{tried, Is::above, 0.5}, {pool_time, Is::below, 1.05}, {pool_memory, Is::above, 1.2}},
       Recommendation::go,
       "Migrate: threads do what the worker processes do, in less memory",
       "Threads without the GIL are as fast as as many processes with it, and share what each of those has for itself",
       "that code which was alone in its process shares nothing now: only what the trial ran was seen"},
      {"batch",
       {{tried, Is::above, 0.5}, {cpu_share, Is::above, 0.7}, {gain, Is::above, 1.2}},
       Recommendation::go,
       "Switch with the next release: it computes, and gets more done",
       "The work computes, its threads run at once without the GIL, and the trial holds",
       "what more threads than were measured would gain, or a machine with more processors"},
      {"pays",
       {{gain, Is::above, 1.2}},
       Recommendation::staging,
       "Try it in staging: it gets more done in what was measured",
       "More is done in the same time; the trial, or the share of computing, does not carry more than staging",
       "that it holds: that is what a trial and staging are for"},
      {"service",
       {{cpu_share, Is::above, 0.3}, {tail, Is::below, 1}},
       Recommendation::staging,
       "Try it in staging: slow requests are faster",
       "Requests compute, and under the same load the slowest of them wait less for each other",
       "how it does under another load than the one that was sent"},
      {"numeric-gain",
       {{native_share, Is::above, 0.6}, {gain, Is::above, 1.05}},
       Recommendation::staging,
       "Try it in staging: the Python between native calls runs at once, too",
       "Native code runs in parallel with the GIL already; what is gained was measured, and is not much",
       "that native code itself becomes faster"},
      {"numeric",
       {{native_share, Is::above, 0.6}, {gain, Is::below, 1.2}},
       Recommendation::stay,
       "Stay: the native code runs in parallel with the GIL already",
       "Threads gain today nearly all that they can, since native code frees the GIL",
       "how work with more Python between the calls would do"},
      {"waits",
       {{cpu_share, Is::below, 0.3}, {one_lane, Is::above, 0.97}},
       Recommendation::stay,
       "Stay: it waits most of the time, and waiting never held the GIL",
       "Waiting needs no processor; each request costs as much processor time or more, and further processes do as "
       "well",
       "that it would fail without the GIL"},
      {"single",
       {{cpu_share, Is::above, 0.7}, {gain, Is::below, 1}},
       Recommendation::stay,
       "Stay: it computes one thing after the other, and each takes longer",
       "What does not run in parallel pays for counting references without the GIL, and gets nothing for it",
       "what threads would gain that are not there yet"},
      {"neutral",
       {{gain, Is::below, 1.2}},
       Recommendation::stay,
       "Stay: what it gains is too little for a change of interpreter",
       "The whole interval of the gain is below what would be worth it",
       "that there is no difference"},
      {"cannot-tell", {}, Recommendation::none, "It cannot be told from what is known", "No row of the table fits", ""},
  };
  return all;
}

const ApplicationFact& of(const Facts& facts, Fact fact) { return facts[static_cast<std::size_t>(fact)]; }

bool holds(const Condition& one, const Facts& facts) {
  const ApplicationFact& fact = of(facts, one.fact);
  return fact.known && (one.is == Is::above ? fact.low > one.bound : fact.high < one.bound);
}

bool cannot_hold(const Condition& one, const Facts& facts) {
  const ApplicationFact& fact = of(facts, one.fact);
  return fact.known && (one.is == Is::above ? fact.high <= one.bound : fact.low >= one.bound);
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

std::string interval(const ApplicationFact& fact) {
  if (fact.low == fact.high) return number(fact.median);
  return number(fact.median) + " (" + number(fact.low) + " to " + number(fact.high) + ")";
}

std::string side(const Condition& one) { return (one.is == Is::above ? "above " : "below ") + number(one.bound); }

// Yes or no, where that is what a fact is.
bool is_plain(Fact fact) { return fact == blocked || fact == tried; }

}  // namespace

std::span<const Branch> branches() { return table(); }

const Branch& choose(const Facts& facts) {
  return *std::ranges::find_if(table(), [&](const Branch& branch) {
    return std::ranges::all_of(branch.when, [&](const Condition& one) { return holds(one, facts); });
  });
}

std::vector<std::string> rests_on(const Branch& branch, const Facts& facts) {
  std::vector<std::string> out;
  for (const Condition& one : branch.when) {
    const ApplicationFact& fact = of(facts, one.fact);
    if (one.fact == blocked) continue;  // told one by one
    out.push_back(is_plain(one.fact) ? fact.title : fact.title + ": " + interval(fact) + ", " + side(one));
  }
  return out;
}

std::vector<std::string> missing(const Facts& facts) {
  std::vector<std::string> out;
  std::map<std::string, std::vector<std::string>> unknown;  // titles, by why and command
  const auto add = [](std::vector<std::string>& list, std::string text) {
    if (std::ranges::find(list, text) == list.end()) list.push_back(std::move(text));
  };
  for (const Branch& branch : table()) {
    const bool open = branch.name != "blocked" &&
                      std::ranges::none_of(branch.when, [&](const Condition& one) { return cannot_hold(one, facts); });
    if (!open) continue;
    for (const Condition& one : branch.when) {
      const ApplicationFact& fact = of(facts, one.fact);
      const std::string command(made_known_by(one.fact));
      if (!fact.known) add(unknown[fact.why + (command.empty() ? "" : ": " + command)], fact.title);
      else if (!holds(one, facts))
        add(out, fact.title + ": " + interval(fact) + " is not wholly " + side(one) +
                     "; measure longer, or on a quieter machine");
    }
  }
  for (const auto& [how, titles] : unknown) out.push_back(join(titles, "; ") + " (" + how + ")");
  return out;
}

}  // namespace ftaudit::adoption
