#include "sample.h"

#include "finding/verdict.h"

namespace ftaudit::test {

namespace {

constexpr const char* cache_c = R"(#include "cache.h"

static PyObject *table;  /* url -> parsed */
static long hits;

static PyObject *cache_dump(PyObject *self, PyObject *unused)
{
	PyObject *key, *value;
	Py_ssize_t pos = 0;
	while (PyDict_Next(table, &pos, &key, &value)) {
		if (report_entry(key, value) < 0)
			return NULL;
	}
	Py_RETURN_NONE;
}

static PyObject *cache_get(PyObject *self, PyObject *key)
{
    PyObject *value = PyDict_GetItemWithError(table, key);
    if (value == NULL) return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
    hits++;
    return Py_NewRef(value);
}

static PyObject *cache_first(PyObject *self, PyObject *keys)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(keys); i++) {
        PyObject *value = PyDict_GetItemWithError(table, PyList_GET_ITEM(keys, i)); if (value != NULL) { hits++; return transform_value_with_all_the_options(value, DEFAULT_OPTIONS); }
    }
    Py_RETURN_NONE;
}

static PyObject *cache_store(PyObject *self, PyObject *args)
{
    PyObject *key, *value;
    if (!PyArg_ParseTuple(args, "OO", &key, &value)) return NULL;
    if (PyDict_SetItem(table, key, value) < 0) return NULL;
    Py_RETURN_NONE;
}

static PyModuleDef_Slot cache_slots[] = {
    {Py_mod_exec, cache_exec},
    {0, NULL},
};
)";

constexpr const char* clock_c =
    "static PyObject *stamp(PyObject *self, PyObject *unused)\n{\n    time_t now = time(NULL);\n"
    "    return Py_BuildValue(\"s\", \"日本 caf\u00e9\"), Py_BuildValue(\"i\", localtime(&now)->tm_hour);\n}\n";

constexpr const char* evil_c =
    "int x; /* \x1b]0;owned\x07 \x1b[2J \xff\xfe \xe2\x80\xae desrever */ PyDict_Next(\x1b[31md\x1b[0m);\n";

Finding finding(const char* rule, const char* name, Category category, Severity severity, Confidence confidence,
                Location location, const char* function, const char* place, const char* what) {
  Finding f;
  f.rule = rule;
  f.name = name;
  f.category = category;
  f.severity = severity;
  f.confidence = confidence;
  f.location = std::move(location);
  f.function = function;
  f.place = place;
  f.what = what;
  f.guilty_text = what;
  return f;
}

Finding borrowed(std::uint32_t line, std::uint32_t column, const char* function) {
  Finding f =
      finding("FT101", "borrowed-from-shared-container", Category::borrowed_ref, Severity::high, Confidence::likely,
              {"src/cache.c", line, column, line, column + 37}, function, "global table",
              "the value that PyDict_GetItemWithError borrows from `table` is used while other threads can drop it");
  f.why =
      "Only the container keeps the value alive. Another thread may replace or delete the entry between the call and "
      "the use, and the pointer then names freed memory; taking a reference afterwards comes too late.";
  f.instead =
      "Call PyDict_GetItemRef(table, key, &value), which returns a reference of your own, and Py_DECREF(value) when "
      "done.";
  return f;
}

}  // namespace

Document large_document(std::size_t findings) {
  Document document = full_document();
  const std::vector<Finding> told = document.findings;
  document.findings.clear();
  const std::vector<std::string> files{"src/cache.c", "src/clock.c", "src/loader.cpp", "src/gui.c", "src/sound.c"};
  for (std::size_t i = 0; i < findings; ++i) {
    Finding finding = told[i % told.size()];
    if (i % 7 == 0) finding.location.file = files[i / 7 % files.size()];
    finding.severity = static_cast<Severity>(i * 7 % 4);
    finding.confidence = static_cast<Confidence>(i * 5 % 3);
    finding.function = "function_" + std::to_string(i);
    finding.entry_points = {"webcache._cache.method_" + std::to_string(i % 120), "webcache._cache.get"};
    document.findings.push_back(std::move(finding));
  }
  fingerprint(document.findings);
  judge(document);
  return document;
}

