#include "rules/endangered.h"

#include <algorithm>

#include "analysis/strangers.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Load;

std::string when_let_go(const Audit& audit, const Load& load) {
  const analysis::Locks& before = audit.held().at(load.read->site.function, load.read->site.event);
  const bool again =
      load.user == load.read->site.function &&
      std::ranges::any_of(audit.held().at(load.user, load.use.event), [&](const analysis::Lock& lock) {
        return std::ranges::any_of(before, [&](const analysis::Lock& other) { return other.what == lock.what; });
      });
  return again ? "given back and taken once more" : "given back";
}

Finding& add_load(Report& report, const Audit& audit, const Load& load, const std::string& done) {
  const model::Function& function = audit.function(load.read->site);
  const std::string name = audit.text(
      load.read->site,
      model::Operand{.kind = model::Operand::Kind::place, .place = function.events[load.read->site.event].place});
  std::string also;
  for (std::size_t i = 0; i < load.also.size() && i < 4; ++i) also += (i > 0 ? ", " : " (and ") + load.also[i]->field;
  if (!also.empty()) also += ")";
  const std::string writer = audit.function(load.writer->site).name;
  const analysis::Site used{load.user, load.use.event};
  const bool handed_out = load.user != load.read->site.function;
  Finding& finding = add_at(
      report, audit, handed_out ? used : load.read->site,
      name + also + " " + done + "; " + writer + "()" + (load.only_init_writes ? ", called again by __init__," : "") +
          (load.state->type.to_object ? " can release the object meanwhile" : " can free it meanwhile"));
  finding.place = load.state->name;
  tell_sides(finding, audit, load.sides);
  if (!load.read->origin.certain || !load.writer->origin.certain) finding.confidence = Confidence::possible;
  if (is_a_strangers(audit, *load.read) || is_a_strangers(audit, *load.writer))
    finding.confidence = Confidence::possible;
  if (load.only_init_writes) finding.severity = Severity::medium;
  if (!load.state->type.to_object)
    finding.instead =
        "hold the lock until the last use, or copy what the pointer leads to under it; or count the users under it, "
        "and "
        "have the writer wait for them";
  else if (load.let_go)
    finding.instead = "take a reference (Py_NewRef) before the lock is given back, and drop it when done";
  else
    finding.instead =
        "read the field and take a reference inside Py_BEGIN_CRITICAL_SECTION on the object, and have every writer "
        "swap the pointer inside one";
  if (handed_out) finding.trace.push_back({audit.location(load.read->site), "read here, in " + function.name});
  finding.trace.push_back(
      {audit.location(audit.event(used).span), load.counted ? "the reference is taken here" : "it is used here"});
  finding.trace.push_back({audit.location(load.writer->site), "replaced here, in " + writer});
  return finding;
}

}  // namespace ftaudit::rules
