// Edits made in hand-made facts: what analyses see then is what the sources would be, and numbers still fit.
#include "plan/supposition.h"

#include <doctest/doctest.h>

#include "build.h"
#include "model/rewriting.h"

using namespace ftaudit;
using namespace ftaudit::test;
using model::Rewriting;
using plan::Edit;
using plan::Supposition;

namespace {

// `if (get(self)) self->a = 1;`, left twice.
void branches(Build& b) {
  Code f(b, "branches", {"self"});
  const EventId got = f.call("PyObject_IsTrue", {f.value("self")});
  const EventId test = f.compare(result(got), Event::Operator::greater, number(0));
  const auto then = f.block();
  f.write(f.field("self", {"a"}), number(1));
  f.leave();
  const auto otherwise = f.block();
  f.leave({result(got)});
  const auto end = f.block();
  f.go(0, {then, otherwise}, test);
  f.go(then, {end});
  f.go(otherwise, {end});
  b.method("spam.branches", "branches", 4);
}

}  // namespace

TEST_CASE("Events put in before and after, at entry and exits; what names an event names it still") {
  Build b;
  branches(b);
  model::Function function = b.facts.functions[b.id("branches")];
  Rewriting rewriting(function);
  Event mark;
  mark.callee = "mark";
  rewriting.at_entry(mark), rewriting.at_exits(mark);
  rewriting.before(EventId(2), mark), rewriting.after(EventId(2), mark);
  const Per<EventId, EventId> now = rewriting.make();
  CHECK(function.events.size() == 9);
  CHECK(now == Per<EventId, EventId>{EventId(1), EventId(2), EventId(4), EventId(6), EventId(7)});
  CHECK(function.events.at(0).callee == "mark");
  CHECK(function.events.at(8).callee == "mark");
  CHECK(function.blocks[0].condition == EventId(2));
  CHECK(function.events.at(2).operands[0].event == EventId(1));
  CHECK(function.events.at(7).operands[0].event == EventId(1));
  CHECK(function.blocks.back().first == EventId(8));
  CHECK(function.blocks.back().last == EventId(9));
}

TEST_CASE("An event taken out leaves the others their numbers") {
  Build b;
  branches(b);
  model::Function function = b.facts.functions[b.id("branches")];
  Rewriting rewriting(function);
  rewriting.take_out(EventId(2));
  CHECK(rewriting.make() == Per<EventId, EventId>{EventId(0), EventId(1), analysis::none, EventId(2), EventId(3)});
  CHECK(function.events.size() == 4);
  CHECK(function.blocks[1].last == function.blocks[1].first + 1);
}

TEST_CASE("A section all through a function is held at everything it does, and given back on every way out") {
  Build b;
  branches(b);
  const FunctionId id = b.id("branches");
  Edit edit{.function = id};
  edit.objects.push_back({.root = model::Place::Root::variable, .variable = 0});
  const Supposition supposed(b.facts, {&edit});
  const Audit audit(supposed.facts(), {});
  const auto& events = supposed.facts().functions[id].events;
  for (const EventId e : events.ids())
    if (events[e].kind == Event::Kind::write) CHECK(audit.held().at(id, e).size() == 1);
  for (const analysis::Ending& ending : audit.held().endings(id)) CHECK(ending.open.empty());
  CHECK(audit.held().misuses(id).empty());
  CHECK(supposed.original(id, EventId(0)) == analysis::none);
  CHECK(supposed.original(id, EventId(1)) == EventId(0));
  CHECK(b.facts.functions[id].events.size() == 5);  // what was read stays as it is
}

TEST_CASE("A section on two objects, one mutex for two functions, an atomic field, a write that import makes") {
  Build b;
  b.field("n", scalar());
  Code f(b, "one", {"self", "other"});
  f.read(f.field("self", {"n"}));
  f.write(f.field("self", {"n"}), number(1));
  Code g(b, "two", {"self"});
  const Operand cache = g.value("CACHE");
  const EventId stored = g.write(cache, number(1));
  Edit both{.function = b.id("one")};
  both.objects = {{.root = model::Place::Root::variable, .variable = 0},
                  {.root = model::Place::Root::variable, .variable = 1}};
  Edit first{.function = b.id("one"), .first = EventId(0), .last = EventId(1), .lock = Edit::Lock::py_mutex};
  first.mutex = "m";
  Edit second = first;
  second.function = b.id("two"), second.last = EventId(0);
  Edit atomic{.does = Edit::Does::make_atomic};
  atomic.record = "Object", atomic.field = "n";
  Edit read{.does = Edit::Does::only_read, .function = b.id("two"), .first = stored};
  const Supposition supposed(b.facts, {&both, &first, &second, &atomic, &read});
  const model::Facts& facts = supposed.facts();
  CHECK(facts.globals.size() == b.facts.globals.size() + 1);
  const auto& events = facts.functions[b.id("one")].events;
  CHECK(events.front().callee == "PyCriticalSection2_Begin");
  CHECK(events.front().operands.size() == 3);
  CHECK(events.back().callee == "PyCriticalSection2_End");
  std::size_t atomics = 0;
  for (const Event& event : events) atomics += event.atomic;
  CHECK(atomics == 2);
  CHECK(facts.records[0].fields[0].type.is_atomic);
  for (const Event& event : facts.functions[b.id("two")].events) CHECK(event.kind != Event::Kind::write);
}

TEST_CASE("Sections of two objects all through a function are one of both; of three they stay three") {
  Build b;
  Code f(b, "join", {"self", "left", "right"});
  for (const char* name : {"self", "left", "right"}) f.read(f.field(name, {"a"}));
  b.method("spam.join", "join", 8);
  const FunctionId id = b.id("join");
  std::vector<Edit> holds;
  for (std::uint32_t object = 0; object < 3; ++object) {
    holds.push_back({.function = id});
    holds.back().objects.push_back({.root = Place::Root::variable, .variable = object});
  }
  const auto opened = [&](const std::vector<const Edit*>& edits, const std::string& callee) {
    const Supposition supposed(b.facts, edits);
    return std::ranges::count(supposed.facts().functions[id].events, callee, &Event::callee);
  };
  CHECK(opened({&holds[0], &holds[1], &holds[0]}, "PyCriticalSection2_Begin") == 1);
  CHECK(opened({&holds[0], &holds[1], &holds[0]}, "PyCriticalSection_Begin") == 0);
  CHECK(opened({&holds[0], &holds[0]}, "PyCriticalSection_Begin") == 1);
  CHECK(opened({&holds[0], &holds[1], &holds[2]}, "PyCriticalSection_Begin") == 3);
}
