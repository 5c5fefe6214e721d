#include <doctest/doctest.h>

#include <algorithm>

#include "base/files.h"
#include "base/text.h"
#include "dynamic/tsan/options.h"
#include "dynamic/tsan/suppressions.h"

using namespace ftaudit;
using namespace ftaudit::dynamic;

namespace {

bool refused(const std::string& line) {
  const Suppressions read = read_suppressions(line);
  return std::any_of(read.complaints.begin(), read.complaints.end(), [](const Complaint& c) { return c.fatal; });
}

}  // namespace

TEST_CASE("lines that would hide the extension are refused, others are not") {
  for (const char* line :
       {"race:_PyEval_EvalFrameDefault", "race:PyObject_Call", "race:Vectorcall", "race:*", "race:", "race:^main$",
        "race:_Py*", "deadlock:thread_run", "called_from_lib:libpython3.13t.so", "mutex:start_thread"})
    CHECK_MESSAGE(refused(line), line);
  for (const char* line : {"race:openblas_memory", "race_top:spam_cache_get", "called_from_lib:libopenblas.so",
                           "thread:pthread_create", "signal:handler", "race:^domain_lookup$", "# race:*", ""})
    CHECK_MESSAGE(!refused(line), line);
  // Of race_top only the innermost frame counts: useless, but it hides nothing.
  const Suppressions top = read_suppressions("race_top:_PyEval_EvalFrameDefault");
  REQUIRE(top.complaints.size() == 1);
  CHECK_FALSE(top.complaints[0].fatal);
}

TEST_CASE("what the runtime could not read is told with its line") {
  const Suppressions read = read_suppressions("# ours\nrace:spam_a\nrase:b\nnonsense\n");
  CHECK(read.lines.size() == 1);
  REQUIRE(read.complaints.size() == 2);
  CHECK(read.complaints[0].line == 3);
  CHECK(read.complaints[0].what.ends_with("did you mean race?"));
  CHECK(read.complaints[1].line == 4);
}

TEST_CASE("the file of a run is CPython's and the user's, or an error that names the line") {
  auto folder = ScratchFolder::make("suppressions");
  REQUIRE(folder.ok());
  const fs::path file = folder->path() / "mine.txt";
  REQUIRE(write_file(file, "race:openblas\n").ok());
  const auto both = suppressions_for("3.13", {file});
  REQUIRE(both.ok());
  CHECK(both->find("race_top:write_thread_id\n") != std::string::npos);
  CHECK(both->ends_with("race:openblas\n"));
  // Our own data passes our own judgement.
  for (const Complaint& complaint : read_suppressions(*both).complaints)
    CHECK_FALSE_MESSAGE(complaint.fatal, complaint.what);
  // Each version has its own, and a version without any none of its neighbour's.
  const auto newer = suppressions_for("3.14", {});
  REQUIRE(newer.ok());
  CHECK(newer->find("race_top:rangeiter_next\n") != std::string::npos);
  CHECK(newer->find("sock_recv_impl") == std::string::npos);
  CHECK(suppressions_for("3.13", {})->find("rangeiter_next") == std::string::npos);
  CHECK(*suppressions_for("3.14.2", {}) == *newer);
  CHECK(*suppressions_for("3.15", {}) == "");
  CHECK(*suppressions_for("3.1", {}) == "");
  // What an extension reallocates and what functools.partial calls are not CPython's own.
  CHECK(newer->find("race:PyObject_Realloc") == std::string::npos);
  CHECK(newer->find("race:partial_vectorcall") == std::string::npos);
  for (const Complaint& complaint : read_suppressions(*newer).complaints)
    CHECK_FALSE_MESSAGE(complaint.fatal, complaint.what);
  REQUIRE(write_file(file, "race:ok\nrace:_PyEval_Vector\n").ok());
  const auto bad = suppressions_for("3.14", {file});
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.message().starts_with(file.string() + ":2: race:_PyEval_Vector matches"));
  CHECK_FALSE(suppressions_for("3.14", {folder->path() / "none"}).ok());
}

TEST_CASE("options: what the runtime lacks is left out and named, paths are quoted") {
  const TsanOptions all = tsan_options({.log_prefix = "/tmp/a b/tsan", .suppressions = "/s"}, {});
  CHECK(all.value.find("log_path=\"/tmp/a b/tsan\"") != std::string::npos);
  for (const char* part : {"exitcode=0", "halt_on_error=0", "history_size=7", "handle_segv=0", "report_signal_unsafe=0",
                           "second_deadlock_stack=1"})
    CHECK(all.value.find(part) != std::string::npos);
  CHECK(all.left_out.empty());
  const TsanOptions few =
      tsan_options({.own_crash_stacks = true}, {"exitcode", "handle_segv", "enable_adaptive_delay"});
  CHECK(few.value == "exitcode=0:handle_segv=2:enable_adaptive_delay=1");
  CHECK(std::find(few.left_out.begin(), few.left_out.end(), "history_size") != few.left_out.end());
  CHECK_FALSE(known_tsan_options("/bin/true").ok());
}
