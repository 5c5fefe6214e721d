#include "plan/measuring.h"

#include <algorithm>

#include "cython/sources.h"
#include "plan/words.h"

namespace ftaudit::plan {
namespace {

// What a plan may cost beyond the scan that it starts with, in events walked.
constexpr std::uint64_t affordable = 10'000;

// Why no lock, atomic or other call ends a finding of the kind.
std::string why_left(const Finding& finding) {
  static const std::map<Category, std::string_view> reasons{
      {Category::missing_gil_slot, "the declaration comes last, when nothing stands against it any more"},
      {Category::non_threadsafe_libc,
       "the C library has no call that keeps its state with its caller: one mutex around all calls"},
      {Category::refcount_unique_check,
       "no lock makes a count say that nobody else has the object: the check has to go"},
      {Category::thread_state, "it is about who is attached, which no lock changes"},
      {Category::allocator,
       "the block is kept beyond this function: all calls that get and free it have to change together"},
      {Category::mutex_deadlock,
       "what is done under the lock needs it: take what is wanted (a copy, a reference) under it, and call Python "
       "behind"},
      {Category::critical_section_misuse,
       "the section is there already and does not do what it is there for: move it by hand"},
      {Category::gil_reliance, "the code says that it counts on the GIL; what it counts on is to be found first"},
      {Category::memory_order, "it is atomic already; the steps between have to become one"},
      {Category::borrowed_ref,
       "no call gives a reference of its own here, or the object is kept by somebody the section does not cover"},
      {Category::container_internals,
       "the container has no name here that one section could be opened on from the first read to the last"},
      {Category::dict_next,
       "the dict has no name here that a section could be opened on before the walk, or a copy be made of"},
      {Category::iteration, "the walk goes on over calls that let a section go: walk over a copy"},
  };
  // Rules whose category says something else than what stands in the way.
  static const std::map<std::string_view, std::string_view> by_name{
      {"object-header-access", "what is read has no accessor that gives the same"},
      {"immutable-in-place-mutation", "nobody may change it once others have it: make a new one"},
      {"sequence-fast-unlocked",
       "the sequence has no name here that one section could be opened on, and PySequence_Tuple in its place changed "
       "nothing"},
      {"mutable-global-state",
       "what is read and what is written are too far apart for one lock that Python does not run under"},
      {"static-pyobject-cache", "an argument goes into it, and Python runs between the test and the store"},
      {"free-list", "take and give back have to be one exchange each: a lock of its own, or no list"},
      {"type-object-mutation", "types are changed by PyType_Modified's rules, under no lock of the project's"},
      {"unbalanced-or-misused-lock", "every way out has to give back what it took, which another lock does not change"},
      {"stale-after-detach", "what was read before others could run has to be read again behind"},
      {"init-reentry", "a second call of __init__ has to leave the fields as they are, or be refused"},
      {"check-then-act", "the test and what it decides have to become one call that does both"},
  };
  if (const auto named = by_name.find(finding.name); named != by_name.end()) return std::string(named->second);
  if (finding.name == "premature-claim") return "it goes when nothing of high severity is left that stands against it";
  const auto known = reasons.find(finding.category);
  return std::string(known != reasons.end() ? known->second : "no step is known that ends it; see its own advice");
}

std::vector<std::size_t> first(const std::vector<std::size_t>& steps, std::size_t count) {
  return {steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(count)};
}

bool has(const std::vector<PlanFinding>& findings, const PlanFinding& one) {
  return std::ranges::find(findings, one.fingerprint, &PlanFinding::fingerprint) != findings.end();
}

// What only takes sides off findings that are there in the end is not worth making.
bool is_needless(const PlanStep& step, const Plan& plan) {
  return step.ends.empty() && std::ranges::none_of(step.lessens, [&](const PlanFinding& lessened) {
           return std::ranges::any_of(plan.steps, [&](const PlanStep& other) { return has(other.ends, lessened); });
         });
}

// "; add, find and 3 more are left", in the source's words.
std::string left_of(const Finding* rest) {
  if (rest == nullptr) return "";
  std::vector<std::string> names;
  for (const Side& side : rest->sides)
    if (std::ranges::find(names, side.function) == names.end()) names.push_back(side.function);
  return names.empty() ? "" : "; " + listed(names) + (names.size() > 1 ? " are left" : " is left");
}

}  // namespace

Plan Measuring::plan(const std::vector<std::size_t>& steps) {
  return planning_.cost() * steps.size() <= affordable ? singly(steps) : together(steps);
}

Plan Measuring::singly(const std::vector<std::size_t>& steps) {
  Plan out = begun(steps, Measured::singly);
  Outcome was = nothing_ended();
  for (std::size_t n = 0; n < steps.size(); ++n) {
    const Outcome now = outcome(planning_.before(), planning_.measured(first(steps, n + 1)));
    for (std::size_t i = 0; i < out.findings; ++i) {
      if (!was.alive[i]) continue;
      if (!now.alive[i]) out.steps[n].ends.push_back(named(i));
      else if (now.lessened[i] && !was.lessened[i] && is_about(steps[n], i)) out.steps[n].lessens.push_back(named(i));
      else continue;
      was.alive[i] = now.alive[i], was.lessened[i] = now.lessened[i];
    }
    was.rest = now.rest;
    for (const Finding* finding : now.brought) tell_brought(out.steps[n], *finding);
  }
  return finished(std::move(out), was, steps);
}

Plan Measuring::together(const std::vector<std::size_t>& steps) {
  Plan out = begun(steps, Measured::together);
  if (steps.empty()) return finished(std::move(out), nothing_ended(), steps);
  const Outcome now = outcome(planning_.before(), planning_.measured(steps));
  std::uint64_t more = affordable / std::max<std::uint64_t>(planning_.cost(), 1);
  std::map<std::size_t, Outcome> after;  // by the number of steps made
  for (std::size_t i = 0; i < out.findings; ++i) {
    std::vector<std::size_t> about;
    for (std::size_t n = 0; n < steps.size(); ++n)
      if (is_about(steps[n], i)) about.push_back(n);
    if (now.alive[i]) {
      if (now.lessened[i])
        for (const std::size_t n : about) out.steps[n].lessens.push_back(named(i));
      continue;
    }
    // Nobody has it for its aim: a section that is there for something else covers it.
    for (std::size_t n = 0; n < steps.size() && about.empty(); ++n)
      if (planning_.concerns(planning_.remedies()[steps[n]], planning_.before().findings[i])) about.push_back(n);
    // Any may be what ended it; a declaration ends nothing but what is about it.
    if (about.empty()) {
      for (std::size_t n = 0; n < steps.size(); ++n)
        if (n == 0 || planning_.remedies()[steps[n]].kind != StepKind::declaration) about.push_back(n);
    }
    auto low = about.begin(), high = about.end() - 1;
    while (low != high) {
      const auto middle = low + (high - low) / 2;
      const auto [known, fresh] = after.try_emplace(*middle + 1);
      if (fresh && more == 0) {
        after.erase(known);
        break;
      }
      if (fresh) --more, known->second = outcome(planning_.before(), planning_.measured(first(steps, *middle + 1)));
      if (known->second.alive[i]) low = middle + 1;
      else high = middle;
    }
    std::size_t last = *low;
    for (std::size_t n = last + 1; n < steps.size(); ++n)
      if (needs_.contains(i) && needs_.at(i).contains(planning_.remedies()[steps[n]].key)) last = n;
    out.steps[last].ends.push_back(named(i));
  }
  for (const Finding* finding : now.brought) {
    const std::set<const Remedy*> guilty = planning_.guilty_of(*finding);
    const auto one =
        std::ranges::find_if(steps, [&](std::size_t step) { return guilty.contains(&planning_.remedies()[step]); });
    tell_brought(out.steps[one == steps.end() ? steps.size() - 1 : static_cast<std::size_t>(one - steps.begin())],
                 *finding);
  }
  return finished(std::move(out), now, steps);
}

Plan Measuring::unmeasured(const std::vector<std::size_t>& steps) {
  Plan out = begun(steps, Measured::no);
  Outcome now = nothing_ended();
  for (std::size_t n = 0; n < steps.size(); ++n)
    for (const std::size_t i : planning_.spoken_of(planning_.remedies()[steps[n]]))
      if (now.alive[i]) out.steps[n].ends.push_back(named(i)), now.alive[i] = false;
  return finished(std::move(out), now, steps);
}

Plan Measuring::without_needless(Plan made) {
  std::set<std::string> needed;
  const auto key = [&](std::size_t step) -> const std::string& { return planning_.remedies()[step].key; };
  // One that ends next to nothing may be one that others make needless.
  constexpr int tries = 2;
  bool doubtful = made.measured != Measured::no && !planning_.is_large();
  for (int tried = 0;; ++tried) {
    doubtful &= tried < tries;
    std::vector<std::size_t> needless, kept;
    for (const std::size_t step : planning_.all()) {
      const std::size_t ends = made.steps[step].ends.size();
      const bool goes =
          is_needless(made.steps[step], made) || (doubtful && (ends == 0 || (ends == 1 && may_be_spared(step))));
      (goes && !needed.contains(key(step)) ? needless : kept).push_back(step);
    }
    if (needless.empty()) return made;
    const std::vector<std::size_t> lost =
        made.measured == Measured::no ? std::vector<std::size_t>() : lost_without(made, kept);
    for (const std::size_t finding : lost) {
      auto step = std::ranges::find_if(needless, [&](std::size_t one) { return is_about(one, finding); });
      if (step == needless.end())
        step = std::ranges::find_if(needless, [&](std::size_t one) {
          return planning_.concerns(planning_.remedies()[one], planning_.before().findings[finding]);
        });
      if (step != needless.end()) {
        needed.insert(key(*step)), needs_[finding].insert(key(*step));
        continue;
      }
      for (const std::size_t one : needless) needed.insert(key(one));
    }
    if (lost.empty()) planning_.leave_out(needless), doubtful = false;
    made = made.measured == Measured::no         ? unmeasured(planning_.all())
           : made.measured == Measured::together ? together(planning_.all())
                                                 : singly(planning_.all());
  }
}

// Something else that is done at the same place, or around it, may end what the step is there for.
bool Measuring::may_be_spared(std::size_t step) const {
  const Remedies& remedies = planning_.remedies();
  return std::ranges::any_of(planning_.all(), [&](std::size_t other) {
    return other != step && planning_.may_stand_in(remedies[step], remedies[other]);
  });
}

// Findings that end in the plan, and do not with these steps alone.
std::vector<std::size_t> Measuring::lost_without(const Plan& made, const std::vector<std::size_t>& kept) const {
  const Outcome now = kept.empty() ? nothing_ended() : outcome(planning_.before(), planning_.measured(kept));
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < now.alive.size(); ++i)
    if (now.alive[i] && std::ranges::any_of(made.steps, [&](const PlanStep& step) { return has(step.ends, named(i)); }))
      out.push_back(i);
  // Whether a module says too much, or may say it, hangs on all the others.
  const auto claim = [&](std::size_t i) {
    const Finding& finding = planning_.before().findings[i];
    return finding.name == "premature-claim" || finding.category == Category::missing_gil_slot;
  };
  if (!std::ranges::all_of(out, claim)) std::erase_if(out, claim);
  return out;
}

