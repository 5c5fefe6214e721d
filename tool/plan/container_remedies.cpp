// Containers that are read from the inside: the container's own section from the first read to the last use of what is
// lent, where nothing in between lets a section go; else a copy that nobody else has.
#include <algorithm>
#include <map>

#include "cython/sources.h"
#include "plan/inside.h"
#include "plan/remedy.h"
#include "plan/stretch.h"
#include "plan/words.h"

namespace ftaudit::plan {

using analysis::Audit;
using analysis::Site;

namespace {

std::set<EventId> all_of(const InsideUse& use) {
  std::set<EventId> out = use.reads;
  out.insert(use.sizes.begin(), use.sizes.end());
  out.insert(use.lent.begin(), use.lent.end());
  return out;
}

bool lets_go(const Audit& audit, FunctionId id, const Stretch& stretch) {
  const model::Function& function = audit.program().function(id);
  return std::ranges::any_of(events_in(audit, id, stretch), [&](EventId e) {
    return analysis::is_call(function.events[e]) && audit.suspension().event(function, function.events[e]);
  });
}

// What makes one of its own of the container, by the calls that read it; "" for what has no such call.
std::string copying(const Audit& audit, const InsideUse& use) {
  if (use.fast != none) return "PySequence_Tuple";
  const std::string& callee = audit.program().function(use.function).events[*use.reads.begin()].callee;
  if (callee.find("PyDict_") != std::string::npos) return "PyDict_Copy";
  if (callee.starts_with("PyList_GET_") || callee == "PyList_GetItem" || callee.starts_with("PySequence_Fast_"))
    return "PyList_GetSlice";
  return "";
}

class Containers {
 public:
  Containers(const Audit& audit, const Refused& refused, Remedies& out) : audit_(audit), refused_(refused), out_(out) {}

  void work_out() {
    // Where a reference of one's own did not hold: a list that is walked by the size that it had may have become
    // shorter.
    const auto refused = [&](const Site& site) {
      return refused_.contains(owned_reference(audit_.event(site).callee, audit_.function(site).name));
    };
    for (const InsideUse& use : inside_uses(audit_, refused)) {
      if (is_alone(use)) {
        owned(use);
        continue;
      }
      const std::set<EventId> events = all_of(use);
      const std::optional<Stretch> stretch = stretch_of(audit_, use.function, events, use.made);
      if (stretch && !lets_go(audit_, use.function, *stretch) && section(use, *stretch)) continue;
      copy(use, stretch);
    }
    for (auto& [key, remedy] : owned_) out_.push_back(std::move(remedy));
  }

 private:
  Remedy begin(StepKind kind, const InsideUse& use) const {
    const std::string& function = audit_.program().function(use.function).name;
    Remedy out{.kind = kind, .key = std::string(name_of(kind)) + " " + function + " " + use.name};
    out.functions.insert(use.function);
    for (const auto* events : {&use.reads, &use.sizes})
      for (const EventId e : *events) out.speaks_of.insert(audit_.location(Site{use.function, e}));
    if (use.fast != none) out.speaks_of.insert(audit_.location(Site{use.function, use.fast}));
    return out;
  }

  std::string file(const InsideUse& use) const {
    return audit_.location(audit_.program().function(use.function).name_span).file;
  }

  bool section(const InsideUse& use, const Stretch& stretch) {
    Remedy remedy = begin(StepKind::container_section, use);
    if (refused_.contains(remedy.key)) return false;
    Edit edit{.function = use.function};
    edit.stretch = stretch;
    edit.objects.push_back(use.place);
    remedy.edits.push_back(std::move(edit));
    const std::set<EventId> events = events_in(audit_, use.function, stretch);
    const model::Function& function = audit_.program().function(use.function);
    std::uint32_t last = 0;
    for (const EventId e : events) last = std::max(last, function.events[e].span.line);
    const EventId from = stretch.first != none ? stretch.first : *use.reads.begin();
    remedy.places.push_back(
        place_at(audit_, use.function, from,
                 cython::is_source_name(file(use))
                     ? "with cython.critical_section(" + use.name + "): around this"
                     : "Py_BEGIN_CRITICAL_SECTION(" + use.name + ") " +
                           (use.walk ? "around the whole walk"
                                     : "from here to the last use of its items, in line " + std::to_string(last)) +
                           (leaves(function, events) ? ", with no return in between" : "")));
    remedy.what = "hold the critical section of " + use.name + " in " + function.name + " while it is " +
                  (use.walk ? "walked" : "read from the inside");
    remedy.because = "macros and PyDict_Next take no lock themselves, and nothing in between lets the section go";
    remedy.otherwise = use.walk ? "walk over a copy: PyDict_Copy, PyDict_Items" : "";
    out_.push_back(std::move(remedy));
    return true;
  }

