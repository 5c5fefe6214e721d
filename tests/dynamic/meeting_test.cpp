#include <doctest/doctest.h>

#include <algorithm>

#include "base/files.h"
#include "dynamic/evidence/meeting.h"
#include "finding/seen.h"

using namespace ftaudit;
using namespace ftaudit::dynamic;
using Kind = Sighting::Kind;
using Verdict = Witness::Verdict;

namespace {

Finding finding(Category category, std::uint32_t line, const char* function, const char* place) {
  Finding out{.rule = "FT301", .name = "object-field-unlocked", .category = category, .severity = Severity::high};
  out.location = {.file = "spam.c", .line = line, .column = 5, .end_line = line};
  out.function = function, out.place = place, out.what = "what", out.guilty_text = "x";
  return out;
}

Site site(std::uint32_t line, const char* function, const char* access = "write") {
  Site out{.function = function, .access = access};
  out.location.file = "spam.c", out.location.line = line;
  return out;
}

Sighting race(std::vector<Site> sites) {
  return {.kind = Kind::data_race,
          .type = "data race",
          .sites = std::move(sites),
          .seen = {.workload = "stress"},
          .text = "report"};
}

struct Project {
  ScratchFolder folder;
  SourceLines lines;
  Project() : folder(std::move(*ScratchFolder::make("meeting"))), lines(folder.path()) {
    std::string text;
    for (int n = 1; n <= 60; ++n)
      text += n == 10   ? "  self->count += 1;\n"
              : n == 20 ? "  return self->count;\n"
              : n == 30 ? "  self->other = 2;\n"
              : n == 15 ? "  PyObject *item = PyDict_GetItem(members, key);\n"
              : n == 18 ? "  use(item);\n"
                        : "  line\n";
    REQUIRE(write_file(folder.path() / "spam.c", text).ok());
  }
};

}  // namespace

TEST_CASE("a race at the finding's own line confirms it, one elsewhere in the function only about the same thing") {
  Project project;
  const Finding field = finding(Category::object_field, 10, "Spam_hit", "self->count");
  CHECK(shows(race({site(10, "Spam_hit"), site(20, "Spam_get", "read")}), field, project.lines));
  CHECK(shows(race({site(10, "Spam_hit"), site(10, "Spam_hit")}), field, project.lines));
  CHECK_FALSE(shows(race({site(30, "Spam_hit"), site(30, "Spam_hit")}), field, project.lines));
  Finding elsewhere = field;
  elsewhere.location.line = elsewhere.location.end_line = 12;
  CHECK(shows(race({site(10, "Spam_hit"), site(20, "Spam_get", "read")}), elsewhere,
              project.lines));  // same function, both lines name the field
  CHECK_FALSE(shows(race({site(40, "Spam_hit"), site(41, "Spam_hit")}), elsewhere, project.lines));
}

TEST_CASE("a race between any two of a finding's sides confirms it, one that a stranger is in does not") {
  Project project;
  Finding type = finding(Category::object_field, 10, "Spam_hit", "Spam.count");
  const auto side = [](const char* function, std::uint32_t line, const char* state) {
    const Location location{.file = "spam.c", .line = line, .end_line = line};
    return Side{
        .function = function, .location = location, .states = {state}, .points = {{location, state, Does::read, ""}}};
  };
  type.sides = {side("Spam_hit", 10, "Spam.count"), side("Spam_drop", 30, "Spam.other"),
                side("Spam_peek", 33, "Spam.other")};
  CHECK(shows(race({site(30, "Spam_drop"), site(33, "Spam_peek", "read")}), type, project.lines));
  CHECK_FALSE(shows(race({site(30, "Spam_drop"), site(50, "Spam_stranger", "read")}), type, project.lines));
  // Who holds the lock is in the trace, and no side.
  type.trace = {{{.file = "spam.c", .line = 44, .end_line = 44}, "written here", 2}};
  CHECK(shows(race({site(44, "Spam_set"), site(33, "Spam_peek", "read")}), type, project.lines));
  CHECK_FALSE(shows(race({site(44, "Spam_set"), site(44, "Spam_set")}), type, project.lines));
  Sighting named = race({site(30, "Spam_drop"), site(33, "Spam_peek", "read")});
  named.in_global = true, named.place = "elsewhere";
  CHECK_FALSE(shows(named, type, project.lines));
}

