#include <doctest/doctest.h>

#include "base/files.h"
#include "dynamic/sightings/sighting.h"
#include "dynamic/watch/last_words.h"

using namespace ftaudit;
using namespace ftaudit::dynamic;
using Kind = Sighting::Kind;

namespace {

const Ours ours{.roots = {{"/scratch/build/src", ""}},
                .modules = {"/venv/lib/spam.cpython-313t-x86_64-linux-gnu.so"},
                .python_includes = {"/python/include"}};
const Seen seen{.workload = "tests"};

std::string frame(int number, const std::string& function, const std::string& source, const std::string& module) {
  return "    #" + std::to_string(number) + "|0x7f00|" + function + "|" + source + "|" + module + "|0x12\n";
}
const std::string own = "/venv/lib/spam.cpython-313t-x86_64-linux-gnu.so", python = "/python/bin/python3.13t";

std::string race(const std::string& first, const std::string& second, const std::string& tail = "") {
  return "==================\nWARNING: ThreadSanitizer: data race (pid=7)\n  Write of size 8 at 0x10 by thread T2:\n" +
         first + "\n  Previous atomic read of size 8 at 0x10 by main thread:\n" + second + "\n" + tail +
         "SUMMARY: ThreadSanitizer: data race x in y\n==================\n";
}

std::optional<Sighting> sight(const std::string& text) {
  const tsan::Log log = tsan::parse(text);
  REQUIRE(log.reports.size() == 1);
  return sighting_of(log.reports[0], ours, seen);
}

}  // namespace

TEST_CASE("the side of a race is the innermost line of the project, whatever was inlined into it or called by it") {
  const auto seen_race = sight(race(frame(0, "_Py_INCREF", "/python/include/python3.13t/object.h:12:3", own) +
                                        frame(1, "Spam_get", "/scratch/build/src/spam.c:40:5", own),
                                    frame(0, "__tsan_memcpy", "<null>", python) +
                                        frame(1, "spam::Egg<int>::set(int)", "/scratch/build/src/egg.cpp:7:1", own)));
  REQUIRE(seen_race.has_value());
  CHECK(seen_race->attribution == Attribution::extension);
  REQUIRE(seen_race->sites.size() == 2);
  CHECK(seen_race->sites[0].location.file == "egg.cpp");
  CHECK(seen_race->sites[0].function == "spam::Egg::set");
  CHECK(seen_race->sites[0].access == "atomic read");
  CHECK(seen_race->sites[1].location.file == "spam.c");
  CHECK(seen_race->sites[1].location.line == 40);
}

TEST_CASE("the report people read has the project's lines and counts the interpreter's frames") {
  const std::string deep = frame(1, "cfunction_vectorcall_O", "/p/method.c:5", python) +
                           frame(2, "_PyEval_EvalFrameDefault", "/p/ceval.c:9", python);
  const auto told =
      sight(race(frame(0, "Spam_get", "/scratch/build/src/spam.c:40:5", own) + deep,
                 frame(0, "free", "<null>", python) + frame(1, "Spam_drop", "/scratch/build/src/spam.c:60", own) + deep,
                 "  Location is global 'cache' of size 8 at 0x10 (" + own +
                     "+0x99)\n\n  Thread T2 'reader' (tid=3, running) created by main thread at:\n" +
                     frame(0, "pthread_create", "<null>", python) + "\n"));
  CHECK(told->text ==
        "data race\n"
        "  write of 8 bytes by thread T2 'reader':\n    Spam_get spam.c:40:5\n    ... 2 frames of the interpreter and "
        "libraries\n"
        "  earlier, atomic read of 8 bytes by the main thread:\n    free (python3.13t)\n    Spam_drop spam.c:60\n    "
        "... 2 frames of the interpreter and libraries\n"
        "  in the global cache\n");
}

