#include <doctest/doctest.h>

#include "analysis/parse_format.h"
#include "build.h"

using namespace ftaudit;
using namespace ftaudit::test;
using analysis::Origin;
using Kind = analysis::Origin::Kind;

TEST_CASE("a new object is nobody else's until it gets out") {
  Build b;
  Code f(b, "f", {"self"});
  f.set("made", result(f.call("PyList_New", {number(0)})));
  f.call("PyList_Append", {f.value("made"), number(1)});
  const EventId before = f.here_is();
  f.write(f.field("self", {"items"}), f.value("made"));
  const EventId after = f.here_is();
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(audit.ownership().of(f.id(), before, f.value("made")).kind == Kind::fresh);
  const Origin out = audit.ownership().of(f.id(), after, f.value("made"));
  CHECK(out.kind == Kind::shared);
  CHECK(out.certain);
}

TEST_CASE("given to code that may keep it, it is perhaps shared; kept on a global, surely") {
  Build b;
  Code f(b, "f", {"self"});
  f.set("made", result(f.call("PyDict_New")));
  f.call("PyObject_CallOneArg", {f.value("self"), f.value("made")});
  const EventId called = f.here_is();
  f.set("other", result(f.call("PyDict_New")));
  f.write(f.value("CACHE"), f.value("other"));
  const EventId kept = f.here_is();
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(audit.ownership().of(f.id(), called, f.value("made")).kind == Kind::shared);
  CHECK_FALSE(audit.ownership().of(f.id(), called, f.value("made")).certain);
  CHECK(audit.ownership().of(f.id(), kept, f.value("other")).certain);
  CHECK(audit.ownership().of(f.id(), kept, f.value("CACHE")).certain);
}

TEST_CASE("argument tuples and **kwargs belong to the call, other parameters to anybody") {
  Build b;
  for (const char* name : {"varargs", "one", "init"}) {
    Code f(b, name, {"self", "args", "kwargs"});
    f.here_is();
  }
  b.method("varargs", "varargs", analysis::meth_varargs | analysis::meth_keywords);
  b.method("one", "one", analysis::meth_o);
  b.type("spam.Box", {{"tp_init", function("init")}});
  const auto kind = [&](const Audit& audit, const char* name, std::uint32_t parameter) {
    Operand operand;
    operand.kind = Operand::Kind::place, operand.place = parameter;
    return audit.ownership().of(b.id(name), EventId(0), operand).kind;
  };
  for (model::Function& f : b.facts.functions)
    for (std::uint32_t p = 0; p < 3; ++p) f.places.push_back({.root = Place::Root::variable, .variable = p});
  const Audit audit(b.facts, {});
  CHECK(kind(audit, "varargs", 0) == Kind::shared);
  CHECK(kind(audit, "varargs", 1) == Kind::argument);
  CHECK(kind(audit, "varargs", 2) == Kind::argument);
  CHECK(kind(audit, "one", 1) == Kind::shared);
  CHECK(kind(audit, "init", 1) == Kind::argument);
  CHECK(kind(audit, "init", 2) == Kind::argument);
  CHECK(kind(audit, "init", 0) == Kind::shared);
}

TEST_CASE("what a format demands to be a tuple cannot change") {
  Build b;
  Code f(b, "f", {"self", "args"});
  const EventId parse =
      f.call("PyArg_ParseTuple", {f.value("args"), text("iO!s#O!SO:f"), f.address("n"), f.address("PyTuple_Type"),
                                  f.address("tuple"), f.address("s"), f.address("size"), f.address("PyList_Type"),
                                  f.address("list"), f.address("bytes"), f.address("any")});
  const EventId at = f.here_is();
  b.method("f", "f", analysis::meth_varargs);
  const Audit audit(b.facts, {});
  const model::Event& event = b.facts.functions[f.id()].events[parse];
  const auto demanded = [&](std::size_t argument) {
    return analysis::demanded_type(audit.program(), b.facts.functions[f.id()], event, argument);
  };
  CHECK(demanded(4) == "PyTuple_Type");
  CHECK(demanded(8) == "PyList_Type");
  CHECK(demanded(9) == "PyBytes_Type");
  CHECK(demanded(2) == "");
  CHECK(demanded(10) == "");
  CHECK(demanded(99) == "");
  CHECK(audit.ownership().of(f.id(), at, f.value("tuple")).kind == Kind::immutable);
  CHECK(audit.ownership().of(f.id(), at, f.value("bytes")).kind == Kind::immutable);
  CHECK(audit.ownership().of(f.id(), at, f.value("list")).kind == Kind::shared);
  CHECK(audit.ownership().of(f.id(), at, f.value("any")).from_python);
}

