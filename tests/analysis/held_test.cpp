#include <doctest/doctest.h>

#include "build.h"

using namespace ftaudit;
using namespace ftaudit::test;
using analysis::Lock;

namespace {

// The locks held just before an event, by what they are, sorted.
std::vector<std::string> held(const Audit& audit, FunctionId id, EventId at) {
  std::vector<std::string> out;
  for (const Lock& lock : audit.held().at(id, at)) out.push_back(lock.what);
  std::sort(out.begin(), out.end());
  return out;
}
using Names = std::vector<std::string>;
const Names nothing;

void lock(Code& f, const std::string& variable = "self") { f.call("PyMutex_Lock", {f.address(variable, {"mu"})}); }
void unlock(Code& f, const std::string& variable = "self") { f.call("PyMutex_Unlock", {f.address(variable, {"mu"})}); }

}  // namespace

TEST_CASE("a mutex is held from its lock to its unlock") {
  Build b;
  Code f(b, "f", {"self", "other"});
  const EventId before = f.here_is();
  lock(f);
  const EventId inside = f.here_is();
  unlock(f, "other");
  const EventId still = f.here_is();
  unlock(f);
  const EventId after = f.here_is();
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(held(audit, f.id(), before) == nothing);
  CHECK(held(audit, f.id(), inside) == Names{"&p0*.mu"});
  CHECK(held(audit, f.id(), still) == Names{"&p0*.mu"});
  CHECK(held(audit, f.id(), after) == nothing);
}

TEST_CASE("critical sections are paired by their token; guards by theirs") {
  Build b;
  Code f(b, "f", {"self", "other"});
  f.call("PyCriticalSection2_Begin", {f.address("cs"), f.value("self"), f.value("other")});
  const EventId both = f.here_is();
  f.call("PyCriticalSection2_End", {f.address("cs")});
  f.call("std::lock_guard::lock_guard", {f.address("guard"), f.address("self", {"mu"})});
  const EventId guarded = f.here_is();
  f.call("std::lock_guard::~lock_guard", {f.address("guard")});
  const EventId after = f.here_is();
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(held(audit, f.id(), both) == Names{"p0", "p1"});
  CHECK(held(audit, f.id(), guarded) == Names{"&p0*.mu"});
  CHECK(held(audit, f.id(), after) == nothing);
  CHECK(audit.in_section_on({f.id(), both}, f.value("other")));
  CHECK_FALSE(audit.in_section_on({f.id(), guarded}, f.value("self")));
}

TEST_CASE("what one path does not hold is not held") {
  Build b;
  Code f(b, "f", {"self", "n"});
  lock(f);
  const EventId test = f.truth(f.value("n"));
  const auto early = f.block();
  unlock(f);
  const auto join = f.block();
  const EventId after = f.here_is();
  f.go(0, {early, join}, test), f.go(early, {join});
  Code g(b, "g", {"self", "n"});
  const EventId second = g.truth(g.value("n"));
  const auto then = g.block();
  lock(g);
  const EventId inside = g.here_is();
  const auto rest = g.block();
  const EventId outside = g.here_is();
  g.go(0, {then, rest}, second), g.go(then, {rest});
  b.method("f", "f"), b.method("g", "g");
  const Audit audit(b.facts, {});
  CHECK(held(audit, f.id(), early) == Names{"&p0*.mu"});
  CHECK(held(audit, f.id(), after) == nothing);
  CHECK(held(audit, g.id(), inside) == Names{"&p0*.mu"});
  CHECK(held(audit, g.id(), outside) == nothing);
}

TEST_CASE("a loop that lets go is seen the first time round too") {
  Build b;
  Code f(b, "f", {"self", "n"});
  lock(f);
  const auto head = f.block();
  const EventId asked = f.truth(f.value("n"));
  const auto body = f.block();
  unlock(f);
  const auto out = f.block();
  const EventId after = f.here_is();
  f.go(0, {head}), f.go(head, {body, out}, asked), f.go(body, {head});
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(held(audit, f.id(), asked) == nothing);
  CHECK(held(audit, f.id(), after) == nothing);
}