TEST_CASE("what Python code does below the extension is not the extension's") {
  const auto through = sight(race(
      frame(0, "list_append", "/p/list.c:1", python) + frame(1, "_PyEval_EvalFrameDefault", "/p/ceval.c:9", python) +
          frame(2, "Spam_call", "/scratch/build/src/spam.c:3", own),
      frame(0, "insertdict", "/p/dict.c:1", python) + frame(1, "Spam_put", "/scratch/build/src/spam.c:9", own)));
  CHECK(through->attribution == Attribution::through_cpython);
  CHECK(through->sites.size() == 1);
  CHECK(sight(race(frame(0, "a", "/p/a.c:1", python), frame(0, "b", "/p/b.c:1", python)))->attribution ==
        Attribution::cpython_only);
}

TEST_CASE("a file of another project does not count, nor a module that is not audited") {
  CHECK(sight(race(frame(0, "f", "/usr/include/c++/12/vector:1", own),
                   frame(0, "g", "/scratch/build/src/x.c:1", "/venv/lib/other.so")))
            ->attribution == Attribution::cpython_only);
}

TEST_CASE("memory that CPython hands out anew is told only where the extension itself touched it") {
  const std::string anew = frame(0, "new_reference", "/p/object.c:1", python),
                    find = frame(1, "Spam_find", "/scratch/build/src/spam.c:16", own);
  CHECK(sight(race(anew, frame(0, "Py_INCREF", "/python/include/object.h:1", own) + find))->attribution ==
        Attribution::through_cpython);
  CHECK(sight(race(anew, frame(0, "_Py_TryIncref", "/p/object.c:9", python) + find))->attribution ==
        Attribution::cpython_only);
}

TEST_CASE("the place is the global's name, or where the memory was allocated") {
  const std::string a = frame(0, "f", "/scratch/build/src/x.c:1", own),
                    b = frame(0, "g", "/scratch/build/src/x.c:2", own);
  const auto global = sight(race(a, b, "  Location is global 'cache' of size 8 at 0x10 (" + own + "+0x99)\n\n"));
  CHECK(global->place == "cache");
  CHECK(global->in_global);
  const auto heap = sight(race(a, b,
                               "  Location is heap block of size 8 at 0x10 allocated by main thread:\n" +
                                   frame(0, "malloc", "<null>", python) +
                                   frame(1, "Spam_new", "/scratch/build/src/x.c:5", own) + "\n"));
  CHECK(heap->place == "memory allocated in Spam_new");
}

TEST_CASE("sightings of the same lines are one and are counted; what follows a fault is marked") {
  const std::string a = frame(0, "f", "/scratch/build/src/x.c:1", own),
                    b = frame(0, "g", "/scratch/build/src/x.c:2", own),
                    c = frame(0, "h", "/scratch/build/src/x.c:3", own);
  std::string free_text = race(a, c);
  free_text.replace(free_text.find("data race"), 9, "heap-use-after-free");
  Sightings all;
  all.add(tsan::parse(race(a, b) + race(b, a) + free_text + race(b, c) +
                      race(frame(0, "x", "/p/a.c:1", python), frame(0, "y", "/p/b.c:1", python))),
          ours, seen);
  REQUIRE(all.all().size() == 3);
  CHECK(all.all()[0].count == 2);
  CHECK_FALSE(all.all()[0].after_fault);
  CHECK(all.all()[1].kind == Kind::use_after_free);
  CHECK(all.all()[2].after_fault);
  CHECK(all.cpython_only() == 1);
  CHECK(all.all()[0].key() != all.all()[2].key());
}

TEST_CASE("lock orders and trouble of the runtime itself") {
  const auto order = sight(
      "WARNING: ThreadSanitizer: lock-order-inversion (potential deadlock) (pid=1)\n  Cycle in lock order graph: M0 "
      "(0x1) => M1 (0x2) => M0\n\n"
      "  Mutex M1 acquired here while holding mutex M0 in thread T1:\n" +
      frame(0, "save", "/scratch/build/src/x.c:5", own) +
      "\n  Mutex M0 acquired here while holding mutex M1 in main thread:\n" +
      frame(0, "spend", "/scratch/build/src/x.c:9", own) + "\nSUMMARY: ThreadSanitizer: x\n");
  CHECK(order->kind == Kind::lock_order_inversion);
  REQUIRE(order->sites.size() == 2);
  CHECK(order->sites[0].access == "takes M1 while holding M0");
  CHECK(sight("ThreadSanitizer: CHECK failed: tsan_rtl.cpp:1 \"((0))\" (tid=9)\n")->kind == Kind::runtime_trouble);
}