TEST_CASE("a global has a name, and another global is another story") {
  Project project;
  Finding cache = finding(Category::global_state, 10, "get", "global cache");
  Sighting on_cache = race({site(10, "get"), site(11, "get")});
  on_cache.in_global = true, on_cache.place = "cache";
  CHECK(shows(on_cache, cache, project.lines));
  on_cache.place = "get.cache.1";
  CHECK(shows(on_cache, cache, project.lines));
  on_cache.place = "hits";
  CHECK_FALSE(shows(on_cache, cache, project.lines));
}

TEST_CASE("kinds fit categories") {
  Project project;
  const Finding field = finding(Category::object_field, 10, "f", "self->count"),
                order = finding(Category::mutex_deadlock, 10, "f", "a");
  Sighting lock_order{.kind = Kind::lock_order_inversion, .sites = {site(10, "f"), site(20, "g")}};
  CHECK(shows(lock_order, order, project.lines));
  CHECK_FALSE(shows(lock_order, field, project.lines));
  Sighting deadlock{.kind = Kind::deadlock, .sites = {site(11, "f")}};
  CHECK(shows(deadlock, order, project.lines));
  const Finding attached = finding(Category::thread_state, 10, "f", "usleep");
  CHECK(shows(deadlock, attached, project.lines));
  deadlock.among_locks = true;
  CHECK(shows(deadlock, order, project.lines));
  CHECK_FALSE(shows(deadlock, attached, project.lines));
  CHECK_FALSE(shows(deadlock, field, project.lines));
  CHECK_FALSE(shows(race({site(10, "f"), site(20, "g")}), order, project.lines));
}

TEST_CASE("what switches the GIL on is known by its own name within its package") {
  Project project;
  const Finding undeclared = finding(Category::missing_gil_slot, 10, "nb_module", "reader_ext");
  Sighting seen{.kind = Kind::gil_switched_on, .place = "reader.reader_ext"};
  CHECK(shows(seen, undeclared, project.lines));
  seen.place = "reader.writer_ext";
  CHECK_FALSE(shows(seen, undeclared, project.lines));
}

TEST_CASE("a borrowed reference is used behind its borrowing") {
  Project project;
  Finding borrowed = finding(Category::borrowed_ref, 15, "find", "members");
  borrowed.trace = {{{.file = "spam.c", .line = 9}, "enlist writes"}};
  Sighting through = race({site(17, "find")});
  through.attribution = Attribution::through_cpython;
  CHECK(shows(through, borrowed, project.lines));
  CHECK(shows(race({site(18, "find", "read"), site(40, "other")}), borrowed,
              project.lines));  // its line names what was borrowed
  CHECK_FALSE(shows(race({site(17, "find", "read"), site(40, "other")}), borrowed, project.lines));
  Finding item = borrowed;  // line 5 names the variable, too, before it gets the value that the finding is about
  item.place = "line";
  CHECK_FALSE(shows(race({site(5, "find", "read")}), item, project.lines));
  // The other side of the trace alone against CPython says nothing of a function that nobody was in.
  through.sites = {site(9, "enlist")};
  CHECK_FALSE(shows(through, borrowed, project.lines));
  through.sites = {site(55, "find")};
  CHECK_FALSE(shows(through, borrowed, project.lines));
}

TEST_CASE("a crash without a place confirms what it was aimed at, and nothing else") {
  Project project;
  Finding one = finding(Category::object_field, 10, "f", "self->count"), two = one;
  one.fingerprint = "aaaa", two.fingerprint = "bbbb";
  Sighting crash{.kind = Kind::crash, .type = "Segmentation fault", .seen = {.findings = {"aaaa"}}};
  CHECK(shows(crash, one, project.lines));
  CHECK_FALSE(shows(crash, two, project.lines));
  crash.seen.findings = {"aaaa", "cccc", "dddd", "eeee"};
  CHECK_FALSE(shows(crash, one, project.lines));
  crash.sites = {site(0, "h")}, crash.path = {site(12, "f")};
  CHECK(shows(crash, one, project.lines));
  CHECK_FALSE(shows(crash, two, project.lines));
  crash.sites = {site(0, "f")}, crash.path.clear();
  CHECK(shows(crash, two, project.lines));
  crash.sites = {site(0, "g")};
  CHECK_FALSE(shows(crash, two, project.lines));
}