Outcome Measuring::nothing_ended() const {
  const std::size_t shown = planning_.before().findings.size();
  return {.alive = std::vector<bool>(shown, true),
          .lessened = std::vector<bool>(shown, false),
          .rest = std::vector<const Finding*>(shown, nullptr)};
}

bool Measuring::is_about(std::size_t step, std::size_t i) {
  const auto [known, fresh] = about_.try_emplace(step);
  if (fresh) known->second = planning_.spoken_of(planning_.remedies()[step]);
  return std::ranges::binary_search(known->second, i);
}

Plan Measuring::begun(const std::vector<std::size_t>& steps, Measured how) {
  about_.clear(), brought_.clear();
  Plan out{.findings = planning_.before().findings.size(), .measured = how};
  for (const std::size_t step : steps) out.steps.push_back(described(step));
  return out;
}

Plan Measuring::finished(Plan out, const Outcome& now, const std::vector<std::size_t>& steps) {
  out.ended = static_cast<std::uint64_t>(std::ranges::count(now.alive, false));
  for (const auto& [finding, keys] : needs_)
    for (std::size_t n = 0; n < steps.size(); ++n)
      if (PlanStep& step = out.steps[n]; keys.contains(planning_.remedies()[steps[n]].key) &&
                                         !has(step.ends, named(finding)) && !has(step.lessens, named(finding)))
        step.lessens.push_back(named(finding));
  tell_rest(out, now, steps);
  return out;
}

