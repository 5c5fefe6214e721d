#include "base/sandbox.h"

#include <elf.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "base/interruption.h"
#include "base/sandbox_calls.h"

namespace ftaudit::sandbox {
namespace {

// Of <linux/landlock.h>, whose older copies lack the later fields.
constexpr long create_ruleset = 444, add_rule = 445, restrict_self = 446;
constexpr std::uint64_t run_right = 1u << 0, write_right = 1u << 1, read_right = 1u << 2, list_right = 1u << 3,
                        truncate_right = 1u << 14, ioctl_right = 1u << 15;
// A rule for a plain file that asks for a right of folders is an error.
constexpr std::uint64_t rights_of_files = run_right | write_right | read_right | truncate_right | ioctl_right;
struct Attributes {
  std::uint64_t files, network, scoped;
};
struct [[gnu::packed]] Below {
  std::uint64_t rights;
  std::int32_t folder;
};

Attributes everything(int version) {
  const std::uint64_t files = version >= 5 ? 0xffff : version >= 3 ? 0x7fff : version >= 2 ? 0x3fff : 0x1fff;
  return {files, version >= 4 ? 3u : 0u, version >= 6 ? 3u : 0u};
}
std::size_t size_of(int version) { return version >= 6 ? 24 : version >= 4 ? 16 : 8; }

// A page that children share with us: the last call one of them was stopped at.
std::atomic<int>* last_call() {
  static auto* const page = [] {
    void* made = ::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return made == MAP_FAILED ? nullptr : new (made) std::atomic<int>(-1);
  }();
  return page;
}

std::atomic<Mode>& chosen_mode() {
  static std::atomic<Mode> mode = [] {
    const char* set = std::getenv("FTAUDIT_SANDBOX");
    const std::string_view text = set != nullptr ? set : "";
    return text == "off" ? Mode::off : text == "strict" ? Mode::strict : text == "require" ? Mode::require : Mode::on;
  }();
  return mode;
}

Layers asked() {
  Layers out;
  const long version = ::syscall(create_ruleset, nullptr, 0, 1);
  if (version > 0) out.landlock = static_cast<int>(version);
  else out.without_landlock = std::strerror(errno);
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  out.without_seccomp = "left out in a build with sanitizers";
#else
  out.without_seccomp = why_no_filter();
  out.seccomp = out.without_seccomp.empty();
#endif
  return out;
}

// The program that the kernel starts to load `program`, as its head names it.
fs::path loader_of(const fs::path& program) {
  char bytes[4096] = {};
  std::ifstream(program, std::ios::binary).read(bytes, sizeof bytes - 1);
  Elf64_Ehdr head;
  std::memcpy(&head, bytes, sizeof head);
  if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_ident[EI_CLASS] != ELFCLASS64) return {};
  for (std::uint64_t i = 0; i < head.e_phnum; ++i) {
    Elf64_Phdr part;
    if (head.e_phoff > sizeof bytes || head.e_phoff + (i + 1) * sizeof part > sizeof bytes) return {};
    std::memcpy(&part, bytes + head.e_phoff + i * sizeof part, sizeof part);
    if (part.p_type == PT_INTERP) return part.p_offset < sizeof bytes ? fs::path(bytes + part.p_offset) : fs::path();
  }
  return {};
}

void limit(int what, std::uint64_t most) {
  const rlimit value{most, most};
  ::setrlimit(static_cast<__rlimit_resource>(what), &value);
}

}  // namespace

const Layers& layers() {
  static const Layers known = asked();
  return known;
}

Mode mode() { return chosen_mode(); }
void set_mode(Mode mode) { chosen_mode() = mode; }