TEST_CASE("a branch that made sure of a tuple counts where it was taken, and only there") {
  Build b;
  Code f(b, "f", {"self", "seq"});
  const EventId check = f.call("PyTuple_Check", {f.value("seq")});
  const EventId test = f.truth(result(check));
  const auto yes = f.block();
  const EventId inside = f.here_is();
  const auto no = f.block();
  const EventId outside = f.here_is();
  f.go(0, {yes, no}, test);
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(audit.ownership().checked_immutable(f.id(), inside, f.value("seq")));
  CHECK_FALSE(audit.ownership().checked_immutable(f.id(), outside, f.value("seq")));
  CHECK(audit.ownership().of(f.id(), inside, f.value("seq")).kind == Kind::immutable);
  CHECK(audit.ownership().of(f.id(), outside, f.value("seq")).kind == Kind::shared);
}

TEST_CASE("a helper's parameter is as its callers have it, the worst of them") {
  Build b;
  Code kind(b, "kind", {"x"});
  const EventId in_kind = kind.here_is();
  Code strict(b, "strict", {"x"});
  const EventId in_strict = strict.here_is();
  Code f(b, "f", {"self"});
  f.set("made", result(f.call("PyList_New", {number(0)})));
  f.call("strict", {f.value("made")});
  f.call("kind", {f.value("made")});
  Code g(b, "g", {"self"});
  g.call("kind", {g.value("self")});
  b.method("f", "f"), b.method("g", "g");
  const Audit audit(b.facts, {});
  CHECK(audit.ownership().of(strict.id(), in_strict, strict.value("x")).kind == Kind::fresh);
  CHECK(audit.ownership().of(kind.id(), in_kind, kind.value("x")).kind == Kind::shared);
}

TEST_CASE("objects being taken down, and all of module initialisation, are nobody else's") {
  Build b;
  Code dealloc(b, "dealloc", {"self"});
  const EventId in_dealloc = dealloc.here_is();
  Code exec(b, "exec", {"module"});
  const EventId in_exec = exec.here_is();
  b.type("spam.Box", {{"tp_dealloc", function("dealloc")}});
  b.slots("slots", {{2, function("exec")}});
  const Audit audit(b.facts, {});
  CHECK(audit.ownership().of(dealloc.id(), in_dealloc, dealloc.value("self")).kind == Kind::exclusive);
  CHECK(audit.ownership().of(dealloc.id(), in_dealloc, dealloc.field("self", {"items"})).kind == Kind::exclusive);
  CHECK(audit.ownership().of(exec.id(), in_exec, exec.value("module")).kind == Kind::exclusive);
}

TEST_CASE("NULL and numbers come from nowhere, and loops end") {
  Build b;
  Code f(b, "f", {"self"});
  f.set("a", null());
  const auto head = f.block();
  const EventId test = f.truth(f.value("self"));
  const auto body = f.block();
  f.set("b", f.value("a"));
  f.set("a", f.value("b"));
  const auto out = f.block();
  const EventId at = f.here_is();
  f.go(0, {head}), f.go(head, {body, out}, test), f.go(body, {head});
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(audit.ownership().of(f.id(), at, number(1)).kind == Kind::none);
  const Kind found = audit.ownership().of(f.id(), at, f.value("a")).kind;
  CHECK((found == Kind::none || found == Kind::shared));
}