TEST_CASE("functions of the project that only lock, or only unlock, count by what they do") {
  Build b;
  Code enter(b, "enter", {"who"});
  enter.call("PyMutex_Lock", {enter.address("who", {"mu"})});
  Code leave(b, "leave", {"who"});
  leave.call("PyMutex_Unlock", {leave.address("who", {"mu"})});
  Code global_enter(b, "global_enter", {});
  global_enter.call("PyMutex_Lock", {global_enter.address("GLOBAL_MUTEX")});
  Code perhaps(b, "perhaps", {"who", "n"});
  const EventId test = perhaps.truth(perhaps.value("n"));
  const auto then = perhaps.block();
  lock(perhaps, "who");
  const auto join = perhaps.block();
  perhaps.go(0, {then, join}, test), perhaps.go(then, {join});

  Code f(b, "f", {"self", "other"});
  f.call("perhaps", {f.value("self"), number(1)});
  const EventId not_sure = f.here_is();
  f.call("enter", {f.value("other")});
  const EventId inside = f.here_is();
  f.call("leave", {f.value("other")});
  const EventId after = f.here_is();
  f.call("global_enter");
  const EventId global = f.here_is();
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(held(audit, f.id(), not_sure) == nothing);
  CHECK(held(audit, f.id(), inside) == Names{"&p1*.mu"});
  CHECK(held(audit, f.id(), after) == nothing);
  CHECK(held(audit, f.id(), global) == Names{"&g" + std::to_string(b.global("GLOBAL_MUTEX").n)});
}

TEST_CASE("a helper holds what all its callers hold, in its own terms") {
  Build b;
  Code helper(b, "helper", {"who", "n"});
  const EventId in_helper = helper.here_is();
  Code forgotten(b, "forgotten", {"who"});
  const EventId in_forgotten = forgotten.here_is();
  Code f(b, "f", {"self", "arg"});
  lock(f);
  f.call("helper", {f.value("self"), number(1)});
  f.call("forgotten", {f.value("self")});
  unlock(f);
  Code g(b, "g", {"self", "arg"});
  g.call("forgotten", {g.value("arg")});
  g.call("PyMutex_Lock", {g.address("arg", {"mu"})});
  g.call("helper", {g.value("arg"), number(2)});
  g.call("PyMutex_Unlock", {g.address("arg", {"mu"})});
  b.method("f", "f"), b.method("g", "g");
  const Audit audit(b.facts, {});
  CHECK(held(audit, helper.id(), in_helper) == Names{"&p0*.mu"});
  CHECK(held(audit, forgotten.id(), in_forgotten) == nothing);
}

TEST_CASE("a helper that is also handed out as a pointer, or exported, holds nothing of its callers'") {
  Build b;
  Code helper(b, "helper", {"who"});
  const EventId inside = helper.here_is();
  Code f(b, "f", {"self"});
  lock(f);
  f.call("helper", {f.value("self")});
  unlock(f);
  f.call("PyCapsule_New", {null(), null(), function("helper")});
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(held(audit, helper.id(), inside) == nothing);
}

TEST_CASE("module initialisation, which runs alone, takes no part in what callers hold") {
  Build b;
  Code helper(b, "helper", {"who"});
  const EventId inside = helper.here_is();
  Code exec(b, "exec", {"module"});
  exec.call("helper", {exec.value("module")});
  Code f(b, "f", {"self"});
  lock(f);
  f.call("helper", {f.value("self")});
  b.slots("slots", {{2, function("exec")}});
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(held(audit, helper.id(), inside) == Names{"&p0*.mu"});
}

TEST_CASE("recursion ends") {
  Build b;
  Code f(b, "f", {"self"});
  lock(f);
  f.call("g", {f.value("self")});
  unlock(f);
  Code g(b, "g", {"self"});
  const EventId inside = g.here_is();
  g.call("f", {g.value("self")});
  b.method("f", "f");
  const Audit audit(b.facts, {});
  const Names found = held(audit, g.id(), inside);
  CHECK((found == Names{"&p0*.mu"} || found == nothing));
}

TEST_CASE("places lie in objects") {
  CHECK(analysis::lies_in("p0*.items", "p0"));
  CHECK(analysis::lies_in("p0", "p0"));
  CHECK(analysis::lies_in("p0[]", "p0"));
  CHECK_FALSE(analysis::lies_in("p01*.items", "p0"));
  CHECK_FALSE(analysis::lies_in("p0", "p0*.items"));
  CHECK_FALSE(analysis::lies_in("p0", ""));
}
