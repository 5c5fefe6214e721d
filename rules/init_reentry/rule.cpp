#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;

// What is called again: "__init__", or what unpickling calls in its place.
static std::string initialiser(const Audit& audit, const Conflict& conflict) {
  const std::vector<std::string> names = audit.shared().entry_names(*conflict.race.write);
  const bool restores = !names.empty() && std::ranges::all_of(names, [](const std::string& name) {
    return name.ends_with(".__setstate__");
  });
  return restores ? "__setstate__" : "__init__";
}

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report, [](const Conflict& c) { return c.mistake == Mistake::init_again; },
      [&](const Conflict& conflict) {
        const std::string again = initialiser(audit, conflict);
        Finding& finding = add_race(report, audit, conflict,
                                    "a second " + again + "() call replaces " + shown_name(audit, conflict) +
                                        also_named(conflict) + " while other methods use the object");
        finding.why =
            again + " is an ordinary method: it can be called again on an object that other threads are using, ";
        if (!conflict.releases) {
          finding.severity = Severity::low;
          finding.why += "which see what both calls put there, while what the first one made is lost";
        } else finding.why += "and frees what they read";
        finding.instead =
            "set the fields in tp_new, or swap them inside Py_BEGIN_CRITICAL_SECTION on the object and release the old "
            "values afterwards";
      });
}

extern const Rule init_reentry{{.id = "FT309",
                                .name = "init-reentry",
                                .category = Category::object_field,
                                .severity = Severity::medium,
                                .confidence = Confidence::likely,
                                .summary = "__init__ replaces fields that other methods use, without a lock",
                                .why = "__init__ is an ordinary method: it can be called again on an object that other "
                                       "threads are using, and frees what they read",
                                .since = "0.1"},
                               check};

}  // namespace ftaudit::rules