void Measuring::tell_brought(PlanStep& step, const Finding& finding) {
  if (brought_.insert(finding.fingerprint).second) step.brings.push_back(named_in_plan(finding));
}

PlanFinding Measuring::named(std::size_t finding) const { return named_in_plan(planning_.before().findings[finding]); }

// Where another step holds a second object's section all through the same function, both are written as one.
void Measuring::say_both(std::size_t i, PlanStep& out) const {
  const analysis::Program& program = planning_.audit().program();
  for (const Edit& own : planning_.remedies()[i].edits)
    for (std::size_t n = 0; is_whole_section(own) && own.objects.size() == 1 && n < planning_.remedies().size(); ++n)
      for (const Edit& other : planning_.remedies()[n].edits) {
        if (n == i || !is_whole_section(other) || other.function != own.function || other.objects.size() != 1 ||
            is_same_object(own.objects[0], other.objects[0]))
          continue;
        const model::Function& function = program.function(own.function);
        const auto name = [&](const Edit& edit) { return written(planning_.audit(), function, edit.objects[0]); };
        for (PlanPlace& place : out.places)
          if (place.function == function.name && place.location == planning_.audit().location(function.name_span))
            place.write = write_section(place.location.file, {name(n < i ? other : own), name(n < i ? own : other)},
                                        true, false) +
                          ", together with step " + std::to_string(n + 1);
      }
}