TEST_CASE("a crash whose stack holds no frame of the extension confirms nothing, and is seen near") {
  Project project;
  Document document;
  document.root = project.folder.path().string();
  Finding field = finding(Category::object_field, 10, "f", "self->count");
  field.fingerprint = "aaaa";
  Sighting crash{.kind = Kind::crash,
                 .type = "Segmentation fault",
                 .sites = {site(10, "f", "")},
                 .repeats = {2, 3, 0, 3},
                 .seen = {.workload = "stress", .findings = {"aaaa"}}};
  const auto verdict = [&] {
    document.findings = {field};
    meet(document, std::vector<Sighting>{crash}, Coverage{}, {.any = true});
    REQUIRE(document.findings.size() == 1);
    return *document.findings[0].witness;
  };
  CHECK(verdict().verdict == Verdict::confirmed);
  crash.sites.clear();
  const Witness near = verdict();
  CHECK(near.verdict == Verdict::seen_near);
  CHECK(near.why == "a crash (Segmentation fault), but no frame of the extension is on its stack");
  CHECK(near.repeats.seen == 2);
  CHECK(near.repeats.gil_of == 3);
}

TEST_CASE("what nobody foresaw is confirmed only where it is shown") {
  Project project;
  Document document;
  document.root = project.folder.path().string();
  Sighting deadlock{.kind = Kind::deadlock, .sites = {site(30, "f"), site(40, "g")}, .proven = true};
  const auto told = [&] {
    document.findings.clear();
    meet(document, std::vector<Sighting>{deadlock}, Coverage{}, {.any = true});
    REQUIRE(document.findings.size() == 1);
    return document.findings[0];
  };
  CHECK(told().witness->verdict == Verdict::confirmed);
  CHECK(told().severity == Severity::high);
  deadlock.proven = false;
  CHECK(told().witness->verdict == Verdict::seen_near);
  CHECK(told().severity == Severity::medium);
  CHECK(told().confidence == Confidence::possible);
  deadlock.repeats = {1, 3, 0, 3};
  CHECK(told().confidence == Confidence::likely);
  deadlock.repeats = {3, 3, 1, 3};
  CHECK(told().confidence == Confidence::possible);
}

TEST_CASE("races below the same two entries about the same thing are one cause, whatever functions they lie in") {
  const auto below = [](std::uint32_t line, const char* function, const char* entry) {
    Site out = site(line, function);
    out.entered = {{.file = "packer.c", .line = 5}, entry};
    return out;
  };
  std::vector<Sighting> seen;
  for (std::uint32_t n = 1; n <= 40; ++n)
    seen.push_back(race({below(n, n % 2 == 0 ? "emit" : "hash", "Packer_pack"),
                         below(n + 1, n % 3 == 0 ? "flush" : "emit", "Packer_pack")}));
  const auto told = [&] {
    Document document;
    meet(document, seen, Coverage{}, {.any = true});
    std::size_t places = 0;
    for (const Finding& one : document.findings) places += one.witness->places.size();
    CHECK(places == seen.size());  // none is lost
    return document.findings.size();
  };
  CHECK(told() == 1);
  for (std::size_t i = 0; i < 20; ++i)
    seen[i].place = i % 2 == 0 ? "memory allocated in grow" : "memory allocated in make";
  CHECK(told() == 1);
  for (std::size_t i = 0; i < 10; ++i) seen[i].place = "window", seen[i].in_global = true;
  CHECK(told() == 2);
  for (std::size_t i = 20; i < 30; ++i) seen[i].sites[1].entered->function = "Packer_close";
  CHECK(told() == 3);
}