TEST_CASE("of two threads that trip over the same, the first one's stack is told") {
  const LastWords words = last_words(
      "python: a.c:1: get: Assertion `n' failed.\nftaudit: stack of the crashing thread of process 7:\n  Binary file "
      "\"/venv/lib/spam.so\", at +0x1d\n"
      "python: a.c:1: get: Assertion `n' failed.\nFatal Python error: Aborted\n\n");
  CHECK(words.kind == LastWords::Kind::assertion);
  REQUIRE(words.native.size() == 1);
  CHECK(words.native[0].module == "/venv/lib/spam.so");
}

TEST_CASE("last words: faulthandler, assertions, the heap, 3.14's C stack") {
  const LastWords words = last_words(
      "noise\nFatal Python error: Segmentation fault\n\nThread 0x01 (most recent call first):\n  File \"/a/other.py\", "
      "line 1 in other\n\nCurrent thread 0x02 [w] (most recent call first):\n"
      "  File \"/a/b.py\", line 12 in hit\n  File \"/a/b.py\", line 30 in <module>\n\nCurrent thread's C stack trace "
      "(most recent call first):\n"
      "  Binary file \"/python\", at _Py_DumpStack+0x31 [0x1]\n  Binary file "
      "\"/venv/lib/spam.cpython-313t-x86_64-linux-gnu.so\", at spam_get+0x1d [0x2]\n  <truncated rest of calls>\n");
  CHECK(words.kind == LastWords::Kind::fatal_error);
  REQUIRE(words.python.size() == 2);
  CHECK(words.python[0].function == "hit");
  CHECK(words.python[0].line == 12);
  REQUIRE(words.native.size() == 2);
  CHECK(words.native[1].function == "spam_get");
  CHECK(words.native[1].offset == 0x1d);
  const LastWords failed = last_words(
      "python: src/spam.c:33: void push(std::vector<int>&): Assertion `n < 4 && \"full\"' failed.\nFatal Python error: "
      "Aborted\n\n");
  CHECK(failed.kind == LastWords::Kind::assertion);
  CHECK(failed.message == "assertion `n < 4 && \"full\"' failed");
  CHECK(failed.file == "src/spam.c");
  CHECK(failed.line == 33);
  CHECK(failed.function == "void push(std::vector<int>&)");
  CHECK(last_words("double free or corruption (out)\nFatal Python error: Aborted\n").kind == LastWords::Kind::heap);
  CHECK(last_words("all is well\n").kind == LastWords::Kind::none);
}

TEST_CASE("how a child ended, as a sighting") {
  Ending ending;
  CHECK_FALSE(sighting_of(ending, ours, seen).has_value());
  ending.exit_code = 1;
  CHECK_FALSE(sighting_of(ending, ours, seen).has_value());
  ending.kind = Ending::Kind::crashed, ending.signal = 11, ending.step = "round 3: sum with close";
  const auto crash = sighting_of(ending, ours, {.workload = "stress", .plain = true});
  REQUIRE(crash.has_value());
  CHECK(crash->kind == Kind::crash);
  CHECK(crash->type == "Segmentation fault");
  CHECK(crash->seen.step == "round 3: sum with close");
  CHECK(crash->plain_count == 1);
  ending.err_tail = "ThreadSanitizer: CHECK failed: x\n";
  CHECK(sighting_of(ending, ours, seen)->kind == Kind::runtime_trouble);
  // pytest's worker died below the runner.
  Ending below;
  below.exit_code = 134, below.err_tail = "python: /scratch/build/src/spam.c:33: push: Assertion `n' failed.\n";
  const auto assertion = sighting_of(below, ours, seen);
  REQUIRE(assertion.has_value());
  REQUIRE(assertion->sites.size() == 1);
  CHECK(assertion->sites[0].location.file == "spam.c");
  CHECK(assertion->type == "assertion `n' failed");
}

