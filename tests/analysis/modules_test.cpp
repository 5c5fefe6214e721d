#include <doctest/doctest.h>

#include "build.h"

using namespace ftaudit;
using namespace ftaudit::test;
using analysis::Declares;
using analysis::Module;
using Style = analysis::Module::Style;
using Kind = analysis::Module::Defect::Kind;

namespace {

std::vector<Kind> defects(const Module& module) {
  std::vector<Kind> out;
  for (const Module::Defect& defect : module.defects) out.push_back(defect.kind);
  return out;
}

// PyInit_spam that returns PyModuleDef_Init(&DEFINITION), with these slots.
Build multi_phase(std::vector<std::pair<int, Operand>> slots) {
  Build b;
  b.slots("SLOTS", std::move(slots));
  b.table("DEFINITION", "PyModuleDef", {{{"m_name", text("spam")}, {"m_slots", b.global_operand("SLOTS")}}});
  Code init(b, "PyInit_spam", {}, true);
  init.leave({result(init.call("PyModuleDef_Init", {init.address("DEFINITION")}))});
  return b;
}

}  // namespace

TEST_CASE("multi-phase modules declare in their slots") {
  struct Expected {
    std::vector<std::pair<int, Operand>> slots;
    Declares gil;
    std::vector<Kind> defects;
  };
  const std::vector<Expected> all{
      {{{4, number(1)}, {0, null()}}, Declares::not_used, {}},
      {{{2, function("exec")}, {4, number(1)}, {0, null()}}, Declares::not_used, {}},
      {{{87, number(1)}, {0, null()}}, Declares::not_used, {}},
      {{{2, function("exec")}, {0, null()}}, Declares::missing, {}},
      {{{3, number(1)}, {0, null()}}, Declares::missing, {}},
      {{{4, number(0)}, {0, null()}}, Declares::used, {Kind::explicitly_used}},
      {{{4, null()}, {0, null()}}, Declares::used, {Kind::explicitly_used}},
      {{{0, null()}, {4, number(1)}}, Declares::missing, {Kind::after_terminator}},
      {{{4, number(1)}, {4, number(1)}, {0, null()}}, Declares::not_used, {Kind::twice}},
      {{{4, function("f")}, {0, null()}}, Declares::unknown, {}},
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(i);
    const Build b = multi_phase(all[i].slots);
    const Audit audit(b.facts, {});
    REQUIRE(audit.modules().size() == 1);
    const Module& module = audit.modules()[0];
    CHECK(module.name == "spam");
    CHECK(module.init == "PyInit_spam");
    CHECK(module.style == Style::multi_phase);
    CHECK(module.has_slots);
    CHECK(module.gil == all[i].gil);
    CHECK(defects(module) == all[i].defects);
  }
}

TEST_CASE("a definition without slots, one that is filled later, and one nobody can see") {
  Build b;
  b.table("DEFINITION", "PyModuleDef", {{{"m_name", text("spam")}}});
  Code init(b, "PyInit_spam", {}, true);
  init.call("PyModuleDef_Init", {init.address("DEFINITION")});
  {
    const Audit audit(b.facts, {});
    CHECK(audit.modules().at(0).gil == Declares::missing);
    CHECK_FALSE(audit.modules()[0].has_slots);
  }
  init.write(init.field("DEFINITION", {"m_slots"}, "PyModuleDef"), number(1));
  CHECK(Audit(b.facts, {}).modules().at(0).gil == Declares::unknown);

  Build elsewhere;
  Code other(elsewhere, "PyInit_spam", {}, true);
  other.call("PyModuleDef_Init", {other.address("DEFINED_ELSEWHERE")});
  CHECK(Audit(elsewhere.facts, {}).modules().at(0).gil == Declares::unknown);
}

TEST_CASE("what a definition is filled with counts, and what cannot be read is named") {
  const auto made_with = [](auto fill) {
    Build b;
    b.slots("SLOTS", {{4, number(1)}, {0, null()}});
    b.table("DEFINITION", "PyModuleDef", {{{"m_name", text("spam")}, {"m_slots", null()}}});
    Code init(b, "PyInit_spam", {}, true);
    fill(init);
    init.leave({result(init.call("PyModuleDef_Init", {init.address("DEFINITION")}))});
    const Audit audit(b.facts, {});
    REQUIRE(audit.modules().size() == 1);
    return audit.modules()[0];
  };
  const Module filled =
      made_with([](Code& init) { init.write(init.address("DEFINITION", {"m_slots"}), init.address("SLOTS")); });
  CHECK(filled.gil == Declares::not_used);
  CHECK(filled.unread.empty());
  const Module unread =
      made_with([](Code& init) { init.write(init.address("DEFINITION", {"m_slots"}), init.value("chosen")); });
  CHECK(unread.gil == Declares::unknown);
  CHECK(unread.unread == "chosen");
  const Module changed = made_with([](Code& init) {
    init.write(init.address("DEFINITION", {"m_slots"}), init.address("SLOTS"));
    init.write(init.address("SLOTS", {"value"}), number(0));
  });
  CHECK(changed.gil == Declares::unknown);
  CHECK(changed.unread.starts_with("SLOTS"));
}

