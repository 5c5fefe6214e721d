#include <doctest/doctest.h>

#include "base/process.h"
#include "base/text.h"
#include "dynamic/runs/reproducer.h"
#include "dynamic/runs/stress_driver.h"
#include "dynamic/runs/stress_plan.h"
#include "dynamic/runtime/runtime.h"
#include "dynamic/unmasking.h"

using namespace ftaudit;
using namespace ftaudit::dynamic;

namespace {

constexpr const char* survey_text = R"json({"schema": 1, "modules": ["tally"], "packages": ["tally_tools"],
 "types": {"of": 3, "done": 2}, "operations": {"of": 10, "done": 9}, "unmade": ["tally.View: no"], "uncalled": [], "dangerous": ["x"], "notes": [],
 "scenarios": [{"id": "d000", "title": "t", "kind": "directed", "findings": ["abc"], "seconds": 2.5,
   "acts": [{"label": "hit with mean", "setup": ["shared = tally.Meter('a')", "spare = io.BytesIO()"],
             "roles": [{"label": "hit", "prepare": "shared.hit", "code": "call(1.5)"}, {"label": "mean", "prepare": "shared.mean", "code": "call()"}]},
            {"label": "get label", "setup": [], "roles": [{"label": "get label", "prepare": "tally.x", "code": "call()"}]}]}]})json";

Result<fs::path> survey_in(const ScratchFolder& scratch) {
  const fs::path path = scratch.path() / "survey.json";
  if (Status written = write_file(path, survey_text); !written) return written.error();
  return path;
}

}  // namespace

TEST_CASE("a survey says what the driver can do; anything else is refused") {
  const Result<ScratchFolder> scratch = ScratchFolder::make("stress");
  REQUIRE(scratch);
  const Result<fs::path> path = survey_in(*scratch);
  REQUIRE(path);
  const Result<Survey> survey = read_survey(*path);
  REQUIRE(survey);
  REQUIRE(survey->scenarios.size() == 1);
  CHECK(survey->scenarios[0].findings == std::vector<std::string>{"abc"});
  CHECK(survey->scenarios[0].seconds == 2.5);
  CHECK(survey->types.of == 3);
  CHECK(survey->operations.done == 9);
  for (const char* text : {"", "[]", "{}", R"({"scenarios": 3})", "\xff\xfe"}) {
    REQUIRE(write_file(scratch->path() / "other.json", text));
    CHECK(!read_survey(scratch->path() / "other.json"));
    CHECK(!read_acts(scratch->path() / "other.json", "d000"));
  }
  REQUIRE(write_file(scratch->path() / "odd.json",
                     R"({"scenarios": [1, {}, {"id": 2}, {"id": "a", "seconds": "x", "findings": [1]}], "types": 1})"));
  const Result<Survey> odd = read_survey(scratch->path() / "odd.json");
  REQUIRE(odd);
  CHECK(odd->scenarios.size() == 1);
}

TEST_CASE("targets are the findings that Python can get at, worst first") {
  Finding low{.rule = "FT202",
              .severity = Severity::low,
              .function = "line_of",
              .entry_points = {"tally.line"},
              .fingerprint = "l"};
  Finding high{.rule = "FT301",
               .severity = Severity::high,
               .function = "Meter_hit",
               .entry_points = {"tally.Meter.hit"},
               .fingerprint = "h"};
  Finding none{.rule = "FT001", .severity = Severity::high, .fingerprint = "n"};
  high.trace.push_back({.location = {.file = "tally.c", .line = 3}, .what = ""});
  high.sides = {{.function = "Meter_hit", .does = Does::write, .entry_points = {"tally.Meter.hit"}},
                {.function = "Meter_mean", .does = Does::read, .entry_points = {"tally.Meter.mean"}}};
  const auto targets = targets_of({low, high, none}, [](const Location&) { return std::string("Meter_mean"); });
  REQUIRE(targets.size() == 2);
  CHECK(targets[0].finding == "h");
  CHECK(targets[0].functions == std::vector<std::string>{"Meter_hit", "Meter_mean"});
  REQUIRE(targets[0].sides.size() == 2);
  CHECK(targets[0].sides[0].writes);
  CHECK_FALSE(targets[0].sides[1].writes);
}

TEST_CASE("a plan carries stubs and recorded calls, the frequent ones first") {
  const Result<ScratchFolder> scratch = ScratchFolder::make("stress");
  REQUIRE(scratch);
  fs::create_directories(scratch->path() / "calls");
  REQUIRE(write_file(scratch->path() / "calls/1.json", R"({"count": {"'a'": 1, "'b'": 3}})"));
  REQUIRE(write_file(scratch->path() / "calls/2.json", R"({"count": {"'a'": 9}, "odd": 3})"));
  REQUIRE(write_file(scratch->path() / "calls/3.json", "{broken"));
  REQUIRE(write_file(scratch->path() / "tally.pyi", "def count(label: str) -> int: ...\n"));
  StressPlan plan{.modules = {"tally"}, .stubs = {scratch->path()}, .recorded = scratch->path() / "calls"};
  plan.targets.push_back({.finding = "f", .rule = "FT301", .functions = {"\xff"}, .entry_points = {"tally.count"}});
  plan.types.push_back({.name = "tally.Meter", .entries = {"tally.Meter.hit"}, .rows = {"X"}});
  REQUIRE(write_plan(scratch->path() / "plan.json", plan));
  const Result<std::string> text = read_file(scratch->path() / "plan.json");
  REQUIRE(text);
  CHECK(text->find("def count(label: str)") != std::string::npos);
  CHECK(text->find("\"rows\": [\n") != std::string::npos);
  CHECK(text->find("\"'a'\"") < text->find("\"'b'\""));
}

