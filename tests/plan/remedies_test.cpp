// Which remedy is worked out for which program, and that what is supposed of it ends the race and no other.
#include <doctest/doctest.h>

#include <algorithm>

#include "build.h"
#include "plan/remedy.h"
#include "plan/supposition.h"

using namespace ftaudit;
using namespace ftaudit::test;
using plan::Edit;
using plan::Remedies;
using plan::Remedy;
using plan::Supposition;

namespace {

Remedies all_remedies(const Audit& audit, const plan::Refused& refused = {}) {
  Remedies out;
  object_remedies(audit, refused, out);
  global_remedies(audit, refused, out);
  reference_remedies(audit, refused, out);
  return out;
}
Remedies all_remedies(const Build& b, const plan::Refused& refused = {}) {
  return all_remedies(Audit(b.facts, {}), refused);
}

// Names of the states that are raced for, with these remedies made.
std::vector<std::string> raced(const Build& b, const Remedies& remedies) {
  std::vector<const Edit*> edits;
  for (const Remedy& remedy : remedies)
    for (const Edit& edit : remedy.edits) edits.push_back(&edit);
  const Supposition supposed(b.facts, edits);
  const Audit audit(supposed.facts(), {});
  std::vector<std::string> out;
  for (const analysis::Conflict& conflict : audit.conflicts().all()) out.push_back(conflict.state->name);
  std::ranges::sort(out);
  return out;
}

void uses(Build& b, const std::string& name, const std::string& field, bool writes,
          const std::string& record = "Object") {
  Code f(b, name, {"self"});
  f.self().variables[0].type.record = record;
  if (writes) f.write(f.field("self", {field}, record), f.value("self"));
  else f.read(f.field("self", {field}, record));
  b.method("spam." + name, name, 4);
}
void counts(Build& b, const std::string& name, const std::string& field) {
  Code f(b, name, {"self"});
  const Operand place = f.field("self", {field});
  f.self().places[place.place].type = scalar();
  f.read(place);
  f.write(place, number(1));
  f.self().events.back().op = Event::Operator::update;
  f.self().events.back().span = f.self().events[f.self().events.last_id() - 1].span;
  b.method("spam." + name, name, 4);
}

}  // namespace

TEST_CASE("Fields of one type: the object's section in the methods that use them, and nothing races then") {
  Build b;
  uses(b, "push", "items", true);
  uses(b, "top", "items", false);
  const Remedies made = all_remedies(b);
  REQUIRE(made.size() == 1);
  CHECK(made[0].kind == StepKind::section);
  CHECK(made[0].edits.size() == 2);
  CHECK(raced(b, {}) == std::vector<std::string>{"Object.items"});
  CHECK(raced(b, made).empty());
}

TEST_CASE("The section goes into the method, not into what several methods call") {
  Build b;
  {
    Code f(b, "store", {"self"});
    f.write(f.field("self", {"items"}), f.value("self"));
  }
  for (const char* name : {"push", "pop"}) {
    Code f(b, name, {"self"});
    f.call("store", {f.value("self")});
    f.read(f.field("self", {"items"}));
    b.method(std::string("spam.") + name, name, 4);
  }
  const Remedies made = all_remedies(b);
  REQUIRE(made.size() == 1);
  CHECK(made[0].functions == std::set<FunctionId>{b.id("push"), b.id("pop")});
  CHECK(raced(b, made).empty());
}