PlanStep Measuring::described(std::size_t i) const {
  const Remedy& remedy = planning_.remedies()[i];
  PlanStep out{.number = static_cast<std::uint32_t>(i + 1),
               .kind = remedy.kind,
               .what = remedy.what,
               .because = remedy.because,
               .otherwise = remedy.otherwise,
               .states = remedy.states,
               .places = remedy.places};
  say_both(i, out);
  std::ranges::sort(out.places, [](const PlanPlace& a, const PlanPlace& b) {
    return std::tie(a.location, a.write) < std::tie(b.location, b.write);
  });
  out.places.erase(
      std::ranges::unique(out.places, [](const PlanPlace& a,
                                         const PlanPlace& b) { return a.location == b.location && a.write == b.write; })
          .begin(),
      out.places.end());
  if (std::ranges::none_of(out.places, [](const PlanPlace& p) { return cython::is_source_name(p.location.file); }))
    return out;
  for (std::string* text : {&out.what, &out.because, &out.otherwise}) *text = retold_.words(*text);
  for (std::string& state : out.states) state = retold_.words(state);
  for (PlanPlace& place : out.places) {
    place.function = retold_.words(place.function), place.write = retold_.words(place.write);
    for (std::string& name : place.entry_points) name = retold_.words(name);
  }
  return out;
}

void Measuring::tell_rest(Plan& out, const Outcome& now, const std::vector<std::size_t>& steps) const {
  std::set<std::size_t> tried;
  for (const std::size_t step : steps)
    for (const std::size_t i : planning_.spoken_of(planning_.remedies()[step])) tried.insert(i);
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<PlanFinding>> by_rule;
  for (std::size_t i = 0; i < now.alive.size(); ++i) {
    if (!now.alive[i]) continue;
    const Finding& finding = planning_.before().findings[i];
    std::string why = "a step is about it and ends only part of it" + left_of(now.rest[i]);
    if (!tried.contains(i)) why = planning_.refusal(i).empty() ? why_left(finding) : planning_.refusal(i);
    by_rule[{finding.rule, finding.name, why}].push_back(named(i));
  }
  for (auto& [key, findings] : by_rule)
    out.rest.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), std::move(findings)});
}

}  // namespace ftaudit::plan
