// Reports read back: nothing is lost on the way, and what is no report is told apart, whatever the bytes.

#include <doctest/doctest.h>

#include <random>
#include <sstream>

#include "reports/json.h"
#include "reports/json_reader.h"
#include "sample.h"

using namespace ftaudit;
using namespace ftaudit::reports;
using namespace ftaudit::test;

namespace {

std::string json(const Document& document) {
  std::ostringstream out;
  write_json(out, document);
  return out.str();
}

// The report with the first `from` replaced.
std::string changed(const std::string& from, const std::string& to) {
  std::string text = json(compared_document());
  const std::size_t at = text.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, from);
  return text.replace(at, from.size(), to);
}

std::string refusal(const std::string& text) {
  const auto read = read_json(text);
  return read.ok() ? "" : read.message();
}

}  // namespace

TEST_CASE("what was written is read back whole") {
  for (const Document& document :
       {full_document(), clean_document(), compared_document(), hostile_document(), Document{}}) {
    const std::string text = json(document);
    const auto read = read_json(text);
    REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.message()));
    CHECK(json(*read) == text);
    CHECK(read->findings.size() == document.findings.size());
    CHECK(read->against.has_value() == document.against.has_value());
  }
}

TEST_CASE("a refusal says where") {
  CHECK(refusal("") == "this is not JSON, or it is cut short");
  CHECK(refusal("{\"schema\": 1") == "this is not JSON, or it is cut short");
  CHECK(refusal("[]") == "the report is not an object");
  CHECK(refusal("{}") == "schema is missing");
  CHECK(refusal(changed("\"schema\": 1", "\"schema\": 2")) == "schema is 2; this version of ftaudit reads schema 1");
  CHECK(refusal(changed("\"line\": 10", "\"line\": -10")) == "findings[0].location.line is not a number from 0 on");
  CHECK(refusal(changed("\"line\": 10", "\"line\": 4294967296")) ==
        "findings[0].location.line is not a number from 0 on");
  CHECK(refusal(changed("\"severity\": \"high\"", "\"severity\": \"awful\"")) ==
        "findings[0].severity is 'awful', which this version does not know");
  CHECK(refusal(changed("\"partial\": false", "\"partial\": 0")) == "analysed[0].partial is not true or false");
  CHECK(refusal(changed("\"unchanged\"", "\"unchangt\"")) == "against.unchanged is missing");
}

TEST_CASE("keys of a later minor version are passed over") {
  const auto read = read_json(changed("\"schema\": 1,", "\"schema\": 1, \"weather\": {\"sun\": [1, 2]},"));
  REQUIRE(read.ok());
  CHECK(json(*read) == json(compared_document()));
}

TEST_CASE("no bytes bring the reader down") {
  const std::string whole = json(compared_document());
  std::mt19937 random(20);
  std::size_t understood = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string text = whole;
    for (int edits = 1 + static_cast<int>(random() % 4); edits > 0 && !text.empty(); --edits) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0: text[at] = static_cast<char>(random()); break;
        case 1: text.erase(at, 1 + random() % 40); break;
        case 2: text.insert(at, text.substr(random() % text.size(), random() % 60)); break;
        default: text.resize(std::max<std::size_t>(at, 1));
      }
    }
    if (const auto read = read_json(text); read.ok()) ++understood, json(*read);
  }
  CHECK(understood > 0);
  CHECK(understood < 4000);
  CHECK_FALSE(read_json(std::string(2000000, '[')).ok());
}