  static bool leaves(const model::Function& function, const std::set<EventId>& events) {
    return std::ranges::any_of(events, [&](EventId e) { return function.events[e].kind == model::Event::Kind::leave; });
  }

  bool copy(const InsideUse& use, const std::optional<Stretch>& stretch) {
    Remedy remedy = begin(StepKind::container_copy, use);
    const std::string by = copying(audit_, use);
    if (by.empty() || refused_.contains(remedy.key)) return false;
    if (use.fast != none) {
      Edit edit{.does = Edit::Does::call, .function = use.function, .first = use.fast};
      edit.callee = by;
      remedy.edits.push_back(std::move(edit));
      remedy.places.push_back(place_at(audit_, use.function, use.fast, by + "(" + use.name + ")"));
    } else {
      if (!stretch) return false;
      Edit edit{.does = Edit::Does::copy, .function = use.function};
      edit.stretch = *stretch, edit.callee = by;
      edit.objects.push_back(use.place);
      edit.events.insert(edit.events.end(), use.reads.begin(), use.reads.end());
      edit.events.insert(edit.events.end(), use.sizes.begin(), use.sizes.end());
      remedy.edits.push_back(std::move(edit));
      remedy.places.push_back(place_at(audit_, use.function,
                                       stretch->first != none ? stretch->first : *use.reads.begin(),
                                       cython::is_source_name(file(use)) ? "over a copy of " + use.name
                                                                         : by + "(" + use.name + arguments(by) + ")"));
    }
    remedy.what = "let " + audit_.program().function(use.function).name + " go over a copy of " + use.name;
    remedy.because = "what is done with its items lets any critical section go; the copy is this call's own";
    out_.push_back(std::move(remedy));
    return true;
  }

  static std::string arguments(const std::string& by) { return by == "PyList_GetSlice" ? ", 0, PY_SSIZE_T_MAX" : ""; }

  // One item, by an index that no size was asked for.
  bool is_alone(const InsideUse& use) const {
    if (use.reads.size() != 1 || !use.sizes.empty() || use.in_loop || use.fast != none) return false;
    const capi::Borrowed* api =
        capi::borrowed_return(audit_.program().function(use.function).events[*use.reads.begin()].callee);
    return api != nullptr && api->is_macro && !api->replacement.empty();
  }

  void owned(const InsideUse& use) {
    const Site site{use.function, *use.reads.begin()};
    const capi::Borrowed& api = *capi::borrowed_return(audit_.event(site).callee);
    std::string with(api.replacement);
    with = with.substr(0, with.find_first_of(" (,;"));
    Remedy& remedy = owned_[with];
    if (remedy.edits.empty()) {
      remedy.kind = StepKind::owned_reference;
      remedy.key = "owned-reference macro " + with;
      remedy.what = "call " + with + " instead of the macro";
      remedy.because = "the item is found and kept in one step, under the container's own lock";
    }
    if (refused_.contains(remedy.key)) return;
    Edit edit{.does = Edit::Does::call, .function = use.function, .first = site.event};
    edit.callee = with;
    remedy.edits.push_back(std::move(edit));
    remedy.places.push_back(place_at(audit_, use.function, site.event, with + ", and a Py_DECREF after the last use"));
    remedy.speaks_of.insert(audit_.location(site));
    remedy.functions.insert(use.function);
  }

  const Audit& audit_;
  const Refused& refused_;
  Remedies& out_;
  std::map<std::string, Remedy> owned_;
};

}  // namespace

void container_remedies(const Audit& audit, const Refused& refused, Remedies& out) {
  Containers(audit, refused, out).work_out();
}

}  // namespace ftaudit::plan