std::span<const ListedRule> sample_rules() {
  static const Rule next{{"FT104", "dict-next-unlocked", Category::dict_next, Severity::high, Confidence::likely,
                          "A dict is walked without a lock", "the position means nothing any more", "0.1"},
                         nullptr};
  static const Rule slot{{"FT001", "missing-gil-slot", Category::missing_gil_slot, Severity::high, Confidence::certain,
                          "The slots do not say that the GIL is not needed", "the GIL comes back", "0.1"},
                         nullptr};
  static const ListedRule all[]{{&slot, "# FT001\n\nThe page.\n"},
                                {&next, "# FT104\n\nThe page of `PyDict_Next` <script>.\n"}};
  return all;
}

std::optional<std::string> sample_source(const std::string& file) {
  if (file == "src/cache.c") return cache_c;
  if (file == "src/clock.c") return clock_c;
  if (file == "evil\x1b[31m.c") return evil_c;
  if (file == "a<b>&\"'|`c,\n::error::d.c") return "a = \"</pre><script>alert(7)</script>\"; /* ``` &amp; */\n";
  return std::nullopt;
}

Document full_document() {
  Document document;
  document.tool_version = "0.1.0";
  document.python = "3.13t";
  document.sandbox = Confinement{.landlock = 7, .seccomp = true, .lacks = {}};
  document.root = "/home/someone/webcache";
  document.functions = 41;

  Finding next = finding("FT104", "dict-next-unlocked", Category::dict_next, Severity::high, Confidence::certain,
                         {"src/cache.c", 10, 9, 10, 48}, "cache_dump", "global table",
                         "PyDict_Next walks `table`, a global that other threads change, and no lock is held");
  next.why =
      "PyDict_Next takes no lock of its own. When another thread inserts into the dict during the walk, the position "
      "stops meaning anything, and the borrowed key and value can be freed while they are looked at.";
  next.instead =
      "Enclose the whole loop in Py_BEGIN_CRITICAL_SECTION(table) and Py_END_CRITICAL_SECTION(), and call nothing in "
      "it "
      "that may run Python; or walk over the list that PyDict_Items(table) returns.";
  next.trace = {{{"src/cache.c", 10, 9, 10, 48}, "cache_dump reads `table`, holding nothing", 1},
                {{"src/cache.c", 37, 9, 37, 42}, "another thread writes it in cache_store, holding nothing", 2}};
  next.entry_points = {"webcache._cache.dump", "webcache._cache.store"};
  document.findings.push_back(next);

  document.findings.push_back(borrowed(19, 23, "cache_get"));
  Finding second = borrowed(28, 27, "cache_first");
  second.witness = Witness{.verdict = Witness::Verdict::reached_not_raced, .reached = 1, .overlaps = 0};
  second.entry_points = {"webcache._cache.first"};
  document.findings.push_back(second);
  Finding elsewhere = borrowed(77, 9, "Loader::next");
  elsewhere.location.file = "src/loader.cpp";
  elsewhere.place = "self->parts";
  elsewhere.witness = Witness{.verdict = Witness::Verdict::confirmed,
                              .report =
                                  "data race\n  write of 8 bytes by thread T4 'writer':\n    Loader::next "
                                  "src/loader.cpp:77:9\n    ... 11 frames of the interpreter and libraries\n"
                                  "  earlier, atomic read of 8 bytes by the main thread, holding M1:\n    Py_INCREF "
                                  "object.h:12 (_cache.so)\n    Loader::peek src/loader.cpp:81:16\n",
                              .reproducer = "python reproduce_FT101_Loader_next.py",
                              .why = "a data race",
                              .workload = "stress: webcache.Loader: next with peek",
                              .seen = 12,
                              .reached = 4000,
                              .overlaps = 310,
                              .hits = 19,
                              .runs = 20,
                              .crashes_plain = true,
                              .places = {{"write in Loader::next at src/loader.cpp:77 and read in Loader::peek at "
                                          "src/loader.cpp:81",
                                          11},
                                         {"free in Loader::next at src/loader.cpp:79", 1}}};
  document.findings.push_back(elsewhere);

  Finding slot =
      finding("FT001", "missing-gil-slot", Category::missing_gil_slot, Severity::high, Confidence::certain,
              {"src/cache.c", 41, 25, 44, 2}, "", "", "the slots of module webcache._cache have no Py_mod_gil entry");
  slot.why =
      "Importing a module that does not say it can do without the GIL switches the GIL back on for the whole process.";
  slot.instead = "Once the other findings are mended, add {Py_mod_gil, Py_MOD_GIL_NOT_USED} before the terminator.";
  slot.fixes = {{{"src/cache.c", 43, 5, 43, 5}, "{Py_mod_gil, Py_MOD_GIL_NOT_USED},\n    "}};
  document.findings.push_back(slot);

  Finding libc = finding("FT801", "non-threadsafe-libc", Category::non_threadsafe_libc, Severity::medium,
                         Confidence::likely, {"src/clock.c", 4, 67, 4, 82}, "stamp", "",
                         "localtime returns a pointer into memory that all threads share");
  libc.why = "The next call in any thread overwrites the result.";
  libc.instead = "localtime_r(&now, &parts) with a struct tm of your own.";
  libc.entry_points = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
  document.findings.push_back(libc);

  // Everybody takes part: two are shown, the others are sides.
  Finding hits = finding("FT201", "mutable-global-state", Category::global_state, Severity::medium, Confidence::likely,
                         {"src/cache.c", 21, 5, 21, 11}, "cache_get", "hits",
                         "hits is read and written by several threads with nothing to keep them apart");
  hits.owner = "hits";
  hits.trace = {
      {{"src/cache.c", 21, 5, 21, 11}, "written here, in cache_get, reached from webcache._cache.get", 1},
      {{"src/cache.c", 28, 97, 28, 103}, "written here, in cache_first, reached from webcache._cache.first", 2}};
  const auto side = [](const char* function, Location at, Does does, std::vector<std::string> states,
                       const char* held) {
    Side out{.function = function, .location = at, .does = does, .held = held, .states = states};
    out.entry_points = {"webcache._cache." + std::string(function).substr(6)};
    for (const std::string& state : states) out.points.push_back({at, state, state == "hits" ? does : Does::read, ""});
    return out;
  };
  hits.sides = {side("cache_get", {"src/cache.c", 21, 5, 21, 11}, Does::update, {"hits"}, ""),
                side("cache_first", {"src/cache.c", 28, 97, 28, 103}, Does::update, {"hits"}, ""),
                side("cache_reset", {"src/reset.c", 7, 5, 7, 13}, Does::write, {"hits", "misses"}, ""),
                side("cache_stats", {"src/reset.c", 15, 12, 15, 16}, Does::read, {"hits"}, "another object's lock")};
  hits.sides[3].confidence = Confidence::possible;
  for (const Side& one : hits.sides)
    hits.entry_points.insert(hits.entry_points.end(), one.entry_points.begin(), one.entry_points.end());
  document.findings.push_back(hits);

  document.types = {{.name = "webcache._cache.Entry",
                     .record = "Entry",
                     .entries = {"webcache._cache.Entry.age", "webcache._cache.Entry.touch"},
                     .rows = {".X", "XX"},
                     .racing = {"touched"},
                     .pairs = 3,
                     .ordered = 1,
                     .races = 2},
                    {.name = "webcache._cache.Reader",
                     .record = "Reader",
                     .contract = "external",
                     .entries = {"webcache._cache.Reader.next"},
                     .rows = {"c"},
                     .pairs = 1,
                     .by_contract = 1}};
  document.plan = Plan{};
  document.plan->steps = {
      {.number = 1,
       .kind = StepKind::section,
       .what = "hold the critical section of the webcache._cache.Entry in the 2 functions that use touched",
       .because = "one section an object keeps it whole",
       .otherwise = "say that callers keep threads apart",
       .states = {"Entry.touched"},
       .places = {{.location = {"src/cache.c", 21, 5, 21, 11},
                   .function = "cache_get",
                   .write = "Py_BEGIN_CRITICAL_SECTION(self) all through it",
                   .entry_points = {"webcache._cache.get"}},
                  {.location = {"src/reset.c", 7, 5, 7, 13},
                   .function = "cache_reset",
                   .write = "Py_BEGIN_CRITICAL_SECTION(self) all through it"}}}};
  document.plan->before = {document.types[0]}, document.plan->after = {document.types[0]};
  document.plan->after[0].rows = {"..", ".."};
  document.plan->after[0].ordered = 3, document.plan->after[0].races = 0;
  document.rules = {{"FT001", 2, 0}, {"FT101", 31, 0}, {"FT104", 3, 0},
                    {"FT111", 0, 0}, {"FT201", 4, 0},  {"FT801", 5, 0}};
  document.analysed = {{"src/cache.c", false, "", 17, 0},
                       {"src/clock.c", false, "", 4, 0},
                       {"src/gui.c", true, "missing header SDL.h", 11, 3},
                       {"src/sound.c", true, "missing header SDL.h", 9, 2}};
  document.skipped = {{"src/fast.pyx", "the C that Cython makes of it is not in the tree", false},
                      {"src/noaccess.c", "Permission denied", true}};
  document.modules = {{.name = "webcache._cache",
                       .init = "PyInit__cache",
                       .style = "multi-phase",
                       .gil = Gil::missing,
                       .location = {"src/cache.c", 50, 1, 53, 2},
                       .files = {"src/cache.c", "src/clock.c", "src/loader.cpp"}},
                      {.name = "webcache._gui",
                       .init = "PyInit__gui",
                       .style = "single-phase",
                       .gil = Gil::not_used,
                       .location = {"src/gui.c", 9, 1, 20, 2},
                       .files = {"src/gui.c", "src/sound.c"}}};
  document.notes = {"src/cache.c:3: what this comment allows ended on 2026-01-31"};
  document.hidden.allowed = 2;
  document.hidden.below_confidence = 1;
  fingerprint(document.findings);
  document.plan->steps[0].ends = {named_in_plan(document.findings.back())};
  document.plan->rest = {{document.findings[0].rule,
                          document.findings[0].name,
                          "no lock makes it right",
                          {named_in_plan(document.findings[0])}}};
  fit_plan(document);
  judge(document);
  return document;
}

