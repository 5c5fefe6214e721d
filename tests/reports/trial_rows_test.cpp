// The rows of a trial: what failed alike is one of them, and what says nothing against anything does not bury what
// does.
#include <doctest/doctest.h>

#include <sstream>

#include "finding/trial.h"
#include "reports/trial.h"

using namespace ftaudit;

namespace {

TriedTest failing(const std::string& name, const std::string& what, TriedAnswer answer) {
  TriedTest out{.name = name, .answer = answer};
  out.of(Way::gil).passed = out.of(Way::alone).passed = 1;
  out.of(Way::threads).failed = 1, out.of(Way::threads).what = what;
  return out;
}

}  // namespace

TEST_CASE("tests that fail by one exception at one place are one row, whatever their messages say") {
  Trial trial;
  trial.tests = {failing("t::a", "AssertionError: 1 != 2 (test_t.py:12)", TriedAnswer::hidden_race),
                 failing("t::b", "AssertionError: '/tmp/x8f' != '/tmp/kk2' (test_t.py:12)", TriedAnswer::hidden_race),
                 failing("t::c", "AssertionError: 1 != 2 (test_t.py:13)", TriedAnswer::hidden_race),
                 failing("t::d", "ValueError: 1 != 2 (test_t.py:12)", TriedAnswer::hidden_race),
                 failing("t::e", "timed out after 4.1 s", TriedAnswer::hidden_race),
                 failing("t::f", "timed out after 5.2 s", TriedAnswer::hidden_race)};
  const auto rows = reports::rows_of(trial);
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].others.size() == 1);
  CHECK(rows[0].others[0]->name == "t::b");
  CHECK(rows[3].others.size() == 1);
}

TEST_CASE("of rows that stand against nothing a terminal shows the first few, and how many more there are") {
  Trial trial;
  trial.tests = {failing("t::race", "AssertionError: 1 != 2 (test_t.py:1)", TriedAnswer::hidden_race)};
  for (int i = 0; i < 30; ++i)
    trial.tests.push_back(failing("t::shares" + std::to_string(i), "OSError: no (test_t.py:" + std::to_string(i) + ")",
                                  TriedAnswer::shares_state));
  trial.tests.push_back(failing("t::like", "OSError: gone (test_t.py:29)", TriedAnswer::shares_state));
  trial.tests.push_back(failing("t::broken", "OSError: no (test_t.py:99)", TriedAnswer::fails_everywhere));
  auto rows = reports::rows_of(trial);
  REQUIRE(rows.size() == 32);
  const auto left_out = reports::shorten(rows);
  CHECK(rows.size() == 10);
  REQUIRE(left_out.size() == 1);
  CHECK(left_out[0].answer == TriedAnswer::shares_state);
  CHECK(left_out[0].rows == 22);
  CHECK(left_out[0].tests == 23);
  std::ostringstream terminal, markdown, html;
  reports::write_trial_terminal(terminal, trial, false, 100);
  reports::write_trial_markdown(markdown, trial);
  reports::write_trial_html(html, trial);
  for (const std::string& text : {terminal.str(), markdown.str()}) {
    CHECK(text.find("and 22 more rows of 23 tests") != std::string::npos);
    CHECK(text.find("broken") != std::string::npos);
    CHECK(text.find("shares29") == std::string::npos);
  }
  CHECK(html.str().find("shares29") != std::string::npos);
}
