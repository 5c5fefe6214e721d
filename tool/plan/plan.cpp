#include "plan/plan.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "cython/sources.h"
#include "plan/planning.h"
#include "plan/words.h"
#include "plan/writing.h"

namespace ftaudit::plan {
namespace {

// Every step by itself as long as that costs little; beyond, all together.
constexpr std::uint64_t affordable = 300'000;
// What a scan does not notice.
constexpr std::uint64_t negligible = 5'000;

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
      {"check-then-act", "the test and what it decides have to become one call that does both"},
  };
  if (const auto named = by_name.find(finding.name); named != by_name.end()) return std::string(named->second);
  if (finding.name == "premature-claim") return "it goes when nothing of high severity is left that stands against it";
  const auto known = reasons.find(finding.category);
  return std::string(known != reasons.end() ? known->second : "no step is known that ends it; see its own advice");
}

class Measuring {
 public:
  Measuring(Planning& planning, const cython::Retold& retold) : planning_(planning), retold_(retold) {}

  // The plan with these steps, whose numbers stay.
  Plan plan(const std::vector<std::size_t>& steps) {
    return plan(steps, planning_.cost() * steps.size() <= affordable ? Measured::singly : Measured::together);
  }
  Plan plan(const std::vector<std::size_t>& steps, Measured how) {
    const std::size_t shown = planning_.before().findings.size();
    Plan out;
    out.findings = shown;
    out.measured = how;
    const bool singly = how == Measured::singly;
    Outcome was{.alive = std::vector<bool>(shown, true), .lessened = std::vector<bool>(shown, false)};
    const Document* last = &planning_.before();
    if (how == Measured::together) last = &planning_.measured(steps);
    for (std::size_t n = 0; n < steps.size(); ++n) {
      if (singly) last = &planning_.measured({steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(n) + 1});
      PlanStep step = described(steps[n]);
      const std::vector<std::size_t> about = planning_.spoken_of(planning_.remedies()[steps[n]]);
      const Outcome now = how == Measured::no ? supposed(about) : outcome(planning_.before(), *last);
      for (std::size_t i = 0; i < shown; ++i) {
        if (!was.alive[i]) continue;
        const bool own = singly || std::ranges::find(about, i) != about.end() || n + 1 == steps.size();
        if (!now.alive[i] && own) step.ends.push_back(named(i)), was.alive[i] = false;
        else if (now.alive[i] && now.lessened[i] && !was.lessened[i] && std::ranges::find(about, i) != about.end())
          step.lessens.push_back(named(i)), was.lessened[i] = singly;
      }
      for (const Finding* finding : now.brought)
        if ((singly || n + 1 == steps.size() || planning_.concerns(planning_.remedies()[steps[n]], *finding)) &&
            std::ranges::find(known_, finding->fingerprint) == known_.end())
          known_.push_back(finding->fingerprint), step.brings.push_back(named_in_plan(*finding));
      out.steps.push_back(std::move(step));
    }
    out.ended = static_cast<std::uint64_t>(std::ranges::count(was.alive, false));
    tell_rest(out, was, steps);
    for (const TypeReport& before : planning_.before().types)
      for (const TypeReport& after : last->types)
        if (after.record == before.record && after.rows != before.rows)
          out.before.push_back(before), out.after.push_back(after);
    return out;
  }

 private:
  // All that a step is there for is gone, if nobody looks.
  Outcome supposed(const std::vector<std::size_t>& about) const {
    Outcome out{.alive = std::vector<bool>(planning_.before().findings.size(), true)};
    out.lessened.resize(out.alive.size());
    for (const std::size_t i : about) out.alive[i] = false;
    return out;
  }

  PlanFinding named(std::size_t i) const { return named_in_plan(planning_.before().findings[i]); }

  PlanStep described(std::size_t i) const {
    const Remedy& remedy = planning_.remedies()[i];
    PlanStep out{.number = static_cast<std::uint32_t>(i + 1),
                 .kind = remedy.kind,
                 .what = remedy.what,
                 .because = remedy.because,
                 .otherwise = remedy.otherwise,
                 .states = remedy.states,
                 .places = remedy.places};
    std::ranges::sort(out.places, [](const PlanPlace& a, const PlanPlace& b) {
      return std::tie(a.location, a.write) < std::tie(b.location, b.write);
    });
    out.places.erase(std::ranges::unique(out.places,
                                         [](const PlanPlace& a, const PlanPlace& b) {
                                           return a.location == b.location && a.write == b.write;
                                         })
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

  void tell_rest(Plan& out, const Outcome& now, const std::vector<std::size_t>& steps) const {
    std::set<std::size_t> tried;
    for (const std::size_t step : steps)
      for (const std::size_t i : planning_.spoken_of(planning_.remedies()[step])) tried.insert(i);
    std::map<std::tuple<std::string, std::string, std::string>, std::vector<PlanFinding>> by_rule;
    for (std::size_t i = 0; i < now.alive.size(); ++i) {
      if (!now.alive[i]) continue;
      const Finding& finding = planning_.before().findings[i];
      by_rule[{finding.rule, finding.name,
               tried.contains(i) ? "a step is about it and ends only part of it" : why_left(finding)}]
          .push_back(named(i));
    }
    for (auto& [key, findings] : by_rule)
      out.rest.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), std::move(findings)});
  }

  Planning& planning_;
  const cython::Retold& retold_;
  std::vector<std::string> known_;
};

