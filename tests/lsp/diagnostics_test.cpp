#include "lsp/diagnostics.h"

#include <doctest/doctest.h>

using namespace ftaudit;
using namespace ftaudit::lsp;

TEST_CASE("paths become URIs and are paths again") {
  for (const char* path : {"/a/b.c", "/a b/c%d.c", "/über/#1?.c"}) CHECK(path_of_uri(uri_of(path)) == fs::path(path));
  CHECK(uri_of("/a b.c") == "file:///a%20b.c");
  CHECK(path_of_uri("file://host/a.c") == fs::path("/a.c"));
  CHECK(path_of_uri("untitled:1").empty());
  CHECK(path_of_uri("file:///a%2").native() == "/a%2");
}

TEST_CASE("a finding is told with both sides, and its edits are in the file's own places") {
  const ScratchFolder scratch = std::move(*ScratchFolder::make("lsp"));
  REQUIRE(write_file(scratch.path() / "a.c", "/* \xC3\xA4 */ x = PyDict_GetItem(d, k);\nint y;\n").ok());
  Finding finding{.rule = "FT101",
                  .severity = Severity::medium,
                  .location = {.file = "a.c", .line = 1, .column = 14, .end_line = 1, .end_column = 28},
                  .what = "borrowed",
                  .why = "dies",
                  .instead = "take a reference"};
  finding.trace = {{{.file = "a.c", .line = 2, .column = 1}, "the other thread"}};
  Texts texts;
  CHECK(action_of(finding, scratch.path(), texts).is_null());
  finding.fixes = {{.range = finding.location, .text = "Other"}};
  const Json told = diagnostic_of(finding, scratch.path(), texts);
  CHECK(told["severity"] == 2);
  CHECK(told["range"]["start"] == Json{{"line", 0}, {"character", 12}});
  CHECK(told["range"]["end"] == Json{{"line", 0}, {"character", 26}});
  CHECK(told["relatedInformation"][0]["location"]["range"]["start"]["line"] == 1);
  const Json action = action_of(finding, scratch.path(), texts);
  const Json edits = action["edit"]["changes"][uri_of(scratch.path() / "a.c")];
  REQUIRE(edits.size() == 1);
  CHECK(edits[0]["newText"] == "Other");
  CHECK(edits[0]["range"] == told["range"]);
}
