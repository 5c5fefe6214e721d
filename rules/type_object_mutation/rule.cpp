#include <algorithm>

#include "capi/changes.h"
#include "capi/records.h"
#include "capi/types.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::Origin;
using analysis::Path;
using analysis::Site;
using model::Event;
using model::Place;
using model::Step;

namespace {

bool is_member(const Step& step) {
  if (step.kind != Step::Kind::field || step.field.starts_with("ob_")) return false;
  const capi::Record record = capi::record_named(step.record);
  return record == capi::Record::type_object || record == capi::Record::heap_type;
}

// The first step of a path that is a member of a type object; its size when none is.
std::size_t member(const std::vector<Step>& steps) {
  return static_cast<std::size_t>(std::find_if(steps.begin(), steps.end(), is_member) - steps.begin());
}

// What is merely unchangeable for its users can still get another type.
bool is_own(const Origin& origin) {
  return origin.kind == Origin::Kind::fresh || origin.kind == Origin::Kind::exclusive ||
         origin.kind == Origin::Kind::none;
}

class Search {
 public:
  Search(const Audit& audit, Report& report, Site site)
      : audit_(audit), report_(report), site_(site), function_(audit.function(site)), event_(audit.event(site)) {}

  void look() {
    if (event_.kind == Event::Kind::write && event_.place != model::none)
      return member_write(function_.places[event_.place]);
    if (!analysis::is_call(event_)) return;
    if (capi::changes_watchers(event_.callee)) {
      report_.site();
      tell(event_.callee + " changes the table of watchers, which has no lock", event_.callee,
           "call it from Py_mod_exec");
    } else if (capi::sets_type(event_.callee) && !event_.operands.empty()) {
      report_.site();
      const Origin origin = audit_.ownership().of(site_.function, site_.event, event_.operands[0]);
      const std::string object = audit_.text(site_, event_.operands[0]);
      if (!is_own(origin))
        tell("the type of " + object + " is changed while other threads may be using the object", object,
             "change __class__ with PyObject_SetAttrString, which checks the layouts and stops other threads; or set "
             "the type before anybody else gets the object");
    } else if (capi::writes_dict(event_.callee) && !event_.operands.empty()) {
      dict_write(audit_.values(site_.function));
    }
  }

 private:
  void member_write(const Place& place) {
    const std::size_t at = member(place.steps);
    if (at == place.steps.size()) return;
    report_.site();
    Place type = place;
    type.steps.resize(at);
    if (type.steps.empty() && place.root != Place::Root::global) return;  // a type object on the stack
    if (!others_have(site_, path(type))) return;
    tell(place.steps[at].field + " of a type is written after other threads could get at the type",
         place.steps[at].field,
         "set it in the PyType_Spec, or before PyType_Ready in Py_mod_exec; what has to change later goes through "
         "PyObject_SetAttr on the type");
  }

  void dict_write(const analysis::Values& values) {
    Path dict = analysis::path_of(function_, values, event_.operands[0], site_.event);
    if (dict.root == Path::Root::call && dict.steps.empty()) {
      const Event& made = function_.events[dict.number];
      if (!capi::gives_type_dict(made.callee) || made.operands.empty()) return;
      dict = analysis::path_of(function_, values, made.operands[0], dict.number);
    } else {
      const std::size_t at = member(dict.steps);
      if (at == dict.steps.size() || dict.steps[at].field != "tp_dict") return;
      dict.steps.resize(at);
    }
    report_.site();
    if (others_have(site_, dict))
      tell(
          "the dict of a type is changed behind the type's back: its method cache is not told, and other threads read "
          "it without a lock",
          "tp_dict", "PyObject_SetAttrString((PyObject *)type, name, value)");
  }

  Path path(const Place& place) const {
    return analysis::path_of(function_, audit_.values(site_.function), place, site_.event);
  }

  // False: the type at the end of the path is nobody's yet, made here or made ready afterwards; a helper's, in all of
  // its callers.
  bool others_have(const Site& site, const Path& type, unsigned depth = 0) {
    const model::Function& function = audit_.function(site);
    for (EventId e = site.event + 1; e < function.events.size(); ++e) {
      const Event& later = function.events[e];
      if (!analysis::is_call(later) || capi::readies_type(later.callee) != capi::Readies::under_lock ||
          later.operands.empty())
        continue;
      if (bare(analysis::path_of(function, audit_.values(site.function), later.operands[0], e)) == bare(type))
        return false;
    }
    const bool direct = std::all_of(type.steps.begin(), type.steps.end(), leads_nowhere);
    if (type.root == Path::Root::unknown) return false;
    if (type.root == Path::Root::global || !direct) return true;
    if (type.root == Path::Root::call) {
      const std::string& callee = function.events[type.number].callee;
      if (capi::looks_at_type(callee)) return true;
      if (capi::makes_type(callee)) return false;
    }
    const Origin origin = type.root == Path::Root::call
                              ? audit_.ownership().of_call(site.function, type.at, type.number)
                              : audit_.ownership().of_local(site.function, type.at, type.number);
    return !is_own(origin) && (type.root != Path::Root::parameter || callers_others_have(site, type.number, depth));
  }

  bool callers_others_have(const Site& site, std::uint32_t parameter, unsigned depth) {
    const std::vector<analysis::Edge>& calls = audit_.program().calls_to(site.function);
    if (depth == 4 || calls.empty() || audit_.contexts().entry(site.function) != nullptr) return true;
    return std::any_of(calls.begin(), calls.end(), [&](const analysis::Edge& call) {
      const std::vector<model::Operand>& given = audit_.program().function(call.from).events[call.event].operands;
      if (call.mention || call.indirect || parameter >= given.size()) return true;
      const Path type = analysis::path_of(audit_.program().function(call.from), audit_.values(call.from),
                                          given[parameter], call.event);
      return others_have({call.from, call.event}, type, depth + 1);
    });
  }

  // A heap type begins with its type object.
  static bool leads_nowhere(const Step& step) {
    return step.kind == Step::Kind::deref || (step.kind == Step::Kind::field && step.field == "ht_type" &&
                                              capi::record_named(step.record) == capi::Record::heap_type);
  }
  static std::string bare(Path path) {
    std::erase_if(path.steps, leads_nowhere);
    path.is_address = false;
    return path.text();
  }

  void tell(std::string what, const std::string& place, std::string instead) {
    Finding& finding = add_at(report_, audit_, site_, std::move(what));
    finding.place = place;
    finding.instead = std::move(instead);
  }

  const Audit& audit_;
  Report& report_;
  const Site site_;
  const model::Function& function_;
  const Event& event_;
};

}  // namespace

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_function([&](analysis::FunctionId id) {
    // __init__ of a metatype finishes a type that it is making.
    if (audit.shared().only_initialises(id)) return;
    for (EventId e = 0; e < audit.program().function(id).events.size(); ++e) Search(audit, report, {id, e}).look();
  });
}

extern const Rule type_object_mutation{{.id = "FT209",
                                        .name = "type-object-mutation",
                                        .category = Category::global_state,
                                        .severity = Severity::high,
                                        .confidence = Confidence::likely,
                                        .summary = "A type is changed directly after other threads can use it",
                                        .why = "method caches and other threads read a type's members without a lock; "
                                               "a change behind the interpreter's back is seen half, or never",
                                        .since = "0.1"},
                                       check};

}  // namespace ftaudit::rules
