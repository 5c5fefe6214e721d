// The last resort: a type whose functions work detached, where no critical section holds, on state that one call leaves
// to the next. No lock of the extension's makes two threads' calls on one connection mean anything: its documentation
// says that they are kept apart, as that of the library behind it mostly does.
#include <map>

#include "plan/remedy.h"
#include "plan/words.h"

namespace ftaudit::plan {

using analysis::Audit;
using analysis::Conflict;
using analysis::Party;
using analysis::State;

void contract_remedies(const Audit& audit, const Refused& refused, Remedies& out) {
  std::map<std::string, Remedy> by_record;
  std::set<std::string> detached;
  const auto speak_of = [&](const State& state, const std::vector<Party>& sides) {
    const model::Record* record = audit.program().record(state.record);
    if (state.kind != State::Kind::field || record == nullptr || !record->is_object) return;
    Remedy& remedy = by_record[state.record];
    for (const Party& side : sides) {
      remedy.speaks_of.insert(audit.location(side.access->site));
      remedy.functions.insert(side.access->site.function);
      if (audit.attached().surely_detached(side.access->site)) detached.insert(state.record);
    }
  };
  for (const Conflict& conflict : audit.conflicts().all()) speak_of(*conflict.state, conflict.sides);
  for (const analysis::Load& load : audit.loads()) speak_of(*load.state, load.sides);
  for (auto& [record, remedy] : by_record) {
    remedy.kind = StepKind::contract, remedy.key = "contract " + record;
    const std::string type = audit.shared().type_of(record);
    if (!detached.contains(record) || type.empty() || refused.contains(remedy.key)) continue;
    const std::string setting = "[tool.ftaudit.types] \"" + type + "\" = \"external\"";
    remedy.edits.push_back({.does = Edit::Does::keep_apart, .record = record});
    remedy.places.push_back(
        {.location = audit.location(audit.program().record(record)->span),
         .write = "in the documentation: one " + type + " is for one thread at a time; " + setting});
    remedy.states = {type};
    remedy.what = "say that callers keep threads apart that use one " + type;
    remedy.because =
        "its functions work detached, where no critical section holds, and what one call leaves behind the next one "
        "goes "
        "on with; nothing is safer for it";
    remedy.otherwise =
        "give it a PyMutex that each of them holds from its beginning to its end, and never under Python";
    out.push_back(std::move(remedy));
  }
}

}  // namespace ftaudit::plan
