// Lent references: the call that gives one of its own, in one step with finding the item.
#include <map>

#include "analysis/borrowed.h"
#include "cython/sources.h"
#include "plan/remedy.h"
#include "plan/words.h"

namespace ftaudit::plan {

void reference_remedies(const analysis::Audit& audit, const Refused& refused, Remedies& out) {
  std::map<std::pair<std::string, std::string>, Remedy> by_call;
  std::uint64_t looked_at = 0;
  for (const analysis::BorrowedRead& read :
       analysis::borrowed_reads(audit, [](const capi::Borrowed& api) { return !api.replacement.empty(); }, looked_at)) {
    const std::string was(read.api->name);
    // "PyDict_GetItemRef or PyDict_GetItemStringRef (3.13)": the call that is named first.
    std::string with(read.api->replacement);
    with = with.substr(0, with.find_first_of(" (,;"));
    Remedy& remedy = by_call[{was, with}];
    remedy.kind = StepKind::owned_reference;
    remedy.key = "owned-reference " + was;
    Edit edit{.does = Edit::Does::own, .function = read.site.function, .first = read.site.event};
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
  for (auto& [key, remedy] : by_call)
    if (!refused.contains(remedy.key)) out.push_back(std::move(remedy));
}

}  // namespace ftaudit::plan
