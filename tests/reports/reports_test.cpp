// One document through every format, compared with what is kept beside this file. FTAUDIT_UPDATE_SNAPSHOTS=1 writes the
// files anew; the difference is then for a person to read.

#include <doctest/doctest.h>

#include <cstdlib>
#include <functional>
#include <sstream>

#include "base/files.h"
#include "reports/concise.h"
#include "reports/formats.h"
#include "reports/json.h"
#include "reports/page.h"
#include "reports/terminal.h"
#include "sample.h"

using namespace ftaudit;
using namespace ftaudit::reports;
using namespace ftaudit::test;

namespace {

std::string terminal(const Document& document, TerminalStyle style = {}) {
  style.source = sample_source;
  std::ostringstream out;
  write_terminal(out, document, style);
  return out.str();
}

std::string json(const Document& document) {
  std::ostringstream out;
  write_json(out, document);
  return out.str();
}

std::string concise(const Document& document) {
  std::ostringstream out;
  write_concise(out, document);
  return out.str();
}

// The page without what is the same in every page, so that a snapshot shows what a document makes of it.
std::string without_fixtures(std::string text) {
  for (const std::string_view part : {page_style, page_script, page_filters})
    if (const std::size_t at = text.find(part); at != text.npos) text.replace(at, part.size(), "…");
  for (std::size_t at; (at = text.find("'sha256-")) != text.npos;)
    text.replace(at, text.find('\'', at + 1) + 1 - at, "…");
  return text;
}

std::string raw(std::string_view format, const Document& document) {
  std::ostringstream out;
  format_named(format)->write(out, document, {.source = sample_source, .rules = sample_rules(), .folder = "ext/core/"});
  return out.str();
}

std::string written(std::string_view format, const Document& document) {
  return format == "html" ? without_fixtures(raw(format, document)) : raw(format, document);
}

// All but those that are written here in several ways.
std::vector<std::string> other_formats() {
  std::vector<std::string> out;
  for (const Format& format : formats())
    if (format.name != "terminal" && format.name != "concise" && format.name != "json") out.emplace_back(format.name);
  return out;
}

void check_snapshot(const std::string& name, const std::string& text) {
  const fs::path path = fs::path(FTAUDIT_SOURCE_DIR) / "tests/reports" / name;
  if (std::getenv("FTAUDIT_UPDATE_SNAPSHOTS")) {
    REQUIRE(write_file(path, text).ok());
    return;
  }
  const auto kept = read_file(path);
  REQUIRE_MESSAGE(kept.ok(), name);
  CHECK_MESSAGE(text == *kept, name);
}

// Bytes a terminal would act on: everything below blank but the line break, and DEL.
bool tame(const std::string& text) {
  for (const unsigned char c : text)
    if ((c < 0x20 && c != '\n') || c == 0x7f) return false;
  return text.find("\xc2\x9b") == std::string::npos && text.find("\xe2\x80\xae") == std::string::npos;
}

std::string without_returns(std::string text) {
  std::erase(text, '\r');
  return text;
}

}  // namespace

TEST_CASE("one document through every format") {
  const Document document = full_document();
  check_snapshot("full.txt", terminal(document));
  check_snapshot("full_verbose.txt", terminal(document, {.verbose = true}));
  check_snapshot("full_narrow.txt", terminal(document, {.width = 60}));
  check_snapshot("full_colour.txt", terminal(document, {.colour = true}));
  check_snapshot("full_concise.txt", concise(document));
  check_snapshot("full.json", json(document));
  for (const std::string& format : other_formats()) check_snapshot("full." + format, written(format, document));
}

TEST_CASE("every format is offered by its name") {
  for (const Format& format : formats()) {
    CHECK(format_named(format.name) == &format);
    CHECK(format_names().find(format.name) != std::string::npos);
    CHECK_FALSE(format.about.empty());
  }
  CHECK(format_named("yaml") == nullptr);
  CHECK(format_named("") == nullptr);
}

TEST_CASE("two states compared: what is new, what was fixed, what stayed") {
  const Document document = compared_document();
  check_snapshot("compared.txt", terminal(document));
  check_snapshot("compared_concise.txt", concise(document));
  check_snapshot("compared.json", json(document));
  for (const std::string& format : other_formats()) check_snapshot("compared." + format, written(format, document));
  // Nothing new, and nothing gone: the answer of most changes.
  Document same = clean_document();
  same.against = {.revision = "4f2c1d9 (merge base with main)", .unchanged = 7};
  check_snapshot("unchanged.txt", terminal(same));
  check_snapshot("unchanged.json", json(same));
  for (const std::string& format : other_formats()) check_snapshot("unchanged." + format, written(format, same));
}

TEST_CASE("nothing found is said with the number of places looked at") {
  const std::string text = terminal(clean_document());
  check_snapshot("clean.txt", text);
  CHECK(text.find("0 findings at 44 places that 3 rules looked at") != std::string::npos);
  check_snapshot("clean.json", json(clean_document()));
  for (const std::string& format : other_formats())
    check_snapshot("clean." + format, written(format, clean_document()));
}

TEST_CASE("an empty document is valid in every format and claims nothing") {
  CHECK(terminal({}) == "nothing was audited\n");
  CHECK(concise({}) == "nothing was audited\n");
  check_snapshot("empty.json", json({}));
  for (const std::string& format : other_formats()) check_snapshot("empty." + format, written(format, {}));
}

TEST_CASE("nothing in sources, names or messages reaches the terminal raw") {
  const Document document = hostile_document();
  CHECK(tame(terminal(document)));
  CHECK(tame(terminal(document, {.verbose = true})));
  CHECK(tame(concise(document)));
  check_snapshot("hostile.txt", terminal(document));
  check_snapshot("hostile.json", json(document));
  for (const std::string& format : other_formats()) {
    const std::string text = written(format, document);
    CHECK_MESSAGE(tame(format == "csv" ? without_returns(text) : text), format);
    check_snapshot("hostile." + format, text);
  }
}

TEST_CASE("the same document gives the same bytes") {
  CHECK(json(full_document()) == json(full_document()));
  for (const Format& format : formats())
    CHECK_MESSAGE(written(format.name, full_document()) == written(format.name, full_document()), format.name);
}

TEST_CASE("the project's root is in no report") {
  for (const Format& format : formats())
    CHECK_MESSAGE(written(format.name, full_document()).find("/home/someone") == std::string::npos, format.name);
}

TEST_CASE("lines stay within the terminal") {
  for (const std::size_t columns : {40, 60, 80, 100, 160}) {
    std::istringstream lines(terminal(full_document(), {.width = columns}));
    // The headers name a place and a rule whole, so that both can be copied.
    for (std::string line; std::getline(lines, line);)
      if (line.find('[') == std::string::npos && line.find(" FT") == std::string::npos)
        CHECK(line.size() <= columns + 8);
  }
}
