#include "plan/lent_fields.h"

#include <algorithm>

#include "cython/sources.h"
#include "plan/boundary.h"
#include "plan/words.h"

namespace ftaudit::plan {
namespace {

bool is_handed_on(const analysis::Audit& audit, FunctionId id, EventId read) {
  const model::Function& function = audit.program().function(id);
  const std::vector<analysis::Use> uses = audit.values(id).uses_of_read(read);
  return std::ranges::any_of(uses, [&](const analysis::Use& use) {
    return use.kind == analysis::Use::Kind::passed && audit.suspension().commonly(function, function.events[use.event]);
  });
}

// The expression that what was read goes into.
EventId consumer_of(const model::Function& function, EventId read) {
  for (const EventId e : function.events.ids(read + 1))
    for (const model::Operand& operand : function.events[e].operands)
      if (operand.kind == model::Operand::Kind::place && operand.place == function.events[read].place) return e;
  return none;
}

}  // namespace

std::set<EventId> lent_reads(const analysis::Audit& audit, FunctionId id,
                             const std::set<const analysis::State*>& fields) {
  std::set<EventId> out;
  bool lent = false;
  for (const analysis::State* state : fields)
    for (const analysis::Access& access : state->accesses) {
      if (access.site.function != id) continue;
      if (access.write || !state->type.to_object) return {};
      lent |= is_handed_on(audit, id, access.site.event);
      out.insert(access.site.event);
    }
  return lent ? out : std::set<EventId>();
}

// Of these objects the one that the path leads through last.
static const model::Place& nearest(const std::vector<model::Place>& objects, const analysis::Path& path) {
  const model::Place* out = nullptr;
  for (const model::Place& one : objects)
    if (path.root == analysis::Path::Root::parameter && path.number == one.variable &&
        one.steps.size() <= path.steps.size() && std::equal(one.steps.begin(), one.steps.end(), path.steps.begin()) &&
        (out == nullptr || out->steps.size() < one.steps.size()))
      out = &one;
  return out != nullptr ? *out : objects[0];
}

void own_references(const analysis::Audit& audit, FunctionId id, const std::set<EventId>& reads,
                    const std::vector<model::Place>& objects, const std::string& fields, Remedy& remedy) {
  const model::Function& function = audit.program().function(id);
  std::set<std::string> names;
  for (const EventId read : reads) {
    const analysis::Path path = path_of(function, audit.values(id), function.places[function.events[read].place], read);
    const model::Place& object = nearest(objects, path);
    Edit edit{.function = id, .first = read, .last = read};
    edit.own_reference = true;
    if (const EventId user = consumer_of(function, read); user != none) edit.events.push_back(user);
    edit.objects.push_back(object);
    remedy.edits.push_back(std::move(edit));
    names.insert(written(audit, function, object));
  }
  const bool cython = cython::is_source_name(audit.location(function.name_span).file);
  std::string section = write_section(cython ? ".pyx" : ".c", {*names.begin()}, true, false);
  section = section.substr(0, section.find(')') + 1);
  if (names.size() > 1) section += ", or of " + listed({std::next(names.begin()), names.end()}) + ",";
  remedy.places.push_back(
      place_at(audit, id, *reads.begin(),
               cython ? section + ": take " + fields + " into a local, and use that"
                      : section + " and in it only Py_XNewRef of " + fields + "; use that, and Py_XDECREF it behind"));
  remedy.functions.insert(id);
}

}  // namespace ftaudit::plan