TEST_CASE("what a finding speaks of only in part is told by it whole") {
  Project project;
  Document document;
  document.root = project.folder.path().string();
  document.findings = {finding(Category::object_field, 10, "Spam_hit", "self->count")};
  meet(document,
       std::vector<Sighting>{race({site(10, "Spam_hit"), site(10, "Spam_hit")}),
                             race({site(30, "Spam_hit"), site(30, "Spam_hit")})},
       Coverage{}, {.any = true});
  REQUIRE(document.findings.size() == 1);
  CHECK(document.findings[0].witness->places.size() == 2);
}

TEST_CASE("what was only seen near something tells nothing that is shown") {
  Project project;
  Document document;
  document.root = project.folder.path().string();
  document.findings = {finding(Category::object_field, 10, "Spam_hit", "self->count")};
  Sighting near = race({site(10, "Spam_hit")}), shown = race({site(30, "Spam_hit")});
  near.attribution = shown.attribution = Attribution::through_cpython;
  near.lacks = "one of its two stacks was lost";
  meet(document, std::vector<Sighting>{near, shown}, Coverage{}, {.any = true});
  REQUIRE(document.findings.size() == 2);
  for (const Finding& one : document.findings)
    CHECK((one.witness->verdict == Verdict::confirmed) == (one.location.line == 30));
}

TEST_CASE("what races in a library below wants its lock around the call into it") {
  Document document;
  Sighting deep = race({site(10, "emit"), site(12, "emit")});
  deep.sites[0].entered = deep.sites[1].entered = {{.file = "packer.c", .line = 5}, "Packer_pack"};
  meet(document, std::vector<Sighting>{deep}, Coverage{}, {.any = true});
  REQUIRE(document.findings.size() == 1);
  const Finding& told = document.findings[0];
  CHECK(told.instead.ends_with("; a lock around the call in Packer_pack (packer.c:5) ends it whatever lies below"));
  REQUIRE(told.trace.size() == 4);
  CHECK(told.trace[2].what == "entered in Packer_pack");
  CHECK(told.trace[2].thread == 2);
}

TEST_CASE("every sighting is a place of the finding that tells it") {
  Project project;
  Document document;
  document.root = project.folder.path().string();
  const std::vector<Sighting> seen{race({site(30, "f"), site(31, "g")}), race({site(32, "f"), site(33, "g", "read")})};
  meet(document, seen, Coverage{}, {.any = true});
  REQUIRE(document.findings.size() == 1);
  const std::vector<Witness::Place>& places = document.findings[0].witness->places;
  REQUIRE(places.size() == 2);
  CHECK(places[1].what == "write in f at spam.c:32 and read in g at spam.c:33");
}

TEST_CASE("a crash without a place is no finding beside a confirmed one of using what is gone") {
  Project project;
  Document document;
  document.root = project.folder.path().string();
  const std::vector<Sighting> seen{{.kind = Kind::data_race, .sites = {site(10, "f"), site(10, "f")}},
                                   {.kind = Kind::crash, .type = "Aborted", .seen = {.workload = "tests"}}};
  for (const Category category : {Category::object_field, Category::borrowed_ref}) {
    const bool explains = category == Category::borrowed_ref;
    document.findings = {finding(category, 10, "f", "self->count")};
    document.notes.clear();
    meet(document, seen, Coverage(), {.any = true});
    CHECK(document.findings.size() == (explains ? 1 : 2));
    CHECK(document.notes.size() == (explains ? 1 : 0));
  }
}

TEST_CASE("crashes without a place are one finding a kind, however many steps they came in") {
  Project project;
  Document document;
  document.root = project.folder.path().string();
  std::vector<Sighting> seen;
  for (const char* step : {"d001 act 1", "d001 act 2", "tests/test_a.py"})
    seen.push_back({.kind = Kind::crash, .type = "Segmentation fault", .seen = {.workload = "stress", .step = step}});
  CHECK(seen[0].key() != seen[1].key());
  meet(document, seen, Coverage(), {.any = true});
  CHECK(document.findings.size() == 1);
}

