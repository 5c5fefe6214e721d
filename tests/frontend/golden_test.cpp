// Small sources and the facts that must come of them, printed, kept beside them as NAME.facts.
// FTAUDIT_UPDATE_SNAPSHOTS=1 writes the files anew; the difference is then for a person to read.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "base/files.h"
#include "base/text.h"
#include "frontend/frontend.h"
#include "model/archive.h"
#include "model/join.h"
#include "model/print.h"

using namespace ftaudit;

namespace {

const fs::path here = fs::path(FTAUDIT_SOURCE_DIR) / "tests/frontend";

frontend::Settings settings() { return {.root = here / "cases", .system_includes = {here / "headers"}}; }

project::Unit unit(const fs::path& file) {
  const bool c = file.extension() == ".c";
  return {
      .file = file, .folder = file.parent_path(), .flags = {"-x", c ? "c" : "c++", c ? "-std=gnu17" : "-std=gnu++20"}};
}

// Where the headers of the machine lie, and on which line they say something, is none of a golden file's business.
std::string printed(const model::Facts& facts) {
  std::ostringstream out;
  model::print(out, facts);
  std::string text;
  for (std::string line : split(out.str(), '\n')) {
    for (std::size_t at; (at = line.find(here.string())) != std::string::npos;)
      line.replace(at, here.string().size(), "..");
    for (std::size_t at; (at = line.find(" /")) != std::string::npos;)
      line.replace(at, std::min(line.find(' ', at + 1), line.size()) - at, " <system>");
    while (line.ends_with(' ')) line.pop_back();
    text += line + "\n";
  }
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

std::vector<fs::path> cases() {
  std::vector<fs::path> out;
  for (const fs::directory_entry& entry : fs::directory_iterator(here / "cases"))
    if (entry.path().extension() == ".c" || entry.path().extension() == ".cpp") out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

TEST_CASE("golden facts") {
  REQUIRE(cases().size() >= 13);
  for (const fs::path& file : cases()) {
    CAPTURE(file.filename().string());
    const frontend::Parsed parsed = frontend::parse(unit(file), settings());
    CHECK_FALSE(parsed.failed);
    CHECK((parsed.facts.units[0].errors == 0 || file.stem().string().starts_with("errors")));
    const std::string text = printed(parsed.facts);
    CHECK(text.find("/usr/") == std::string::npos);
    CHECK(text.find(fs::current_path().string()) == std::string::npos);
    fs::path kept = file;
    kept.replace_extension(".facts");
    if (std::getenv("FTAUDIT_UPDATE_SNAPSHOTS")) {
      REQUIRE(write_file(kept, text).ok());
      continue;
    }
    const auto expected = read_file(kept);
    REQUIRE(expected.ok());
    const std::vector<std::string> want = split(*expected, '\n'), have = split(text, '\n');
    const auto [a, b] = std::mismatch(want.begin(), want.end(), have.begin(), have.end());
    CHECK_MESSAGE(text == *expected, "from line ", a - want.begin() + 1, ": expected\n",
                  a == want.end() ? "(the end)" : *a, "\nfound\n", b == have.end() ? "(the end)" : *b);
  }
}

TEST_CASE("facts are whole: every number in them means something") {
  for (const fs::path& file : cases()) {
    CAPTURE(file.filename().string());
    const model::Facts facts = frontend::parse(unit(file), settings()).facts;
    for (const model::Function& function : facts.functions) {
      CAPTURE(function.name);
      CHECK_FALSE(function.key.text.empty());
      CHECK(function.parameters <= function.variables.size());
      CHECK(function.body_known != function.blocks.empty());
      model::EventId next;
      for (const model::Block& block : function.blocks) {
        CHECK(block.first == next);
        next = block.last;
        CHECK(block.last <= function.events.next_id());
        for (std::uint32_t successor : block.successors)
          CHECK((successor == model::none || successor < function.blocks.size()));
        if (block.condition == model::none) continue;
        REQUIRE(function.events.has(block.condition));
        CHECK(block.successors.size() == 2);
        CHECK(function.events[block.condition].kind == model::Event::Kind::compare);
      }
      CHECK(next == function.events.next_id());
      for (const model::EventId e : function.events.ids()) {
        const model::Event& event = function.events[e];
        if (event.kind == model::Event::Kind::read || event.kind == model::Event::Kind::write)
          CHECK(event.place < function.places.size());
        for (const model::Operand& operand : event.operands)
          if (operand.kind == model::Operand::Kind::call) CHECK(operand.event != e);
      }
    }
    // What is printed and judged is what comes back from the child and the cache.
    auto again = model::from_bytes(model::to_bytes(facts));
    REQUIRE(again.ok());
    CHECK(printed(*again) == printed(facts));
    CHECK(printed(model::join({facts, facts})).size() < 2 * printed(facts).size());
  }
}