TEST_CASE("What Python's code is handed is kept by a reference of one's own, what is counted at once by the section") {
  Build b;
  b.facts.records[0].fields.push_back({.name = "wrapped", .type = object_pointer()});
  Code replace(b, "replace", {"self", "value"});
  const Operand replaced = replace.field("self", {"wrapped"});
  replace.read(replaced), replace.set("old", replaced);
  replace.write(replaced, replace.value("value"));
  replace.call("Py_DECREF", {replace.value("old")});
  b.method("spam.replace", "replace", 8);
  Code ask(b, "ask", {"self"});
  const Operand wrapped = ask.field("self", {"wrapped"});
  const EventId tested = ask.read(wrapped);
  ask.compare(wrapped, Event::Operator::equal, null());
  const EventId read = ask.read(wrapped), asked = ask.call("PyObject_Str", {wrapped});
  b.method("spam.ask", "ask", 4);
  Code get(b, "get", {"self"});
  const Operand counted = get.field("self", {"wrapped"});
  get.read(counted), get.call("Py_INCREF", {counted});
  b.method("spam.get", "get", 4);

  const Remedies made = all_remedies(b);
  REQUIRE(made.size() == 1);
  CHECK(made[0].kind == StepKind::section);
  std::vector<EventId> own;
  std::size_t whole = 0;
  for (const Edit& edit : made[0].edits) {
    if (edit.own_reference) own.push_back(edit.first);
    else whole += edit.first == analysis::none;
    if (edit.own_reference && edit.first == read) CHECK(edit.events == std::vector<EventId>{asked});
  }
  CHECK(own == std::vector<EventId>{tested, read});
  CHECK(whole == 2);
  const auto loads = [](const Build& of, const Remedies& with) {
    std::vector<const Edit*> edits;
    for (const Remedy& remedy : with)
      for (const Edit& edit : remedy.edits) edits.push_back(&edit);
    const Supposition supposed(of.facts, edits);
    return Audit(supposed.facts(), {}).loads().size();
  };
  CHECK(raced(b, made).empty());
  CHECK(loads(b, made) == 0);
  // A section that is given back before the use, with no reference taken in it, is not enough.
  Remedies without = made;
  for (Edit& edit : without[0].edits) edit.own_reference = false;
  CHECK(loads(b, without) > 0);
}

TEST_CASE("Half of the methods locked is not enough") {
  Build b;
  uses(b, "push", "items", true);
  uses(b, "top", "items", false);
  Remedies made = all_remedies(b);
  REQUIRE(made.size() == 1);
  made[0].edits.resize(1);
  CHECK(raced(b, made) == std::vector<std::string>{"Object.items"});
}

TEST_CASE("A lone counter is made atomic, one that has to agree with something is not") {
  Build b;
  b.field("hits", scalar());
  counts(b, "hit", "hits");
  Remedies made = all_remedies(b);
  REQUIRE(made.size() == 1);
  CHECK(made[0].kind == StepKind::atomic);
  CHECK(raced(b, made).empty());
  // Refused, it is the next best.
  made = all_remedies(b, {made[0].key});
  REQUIRE(made.size() == 1);
  CHECK(made[0].kind == StepKind::section);
  CHECK(raced(b, made).empty());

  uses(b, "push", "items", true);
  made = all_remedies(b);
  CHECK(raced(b, made).empty());
  CHECK(std::ranges::none_of(made, [](const Remedy& remedy) { return remedy.kind == StepKind::atomic; }));
}

TEST_CASE("What a remedy is not about stays as it was") {
  Build b;
  b.record("Other", true);
  uses(b, "push", "items", true);
  uses(b, "turn", "page", true, "Other");
  const Remedies made = all_remedies(b);
  REQUIRE(made.size() == 2);
  CHECK(raced(b, {made[0]}).size() == 1);
  CHECK(raced(b, {made[1]}).size() == 1);
  CHECK(raced(b, {made[0]}) != raced(b, {made[1]}));
  CHECK(raced(b, made).empty());
}

