// Lent references: the call that gives one of its own, in one step with finding the item.
#include <map>

#include "analysis/borrowed.h"
#include "cython/sources.h"
#include "plan/remedy.h"
#include "plan/words.h"

namespace ftaudit::plan {

void reference_remedies(const analysis::Audit& audit, const Refused& refused, Remedies& out) {
  std::map<std::string, Remedy> by_key;
  std::uint64_t looked_at = 0;
  for (const analysis::BorrowedRead& read :
       analysis::borrowed_reads(audit, [](const capi::Borrowed& api) { return !api.replacement.empty(); }, looked_at)) {
    if (read.api->is_macro) continue;  // a container's inside, which goes by its size and other items
    const std::string was(read.api->name);
    // "PyDict_GetItemRef or PyDict_GetItemStringRef (3.13)": the call that is named first.
    std::string with(read.api->replacement);
    with = with.substr(0, with.find_first_of(" (,;"));
    // Where all together did not hold, those of each function by themselves may.
    std::string key = owned_reference(was);
    if (refused.contains(key)) key = owned_reference(was, audit.function(read.site).name);
    if (refused.contains(key)) continue;
    Remedy& remedy = by_key[key];
    remedy.kind = StepKind::owned_reference;
    remedy.key = key;
    Edit edit{.does = Edit::Does::call, .function = read.site.function, .first = read.site.event};
    edit.callee = with;
    remedy.edits.push_back(std::move(edit));
    const bool counted = read.flaw == analysis::BorrowedRead::Flaw::counted;
    const bool cython = cython::is_source_name(audit.location(read.site).file);
    remedy.places.push_back(place_at(audit, read.site.function, read.site.event,
                                     cython    ? "hold the container's critical section from here to the last use"
                                     : counted ? with + ", and no Py_INCREF behind it"
                                               : with + ", and a Py_DECREF after the last use"));
    remedy.speaks_of.insert(audit.location(read.site));
    remedy.functions.insert(read.site.function);
    remedy.what = "call " + with + " instead of " + was;
    if (!read.api->since.empty()) remedy.what += " (from Python " + std::string(read.api->since) + " on)";
    remedy.because = "the item is found and kept in one step; a lent one may be gone before it is used";
    if (read.api->in_compat) remedy.otherwise = "pythoncapi_compat.h has it for older versions of Python";
  }
  for (auto& [key, remedy] : by_key) out.push_back(std::move(remedy));
}

// A count that says whether anybody else has the object: only the question that looks at both halves of it does.
void uniqueness_remedies(const analysis::Audit& audit, const Refused& refused, Remedies& out) {
  Remedy remedy{.kind = StepKind::unique_check, .key = "unique-check"};
  if (refused.contains(remedy.key)) return;
  audit.each_concurrent_call(
      [](const model::Event& event) { return event.callee == "Py_REFCNT"; },
      [&](const analysis::Site& site) {
        Edit edit{.does = Edit::Does::call, .function = site.function, .first = site.event};
        edit.callee = "PyUnstable_Object_IsUniquelyReferenced";
        remedy.edits.push_back(std::move(edit));
        remedy.places.push_back(place_at(audit, site.function, site.event, "PyUnstable_Object_IsUniquelyReferenced"));
        remedy.speaks_of.insert(audit.location(site));
        remedy.functions.insert(site.function);
      });
  remedy.what = "ask PyUnstable_Object_IsUniquelyReferenced whether an object is nobody else's (from Python 3.14 on)";
  remedy.because = "other threads count in another half of the reference count";
  remedy.otherwise = "pythoncapi_compat.h has it for older versions of Python; or do without the check, and copy";
  if (!remedy.edits.empty()) out.push_back(std::move(remedy));
}

}  // namespace ftaudit::plan
