#include "plan/planning.h"

#include <algorithm>
#include <numeric>

#include "base/log.h"
#include "base/text.h"
#include "finding/verdict.h"
#include "plan/growth.h"

namespace ftaudit::plan {
namespace {

// A project in which a measurement costs next to nothing: all is tried.
constexpr std::uint64_t small = 30'000;

std::uint64_t cost_of(const analysis::Audit& audit) {
  std::uint64_t out = 0;
  for (const analysis::View& view : audit.views().all()) out += audit.program().function(view.function).events.size();
  return out;
}

using Line = std::pair<std::string, std::uint32_t>;

std::set<Line> lines_of(const Finding& finding) {
  std::set<Line> out{{finding.location.file, finding.location.line}};
  for (const Side& side : finding.sides)
    for (const Side::Point& point : side.points) out.emplace(point.location.file, point.location.line);
  return out;
}

Per<FunctionId, bool> leading_to(const analysis::Program& program, const std::set<FunctionId>& functions) {
  Per<FunctionId, bool> marked(program.facts.functions.size(), false);
  for (const FunctionId id : functions) marked[id] = true;
  return program.with_callers(std::move(marked));
}

// The mutex that is taken by an edit, as analyses name it; "" for a section.
std::string lock_of(const Edit& edit) {
  if (edit.does != Edit::Does::hold || edit.lock == Edit::Lock::section) return "";
  if (!edit.mutex.empty()) return edit.mutex;
  const std::vector<model::Step>& steps = edit.objects[0].steps;
  return steps.empty() ? "" : steps.back().record + "." + steps.back().field;
}

// A lock that the analyses followed to a callee is known by its field alone.
bool is_same_lock(const std::string& told, const std::string& taken) {
  return !told.empty() && !taken.empty() && (told == taken || (told.starts_with(".") && taken.ends_with(told)));
}

// The edit in terms of the facts as they were read; false where it is about something that another edit put in.
bool translate(Edit& edit, const Supposition& supposed, const model::Facts& read) {
  if (edit.function == none) return true;
  if (!read.functions.has(edit.function)) return false;
  std::vector<EventId*> named{&edit.first, &edit.last};
  for (EventId& event : edit.events) named.push_back(&event);
  if (edit.stretch) {
    named.push_back(&edit.stretch->first);
    for (EventId& event : edit.stretch->last) named.push_back(&event);
  }
  for (EventId* event : named)
    if (*event != none && (*event = supposed.original(edit.function, *event)) == none) return false;
  for (model::Place& place : edit.objects)
    if (place.call != none && (place.call = supposed.original(edit.function, place.call)) == none) return false;
  return true;
}

}  // namespace

Planning::Planning(const audit::JoinedProject& joined, const Selection& selection, const analysis::Audit& audit,
                   const Document& before)
    : joined_(joined), selection_(selection), audit_(audit), before_(before), cost_(cost_of(audit)) {
  for (std::size_t i = 0; i < before_.findings.size(); ++i)
    for (const Line& line : lines_of(before_.findings[i])) at_[line].push_back(i);
  log::debug("one measurement of the plan walks " + counted(cost_, "event"));
}

std::vector<std::size_t> Planning::all() const {
  std::vector<std::size_t> out(remedies_.size());
  std::iota(out.begin(), out.end(), 0);
  return out;
}

// What goes with a step alone is what it is for.
void Planning::speak_of_ended(const std::vector<std::size_t>& steps) {
  for (const std::size_t step : steps) {
    const Outcome now = outcome(before_, measured({step}));
    for (std::size_t i = 0; i < now.alive.size(); ++i)
      if (!now.alive[i]) remedies_[step].speaks_of.insert(before_.findings[i].location);
  }
}

std::vector<std::size_t> Planning::of_kind(StepKind kind) const {
  std::vector<std::size_t> out = all();
  std::erase_if(out, [&](std::size_t step) { return remedies_[step].kind != kind; });
  return out;
}

std::string Planning::key_of(const std::vector<std::size_t>& steps) const {
  std::string out;
  for (const std::size_t step : steps)
    out += remedies_[step].key + '#' + std::to_string(remedies_[step].edits.size()) + '\n';
  return out;
}

const Planning::Tried& Planning::tried(const std::vector<std::size_t>& steps) const {
  std::string key = key_of(steps);
  std::unique_ptr<Tried>& kept = steps.size() == remedies_.size() ? all_tried_ : some_tried_;
  for (const auto& one : {&all_tried_, &some_tried_})
    if (*one && (*one)->key == key) return **one;
  std::vector<const Edit*> edits;
  for (const std::size_t step : steps)
    for (const Edit& edit : remedies_[step].edits) edits.push_back(&edit);
  log::debug("the analyses run with " + counted(steps.size(), "step") + " supposed");
  kept.reset();
  kept = std::make_unique<Tried>(joined_.facts, edits, audit_.build(), std::move(key));
  return *kept;
}

const Document& Planning::measured(const std::vector<std::size_t>& steps) const {
  constexpr std::size_t remembered = 100;
  const std::string key = key_of(steps);
  if (const auto known = measured_.find(key); known != measured_.end()) return known->second;
  if (measured_.size() > remembered) measured_.clear();
  return measured_[key] = audit::judge_supposed(joined_, tried(steps).audit, selection_, before_.python);
}

std::vector<TypeReport> Planning::types_after(const std::vector<std::size_t>& steps) const {
  return audit::types_of(joined_, tried(steps).audit);
}

void Planning::leave_out(const std::vector<std::size_t>& steps) {
  Remedies kept;
  for (std::size_t i = 0; i < remedies_.size(); ++i)
    if (std::ranges::find(steps, i) == steps.end()) kept.push_back(std::move(remedies_[i]));
  remedies_ = std::move(kept);
}

void Planning::refuse(const std::vector<std::size_t>& steps) {
  for (const std::size_t step : steps) refused_.insert(remedies_[step].key);
  choose();
}

std::vector<std::size_t> Planning::spoken_of(const Remedy& remedy) const {
  std::set<std::size_t> out;
  for (const Location& place : remedy.speaks_of)
    if (const auto found = at_.find({place.file, place.line}); found != at_.end())
      out.insert(found->second.begin(), found->second.end());
  return {out.begin(), out.end()};
}

std::string Planning::refusal(std::size_t finding) const {
  const auto known = refusals_.find(finding);
  return known == refusals_.end() ? "" : known->second;
}

bool Planning::concerns(const Remedy& remedy, const Finding& finding) const {
  if (remedy.kind == StepKind::declaration) return finding.name == "premature-claim";
  const bool about_locks =
      finding.category == Category::mutex_deadlock || finding.category == Category::critical_section_misuse;
  if (about_locks && std::ranges::none_of(remedy.edits, [](const Edit& edit) {
        return edit.does == Edit::Does::hold || edit.does == Edit::Does::swap ||
               edit.does == Edit::Does::wait_detached || edit.does == Edit::Does::let_go_first;
      }))
    return false;
  const Per<FunctionId, bool> around = leading_to(audit_.program(), remedy.functions);
  for (const FunctionId id : around.ids()) {
    const std::string& name = audit_.program().function(id).name;
    if (around[id] && (finding.function == name || joined_.retold.words(name) == finding.function)) return true;
  }
  return false;
}

bool Planning::may_stand_in(const Remedy& remedy, const Remedy& other) const {
  const Per<FunctionId, bool> around = leading_to(audit_.program(), remedy.functions);
  return std::ranges::any_of(other.functions, [&](FunctionId id) { return around[id]; });
}

std::set<const Remedy*> Planning::guilty_of(const Finding& finding) const {
  std::set<const Remedy*> named, direct, out;
  for (const Remedy& remedy : remedies_) {
    const bool near = concerns(remedy, finding);
    if (near) out.insert(&remedy);
    for (const Edit& edit : remedy.edits) {
      const std::string lock = lock_of(edit);
      if (std::ranges::any_of(finding.locks, [&](const std::string& one) { return is_same_lock(one, lock); }))
        named.insert(&remedy);
      if (near && edit.function != none && audit_.program().function(edit.function).name == finding.function)
        direct.insert(&remedy);
    }
  }
  return !named.empty() ? named : !direct.empty() ? direct : out;
}

// Where all of it together was refused, or only one try is to be had, each part is a step of its own.
bool Planning::joins_sections(const Remedy& remedy) const {
  return !is_large() && !refused_.contains(section_of_all(remedy.owner));
}

// A mutex of the struct beside the section of the object that it belongs to would be two locks for one thing, of which
// each side holds another.
bool Planning::is_in_owner(const Remedy& remedy) const {
  if (remedy.kind != StepKind::record_mutex) return false;
  return std::ranges::any_of(remedies_, [&](const Remedy& other) {
    return other.kind == StepKind::section && std::ranges::any_of(remedy.uses, [&](const auto& use) {
             return use.first != other.owner && other.uses.contains(use.first);
           });
  });
}

// One round: true when it has something new.
bool Planning::work_out(const analysis::Audit& audit, const Supposition* supposed, bool containers, bool first) {
  Remedies made;
  object_remedies(audit, refused_, made);
  global_remedies(audit, refused_, made);
  reference_remedies(audit, refused_, made);
  if (containers) container_remedies(audit, refused_, made);
  if (first) {
    lock_remedies(audit, refused_, made);
    library_remedies(audit, refused_, made);
    accessor_remedies(audit, refused_, made);
    memory_remedies(audit, refused_, made);
    uniqueness_remedies(audit, refused_, made);
  }
  return take_in(std::move(made), supposed);
}

// True when there is something new among them. Worked out from facts with other steps supposed, or as they were read.
bool Planning::take_in(Remedies made, const Supposition* supposed) {
  bool anything = false;
  for (Remedy& remedy : made) {
    if (supposed != nullptr)
      std::erase_if(remedy.edits, [&](Edit& edit) { return !translate(edit, *supposed, joined_.facts); });
    if (remedy.edits.empty() || spoken_of(remedy).empty()) continue;
    const auto is_one = [&](const Remedy& other) {
      return other.key == remedy.key || (joins_sections(remedy) && is_same_section(other, remedy));
    };
    if (is_in_owner(remedy)) continue;
    const auto known = std::ranges::find_if(remedies_, is_one);
    if (known == remedies_.end()) {
      remedies_.push_back(std::move(remedy)), anything = true;
      continue;
    }
    const bool other_part = known->key != remedy.key;
    anything |= grow(audit_, *known, std::move(remedy));
    if (other_part) known->key = section_of_all(known->owner);
  }
  return anything;
}

// Steps that end nothing of what they are for, or bring what was not there, are not tried again.
bool Planning::refuse_what_failed(bool last) {
  if (remedies_.empty()) return false;
  const Document& after = measured(all());
  const Outcome now = outcome(before_, after);
  bool any = false;
  std::vector<std::pair<const Finding*, std::set<const Remedy*>>> blamed;
  for (const Finding* finding : now.brought) blamed.emplace_back(finding, guilty_of(*finding));
  for (const Remedy& remedy : remedies_) {
    const std::vector<std::size_t> about = spoken_of(remedy);
    // What only takes sides off a finding that is there in the end is no help.
    bool failed = std::ranges::all_of(about, [&](std::size_t i) { return now.alive[i] && (last || !now.lessened[i]); });
    std::string why = failed ? "what it is for stays" : "";
    for (const auto& [finding, guilty] : blamed)
      if (!failed && guilty.contains(&remedy)) {
        failed = true, why = "it brings " + finding->rule + " in " + finding->function + ": " + finding->what;
        for (const std::size_t i : about)
          refusals_.emplace(i, "what was tried (" + std::string(name_of(remedy.kind)) + ") brings " + finding->rule +
                                   " " + finding->name + (finding->function.empty() ? "" : " in " + finding->function));
      }
    if (!failed) continue;
    log::debug("tried and refused: " + remedy.key + ": " + why);
    any |= refused_.insert(remedy.key).second;
  }
  return any;
}

void Planning::choose() {
  // Each round and each try costs an analysis of everything, which in large projects is most of a scan.
  const bool quick = cost_ > small;
  const int tries = is_large() ? 1 : quick ? 2 : 3, rounds = quick ? 1 : 3;
  remedies_.clear();
  for (int attempt = 0; attempt < tries; ++attempt) {
    // What was not refused stays, with what else there is for what was; where threads have something for themselves,
    // after that.
    Remedies apart;
    thread_remedies(audit_, refused_, apart);
    take_in(std::move(apart), nullptr);
    const std::vector<std::size_t> by_thread = of_kind(StepKind::per_thread);
    speak_of_ended(by_thread);
    const Tried* with = by_thread.empty() ? nullptr : &tried(by_thread);
    work_out(with == nullptr ? audit_ : with->audit, with == nullptr ? nullptr : &with->facts, quick, true);
    weigh();
    for (int round = 1; round < rounds; ++round) {
      const Tried& so_far = tried(all());
      if (!work_out(so_far.audit, &so_far.facts, true, false)) break;
      weigh();
    }
    const bool refused = refuse_what_failed(attempt + 1 == tries);
    drop_refused();
    if (!refused) break;
  }
  const std::size_t others = remedies_.size();
  add_declarations(others == 0 ? std::vector<bool>(before_.findings.size(), true)
                               : outcome(before_, measured(all())).alive);
  if (remedies_.size() == others) return;
  refuse_what_failed(true);
  drop_refused();
}

void Planning::drop_refused() {
  std::erase_if(remedies_, [&](const Remedy& remedy) { return refused_.contains(remedy.key); });
}

void Planning::sketch(bool measure) {
  work_out(audit_, nullptr, true, true);
  add_declarations({});
  if (!measure) {
    // Where something is left nobody knows what stands against a declaration.
    std::set<std::size_t> spoken;
    for (const Remedy& remedy : remedies_)
      for (const std::size_t i : spoken_of(remedy)) spoken.insert(i);
    if (spoken.size() < before_.findings.size())
      std::erase_if(remedies_, [](const Remedy& remedy) { return remedy.kind == StepKind::declaration; });
    return;
  }
  refuse_what_failed(true);
  drop_refused();
}

// The last steps, where the others end all that refutes them.
void Planning::add_declarations(const std::vector<bool>& alive) {
  const auto refuted = [&](const std::string& name) {
    for (const ModuleReport& module : before_.modules)
      for (std::size_t i = 0; i < alive.size() && module.name == name; ++i)
        if (alive[i] && refutes_claim(before_.findings[i]) && ftaudit::concerns(before_, before_.findings[i], module))
          return true;
    return false;
  };
  Remedies made;
  declarations(audit_, refused_, made);
  for (Remedy& remedy : made)
    if (!spoken_of(remedy).empty() && !refuted(remedy.states.at(0))) remedies_.push_back(std::move(remedy));
  weigh();
}

// Those that end most come first.
void Planning::weigh() {
  std::vector<std::pair<int, Remedy>> weighed;
  for (Remedy& remedy : remedies_) {
    int weight = remedy.kind == StepKind::declaration ? -(1 << 20) : 0;  // the last of all
    for (const std::size_t i : spoken_of(remedy)) weight += 1 << (2 * static_cast<int>(before_.findings[i].severity));
    weighed.emplace_back(weight, std::move(remedy));
  }
  std::ranges::stable_sort(weighed, [](const auto& a, const auto& b) {
    return std::tuple(-a.first, a.second.edits.size(), a.second.key) <
           std::tuple(-b.first, b.second.edits.size(), b.second.key);
  });
  remedies_.clear();
  for (auto& [weight, remedy] : weighed) remedies_.push_back(std::move(remedy));
}

}  // namespace ftaudit::plan