Document compared_document() {
  Document document = full_document();
  document.hidden.baseline = 3;
  Comparison& against = document.against.emplace();
  against.revision = "4f2c1d9 (merge base with main)";
  against.unchanged = 2;
  against.fixed = {document.findings[1], document.findings[2]};
  against.progress = {{document.findings.back(), 3, 4}};
  document.findings.erase(document.findings.begin() + 1, document.findings.end());
  document.plan.reset();
  judge(document);
  return document;
}

Document clean_document() {
  Document document;
  document.tool_version = "0.1.0";
  document.python = "3.14t";
  document.sandbox = Confinement{.seccomp = true, .lacks = {"landlock: Function not implemented"}};
  document.functions = 12;
  document.rules = {{"FT001", 1, 0}, {"FT101", 40, 0}, {"FT104", 3, 0}};
  document.analysed = {{"good.c", false, "", 12, 0}};
  document.modules = {{.name = "good",
                       .init = "PyInit_good",
                       .style = "multi-phase",
                       .gil = Gil::not_used,
                       .location = {"good.c", 80, 1, 82, 2},
                       .files = {"good.c"}}};
  judge(document);
  return document;
}

Document hostile_document() {
  Document document;
  document.tool_version = "0.1.0";
  Finding f = finding("FT104", "dict-next-unlocked", Category::dict_next, Severity::high, Confidence::likely,
                      {"evil\x1b[31m.c", 1, 46, 1, 69}, "f\x1b[1m\n", "place\x07",
                      "it says \x1b]8;;x\x07 and \xc0\xaf and \xc2\x9b"
                      "31m");
  f.why = "line\nbreak \xe2\x80\xae back";
  f.instead = "\x1b[H";
  f.trace = {{{"no\x1b such.c", 3, 1, 0, 0}, "\x1b[5mblink"}};
  f.entry_points = {"m.\x1b[7mf"};
  Finding markup =
      finding("FT101", "borrowed-from-shared-container", Category::borrowed_ref, Severity::medium, Confidence::possible,
              {"a<b>&\"'|`c,\n::error::d.c", 1, 1, 1, 4}, "operator<=>", "=cmd|' /C calc'!A0",
              "=1+1 </script><script>alert(1)</script> <img src=x onerror=alert(2)> [link](https://example.invalid) "
              "@someone #1 ##[command] 100%");
  markup.instead = "]]> --> `code` | **bold** <b>&amp;</b>";
  markup.trace = {{{"a<b>&\"'|`c,\n::error::d.c", 1, 1, 1, 4}, "<svg onload=alert(3)>", 1},
                  {{"evil\x1b[31m.c", 1, 46, 1, 69}, "\" onmouseover=\"alert(4)", 2}};
  markup.entry_points = {"m.\" autofocus onfocus=\"alert(5)"};
  markup.witness = Witness{Witness::Verdict::confirmed, "```\n</pre><script>alert(6)</script>\n::stop-commands::x\n",
                           "ftaudit confirm '$(x)'"};
  markup.owner = "own\x1b[31mer", markup.remedy = "<i>lock</i>";
  markup.sides = {{.function = "f\x1b[1m<script>alert(8)</script>",
                   .location = {"a<b>&\"'|`c,\n::error::d.c", 1, 1, 1, 4},
                   .held = "](https://example.invalid)",
                   .states = {"T.<b>\x07"},
                   .entry_points = {"m.\"onclick=alert(9)"},
                   .points = {{{"\x1b.c", 1, 1, 1, 4}, "T.<b>\x07", Does::write, ""}}}};
  markup.sides.push_back(markup.sides[0]);
  document.findings = {f, f, markup};
  document.types = {{.name = "<b>T\x1b[31m",
                     .record = "\"",
                     .entries = {"<b>T\x1b[31m.<i>"},
                     .rows = {"X"},
                     .racing = {"<u>\x07"},
                     .pairs = 1,
                     .races = 1}};
  document.analysed = {{"evil\x1b[31m.c", true, "missing \x1b[2J", 1, 1}};
  document.skipped = {{"\x1b.c", "\xff\xff", true}};
  document.modules = {{.name = "m\x1b[31m"}};
  document.rules = {{"FT104", 2, 0}};
  document.notes = {"\x1b[31mnote"};
  fingerprint(document.findings);
  document.plan = Plan{.steps = {{.number = 1,
                                  .what = "<script>alert(10)</script>\x1b[31m",
                                  .because = "](javascript:alert(11))",
                                  .otherwise = "\x07",
                                  .places = {{.location = {"<i>\x1b.c", 1, 1, 1, 4},
                                              .function = "f<b>",
                                              .write = "`::error::`",
                                              .entry_points = {"\"onclick=alert(12)"}}},
                                  .ends = {named_in_plan(document.findings[0])}}},
                       .measured = Measured::no};
  fit_plan(document);
  judge(document);
  return document;
}

}  // namespace ftaudit::test
