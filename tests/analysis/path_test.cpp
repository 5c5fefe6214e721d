#include <doctest/doctest.h>

#include "analysis/path.h"
#include "analysis/taken.h"
#include "build.h"

using namespace ftaudit;
using namespace ftaudit::test;
using analysis::Path;

namespace {

std::string path(const Audit& audit, const Code& f, const Operand& operand, EventId at) {
  return analysis::path_of(audit.function({f.id(), at}), audit.values(f.id()), operand, at).text();
}

}  // namespace

TEST_CASE("a pointer to a field, followed, is the field") {
  Build b;
  Code f(b, "f", {"self"});
  f.set("slot", f.address("self", {"items"}));
  const Operand through = f.field("slot", {"*"});
  const EventId at = f.write(through, null());
  const Audit audit(b.facts, {});
  CHECK(path(audit, f, through, at) == "p0*.items");
  CHECK(path(audit, f, f.value("slot"), at) == "p0*.items");
  CHECK(analysis::path_of(audit.function({f.id(), at}), audit.values(f.id()), f.value("slot"), at).is_address);
}

TEST_CASE("other names for an object are looked through: copies, new references, addresses of globals") {
  Build b;
  Code f(b, "f", {"self"});
  f.set("same", f.value("self"));
  f.set("mine", result(f.call("Py_NewRef", {f.value("same")})));
  f.set("arena", f.address("POOL"));
  const Operand items = f.field("mine", {"items"}), blocks = f.field("arena", {"blocks"}),
                first = f.field("arena", {"blocks", "[]"});
  const EventId at = f.here_is();
  const Audit audit(b.facts, {});
  CHECK(path(audit, f, items, at) == "p0*.items");
  const std::string global = "g" + std::to_string(b.global("POOL").n);
  CHECK(path(audit, f, blocks, at) == global + ".blocks");
  CHECK(path(audit, f, first, at) == global + ".blocks[]");
}

TEST_CASE("what may be one object or another starts from the local itself") {
  Build b;
  Code f(b, "f", {"self", "other"});
  const EventId test = f.truth(f.value("other"));
  const auto then = f.block();
  f.set("which", f.value("self"));
  const auto otherwise = f.block();
  f.set("which", f.value("other"));
  const auto join = f.block();
  const Operand items = f.field("which", {"items"});
  const EventId at = f.read(items);
  f.go(0, {then, otherwise}, test), f.go(then, {join}), f.go(otherwise, {join});
  const Audit audit(b.facts, {});
  CHECK(path(audit, f, items, at) == "v" + std::to_string(f.variable("which")) + "*.items");
}

TEST_CASE("a parameter that was given another value is no longer the caller's object") {
  Build b;
  Code f(b, "f", {"self"});
  const Operand items = f.field("self", {"items"});
  const EventId before = f.read(items);
  f.set("self", result(f.call("find_other")));
  const EventId after = f.read(items);
  const Audit audit(b.facts, {});
  CHECK(path(audit, f, items, before) == "p0*.items");
  CHECK(path(audit, f, items, after).starts_with("c"));
}

TEST_CASE("indexing follows a pointer, but not into an array") {
  Build b;
  b.field("ring", {.kind = model::Type::Kind::array}), b.field("heap", pointer());
  Code f(b, "f", {"self"});
  const EventId at = f.here_is();
  const Operand ring = f.field("self", {"ring", "[]"}), heap = f.field("self", {"heap", "[]"});
  const Audit audit(b.facts, {});
  const model::Function& function = audit.function({f.id(), at});
  const auto follows = [&](const Operand& operand) {
    return analysis::follows_pointer(audit.program(), function,
                                     analysis::path_of(function, audit.values(f.id()), operand, at), 2);
  };
  CHECK_FALSE(follows(ring));
  CHECK(follows(heap));
}

TEST_CASE("what was taken out of a field belongs to who took it, from the exchange on") {
  Build b;
  Code f(b, "f", {"self", "n"});
  f.set("old", f.field("self", {"bytes"}));
  const Operand content = f.field("old", {"*"});
  const EventId before = f.read(content);
  const EventId exchange = f.write(f.field("self", {"bytes"}), null());
  const EventId after = f.read(content);
  Code g(b, "g", {"self", "n"});
  g.set("old", g.field("self", {"bytes"}));
  const EventId test = g.truth(g.value("n"));
  const auto then = g.block();
  g.write(g.field("self", {"bytes"}), null());
  const auto join = g.block();
  const Operand perhaps = g.field("old", {"*"});
  const EventId late = g.read(perhaps);
  g.go(0, {then, join}, test), g.go(then, {join});
  const Audit audit(b.facts, {});
  const auto taken = [&](const Code& code, const Operand& operand, EventId at) {
    return analysis::taken_out(audit.program(), code.id(), audit.values(code.id()),
                               audit.function({code.id(), at}).places[operand.place], at);
  };
  CHECK_FALSE(taken(f, content, before));
  CHECK_FALSE(taken(f, content, exchange));
  CHECK(taken(f, content, after));
  CHECK_FALSE(taken(g, perhaps, late));
}