TEST_CASE("the places of a deadlock are those of the threads in the circle") {
  Ending ending;
  ending.kind = Ending::Kind::deadlock;
  Standstill still{.process = 5, .circle = {7, 8}};
  for (pid_t tid : {6, 7, 8}) {
    ThreadState thread{.tid = tid, .state = 'S'};
    thread.native_stack = {{"futex_wait", "./nptl/futex.c", 1},
                           {"PyMutex_Lock", "../Python/lock.c", 2},
                           {tid == 7 ? "save" : "spend", "/scratch/build/src/spam.c", static_cast<std::uint32_t>(tid)}};
    if (tid > 6) thread.waits_for = AwaitedLock{AwaitedLock::Kind::py_mutex, 0x99, tid == 7 ? 8 : 7};
    still.threads.push_back(thread);
  }
  ending.standstills = {still};
  const auto deadlock = sighting_of(ending, ours, seen);
  REQUIRE(deadlock.has_value());
  REQUIRE(deadlock->sites.size() == 2);
  CHECK(deadlock->sites[0].function == "save");
  CHECK(deadlock->sites[0].access == "waits for the PyMutex");
  CHECK(deadlock->text.find("which is held by thread 8") != std::string::npos);
}

TEST_CASE("a hang or a wait in which the project has no part is not told of it") {
  Ending ending;
  ending.kind = Ending::Kind::livelock;
  Standstill still{
      .process = 5, .threads = {{.tid = 5, .state = 'R', .burns = true}, {.tid = 6, .state = 'S'}}, .burns = true};
  still.threads[0].native_stack = {{"mi_loop", "/p/alloc.c", 3}};
  still.threads[1].native_stack = {{"Spam_wait", "/scratch/build/src/spam.c", 4}};
  ending.standstills = {still};
  CHECK_FALSE(sighting_of(ending, ours, seen).has_value());
  ending.standstills[0].threads[0].native_stack.push_back({"Spam_walk", "/scratch/build/src/spam.c", 9});
  const auto hang = sighting_of(ending, ours, seen);
  REQUIRE(hang.has_value());
  REQUIRE(hang->sites.size() == 1);
  CHECK(hang->sites[0].function == "Spam_walk");
  Ending parked;
  parked.kind = Ending::Kind::deadlock;
  parked.standstills = {{.process = 5, .threads = {{.tid = 5, .state = 'S', .futex = 1}}, .all_parked = true}};
  CHECK_FALSE(sighting_of(parked, ours, seen).has_value());
}

TEST_CASE("no folder of the run stands in the text of a crash") {
  Ending ending{.kind = Ending::Kind::crashed,
                .signal = 11,
                .err_tail = "Fatal Python error: Segmentation fault\n  Binary file \"" + own +
                            "\", at Spam_get+0x1\nspam said: /scratch/build/src/data/table.txt is gone\n"};
  const auto died = sighting_of(ending, ours, seen);
  REQUIRE(died.has_value());
  CHECK(died->text.find("/scratch") == std::string::npos);
  CHECK(died->text.find("/venv") == std::string::npos);
  CHECK(died->text.find("spam said: data/table.txt is gone") != std::string::npos);
}

TEST_CASE("a race or a use after free lacks nothing with its two stacks") {
  const std::string a = frame(0, "f", "/scratch/build/src/x.c:1", own),
                    b = frame(0, "g", "/scratch/build/src/x.c:2", own), lost = "    [failed to restore the stack]\n";
  const auto freed = [](std::string text) {
    text.replace(text.find("data race"), 9, "heap-use-after-free");
    return text;
  };
  CHECK(lacking(*sight(race(a, b))).empty());
  CHECK(lacking(*sight(race(a, lost))) == "one of its two stacks was lost");
  // Of memory that is free again ThreadSanitizer knows no allocation: who used it and who freed it is all there is.
  CHECK(lacking(*sight(freed(race(a, b)))).empty());
  CHECK(lacking(*sight(freed(race(a, lost)))) == "one of its two stacks was lost");
}

