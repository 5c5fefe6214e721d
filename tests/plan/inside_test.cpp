// Containers read from the inside: how far a section has to reach, when a copy takes its place; and locks that are
// there already. What the analyses say of the facts with the edits made is the proof.
#include <doctest/doctest.h>

#include <algorithm>

#include "analysis/lock_order.h"
#include "build.h"
#include "plan/remedy.h"
#include "plan/stretch.h"
#include "plan/supposition.h"

using namespace ftaudit;
using namespace ftaudit::test;
using plan::Remedies;
using plan::Remedy;
using plan::Supposition;

namespace {

// `for (i = 0; i < PyList_GET_SIZE(items); i++) use(PyList_GET_ITEM(items, i)); return tail();`
void walk(Build& b, const std::string& use) {
  Code f(b, "total", {"self", "items"});
  f.set("i", number(0));
  const auto head = f.block();
  const EventId size = f.call("PyList_GET_SIZE", {f.value("items")});
  const EventId more = f.compare(f.value("i"), Event::Operator::less, result(size));
  const auto body = f.block();
  const EventId item = f.call("PyList_GET_ITEM", {f.value("items"), f.value("i")});
  f.call(use, {result(item)});
  const auto end = f.block();
  f.call("PyObject_CallNoArgs", {f.value("self")});
  f.leave({number(0)});
  f.go(0, {head});
  f.go(head, {body, end}, more);
  f.go(body, {head});
  b.method("spam.total", "total", 8);
}

const model::Function& with(const Remedies& remedies, const Build& b, const char* name,
                            std::vector<Supposition>& kept) {
  std::vector<const plan::Edit*> edits;
  for (const Remedy& remedy : remedies)
    for (const plan::Edit& edit : remedy.edits) edits.push_back(&edit);
  kept.emplace_back(b.facts, edits);
  return kept.back().facts().functions[b.id(name)];
}

EventId first_call(const model::Function& function, const std::string& callee) {
  const auto found = std::ranges::find_if(function.events, [&](const Event& event) { return event.callee == callee; });
  return found == function.events.end() ? model::none : static_cast<EventId>(found - function.events.begin());
}

}  // namespace

TEST_CASE("A section on a list begins before the loop, takes in size and items, and ends before Python runs") {
  Build b;
  walk(b, "PyFloat_AS_DOUBLE");
  const Audit audit(b.facts, {});
  Remedies made;
  container_remedies(audit, {}, made);
  REQUIRE(made.size() == 1);
  CHECK(made[0].kind == StepKind::container_section);
  std::vector<Supposition> kept;
  const model::Function& function = with(made, b, "total", kept);
  const Audit after(kept[0].facts(), {});
  const FunctionId id = b.id("total");
  for (const char* inside : {"PyList_GET_SIZE", "PyList_GET_ITEM", "PyFloat_AS_DOUBLE"})
    CHECK(after.held().at(id, first_call(function, inside)).size() == 1);
  CHECK(after.held().at(id, first_call(function, "PyObject_CallNoArgs")).empty());
  CHECK(after.held().misuses(id).empty());
  for (const analysis::Ending& ending : after.held().endings(id)) CHECK(ending.open.empty());
}

TEST_CASE("Where the items' own code runs the walk goes over a copy that nobody else has") {
  Build b;
  walk(b, "PyObject_Str");
  const Audit audit(b.facts, {});
  Remedies made;
  container_remedies(audit, {}, made);
  REQUIRE(made.size() == 1);
  CHECK(made[0].kind == StepKind::container_copy);
  std::vector<Supposition> kept;
  const model::Function& function = with(made, b, "total", kept);
  const Audit after(kept[0].facts(), {});
  const FunctionId id = b.id("total");
  const EventId item = first_call(function, "PyList_GET_ITEM"), copy = first_call(function, "PyList_GetSlice");
  REQUIRE(copy != model::none);
  CHECK(after.program().flow(id).dominates(after.program().flow(id).block_of[copy],
                                           after.program().flow(id).block_of[item]));
  CHECK(after.ownership().of(id, item, function.events[item].operands[0]).is_private());
  CHECK_FALSE(audit.ownership().of(id, EventId(4), b.facts.functions[id].events.at(4).operands[0]).is_private());
}

TEST_CASE("One item by an index that no size was asked for: the call that keeps it") {
  Build b;
  Code f(b, "head", {"self", "items"});
  const EventId item = f.call("PyList_GET_ITEM", {f.value("items"), number(0)});
  f.call("PyObject_Str", {result(item)});
  b.method("spam.head", "head", 8);
  Remedies made;
  container_remedies(Audit(b.facts, {}), {}, made);
  REQUIRE(made.size() == 1);
  CHECK(made[0].kind == StepKind::owned_reference);
  CHECK(made[0].edits[0].callee == "PyList_GetItemRef");
}

TEST_CASE("A way around the reads that meets the way through them has no stretch") {
  // `if (c) read; else other;` with a jump out of the first half into the second.
  Build b;
  Code f(b, "jumps", {"self", "items"});
  const EventId test = f.truth(f.value("self"));
  const auto one = f.block();
  const EventId read = f.call("PyList_GET_SIZE", {f.value("items")});
  const EventId again = f.compare(result(read), Event::Operator::equal, number(0));
  const auto two = f.block();
  f.call("PyErr_Occurred");
  const auto three = f.block();
  const EventId second = f.call("PyList_GET_SIZE", {f.value("items")});
  f.leave();
  f.go(0, {one, two}, test);
  f.go(one, {two, three}, again);
  f.go(two, {three});
  b.method("spam.jumps", "jumps", 8);
  const Audit audit(b.facts, {});
  const auto both = plan::stretch_of(audit, b.id("jumps"), {read, second}, model::none);
  REQUIRE(both.has_value());
  CHECK(both->behind == 0);  // before the ways part
  CHECK(both->last == std::vector<EventId>{second});
  CHECK_FALSE(plan::stretch_of(audit, b.id("jumps"), {read}, second).has_value());
}

