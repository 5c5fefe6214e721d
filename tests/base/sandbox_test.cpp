// A confined child, from inside: what it must not do fails, what a reader needs works.
#include "base/sandbox.h"

#include <doctest/doctest.h>

#include <sys/wait.h>

#include "forbidden_calls.h"

using namespace ftaudit;

namespace {

struct Made {
  ScratchFolder scratch = std::move(*ScratchFolder::make("canary"));
  forbidden::Canary canary{scratch.path().string(), (scratch.path() / "secret").string(), "/usr/bin/env"};
  Made() { REQUIRE(write_file(canary.secret, "secret").ok()); }
  bool is_untouched() const {
    std::error_code failed;
    std::size_t entries = 0;
    for (fs::directory_iterator entry(scratch.path(), failed), end; !failed && entry != end; entry.increment(failed))
      ++entries;
    const auto text = read_file(canary.secret);
    return entries == 1 && text.ok() && *text == "secret";
  }
};

// How a confined child ends that does `work` and answers with what that returns.
template <class Work> std::pair<int, std::string> confined(const sandbox::Ground& ground, const Work& work) {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    sandbox::confine(ends[1], ground, {.memory_bytes = std::uint64_t{4} << 30, .processor = std::chrono::seconds(20)});
    sandbox::answer_with(work());
  }
  ::close(ends[1]);
  std::string said;
  char buffer[4096];
  for (ssize_t n; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) said.append(buffer, static_cast<std::size_t>(n));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return {status, said};
}

sandbox::Ground ground_of(const std::vector<fs::path>& more = {}) {
  std::vector<fs::path> places = sandbox::installed_places();
  places.insert(places.end(), more.begin(), more.end());
  return std::move(*sandbox::Ground::make({.readable = places}));
}

struct ModeFor {
  sandbox::Mode before = sandbox::mode();
  explicit ModeFor(sandbox::Mode mode) { sandbox::set_mode(mode); }
  ~ModeFor() { sandbox::set_mode(before); }
};

}  // namespace

TEST_CASE("a confined child can do none of what a reader need not") {
  const ModeFor mode(sandbox::Mode::on);
  if (!sandbox::layers().seccomp) return;
  const Made made;
  const auto [status, said] = confined(ground_of(), [&] {
    std::string out = "came through:";
    for (const forbidden::Attempt& attempt : forbidden::attempts())
      if ((!attempt.needs_landlock || sandbox::layers().landlock > 0) && attempt.came_through(made.canary))
        out += std::string(" ") + attempt.name + ";";
    return out;
  });
  CHECK(WIFEXITED(status));
  CHECK(said == "came through:");
  CHECK(made.is_untouched());
}

TEST_CASE("strict: the first such call ends the child, and its number is told") {
  const ModeFor mode(sandbox::Mode::strict);
  if (!sandbox::layers().seccomp) return;
  const Made made;
  const sandbox::Ground ground = ground_of();
  for (const forbidden::Attempt& attempt : forbidden::attempts()) {
    if (attempt.needs_landlock && sandbox::layers().landlock == 0) continue;
    CAPTURE(attempt.name);
    const auto [status, said] =
        confined(ground, [&] { return std::string(attempt.came_through(made.canary) ? "came through" : "failed"); });
    if (attempt.quiet) {
      CHECK(said == "failed");
      continue;
    }
    CHECK(said.empty());
    CHECK(sandbox::told_of(status).find("tried what a reader may not do (system call ") == 0);
  }
  CHECK(made.is_untouched());
}

#if defined(__x86_64__)
TEST_CASE("calls by another machine's numbers end the child") {
  const ModeFor mode(sandbox::Mode::on);
  if (!sandbox::layers().seccomp) return;
  const sandbox::Ground ground = ground_of();
  const auto [old_way, said] = confined(ground, [] {
    long result = 20;  // getpid by its number of i386
    asm volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
    return std::string("came through");
  });
  CHECK(said.empty());
  CHECK_FALSE(sandbox::told_of(old_way).empty());
  const auto [x32, also_said] = confined(ground, [] {
    ::syscall(0x40000000 | SYS_getpid);
    return std::string("came through");
  });
  CHECK(also_said.empty());
  CHECK_FALSE(sandbox::told_of(x32).empty());
}
#endif

TEST_CASE("it reads what it was granted, and has nothing but its answer to write to") {
  for (const sandbox::Mode which : {sandbox::Mode::on, sandbox::Mode::strict}) {
    const ModeFor mode(which);
    const Made made;
    const auto [status, said] = confined(ground_of({made.scratch.path()}), [&]() -> std::string {
      const auto text = read_file(made.canary.secret);
      if (!text.ok()) return text.message();
      std::string out = *text;
      // Standard streams lead nowhere; a message there is no harm.
      if (::write(1, "x", 1) != 1 || ::write(2, "x", 1) != 1) out += " no streams";
      char c = 0;
      if (::read(0, &c, 1) != 0) out += " input";
      for (int fd = 4; fd < 300; ++fd)
        if (::fcntl(fd, F_GETFD) != -1) out += " descriptor " + std::to_string(fd);
      return out;
    });
    CHECK(WIFEXITED(status));
    CHECK(said == "secret");
  }
}

TEST_CASE("a link is judged by where it leads") {
  const ModeFor mode(sandbox::Mode::on);
  if (sandbox::layers().landlock == 0) return;
  const Made elsewhere, own;
  fs::create_symlink(elsewhere.canary.secret, own.scratch.path() / "link");
  const auto [status, said] = confined(ground_of({own.scratch.path()}), [&] {
    return std::string(read_file(own.scratch.path() / "link").ok() ? "read" : "refused");
  });
  CHECK(said == "refused");
}

TEST_CASE("memory without end is refused, not taken from the machine") {
  const auto [status, said] = confined(ground_of(), [] {
    void* much = ::mmap(nullptr, std::size_t{8} << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return std::string(much == MAP_FAILED ? "refused" : "given");
  });
  CHECK(said == "refused");
}

TEST_CASE("programs are told which layers are in force, and why one is not") {
  const ModeFor mode(sandbox::Mode::on);
  const Confinement now = sandbox::confinement();
  CHECK(now.layers().size() + now.lacks.size() == 2);
  Confinement again;
  for (const std::string& layer : now.layers()) again.add_layer(layer);
  CHECK(again.layers() == now.layers());
  again.add_layer("landlock:much"), again.add_layer("moat");
  CHECK(again.layers() == now.layers());
  const ModeFor off(sandbox::Mode::off);
  CHECK(sandbox::confinement().layers().empty());
  CHECK(sandbox::confinement().lacks == std::vector<std::string>{"landlock: switched off", "seccomp: switched off"});
}

TEST_CASE("one line tells which layers there are") {
  const ModeFor mode(sandbox::Mode::on);
  const std::string told = sandbox::described();
  if (sandbox::layers().landlock > 0 && sandbox::layers().seccomp)
    CHECK(told == "Landlock ABI " + std::to_string(sandbox::layers().landlock) + ", seccomp");
  else CHECK(told.find("no") != std::string::npos);
  const ModeFor off(sandbox::Mode::off);
  CHECK(sandbox::described().find("only projects you trust") != std::string::npos);
}