TEST_CASE("Globals that the same function uses get one mutex; one that another function uses gets its own") {
  Build b;
  const auto writes = [&](const std::string& name, const std::vector<std::string>& globals) {
    Code f(b, name, {"self"});
    for (const std::string& global : globals) {
      f.read(f.value(global));
      f.write(f.value(global), f.value("self"));
    }
    b.method("spam." + name, name, 4);
  };
  writes("one", {"FIRST", "SECOND"});
  writes("two", {"THIRD"});
  const Remedies made = all_remedies(b);
  std::set<std::string> mutexes;
  for (const Remedy& remedy : made) {
    CHECK(remedy.kind == StepKind::global_mutex);
    for (const Edit& edit : remedy.edits) mutexes.insert(edit.mutex);
  }
  CHECK(mutexes.size() == 2);
  CHECK(raced(b, made).empty());
}

TEST_CASE("A mutex is not held while Python runs") {
  Build b;
  Code f(b, "one", {"self"});
  f.write(f.value("FIRST"), f.value("self"));
  const EventId runs = f.call("PyObject_CallNoArgs", {f.value("self")});
  f.write(f.value("FIRST"), f.value("self"));
  b.method("spam.one", "one", 4);
  const Remedies made = all_remedies(b);
  REQUIRE(made.size() == 1);
  for (const Edit& edit : made[0].edits) {
    CHECK(edit.first != analysis::none);
    CHECK_FALSE((edit.first <= runs && runs <= edit.last));
  }
  CHECK(raced(b, made).empty());
}

TEST_CASE("A cache that no argument goes into is made at import; one that depends on the caller is locked") {
  for (const bool depends : {false, true}) {
    Build b;
    Code f(b, "get", {"self", "key"});
    const Operand cache = f.value("CACHE");
    f.read(cache);
    const EventId test = f.truth(cache);
    const auto unset = f.block();
    const EventId made = f.call("PyImport_ImportModule", {depends ? f.value("key") : text("json")});
    f.write(cache, result(made));
    const auto rest = f.block();
    f.leave({cache});
    f.go(0, {rest, unset}, test);
    f.go(unset, {rest});
    b.method("spam.get", "get", 8);
    const Remedies remedies = all_remedies(b);
    REQUIRE(remedies.size() == 1);
    CHECK((remedies[0].kind == StepKind::made_at_import) == !depends);
    CHECK(raced(b, {}).size() == 1);
    CHECK(raced(b, remedies).empty());
  }
}

TEST_CASE("Caches of one file are one step, those that are filled under the test of another among them") {
  Build b;
  Code f(b, "get", {"self", "key"});
  const Operand first = f.value("FIRST"), second = f.value("SECOND"), other = f.value("OTHER");
  f.read(first);
  const EventId test = f.truth(first);
  const auto unset = f.block();
  f.write(first, result(f.call("PyImport_ImportModule", {text("json")})));
  f.write(second, result(f.call("PyImport_ImportModule", {text("os")})));
  const auto rest = f.block();
  f.read(second);
  f.write(other, f.value("key"));
  f.leave({first});
  f.go(0, {rest, unset}, test);
  f.go(unset, {rest});
  b.method("spam.get", "get", 8);
  const Remedies made = all_remedies(b);
  const auto caches = std::ranges::find(made, StepKind::made_at_import, &Remedy::kind);
  REQUIRE(caches != made.end());
  CHECK(caches->states == std::vector<std::string>{"FIRST", "SECOND"});
  CHECK(raced(b, {*caches}) == std::vector<std::string>{"OTHER"});
  // Refused together, they are tried one by one.
  const Remedies alone = all_remedies(b, {caches->key});
  CHECK(std::ranges::count(alone, StepKind::made_at_import, &Remedy::kind) >= 1);
}

TEST_CASE("What is locked gets no remedy") {
  Build b;
  for (const char* name : {"push", "pop"}) {
    Code f(b, name, {"self"});
    f.call("PyCriticalSection_Begin", {f.address("cs"), f.value("self")});
    f.write(f.field("self", {"items"}), f.value("self"));
    f.call("PyCriticalSection_End", {f.address("cs")});
    b.method(std::string("spam.") + name, name, 4);
  }
  CHECK(all_remedies(b).empty());
}