std::string described() {
  if (mode() == Mode::off) return "off (FTAUDIT_SANDBOX): scan only projects you trust";
  const Layers& have = layers();
  std::string out;
  if (have.landlock > 0) out = "Landlock ABI " + std::to_string(have.landlock);
  if (have.seccomp) out += out.empty() ? "seccomp" : ", seccomp";
  if (have.landlock > 0 && have.seccomp) return out;
  if (have.seccomp)
    return out + "; no Landlock (" + have.without_landlock + "): files outside a project are kept out by ftaudit alone";
  if (have.landlock > 0) return out + "; no seccomp (" + have.without_seccomp + ")";
  return "none (" + have.without_seccomp + "): scan only projects you trust";
}

Confinement confinement() {
  Confinement out;
  if (mode() == Mode::off) return out.lacks = {"landlock: switched off", "seccomp: switched off"}, out;
  const Layers& have = layers();
  out.landlock = static_cast<std::uint32_t>(have.landlock), out.seccomp = have.seccomp;
  if (have.landlock == 0) out.lacks.push_back("landlock: " + have.without_landlock);
  if (!have.seccomp) out.lacks.push_back("seccomp: " + have.without_seccomp);
  return out;
}

Status check_required() {
  if (mode() != Mode::strict && mode() != Mode::require) return Done{};
  if (layers().landlock > 0 && layers().seccomp) return Done{};
  return Error{"a sandbox is required, and this machine has " + described()};
}

Result<Ground> Ground::make(const Places& places) {
  const int version = layers().landlock;
  if (version == 0 || mode() == Mode::off) return Ground(-1);
  const auto refused = [](const std::string& what) {
    return Error{"Landlock refused " + what + ": " + std::strerror(errno)};
  };
  const Attributes attributes = everything(version);
  const int ruleset = static_cast<int>(::syscall(create_ruleset, &attributes, size_of(version), 0));
  if (ruleset < 0) return refused("a ruleset");
  Ground out(ruleset);
  for (const auto& [paths, rights] : {std::pair(&places.readable, read_right | list_right),
                                      std::pair(&places.runnable, read_right | list_right | run_right),
                                      std::pair(&places.writable, attributes.files & ~run_right)})
    for (const fs::path& path : *paths) {
      const int place = ::open(path.c_str(), O_PATH | O_CLOEXEC);
      if (place < 0) continue;
      std::error_code unknown;
      const bool folder = fs::is_directory(path, unknown);
      const Below rule{folder ? rights : rights & rights_of_files, place};
      const long added = ::syscall(add_rule, ruleset, 1, &rule, 0);
      ::close(place);
      if (added != 0) return refused(path.string());
    }
  return out;
}

Ground::~Ground() {
  if (ruleset_ >= 0) ::close(ruleset_);
}

std::vector<fs::path> installed_places() {
  return {"/usr",
          "/lib",
          "/lib64",
          "/opt",
          "/nix/store",
          "/etc/os-release",
          "/etc/lsb-release",
          "/etc/debian_version",
          "/etc/redhat-release",
          "/etc/alpine-release",
          "/etc/localtime",
          "/proc/cpuinfo",
          "/sys/devices/system/cpu"};
}

Places places_of_program(const fs::path& program) {
  Places out{.runnable = installed_places(), .writable = {"/dev/null"}};
  out.readable = {"/etc/ld.so.cache", "/etc/ld.so.preload", "/dev/urandom"};
  // By its name and where links lead: a virtual environment's is elsewhere, and both prefixes are needed.
  std::error_code failed;
  for (const fs::path& path : {program, fs::canonical(program, failed)})
    if (const fs::path prefix = path.parent_path().parent_path(); prefix.has_relative_path())
      out.runnable.push_back(prefix);
  return out;
}

Places places_of_lone_program(const fs::path& program) {
  Places out = places_of_program(program);
  out.readable.insert(out.readable.end(), out.runnable.begin(), out.runnable.end());
  std::error_code failed;
  out.runnable = {fs::canonical(program, failed)};
  if (fs::path loader = loader_of(program); !loader.empty()) out.runnable.push_back(std::move(loader));
  return out;
}