// The edits in the text. A step whose findings have edits of their own comes to those. One that ends what an earlier
// one that is left to hands ends part of waits for it.
void write_edits(Document& document, const std::vector<std::size_t>& steps, const Planning& planning,
                 Spelling spelling) {
  Writing writing(planning.audit(), document.root, spelling);
  Plan& plan = *document.plan;
  std::set<std::string> open;
  std::size_t left = 0;
  for (std::size_t n = 0; n < plan.steps.size(); ++n) {
    PlanStep& step = plan.steps[n];
    bool own = !step.ends.empty();
    for (const PlanFinding& ended : step.ends) {
      const auto finding = std::ranges::find(document.findings, ended.fingerprint, &Finding::fingerprint);
      own &= finding != document.findings.end() && !finding->fixes.empty();
      if (own) step.fixes.insert(step.fixes.end(), finding->fixes.begin(), finding->fixes.end());
    }
    if (!own) {
      step.fixes.clear();
      Result<std::vector<Fix>> written = writing.of(planning.remedies()[steps[n]]);
      if (written.ok()) step.fixes = std::move(*written);
      else step.by_hand = written.message();
    }
    if (step.kind == StepKind::declaration && left > 0)
      step.fixes.clear(), step.by_hand = "it is made when no other step is left to be made by hand";
    if (std::ranges::any_of(step.ends, [&](const PlanFinding& ended) { return open.contains(ended.fingerprint); }))
      step.fixes.clear(), step.by_hand = "it ends what a step before it leaves, which is to be made first";
    if (step.by_hand.empty()) continue;
    ++left;
    for (const PlanFinding& lessened : step.lessens) open.insert(lessened.fingerprint);
  }
}

}  // namespace

Document with_edits(const Document& planned, const std::function<bool(const PlanStep&)>& wanted) {
  Document out = planned;
  std::map<std::string, const PlanStep*> ended;
  for (const PlanStep& step : planned.plan->steps)
    for (const PlanFinding& finding : step.ends)
      if (!wanted || wanted(step)) ended[finding.fingerprint] = &step;
  for (Finding& finding : out.findings) {
    const auto step = ended.find(finding.fingerprint);
    // Whether a module says too much is seen when all are mended.
    const bool by_others = finding.name == "premature-claim";
    finding.fixes = step == ended.end() || by_others ? std::vector<Fix>() : step->second->fixes;
  }
  return out;
}

Result<Document> plan_project(const audit::JoinedProject& joined, const Selection& selection, const std::string& python,
                              const std::set<std::uint32_t>& accepted, std::optional<Spelling> edits) {
  const analysis::Audit audit(joined.facts, audit::build_of(joined.parsed, selection));
  Document out = audit::judge_project(joined, audit, selection, python, edits.value_or(Spelling::guarded));
  Planning planning(joined, selection, audit, out);
  planning.choose();
  std::vector<std::size_t> steps;
  // A step that brings what was not there is replaced; one that those before it make needless goes. What is left is
  // measured again.
  for (int again = 0;; ++again) {
    steps.clear();
    for (std::size_t i = 0; i < planning.remedies().size(); ++i) steps.push_back(i);
    out.plan = Measuring(planning, joined.retold).plan(steps);
    std::vector<std::size_t> needless, harmful;
    for (std::size_t i = 0; i < out.plan->steps.size(); ++i) {
      // What only takes sides off findings that are there in the end is not worth making.
      const auto& lessened = out.plan->steps[i].lessens;
      const bool helps = std::ranges::any_of(lessened, [&](const PlanFinding& finding) {
        return std::ranges::any_of(out.plan->steps, [&](const PlanStep& step) {
          return std::ranges::find(step.ends, finding.fingerprint, &PlanFinding::fingerprint) != step.ends.end();
        });
      });
      if (out.plan->steps[i].ends.empty() && !helps) needless.push_back(i);
      if (!out.plan->steps[i].brings.empty() && out.plan->measured == Measured::singly) harmful.push_back(i);
    }
    if (!harmful.empty() && again == 0) planning.refuse(harmful);
    else if (!needless.empty()) planning.leave_out(needless);
    else break;
  }
  if (!accepted.empty()) {
    if (*accepted.begin() == 0 || *accepted.rbegin() > steps.size())
      return Error{"--accept " + std::to_string(*accepted.begin() == 0 ? 0 : *accepted.rbegin()) + ": the plan has " +
                   (steps.empty() ? "no steps" : "steps 1 to " + std::to_string(steps.size()))};
    std::erase_if(steps, [&](std::size_t i) { return !accepted.contains(static_cast<std::uint32_t>(i + 1)); });
    out.plan = Measuring(planning, joined.retold).plan(steps);
  }
  if (edits) write_edits(out, steps, planning, *edits);
  return out;
}

void outline(const audit::JoinedProject& joined, const analysis::Audit& audit, const Selection& selection,
             Document& document) {
  if (document.findings.empty()) return;
  Planning planning(joined, selection, audit, document);
  const bool measure = planning.cost() <= negligible;
  planning.sketch(measure);
  Plan made;
  for (;;) {
    std::vector<std::size_t> steps(planning.remedies().size()), needless;
    std::iota(steps.begin(), steps.end(), 0);
    made = Measuring(planning, joined.retold).plan(steps, measure ? Measured::together : Measured::no);
    for (std::size_t i = 0; i < made.steps.size(); ++i)
      if (made.steps[i].ends.empty()) needless.push_back(i);
    if (needless.empty()) break;
    planning.leave_out(needless);
  }
  document.plan = std::move(made);
}

}  // namespace ftaudit::plan