TEST_CASE("Two locks taken one right after the other change places, and the circle is gone") {
  for (const bool apart : {false, true}) {
    Build b;
    for (const auto& [name, first, second] : {std::tuple("one", "A", "B"), std::tuple("two", "B", "A")}) {
      Code f(b, name, {"self"});
      f.call("PyMutex_Lock", {f.address(first)});
      if (apart) f.write(f.value(std::string("OF_") + first), number(1));
      f.call("PyMutex_Lock", {f.address(second)});
      f.call("PyMutex_Unlock", {f.address(second)});
      f.call("PyMutex_Unlock", {f.address(first)});
      b.method(std::string("spam.") + name, name, 4);
    }
    const Audit audit(b.facts, {});
    REQUIRE(audit.lock_order().circles().size() == 1);
    Remedies made;
    lock_remedies(audit, {}, made);
    std::erase_if(made, [](const Remedy& remedy) { return remedy.kind != StepKind::lock_order; });
    CHECK(made.empty() == apart);  // what is done between them may count on the first
    if (apart) continue;
    std::vector<Supposition> kept;
    with(made, b, "one", kept);
    CHECK(Audit(kept[0].facts(), {}).lock_order().circles().empty());
  }
}

TEST_CASE("A mutex is given back before Python runs, where nothing that it guards is touched behind") {
  for (const bool touches : {false, true}) {
    Build b;
    Code f(b, "trim", {"self"});
    f.call("PyMutex_Lock", {f.address("M")});
    f.write(f.value("KEPT"), number(0));
    const EventId runs = f.call("PyObject_CallNoArgs", {f.value("self")});
    if (touches) f.write(f.value("KEPT"), number(1));
    f.call("PyMutex_Unlock", {f.address("M")});
    b.method("spam.trim", "trim", 4);
    Remedies made;
    const Audit audit(b.facts, {});
    CHECK(audit.held().at(b.id("trim"), runs).size() == 1);
    lock_remedies(audit, {}, made);
    CHECK(made.empty() == touches);
    if (touches) continue;
    CHECK(made[0].kind == StepKind::shorter_lock);
    std::vector<Supposition> kept;
    const model::Function& function = with(made, b, "trim", kept);
    const Audit after(kept[0].facts(), {});
    CHECK(after.held().at(b.id("trim"), first_call(function, "PyObject_CallNoArgs")).empty());
    CHECK(after.held().at(b.id("trim"), EventId(1)).size() == 1);
    CHECK(after.held().misuses(b.id("trim")).empty());
  }
}

TEST_CASE("A declaration is seen by the modules, and nothing else of the table changes") {
  Build b;
  b.slots("slots", {{0, null()}});
  b.facts.globals[b.global("slots")].span = {model::FileId(0), 90, 1, 90, 6};
  b.table("definition", "PyModuleDef", {{{"m_name", text("spam")}, {"m_slots", b.global_operand("slots")}}});
  b.facts.globals[b.global("definition")].span = {model::FileId(0), 91, 1, 91, 6};
  Code f(b, "PyInit_spam", {}, true);
  f.leave({result(f.call("PyModuleDef_Init", {f.address("DEFINITION")}))});
  b.facts.functions[f.id()].places[0].global = b.global("definition");
  const Audit audit(b.facts, {});
  REQUIRE(audit.modules().size() == 1);
  REQUIRE(audit.modules()[0].gil == analysis::Declares::missing);
  Remedies made;
  declarations(audit, {}, made);
  REQUIRE(made.size() == 1);
  std::vector<Supposition> kept;
  with(made, b, "PyInit_spam", kept);
  const Audit after(kept[0].facts(), {});
  CHECK(after.modules()[0].gil == analysis::Declares::not_used);
  CHECK(after.modules()[0].defects.empty());
}

TEST_CASE("The type in a header is read by Py_TYPE, and no test stands before weak references are cleared") {
  Build b;
  b.field("weak", object_pointer());
  Code f(b, "dealloc", {"self"});
  const Operand type = f.field("self", {"ob_type"}, "PyObject");
  f.read(type);
  const Operand weak = f.field("self", {"weak"});
  f.read(weak);
  const EventId test = f.truth(weak);
  const auto then = f.block();
  f.call("PyObject_ClearWeakRefs", {f.value("self")});
  const auto rest = f.block();
  f.leave();
  f.go(0, {then, rest}, test);
  f.go(then, {rest});
  b.type("spam.Spam", {{"tp_dealloc", function("dealloc")}});
  Remedies made;
  accessor_remedies(Audit(b.facts, {}), {}, made);
  REQUIRE(made.size() == 2);
  CHECK(made[0].kind == StepKind::accessor);
  CHECK(made[1].kind == StepKind::no_test);
  std::vector<Supposition> kept;
  const model::Function& after = with(made, b, "dealloc", kept);
  CHECK(after.macros[after.events.at(0).macro].name == "Py_TYPE");
  CHECK(after.events[test].operands.empty());
  CHECK(b.facts.functions[b.id("dealloc")].events[test].operands.size() == 1);
}