bool restrict_to(const Ground& ground) {
  if (ground.ruleset() < 0) return true;
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::syscall(restrict_self, ground.ruleset(), 0) == 0;
}

struct Solitude::Filter {
  std::vector<sock_filter> calls;
};

Solitude::Solitude(Calls calls, const Start& start, std::chrono::seconds processor)
    : calls_(mode() == Mode::off ? Calls::all : calls),
      processor_(processor),
      filter_(calls_ != Calls::all && layers().seccomp ? std::make_unique<Filter>(calls_of_program(calls, start))
                                                       : nullptr) {}
Solitude::~Solitude() = default;

bool Solitude::begin() const {
  if (calls_ == Calls::all) return true;
  limit(RLIMIT_CORE, 0), limit(RLIMIT_NOFILE, 256);
  limit(RLIMIT_FSIZE, calls_ == Calls::working ? std::uint64_t{1} << 30 : 0);
  if (processor_.count() != 0) limit(RLIMIT_CPU, static_cast<std::uint64_t>(processor_.count()));
  return filter_ == nullptr || (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && filter_calls(filter_->calls));
}

void confine(int pipe, const Ground& ground, const Limits& limits) {
  ::setpgid(0, 0);
  restore_signals();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const int fatal : {SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE}) ::signal(fatal, SIG_DFL);
  // Standard streams of the run, other children's pipes and the caches belong to the parent. A write to a file, were
  // there one, fails and does not kill.
  ::signal(SIGXFSZ, SIG_IGN);
  constexpr int aside = 10;
  const int rules = ground.ruleset() < 0 ? -1 : ::fcntl(ground.ruleset(), F_DUPFD, aside);
  const int way_out = ::fcntl(pipe, F_DUPFD, aside), nowhere = ::open("/dev/null", O_RDWR);
  if (nowhere < 0 || way_out < 0 || (ground.ruleset() >= 0 && rules < 0)) ::_exit(not_confined);
  for (int standard = 0; standard < answer; ++standard) ::dup2(nowhere, standard);
  ::prctl(PR_SET_DUMPABLE, 0);
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) ::_exit(not_confined);
  if (rules >= 0 && ::syscall(restrict_self, rules, 0) != 0) ::_exit(not_confined);
  ::dup2(way_out, answer);
  ::syscall(SYS_close_range, answer + 1u, ~0u, 0u);
  limit(RLIMIT_FSIZE, 0), limit(RLIMIT_CORE, 0), limit(RLIMIT_NOFILE, 256);
  if (limits.processor.count() != 0) limit(RLIMIT_CPU, static_cast<std::uint64_t>(limits.processor.count()));
#if !defined(__SANITIZE_ADDRESS__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
  if (limits.memory_bytes != 0) limit(RLIMIT_AS, limits.memory_bytes);
#endif
  if (!layers().seccomp || mode() == Mode::off) return;
  const bool strict = mode() == Mode::strict;
  if (strict && last_call() != nullptr) {
    struct sigaction stop{};
    stop.sa_sigaction = [](int, siginfo_t* call, void*) {
      *last_call() = call->si_syscall;
      ::_exit(stopped);
    };
    stop.sa_flags = SA_SIGINFO;
    ::sigaction(SIGSYS, &stop, nullptr);
  }
  if (!filter_calls(strict)) ::_exit(not_confined);
}

void answer_with(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(answer, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR) ::_exit(3);
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  ::_exit(0);
}

std::string told_of(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == not_confined) return "its reader could not be confined";
  if (WIFEXITED(status) && WEXITSTATUS(status) == stopped && mode() == Mode::strict && last_call() != nullptr)
    return "tried what a reader may not do (system call " + std::to_string(*last_call()) + ")";
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
    return "tried what a reader may not do (a foreign system call)";
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) return "took too long to read";
  return "";
}

}  // namespace ftaudit::sandbox
