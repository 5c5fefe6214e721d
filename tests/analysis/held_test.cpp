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
  const EventId still = f.here_is();
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
  CHECK(held(audit, f.id(), still) == Names{"&p0*.mu"});
  CHECK(held(audit, f.id(), after) == nothing);
  CHECK(held(audit, g.id(), inside) == Names{"&p0*.mu"});
  CHECK(held(audit, g.id(), outside) == nothing);
}

TEST_CASE("a loop that lets go is seen the first time round too") {
  Build b;
  Code f(b, "f", {"self", "n"});
  lock(f);
  const auto head = f.block();
  const EventId asked = f.truth(result(f.call("PyErr_CheckSignals")));
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

  Code f(b, "f", {"self", "other", "n"});
  f.call("perhaps", {f.value("self"), f.value("n")});
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

TEST_CASE("of a helper's ways out only those count that go with what the caller gives it and has found out") {
  Build b;
  Code perhaps(b, "perhaps", {"who", "n"});
  const EventId test = perhaps.truth(perhaps.value("n"));
  const auto then = perhaps.block();
  lock(perhaps, "who");
  const auto join = perhaps.block();
  perhaps.go(0, {then, join}, test), perhaps.go(then, {join});

  Code f(b, "f", {"self"});
  f.call("perhaps", {f.value("self"), number(0)});
  const EventId without = f.here_is();
  f.call("perhaps", {f.value("self"), number(1)});
  const EventId with = f.here_is();
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(held(audit, f.id(), without) == nothing);
  CHECK(held(audit, f.id(), with) == Names{"&p0*.mu"});
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

TEST_CASE("of nested sections only the innermost is sure; after it the outer one is again") {
  Build b;
  Code f(b, "f", {"self", "other"});
  f.call("PyCriticalSection_Begin", {f.address("outer"), f.value("self")});
  f.call("PyCriticalSection_Begin", {f.address("inner"), f.value("other")});
  const EventId nested = f.here_is();
  f.call("PyCriticalSection_End", {f.address("inner")});
  const EventId again = f.here_is();
  f.call("PyEval_SaveThread");
  const EventId detached = f.here_is();
  f.call("PyEval_RestoreThread");
  const EventId attached = f.here_is();
  f.call("PyCriticalSection_End", {f.address("outer")});
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(held(audit, f.id(), nested) == Names{"p1"});
  CHECK(audit.held().open_at(f.id(), nested).size() == 2);
  CHECK(held(audit, f.id(), again) == Names{"p0"});
  CHECK(held(audit, f.id(), detached) == nothing);
  CHECK(held(audit, f.id(), attached) == Names{"p0"});
}

TEST_CASE("a section is interrupted by calls that may run Python, and by none else") {
  Build b;
  Code f(b, "f", {"self", "arg"});
  const EventId begin = f.call("PyCriticalSection_Begin", {f.address("cs"), f.value("self")});
  const EventId first = f.here_is();
  const EventId second = f.here_is();
  f.call("PyObject_Str", {f.value("arg")});
  const EventId third = f.here_is();
  f.call("PyCriticalSection_End", {f.address("cs")});
  b.method("f", "f");
  const Audit audit(b.facts, {});
  const Lock section = audit.held().at(f.id(), first).at(0);
  CHECK(section.acquired == begin);
  CHECK_FALSE(audit.held().interrupted_between(f.id(), section, first, second));
  CHECK(audit.held().interrupted_between(f.id(), section, first, third));
  CHECK(audit.held().interrupted_between(f.id(), section, begin, third));
}

TEST_CASE("a try-lock is held where it succeeded, however its outcome is kept") {
  Build b;
  Code f(b, "f", {"self"});
  f.set("rc", result(f.call("pthread_mutex_trylock", {f.address("self", {"mu"})})));
  const EventId test = f.compare(f.value("rc"), Event::Operator::equal, number(0));
  const auto taken = f.block();
  const EventId inside = f.here_is();
  const auto rest = f.block();
  const EventId outside = f.here_is();
  f.go(0, {taken, rest}, test);
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(held(audit, f.id(), inside) == Names{"&p0*.mu"});
  CHECK(held(audit, f.id(), outside) == nothing);
}

TEST_CASE("a lock taken and given back under one condition is even; endings tell what is left") {
  Build b;
  Code f(b, "f", {"self", "n"});
  const EventId test = f.truth(f.value("n"));
  const auto then = f.block();
  lock(f);
  const auto join = f.block();
  const EventId between = f.here_is();
  const EventId again = f.compare(f.value("n"), Event::Operator::unequal, number(0));
  const auto undo = f.block();
  const EventId inside = f.here_is();
  unlock(f);
  const auto out = f.block();
  f.leave();
  f.go(0, {then, join}, test), f.go(then, {join}), f.go(join, {undo, out}, again), f.go(undo, {out});
  Code g(b, "g", {"self", "n"});
  lock(g);
  const EventId early = g.truth(g.value("n"));
  const auto first = g.block();
  const EventId leaves = g.leave({number(-1)});
  const auto second = g.block();
  unlock(g);
  g.leave({number(0)});
  const auto end = g.block();
  g.go(0, {first, second}, early), g.go(first, {end}), g.go(second, {end});
  b.method("f", "f"), b.method("g", "g");
  const Audit audit(b.facts, {});
  CHECK(held(audit, f.id(), between) == nothing);
  CHECK(audit.held().open_at(f.id(), between).size() == 1);
  CHECK(held(audit, f.id(), inside) == Names{"&p0*.mu"});
  for (const analysis::Ending& ending : audit.held().endings(f.id())) CHECK(ending.open.empty());
  CHECK(audit.held().misuses(f.id()).empty());
  REQUIRE(audit.held().endings(g.id()).size() == 2);
  for (const analysis::Ending& ending : audit.held().endings(g.id())) {
    CHECK(ending.open.size() == (ending.leave == leaves ? 1 : 0));
    CHECK(ending.has_result);
  }
}

TEST_CASE("a helper that says whether it locked") {
  Build b;
  Code enter(b, "enter", {"who"});
  const EventId closed = enter.truth(enter.field("who", {"closed"}));
  const auto no = enter.block();
  enter.leave({number(-1)});
  const auto yes = enter.block();
  lock(enter, "who");
  enter.leave({number(0)});
  const auto end = enter.block();
  enter.go(0, {no, yes}, closed), enter.go(no, {end}), enter.go(yes, {end});
  Code f(b, "f", {"self"});
  const EventId failed = f.compare(result(f.call("enter", {f.value("self")})), Event::Operator::less, number(0));
  const auto bad = f.block();
  f.leave({null()});
  const auto good = f.block();
  const EventId inside = f.here_is();
  unlock(f);
  f.leave();
  const auto out = f.block();
  f.go(0, {bad, good}, failed), f.go(bad, {out}), f.go(good, {out});
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(held(audit, f.id(), inside) == Names{"&p0*.mu"});
  for (const analysis::Ending& ending : audit.held().endings(f.id())) CHECK(ending.open.empty());
}

TEST_CASE("locks taken twice, and given back unheld") {
  Build b;
  Code f(b, "f", {"self"});
  lock(f);
  lock(f);
  unlock(f);
  unlock(f);
  b.method("f", "f");
  const Audit audit(b.facts, {});
  REQUIRE(audit.held().misuses(f.id()).size() == 2);
  CHECK(audit.held().misuses(f.id())[0].twice);
  CHECK(audit.held().misuses(f.id())[0].every_way);
  CHECK_FALSE(audit.held().misuses(f.id())[1].twice);
}