TEST_CASE("every finding gets a verdict, and what nobody foresaw becomes a finding") {
  Project project;
  Document document;
  document.root = project.folder.path().string();
  document.findings = {finding(Category::object_field, 10, "Spam_hit", "self->count"),
                       finding(Category::object_field, 40, "Spam_far", "self->far")};
  document.findings.push_back(finding(Category::global_state, 50, "", "x"));
  fingerprint(document.findings);
  const std::string before_meeting = document.findings[0].fingerprint;
  Sighting crash{.kind = Kind::crash,
                 .type = "Segmentation fault",
                 .plain_count = 2,
                 .seen = {.workload = "plain repeats", .step = "sum with close", .plain = true},
                 .text = "stacks"};
  Sighting unforeseen = race({site(30, "Spam_set"), site(30, "Spam_set")});
  unforeseen.count = 4;
  std::vector<Sighting> sightings{race({site(10, "Spam_hit"), site(20, "Spam_get", "read")}), unforeseen, crash};
  meet(document, sightings, Coverage{}, {.any = true});
  REQUIRE(document.findings.size() == 5);
  const auto named = [&](const std::string& rule, std::uint32_t line) {
    const auto at = std::find_if(document.findings.begin(), document.findings.end(),
                                 [&](const Finding& f) { return f.rule == rule && f.location.line == line; });
    REQUIRE(at != document.findings.end());
    return *at;
  };
  CHECK(named("FT301", 10).witness->verdict == Verdict::confirmed);
  CHECK(named("FT301", 10).witness->report == "report");
  CHECK(named("FT301", 10).fingerprint == before_meeting);
  // No function was entered at all: nothing is known of what would have been reached.
  CHECK(named("FT301", 40).witness->verdict == Verdict::not_run);
  CHECK(named("FT301", 50).witness->verdict == Verdict::not_run);
  const Finding fresh = named("FT901", 30);
  CHECK(fresh.witness->seen == 4);
  CHECK(fresh.fingerprint.size() == 20);
  CHECK(fresh.what == "data race: write in Spam_set and write in Spam_set");
  const Finding died = named("FT902", 0);
  CHECK(died.witness->crashes_plain);
  CHECK(died.what == "the process died: Segmentation fault, during: sum with close");
  CHECK(document.rules.size() == seen::all.size());
}

TEST_CASE("a claim of needing no GIL is refuted by what nobody foresaw, too") {
  Project project;
  Document document;
  document.root = project.folder.path().string();
  Finding claim = finding(Category::gil_reliance, 90, "", "spam");
  claim.rule = "FT005", claim.name = "premature-claim";
  document.findings = {claim};
  meet(document, std::vector<Sighting>{}, Coverage{}, {.any = true});
  CHECK(document.findings[0].witness->verdict == Verdict::not_run);
  document.findings = {claim};
  meet(document, std::vector<Sighting>{race({site(30, "Spam_set"), site(30, "Spam_set")})}, Coverage{}, {.any = true});
  REQUIRE(document.findings.size() == 2);
  const auto refuted = std::find_if(document.findings.begin(), document.findings.end(),
                                    [](const Finding& f) { return f.rule == "FT005"; });
  CHECK(refuted->witness->verdict == Verdict::confirmed);
  CHECK(refuted->witness->why == "1 finding that stands against it confirmed, FT901 first");
}

TEST_CASE("when nothing was run, that is what is said") {
  Document document;
  document.findings = {finding(Category::object_field, 10, "f", "x")};
  meet(document, {}, Coverage{}, {.why_none = "the build failed"});
  REQUIRE(document.findings.size() == 1);
  CHECK(document.findings[0].witness->verdict == Verdict::not_run);
  CHECK(document.findings[0].witness->why == "the build failed");
  CHECK(document.rules.empty());
}

TEST_CASE("one finding for all the lines at which two functions race") {
  Document document;
  std::vector<Sighting> sightings{race({site(30, "f"), site(31, "g")}), race({site(32, "f"), site(33, "g")}),
                                  race({site(32, "f"), site(32, "f")})};
  meet(document, sightings, Coverage{}, {.any = true});
  REQUIRE(document.findings.size() == 2);
  CHECK(document.findings[0].witness->seen + document.findings[1].witness->seen == 3);
}
