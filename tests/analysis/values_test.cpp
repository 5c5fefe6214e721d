#include <doctest/doctest.h>

#include "build.h"

using namespace ftaudit;
using namespace ftaudit::test;
using analysis::Use;
using Kind = analysis::Use::Kind;

namespace {

std::vector<EventId> sorted(std::vector<EventId> all) {
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

TEST_CASE("definitions come along every path, loops and the entry included") {
  Build b;
  Code f(b, "f", {"a", "n"});
  const EventId first = f.set("x", number(1));
  const EventId test = f.truth(f.value("n"));
  const auto then = f.block();
  const EventId second = f.set("x", number(2));
  const auto loop = f.block();
  const EventId asked = f.call("use", {f.value("x")});
  const EventId again = f.truth(f.value("n"));
  const auto body = f.block();
  const EventId third = f.set("x", number(3));
  const auto out = f.block();
  const EventId end = f.leave({f.value("x")});
  f.go(0, {then, loop}, test), f.go(then, {loop}), f.go(loop, {body, out}, again), f.go(body, {loop});
  const Audit audit(b.facts, {});
  const analysis::Values& values = audit.values(f.id());
  const std::uint32_t x = f.variable("x");
  CHECK(sorted(values.definitions(x, asked)) == std::vector<EventId>{first, second, third});
  CHECK(values.definitions(x, second) == std::vector<EventId>{first});
  CHECK(sorted(values.definitions(x, end)) == std::vector<EventId>{first, second, third});
  CHECK(values.definitions(0, asked) == std::vector<EventId>{model::none});
  CHECK(values.reaches(first, asked, x));
  CHECK(values.reaches(third, asked, x));
  CHECK_FALSE(values.reaches(end, asked, x));
}

TEST_CASE("uses are followed through copies until those are overwritten") {
  Build b;
  Code f(b, "f", {"list"});
  const EventId borrowed = f.call("PyList_GetItem", {f.value("list"), number(0)});
  f.set("item", result(borrowed));
  const EventId tested = f.compare(f.value("item"), Event::Operator::equal, null());
  f.set("copy", f.value("item"));
  f.set("item", null());
  f.call("PyObject_Str", {f.value("item")});  // of another value
  const EventId counted = f.call("Py_INCREF", {f.value("copy")});
  const EventId stored = f.write(f.field("list", {"kept"}), f.value("copy"));
  const EventId passed = f.call("take", {number(0), f.value("copy")});
  const EventId returned = f.leave({f.value("copy")});
  const Audit audit(b.facts, {});
  const std::vector<Use> uses = audit.values(f.id()).uses(borrowed);
  REQUIRE(uses.size() == 5);
  CHECK((uses[0].kind == Kind::tested && uses[0].event == tested && !uses[0].suspended));
  CHECK((uses[1].kind == Kind::counted && uses[1].event == counted && uses[1].suspended));  // PyObject_Str runs Python
  CHECK((uses[2].kind == Kind::stored && uses[2].event == stored));
  CHECK((uses[3].kind == Kind::passed && uses[3].event == passed && uses[3].argument == 1));
  CHECK((uses[4].kind == Kind::returned && uses[4].event == returned));
}

TEST_CASE("a call that may run Python in between is told, on any path") {
  Build b;
  Code quiet(b, "quiet", {"x"});
  quiet.call("PyList_Size", {quiet.value("x")});
  Code loud(b, "loud", {"x"});
  loud.call("PyObject_CallNoArgs", {loud.value("x")});
  for (const char* between : {"quiet", "loud"}) {
    Code f(b, std::string("f_") + between, {"list", "n"});
    const EventId borrowed = f.call("PyList_GetItem", {f.value("list"), number(0)});
    f.set("item", result(borrowed));
    const EventId test = f.truth(f.value("n"));
    const auto then = f.block();
    f.call(between, {f.value("n")});
    const auto join = f.block();
    f.call("Py_INCREF", {f.value("item")});
    f.go(0, {then, join}, test), f.go(then, {join});
    const Audit audit(b.facts, {});
    bool suspended = false;
    for (const Use& use : audit.values(f.id()).uses(borrowed)) suspended |= use.suspended;
    CHECK_MESSAGE(suspended == (std::string(between) == "loud"), between);
  }
  const Audit audit(b.facts, {});
  CHECK(audit.suspension().function(b.id("loud")));
  CHECK_FALSE(audit.suspension().function(b.id("quiet")));
}

TEST_CASE("what a call puts into a local is a definition, and is followed") {
  Build b;
  Code f(b, "f", {"dict"});
  const EventId cleared = f.set("value", null());
  const EventId next = f.call("PyDict_Next", {f.value("dict"), f.address("pos"), f.address("key"), f.address("value")});
  const EventId counted = f.call("Py_INCREF", {f.value("value")});
  const Audit audit(b.facts, {});
  const analysis::Values& values = audit.values(f.id());
  // At the end of the dict the call leaves it as it was.
  CHECK(sorted(values.definitions(f.variable("value"), counted)) == std::vector<EventId>{cleared, next});
  const std::vector<Use> uses = values.uses(next, f.variable("value"));
  REQUIRE(uses.size() == 1);
  CHECK((uses[0].kind == Kind::counted && uses[0].event == counted));
}

TEST_CASE("identities: equal names are the same object") {
  Build b;
  Code f(b, "f", {"self", "n"});
  f.set("copy", f.value("self"));
  const EventId got = f.call("PyList_GetItem", {f.value("self"), number(0)});
  f.set("item", result(got));
  const EventId renewed = f.call("Py_NewRef", {f.value("item")});
  f.set("either", f.value("self"));
  const EventId test = f.truth(f.value("n"));
  const auto then = f.block();
  f.set("either", f.value("n"));
  const auto join = f.block();
  const EventId at = f.here_is();
  f.go(0, {then, join}, test), f.go(then, {join});
  const Audit audit(b.facts, {});
  const analysis::Values& values = audit.values(f.id());
  CHECK(values.identity(f.value("self"), at) == "p0");
  CHECK(values.identity(f.value("copy"), at) == "p0");
  CHECK(values.identity(f.address("copy", {"mu"}), at) == values.identity(f.address("self", {"mu"}), at));
  CHECK(values.identity(f.address("self", {"mu"}), at) != values.identity(f.address("self", {"other"}), at));
  CHECK(values.identity(f.value("item"), at) == values.identity(result(got), at));
  CHECK(values.identity(result(renewed), at) == values.identity(f.value("item"), at));
  CHECK(values.identity(f.value("either"), at) != "p0");
  CHECK(values.identity(f.value("either"), at) != "p1");
  CHECK(values.identity(f.value("MUTEX"), at) == "g" + std::to_string(b.global("MUTEX").n));
  CHECK(values.identity(number(3), at).empty());
}

TEST_CASE("what must have been decided on the way") {
  Build b;
  Code f(b, "f", {"a", "n"});
  const EventId is_null = f.compare(f.value("a"), Event::Operator::equal, null());
  const auto failed = f.block();
  f.leave({null()});
  const auto rest = f.block();
  const EventId other = f.truth(f.value("n"));
  const auto then = f.block();
  f.here_is();
  const auto join = f.block();
  const EventId at = f.here_is();
  f.go(0, {failed, rest}, is_null), f.go(rest, {then, join}, other), f.go(then, {join});
  const Audit audit(b.facts, {});
  std::vector<std::pair<EventId, bool>> seen;
  audit.values(f.id()).each_condition(at, [&](EventId event, bool outcome) { seen.emplace_back(event, outcome); });
  CHECK(seen == std::vector<std::pair<EventId, bool>>{{is_null, false}});
}
