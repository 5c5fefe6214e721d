// Blocks that are no objects, out of the allocator of objects: the memory allocator's calls, from getting to freeing.
#include <algorithm>

#include "plan/remedy.h"
#include "plan/words.h"

namespace ftaudit::plan {

using analysis::Site;
using analysis::Use;

namespace {

bool is_object_allocator(const std::string& callee) {
  const capi::Allocator* known = capi::allocator(callee);
  return known != nullptr && known->domain == capi::Domain::object &&
         (callee.starts_with("PyObject_M") || callee.starts_with("PyObject_C") || callee.starts_with("PyObject_R") ||
          callee.starts_with("PyObject_F") || callee.starts_with("PyObject_D"));
}

// "PyObject_MALLOC" -> "PyMem_Malloc".
std::string in_memory_domain(const std::string& callee) {
  std::string out = "PyMem_" + callee.substr(callee.find('_') + 1);
  for (std::size_t i = 7; i < out.size(); ++i)
    out[i] = static_cast<char>(std::tolower(static_cast<unsigned char>(out[i])));
  return out == "PyMem_Del" ? "PyMem_Free" : out;
}

}  // namespace

void memory_remedies(const analysis::Audit& audit, const Refused& refused, Remedies& out) {
  audit.each_function([&](FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (const EventId e : function.events.ids()) {
      if (!analysis::is_call(function.events[e]) || !is_object_allocator(function.events[e].callee) ||
          !capi::allocates(function.events[e].callee))
        continue;
      // All that becomes of it is to be seen here: who frees it elsewhere would free it with the wrong call.
      std::set<EventId> calls{e};
      bool stays = true;
      for (const Use& use : audit.values(id).uses(e)) {
        stays &= use.kind != Use::Kind::stored && use.kind != Use::Kind::returned;
        if (is_object_allocator(function.events[use.event].callee)) calls.insert(use.event);
      }
      if (!stays || calls.size() < 2) continue;
      Remedy remedy{.kind = StepKind::memory_domain,
                    .key = "memory-domain " + function.name + " " + std::to_string(function.events[e].span.line)};
      if (refused.contains(remedy.key)) continue;
      for (const EventId call : calls) {
        Edit edit{.does = Edit::Does::call, .function = id, .first = call};
        edit.callee = in_memory_domain(function.events[call].callee);
        remedy.places.push_back(place_at(audit, id, call, edit.callee));
        remedy.edits.push_back(std::move(edit));
        remedy.speaks_of.insert(audit.location(Site{id, call}));
      }
      remedy.functions.insert(id);
      remedy.what = "take the block in " + function.name + " from PyMem_Malloc and give it back with PyMem_Free";
      remedy.because = "it is no object, and the collector walks what the allocator of objects gave as objects";
      out.push_back(std::move(remedy));
    }
  });
}

}  // namespace ftaudit::plan
