// Calls of the C library that keep something for the whole process: the ones that keep it with their caller.
#include <map>

#include "plan/remedy.h"
#include "plan/words.h"

namespace ftaudit::plan {

// "strtok_r (strtok_s on Windows)", "tgamma or lgamma_r": the name that comes first; "" where it is no name.
static std::string named_first(std::string_view instead) {
  const std::size_t end = instead.find_first_of(" ,;(");
  const std::string_view rest = end == std::string_view::npos ? std::string_view() : instead.substr(end);
  const bool alone = rest.empty() || rest.starts_with(" or ") || rest.starts_with(" (") || rest.starts_with(", ") ||
                     rest.starts_with(" with ");
  return alone ? std::string(instead.substr(0, end)) : "";
}

void library_remedies(const analysis::Audit& audit, const Refused& refused, Remedies& out) {
  std::map<std::string, Remedy> by_call;
  audit.each_concurrent_call(
      [](const model::Event& event) { return event.callee_key.text.empty() && capi::libc(event.callee) != nullptr; },
      [&](const analysis::Site& site) {
        const std::string& was = audit.event(site).callee;
        const std::string with = named_first(capi::libc(was)->instead);
        if (with.empty()) return;
        Remedy& remedy = by_call[was];
        remedy.kind = StepKind::reentrant_call, remedy.key = "reentrant-call " + was;
        Edit edit{.does = Edit::Does::call, .function = site.function, .first = site.event};
        edit.callee = with;
        remedy.edits.push_back(std::move(edit));
        remedy.places.push_back(place_at(audit, site.function, site.event, with));
        remedy.speaks_of.insert(audit.location(site));
        remedy.functions.insert(site.function);
        remedy.what = "call " + with + " instead of " + was;
        remedy.because = "what " + was + " keeps for the whole process, " + with + " keeps with who calls it";
      });
  for (auto& [name, remedy] : by_call)
    if (!refused.contains(remedy.key)) out.push_back(std::move(remedy));
}

}  // namespace ftaudit::plan