TEST_CASE("the definition may come through a function of the project") {
  Build b;
  b.slots("SLOTS", {{4, number(1)}, {0, null()}});
  b.table("DEFINITION", "PyModuleDef", {{{"m_name", text("spam")}, {"m_slots", b.global_operand("SLOTS")}}});
  Code make(b, "make", {"definition"});
  make.leave({result(make.call("PyModuleDef_Init", {make.value("definition")}))});
  Code init(b, "PyInit_spam", {}, true);
  init.leave({result(init.call("make", {init.address("DEFINITION")}))});
  const Audit audit(b.facts, {});
  REQUIRE(audit.modules().size() == 1);
  CHECK(audit.modules()[0].style == Style::multi_phase);
  CHECK(audit.modules()[0].gil == Declares::not_used);
}

TEST_CASE("single-phase modules declare by a call") {
  for (const bool guarded : {true, false}) {
    for (const int value : {-1, 0, 1}) {
      CAPTURE(guarded);
      CAPTURE(value);
      Build b;
      Code init(b, "PyInit_spam", {}, true);
      const EventId made = init.call("PyModule_Create2", {init.address("DEFINITION"), number(1013)});
      // CPython's macro is written down by the function it expands to or by its own name; both are the same.
      init.self().events[made].callee = guarded ? "PyModule_Create2" : "PyModule_Create";
      if (value >= 0) {
        init.call("declare", {result(made)});
        Code declare(b, "declare", {"module"});
        const EventId call = declare.call("PyUnstable_Module_SetGIL", {declare.value("module"), number(value)});
        const std::uint32_t line = declare.self().events[call].span.line;
        if (guarded)
          b.facts.regions.push_back({model::FileId(0), line - 1, line + 1, "defined(Py_GIL_DISABLED)", true});
      }
      const Audit audit(b.facts, {});
      REQUIRE(audit.modules().size() == 1);
      const Module& module = audit.modules()[0];
      CHECK(module.style == Style::single_phase);
      CHECK(module.gil == (value < 0 ? Declares::missing : value == 1 ? Declares::not_used : Declares::used));
      std::vector<Kind> expected;
      if (value == 0) expected.push_back(Kind::explicitly_used);
      if (value >= 0 && !guarded) expected.push_back(Kind::unguarded);
      CHECK(defects(module) == expected);
    }
  }
}

TEST_CASE("declaring from a method comes too late") {
  Build b = multi_phase({{4, number(1)}, {0, null()}});
  Code late(b, "late", {"module"});
  late.call("PyUnstable_Module_SetGIL", {late.value("module"), number(1)});
  b.method("late", "late");
  const Audit audit(b.facts, {});
  const std::vector<Kind> found = defects(audit.modules().at(0));
  CHECK(std::count(found.begin(), found.end(), Kind::outside_init) == 1);
}

TEST_CASE("binding systems declare in their macros") {
  struct Expected {
    std::string macro;
    std::vector<std::string> arguments;
    Declares gil;
  };
  const std::vector<Expected> all{
      {"PYBIND11_MODULE", {"spam", "m"}, Declares::missing},
      {"PYBIND11_MODULE", {"spam", "m", "py::mod_gil_not_used()"}, Declares::not_used},
      {"PYBIND11_MODULE", {"spam", "m", "pybind11::mod_gil_not_used(false)"}, Declares::used},
      {"PYBIND11_MODULE", {"spam", "m", "py::multiple_interpreters::per_interpreter_gil()"}, Declares::missing},
      {"NB_MODULE", {"spam", "m"}, Declares::missing},
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(i);
    Build b;
    b.facts.macros.push_back(
        {.name = all[i].macro, .arguments = all[i].arguments, .span = {model::FileId(0), 10, 1, 12, 1}});
    Code init(b, "PyInit_spam", {}, true);
    init.self().span.line = init.self().name_span.line = 10;  // what the macro expands to is no second module
    const Audit audit(b.facts, {});
    REQUIRE(audit.modules().size() == 1);
    CHECK(audit.modules()[0].style == Style::binding);
    CHECK(audit.modules()[0].name == "spam");
    CHECK(audit.modules()[0].gil == all[i].gil);
  }
  Build b;
  b.facts.macros.push_back({.name = "NB_MODULE", .arguments = {"spam", "m"}, .span = {model::FileId(0), 10, 1, 12, 1}});
  b.facts.macros.push_back(
      {.name = "NB_FREE_THREADED", .arguments = {""}, .definition = true, .on_command_line = true});
  CHECK(Audit(b.facts, {}).modules().at(0).gil == Declares::not_used);
}