TEST_CASE("a crash below Python code that the extension called is not the extension's") {
  Ending ending{.kind = Ending::Kind::crashed,
                .signal = 11,
                .err_tail =
                    "Fatal Python error: Segmentation fault\n\nCurrent thread's C stack trace (most recent call "
                    "first):\n  Binary file \"/python/bin/python3.13t\", at list_append+0x1\n"
                    "  Binary file \"/python/bin/python3.13t\", at _PyEval_EvalFrameDefault+0x1\n"
                    "  Binary file \"" +
                    own + "\", at Spam_call+0x1\n"};
  const auto below = sighting_of(ending, ours, seen);
  REQUIRE(below.has_value());
  CHECK(lacking(*below) == "no frame of the extension is on its stack");
  const std::size_t eval = ending.err_tail.find("_PyEval_EvalFrameDefault");
  ending.err_tail.replace(eval, 24, "list_extend_impl_inner__");
  CHECK(lacking(*sighting_of(ending, ours, seen)).empty());
}

TEST_CASE("what Cython made is told as its source, and its own code is nobody's") {
  auto folder = ScratchFolder::make("cython");
  REQUIRE(folder);
  const std::string root = folder->path().string();
  fs::create_directories(folder->path() / "build");
  REQUIRE(write_file(folder->path() / "silo.pyx", "x"));
  REQUIRE(write_file(folder->path() / "build/silo.c",
                     "/* Generated by Cython 3.2.9 */\n#define __Pyx_MODULE_NAME \"silo\"\n"
                     "static int __pyx_pf_4silo_4Silo_pour(void) {\n  /* \"silo.pyx\":7\n * x  # <<<<<<<<<<<<<<\n*/\n"
                     "  pours();\n}\nstatic void __Pyx_Helps(void) {\n  helps();\n}\n"));
  const Ours here{.roots = {{folder->path(), ""}}, .modules = ours.modules};
  const std::string body = frame(1, "__pyx_pf_4silo_4Silo_pour", root + "/build/silo.c:7:3", own),
                    helper = frame(0, "__Pyx_Helps", root + "/build/silo.c:10:3", own),
                    wrapper = frame(2, "__pyx_pw_4silo_4Silo_1pour", root + "/build/silo.c:3:3", own);
  const auto told = [&](const std::string& text) { return sighting_of(tsan::parse(text).reports[0], here, seen); };
  const auto both = told(race(helper + body + wrapper, body,
                              "  Location is global '__pyx_v_4silo_level' of size 8 at 0x10 (" + own + "+0x9)\n\n"));
  REQUIRE(both->sites.size() == 2);
  for (const Site& side : both->sites) {
    CHECK(side.location.file == "silo.pyx");
    CHECK(side.location.line == 7);
    CHECK(side.function == "Silo.pour");
    CHECK_FALSE(side.entered);
  }
  CHECK(both->place == "silo.level");
  CHECK(both->text.find("    Silo.pour silo.pyx:7\n") != std::string::npos);
  CHECK(both->text.find("silo.c") == std::string::npos);
  CHECK(both->text.find("Pyx") == std::string::npos);
  CHECK(both->text.find("  in the global silo.level\n") != std::string::npos);
  const auto in_its_state = told(
      race(body, body, "  Location is global '__pyx_mstate_global_static' of size 99 at 0x10 (" + own + "+0x9)\n\n"));
  CHECK(in_its_state->place.empty());
  CHECK_FALSE(in_its_state->in_global);
  CHECK(told(race(helper, helper))->attribution == Attribution::cpython_only);
}

TEST_CASE("sources of a build made elsewhere are known by how they lie in the project") {
  auto folder = ScratchFolder::make("elsewhere");
  REQUIRE(folder);
  fs::create_directories(folder->path() / "src");
  REQUIRE(write_file(folder->path() / "src/spam.c", "int spam;\n"));
  Ours mine{.roots = {{folder->path(), ""}}};
  CHECK(mine.shown("/tmp/pip-install-1/spam_2/src/spam.c").empty());
  mine.built_elsewhere = true;
  CHECK(mine.shown("/tmp/pip-install-1/spam_2/src/spam.c") == "src/spam.c");
  CHECK(mine.shown("/tmp/pip-install-1/spam_2/src/egg.c").empty());
  CHECK(mine.shown("/usr/include/src/spam.c").empty());
}