TEST_CASE("a script is small, whole and Python") {
  const Result<ScratchFolder> scratch = ScratchFolder::make("stress");
  REQUIRE(scratch);
  const Result<fs::path> path = survey_in(*scratch);
  REQUIRE(path);
  const Result<std::vector<Act>> acts = read_acts(*path, "d000");
  REQUIRE(acts);
  REQUIRE(acts->size() == 2);
  CHECK((*acts)[0].imports == std::vector<std::string>{"import io", "import tally"});
  CHECK(!read_acts(*path, "d999"));
  const std::string script = script_of((*acts)[0], "Shows \"\"\" a race\\");
  REQUIRE(write_file(scratch->path() / "script.py", script));
  const Result<Outcome> parsed = run({.argv = {"python3", "-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())",
                                               (scratch->path() / "script.py").string()}});
  REQUIRE(parsed);
  CHECK_MESSAGE(parsed->succeeded(), parsed->err, script);
  CHECK(likeliest_first(*acts, {"tally.Meter.label"})[0].label == "get label");
  CHECK(likeliest_first(*acts, {"tally.Meter.hit"})[0].label == "hit with mean");
  CHECK(act_of_progress("d003 act 4 round 17: hit with mean") == 4);
  CHECK(!act_of_progress("d003: import"));
}

TEST_CASE("a reproducer is cut down as far as it still shows the thing") {
  const Result<ScratchFolder> scratch = ScratchFolder::make("stress");
  REQUIRE(scratch);
  const Result<fs::path> path = survey_in(*scratch);
  REQUIRE(path);
  Result<std::vector<Act>> acts = read_acts(*path, "d000");
  REQUIRE(acts);
  const fs::path script = scratch->path() / "reproducer.py";
  unsigned runs = 0;
  // Shows it with at least 3 rounds, whatever the rest, as long as the meter is there; every fifth run misses.
  const Shows shows = [&](const fs::path& file) -> Result<bool> {
    const Result<std::string> text = read_file(file);
    if (!text) return text.error();
    unsigned threads = 0, rounds = 0, calls = 0;
    const std::size_t at = text->find("CALLS = ");
    REQUIRE(std::sscanf(text->c_str() + at, "CALLS = %u, %u, %u", &threads, &rounds, &calls) == 3);
    return text->find("tally.Meter") != std::string::npos && rounds >= 3 && ++runs % 5 != 0;
  };
  const auto found = reproduce({.acts = {(*acts)[1], (*acts)[0]}, .script = script, .heading = "h"}, shows);
  REQUIRE(found);
  REQUIRE(found->has_value());
  const Act& act = **found;
  CHECK(act.label == "hit with mean");
  CHECK(act.threads == 2);
  CHECK(act.rounds <= 20);  // four times the five that were enough
  CHECK(act.setup == std::vector<std::string>{"shared = tally.Meter('a')"});
  CHECK(*read_file(script) == script_of(act, "h"));

  const auto never =
      reproduce({.acts = *acts, .script = script}, [](const fs::path&) -> Result<bool> { return false; });
  REQUIRE(never);
  CHECK(!never->has_value());
  CHECK(!reproduce({.acts = *acts, .script = script},
                   [](const fs::path&) -> Result<bool> { return Error{"no interpreter"}; }));
  const auto late = reproduce({.acts = *acts, .script = script, .budget = std::chrono::seconds(0)}, shows);
  REQUIRE(late);
  CHECK(!late->has_value());
}

TEST_CASE("unmasking hides what was found and never what is still waited for") {
  CHECK(unmasking_suppressions({{"a", "b"}, {"c", "c"}}, {}) == "race_top:^a$\nrace_top:^c$\n");
  CHECK(unmasking_suppressions({{"a", "b"}}, {"a"}) == "race_top:^b$\n");
  CHECK(unmasking_suppressions({{"a", "b"}}, {"a", "b"}).empty());
  CHECK(unmasking_suppressions({{"", "b"}, {"x*", "y"}}, {}).empty());
}

TEST_CASE("the driver is written out whole") {
  const Result<ScratchFolder> scratch = ScratchFolder::make("stress");
  REQUIRE(scratch);
  const Result<StressDriver> driver = StressDriver::write(scratch->path());
  REQUIRE(driver);
  CHECK(fs::exists(scratch->path() / "stress/__main__.py"));
  CHECK(fs::exists(scratch->path() / "recording/sitecustomize.py"));
  for (const RuntimeFile& file : runtime_files()) {
    const Result<std::string> source = read_file(fs::path(FTAUDIT_SOURCE_DIR) / "tool/dynamic/runtime" / file.name);
    REQUIRE(source);
    CHECK(*source == file.text);
  }
}
