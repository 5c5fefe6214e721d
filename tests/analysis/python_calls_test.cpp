#include <doctest/doctest.h>

#include "analysis/python_calls.h"
#include "build.h"

using namespace ftaudit;
using namespace ftaudit::test;
using analysis::PythonCalls;
using analysis::Runs;

TEST_CASE("what is asked of the exception just taken from the thread runs its class at most") {
  Build b;
  Code f(b, "f", {"self", "arg"});
  f.set("raised", result(f.call("PyErr_GetRaisedException", {})));
  const EventId mine = f.call("PyObject_HasAttrString", {f.value("raised"), text("__notes__")});
  f.call("PyErr_Fetch", {f.address("self", {"type"}), f.address("self", {"value"}), f.address("self", {"trace"})});
  const EventId fetched = f.call("PyObject_HasAttrString", {f.field("self", {"value"}), text("__notes__")});
  const EventId theirs = f.call("PyObject_HasAttrString", {f.value("arg"), text("__notes__")});
  b.method("spam.f", "f");
  const Audit audit(b.facts, {});
  const PythonCalls calls(audit);
  CHECK(calls.event({f.id(), mine}) == Runs::perhaps);
  CHECK(calls.event({f.id(), fetched}) == Runs::perhaps);
  CHECK(calls.event({f.id(), theirs}) == Runs::python);
}
