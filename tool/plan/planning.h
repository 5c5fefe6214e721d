// Planning: the rounds in which remedies are worked out, supposed and measured, until what is left of them holds. What
// the door does for one project.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "audit/audit_project.h"
#include "plan/outcome.h"
#include "plan/remedy.h"
#include "plan/supposition.h"

namespace ftaudit::plan {

class Planning {
 public:
  // `before`: what the rules say of `audit`.
  Planning(const audit::JoinedProject& joined, const Selection& selection, const analysis::Audit& audit,
           const Document& before);

  const Document& before() const { return before_; }
  const Remedies& remedies() const { return remedies_; }
  std::vector<std::size_t> all() const;  // their numbers
  const analysis::Audit& audit() const { return audit_; }
  // What one measurement costs: events, as often as they are walked. Of the facts alone, so that the same project has
  // the same plan on every machine.
  std::uint64_t cost() const { return cost_; }
  // The analyses, and not the reading of the sources, are what a scan waits for.
  bool is_large() const { return cost_ > 100'000; }

  void choose();
  // What one round gives, as it is or without what one measurement of all refutes.
  void sketch(bool measure);
  // What the rules say with these steps made; asked again it is remembered.
  const Document& measured(const std::vector<std::size_t>& steps) const;
  // What types allow then.
  std::vector<TypeReport> types_after(const std::vector<std::size_t>& steps) const;
  void leave_out(const std::vector<std::size_t>& steps);
  // Chooses anew without these.
  void refuse(const std::vector<std::size_t>& steps);
  // The finding is in a function that the remedy edits, or in one that gets there.
  bool concerns(const Remedy& remedy, const Finding& finding) const;
  // Who brought a finding: the steps whose new lock it names; else those that edit the function that it is in; else
  // those that edit what is called from there.
  std::set<const Remedy*> guilty_of(const Finding& brought) const;
  // What the first edits is edited by the second too, or called from where that does: the second may do for it.
  bool may_stand_in(const Remedy& remedy, const Remedy& other) const;
  // What stood against the first step that was tried for a finding of before; "" where nothing did.
  std::string refusal(std::size_t finding) const;
  // The findings shown before that a remedy is there for.
  std::vector<std::size_t> spoken_of(const Remedy& remedy) const;

 private:
  bool work_out(const analysis::Audit& audit, const Supposition* supposed, bool containers, bool first);
  bool take_in(Remedies made, const Supposition* supposed);
  std::vector<std::size_t> of_kind(StepKind kind) const;
  void speak_of_ended(const std::vector<std::size_t>& steps);
  // The facts with these steps made, and what the analyses know of them. The last of all steps is kept, and the last of
  // some.
  struct Tried {
    Tried(const model::Facts& read, const std::vector<const Edit*>& edits, analysis::Build build, std::string steps)
        : facts(read, edits), audit(facts.facts(), std::move(build)), key(std::move(steps)) {}
    Supposition facts;
    analysis::Audit audit;
    std::string key;
  };
  const Tried& tried(const std::vector<std::size_t>& steps) const;
  std::string key_of(const std::vector<std::size_t>& steps) const;
  bool joins_sections(const Remedy& remedy) const;
  bool is_in_owner(const Remedy& remedy) const;
  void add_declarations(const std::vector<bool>& alive);
  void weigh();
  bool refuse_what_failed(bool last);
  void drop_refused();

  const audit::JoinedProject& joined_;
  const Selection& selection_;
  const analysis::Audit& audit_;
  const Document& before_;
  const std::uint64_t cost_;
  std::map<std::pair<std::string, std::uint32_t>, std::vector<std::size_t>> at_;  // findings by the lines they name
  mutable std::map<std::string, Document> measured_;                              // by the steps
  mutable std::unique_ptr<Tried> all_tried_, some_tried_;
  Remedies remedies_;
  Refused refused_;
  std::map<std::size_t, std::string> refusals_;  // by the finding
};

}  // namespace ftaudit::plan
