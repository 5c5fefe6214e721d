// What single formats promise, beyond what the snapshots show.

#include <doctest/doctest.h>

#include <sstream>

#include "base/text.h"
#include "reports/characters.h"
#include "reports/formats.h"
#include "reports/line_hash.h"
#include "reports/repository.h"
#include "sample.h"

using namespace ftaudit;
using namespace ftaudit::reports;
using namespace ftaudit::test;

namespace {

std::string written(std::string_view format, const Document& document,
                    Surroundings around = {.source = sample_source, .rules = sample_rules()}) {
  std::ostringstream out;
  format_named(format)->write(out, document, around);
  return out.str();
}

std::size_t occurrences(std::string_view text, std::string_view of) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(of, at)) != text.npos; at += of.size()) ++n;
  return n;
}

}  // namespace

TEST_CASE("SARIF links to the pages where it is told where they are") {
  const Surroundings told{.source = sample_source, .rules = sample_rules(), .site = "https://pages.example/"};
  const std::string linked = written("sarif", full_document(), told), plain = written("sarif", full_document());
  CHECK(linked.find("\"informationUri\": \"https://pages.example/\"") != std::string::npos);
  CHECK(linked.find("\"helpUri\": \"https://pages.example/rules/FT104/\"") != std::string::npos);
  CHECK(plain.find("helpUri") == std::string::npos);
}

TEST_CASE("line hashes are those of GitHub's upload action") {
  // Its own test's expectations.
  CHECK(line_hashes("") == std::vector<std::string>{"c129715d7a2bc9a3:1"});
  CHECK(line_hashes(" a\nb\n  \t\tc\n d") ==
        std::vector<std::string>{"271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"});
  const std::vector<std::string> greetings{"e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1",
                                           "e20e36e16fcb0cc8:1", "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1",
                                           "c129715d7a2bc9a3:1"};
  CHECK(line_hashes(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n") == greetings);
  CHECK(line_hashes(" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r") == greetings);
  CHECK(line_hashes(" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n") == greetings);
  CHECK(line_hashes(" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n") == greetings);
  std::string repeated;
  for (int i = 0; i < 10; ++i) repeated += "Lorem ipsum dolor sit amet.\n";
  CHECK(line_hashes(repeated) ==
        std::vector<std::string>{"a7f2ff13bc495cf2:1", "a7f2ff13bc495cf2:2", "a7f2ff13bc495cf2:3", "a7f2ff13bc495cf2:4",
                                 "a7f2ff13bc495cf2:5", "a7f2ff13bc495cf2:6", "a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1",
                                 "55ec222b86bcae53:1", "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1"});
}

TEST_CASE("columns are counted in UTF-16 units") {
  CHECK(utf16_units("abc", 2) == 2);
  CHECK(utf16_units("日本 x", 7) == 3);
  CHECK(utf16_units("\xF0\x9F\x98\x80x", 4) == 2);
  CHECK(utf16_units("\xff\xfex", 2) == 2);
  CHECK(utf16_units("ab", 5) == 5);
  // clock.c has nine bytes of Japanese and two of é before the call.
  CHECK(written("sarif", full_document()).find("\"startColumn\": 62") != std::string::npos);
}

TEST_CASE("paths are URIs from the top of the repository") {
  CHECK(uri("src/a b#c%.c") == "src/a%20b%23c%25.c");
  CHECK(uri("src/日.c") == "src/%E6%97%A5.c");
  CHECK(uri("a:b?c") == "a%3Ab%3Fc");
  CHECK(uri("/usr/include/x.h") == "file:///usr/include/x.h");
  const Surroundings around{.folder = "ext/"};
  CHECK(repository_path("src/a.c", around) == "ext/src/a.c");
  CHECK(repository_path("/usr/x.h", around) == "/usr/x.h");
}

TEST_CASE("text is cut between characters") {
  CHECK(shortened("abcdef", 6) == "abcdef");
  CHECK(shortened("abcdefg", 6) == "abc…");
  CHECK(shortened("日本日本", 8) == "日…");
  CHECK(shortened("abc", 1) == "…");
}

TEST_CASE("GitHub's limits on annotations are kept and what is beyond them is said") {
  const std::string text = written("github", large_document(200));
  for (const std::string kind : {"::error ", "::warning ", "::notice "}) {
    std::size_t n = 0;
    for (const std::string& line : split(text, '\n')) n += line.starts_with(kind);
    CHECK(n > 0);
    CHECK(n <= 10);
  }
  CHECK(text.find("::notice title=ftaudit%3A more findings::173 findings without annotation") != std::string::npos);
  // The others are in the log, and no line of it is a command that was not meant.
  CHECK(occurrences(text, "\n- src/") >= 173);
  for (const std::string& line : split(written("github", hostile_document()), '\n')) {
    CHECK((line.empty() || line.starts_with("- ") || line.starts_with("::error ") || line.starts_with("::warning ") ||
           line.starts_with("::notice ")));
    CHECK(line.find("- ##[") == std::string::npos);
  }
}

TEST_CASE("SARIF holds no more than code scanning takes, and says so") {
  const std::string text = written("sarif", large_document(25'010), {});
  CHECK(occurrences(text, "\"ruleIndex\"") == 25'000);
  CHECK(text.find("10 findings of lower rank left out") != std::string::npos);
}

TEST_CASE("a Markdown summary fits in a comment and says what it leaves out") {
  const std::string text = written("markdown", large_document(2'000));
  CHECK(text.size() < 65'536);
  CHECK(text.find("1950 more are in the full report.") != std::string::npos);
  CHECK(occurrences(text, "<details>") == occurrences(text, "</details>"));
}

TEST_CASE("GitLab sees every finding: no two share a fingerprint") {
  Document document = full_document();
  document.findings.push_back(document.findings[0]);
  const std::string text = written("gitlab", document);
  CHECK(text.find(document.findings[0].fingerprint + "-2\"") != std::string::npos);
}

TEST_CASE("nothing audited is no green test") {
  const std::string text = written("junit", {});
  CHECK(text.find("<error message=\"nothing was audited\"/>") != std::string::npos);
  CHECK(text.find("tests=\"1\" failures=\"0\" errors=\"1\"") != std::string::npos);
}

TEST_CASE("a table's cells are no formulas") {
  const std::string text = written("csv", hostile_document());
  CHECK(text.find(",=") == std::string::npos);
  CHECK(text.find("\"=") == std::string::npos);
  CHECK(text.find("'=1+1") != std::string::npos);
}

TEST_CASE("the page's policy lets only its own style and script in") {
  const std::string text = written("html", hostile_document());
  CHECK(occurrences(text, "<script>") == 1);
  CHECK(occurrences(text, "default-src 'none'") == 1);
  for (const char* forbidden :
       {"<img", "<svg", "onerror=alert(2)>", "unsafe-inline", "http://", "https://example.invalid\"", "style=\""})
    CHECK_MESSAGE(text.find(forbidden) == std::string::npos, forbidden);
}
