#include "plan/words.h"

#include "base/text.h"
#include "cython/sources.h"

namespace ftaudit::plan {

static std::string within(std::string what, bool whole) { return what + (whole ? " all through it" : " around this"); }

static std::string last_name(const std::string& name) {
  const std::size_t scope = name.rfind("::");
  return scope == std::string::npos ? name : name.substr(scope + 2);
}

std::string write_section(const std::string& file, const std::vector<std::string>& objects, bool whole, bool is_self) {
  if (cython::is_source_name(file))
    return whole && is_self ? "@cython.critical_section" : "with cython.critical_section(" + join(objects, ", ") + "):";
  return within(
      std::string("Py_BEGIN_CRITICAL_SECTION") + (objects.size() > 1 ? "2" : "") + "(" + join(objects, ", ") + ")",
      whole);
}

std::string write_lock(const std::string& file, const std::string& mutex, bool native, bool whole) {
  if (cython::is_source_name(file)) return within("with " + mutex + ":", whole);
  return within(native ? mutex + " locked" : "PyMutex_Lock(&" + mutex + ")", whole);
}

std::string written(const analysis::Audit& audit, const model::Function& function, const model::Place& place) {
  using model::Step;
  std::string out;
  if (place.root == model::Place::Root::variable) out = function.variables[place.variable].name;
  else if (place.root == model::Place::Root::global) out = last_name(audit.facts().globals[place.global].name);
  else return "";
  const bool cython = cython::is_source_name(audit.location(function.name_span).file);
  for (std::size_t i = 0; i < place.steps.size(); ++i) {
    const Step& step = place.steps[i];
    if (step.kind == Step::Kind::index) return "";
    if (step.kind == Step::Kind::field) {
      out += (!cython && i > 0 && place.steps[i - 1].kind == Step::Kind::deref ? "->" : ".") + step.field;
      if (step.field.find('@') != std::string::npos || step.field.find(':') != std::string::npos) return "";
    } else if (i + 1 == place.steps.size()) {
      out = "*" + out;
    } else if (place.steps[i + 1].kind != Step::Kind::field) {
      return "";
    }
  }
  return out;
}

PlanPlace place_at(const analysis::Audit& audit, analysis::FunctionId id, analysis::EventId event, std::string write) {
  const model::Function& function = audit.program().function(id);
  return {.location = audit.location(event == analysis::none ? function.name_span : function.events[event].span),
          .function = function.name,
          .write = std::move(write),
          .entry_points = audit.contexts().entry_names(id)};
}

std::string listed(const std::vector<std::string>& names, std::size_t most) {
  std::string out;
  const std::size_t shown = names.size() <= most + 1 ? names.size() : most;
  for (std::size_t i = 0; i < shown; ++i)
    out += (i == 0 ? "" : i + 1 == shown && shown == names.size() ? " and " : ", ") + names[i];
  if (shown < names.size()) out += " and " + std::to_string(names.size() - shown) + " more";
  return out;
}

}  // namespace ftaudit::plan
