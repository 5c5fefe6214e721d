#include "base/sandbox_calls.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace ftaudit::sandbox {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t machine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t machine = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t machine = 0;
#endif

// Calls that are fine whatever their arguments: reading, memory, threads' own business, the time.
constexpr std::uint32_t plain[] = {
    SYS_read,
    SYS_pread64,
    SYS_readv,
    SYS_preadv,
    SYS_close,
    SYS_write,
    SYS_writev,
    SYS_newfstatat,
    SYS_fstat,
    SYS_statx,
    SYS_faccessat,
    SYS_readlinkat,
    SYS_getdents64,
    SYS_getcwd,
    SYS_lseek,
    SYS_statfs,
    SYS_fstatfs,
    SYS_dup,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    SYS_brk,
    SYS_mincore,
    SYS_futex,
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_sigaltstack,
    SYS_restart_syscall,
    SYS_rseq,
    SYS_set_robust_list,
    SYS_set_tid_address,
    SYS_exit,
    SYS_exit_group,
    SYS_getpid,
    SYS_gettid,
    SYS_getppid,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_uname,
    SYS_sysinfo,
    SYS_getrusage,
    SYS_getrandom,
    SYS_clock_gettime,
    SYS_clock_getres,
    SYS_clock_nanosleep,
    SYS_nanosleep,
    SYS_gettimeofday,
    SYS_times,
    SYS_sched_yield,
    SYS_sched_getaffinity,
    SYS_membarrier,
    439 /* faccessat2 */,
#if defined(__x86_64__)
    SYS_stat,
    SYS_lstat,
    SYS_access,
    SYS_readlink,
    SYS_getdents,
    SYS_time,
    SYS_getrlimit,
    SYS_arch_prctl,
#endif
};

// What a program that makes files also does; where, Landlock says.
constexpr std::uint32_t writing_calls[] = {
    SYS_openat, SYS_unlinkat, SYS_mkdirat, SYS_renameat2, SYS_ftruncate, SYS_fsync,
#if defined(__x86_64__)
    SYS_open,   SYS_unlink,   SYS_mkdir,   SYS_rename,
#else
    SYS_renameat,
#endif
};

// Calls from this number on came with Linux 5.1 or later: a library that tries one takes ENOSYS for an older kernel.
constexpr std::uint32_t recent = 424;

// Instruction by instruction; the ones that both kinds of filter are made of.
class Filter {
 public:
  explicit Filter(std::uint32_t refuse) : refuse_(refuse) {
    load(offsetof(seccomp_data, arch));
    unless_equal(machine, SECCOMP_RET_KILL_PROCESS);
    load(offsetof(seccomp_data, nr));
#if defined(__x86_64__)
    // Numbers of the x32 interface mean other calls.
    add(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), give(SECCOMP_RET_KILL_PROCESS);
#endif
  }

  // A child that reads and answers.
  void reader(bool strict) {
    // The frequent ones first.
    only_reading_opened();
    without_bits(SYS_mprotect, 2, PROT_EXEC);
    without_bits(SYS_mmap, 2, PROT_EXEC);
    common();
    only(SYS_ioctl, 1, {TCGETS});
    only(SYS_tgkill, 0, {static_cast<std::uint32_t>(::getpid())});
    rest(strict);
  }

  // A program, which is started once and loads its libraries.
  void program(Calls calls, const Start& start) {
    if (calls == Calls::reading) only_reading_opened();
    without_bits(SYS_mprotect, 2, PROT_EXEC);
    mapping_of_libraries();
    common();
    only(SYS_ioctl, 1, {TCGETS, FIOCLEX});
    if (calls == Calls::working)
      for (const std::uint32_t call : writing_calls) when(call), give(SECCOMP_RET_ALLOW);
    started_by(start);
    rest(false);
  }

  std::vector<sock_filter> take() { return std::move(code_); }

 private:
  static constexpr std::uint32_t writing =
      O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);

  static constexpr std::uint32_t failing(int error) {
    return SECCOMP_RET_ERRNO | (static_cast<std::uint32_t>(error) & SECCOMP_RET_DATA);
  }

  void add(int code, std::uint32_t value, int if_true = 0, int if_false = 0) {
    code_.push_back({static_cast<std::uint16_t>(code), static_cast<std::uint8_t>(if_true),
                     static_cast<std::uint8_t>(if_false), value});
  }
  void load(std::size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)); }
  void give(std::uint32_t verdict) { add(BPF_RET | BPF_K, verdict); }
  void unless_equal(std::uint32_t value, std::uint32_t verdict) {
    add(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0), give(verdict);
  }
  // The next `size` instructions are for `call` alone.
  void when(std::uint32_t call, int size = 1) { add(BPF_JMP | BPF_JEQ | BPF_K, call, 0, size); }
  // The lower half of an argument; both machines keep it first.
  static std::size_t argument(int n, bool upper = false) {
    return offsetof(seccomp_data, args) + static_cast<std::size_t>(n) * 8 + (upper ? 4 : 0);
  }

  void without_bits(std::uint32_t call, int n, std::uint32_t bits) {
    when(call, 4);
    load(argument(n));
    add(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1), give(refuse_);
    give(SECCOMP_RET_ALLOW);
  }
  void only(std::uint32_t call, int n, std::initializer_list<std::uint32_t> values) {
    when(call, 2 + 2 * static_cast<int>(values.size()));
    load(argument(n));
    for (const std::uint32_t value : values) add(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1), give(SECCOMP_RET_ALLOW);
    give(refuse_);
  }
  void only_reading_opened() {
    without_bits(SYS_openat, 2, writing);
#if defined(__x86_64__)
    without_bits(SYS_open, 1, writing);
#endif
  }
  void common() {
    for (const std::uint32_t call : plain) when(call), give(SECCOMP_RET_ALLOW);
    only(SYS_fcntl, 1, {F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC});
    only(SYS_prctl, 0, {PR_SET_NAME});
    thread();
    asking_for_limits();
  }
  void rest(bool strict) {
    // Their arguments lie in memory, where no filter sees them; libraries do without.
    for (const std::uint32_t call : {435u /* clone3 */, 437u /* openat2 */}) when(call), give(failing(ENOSYS));
    if (!strict) add(BPF_JMP | BPF_JGE | BPF_K, recent, 0, 1), give(failing(ENOSYS));
    give(refuse_);
  }
  // Code out of files that nobody writes to through it.
  void mapping_of_libraries() {
    when(SYS_mmap, 9);
    load(argument(2));
    add(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0), give(SECCOMP_RET_ALLOW);
    add(BPF_JMP | BPF_JSET | BPF_K, PROT_WRITE, 0, 1), give(refuse_);
    load(argument(3));
    add(BPF_JMP | BPF_JSET | BPF_K, MAP_ANONYMOUS, 0, 1), give(refuse_);
    give(SECCOMP_RET_ALLOW);
  }
  // Whoever guesses at the pointers guesses once.
  void started_by(const Start& start) {
    const void* const wanted[] = {start.program, start.arguments, start.environment};
    when(SYS_execve, 3 * 6 + 1);
    for (int n = 0; n < 3; ++n) {
      const auto address = reinterpret_cast<std::uintptr_t>(wanted[n]);
      load(argument(n)), unless_equal(static_cast<std::uint32_t>(address), SECCOMP_RET_KILL_PROCESS);
      load(argument(n, true)), unless_equal(static_cast<std::uint32_t>(address >> 32), SECCOMP_RET_KILL_PROCESS);
    }
    give(SECCOMP_RET_ALLOW);
  }
  // A thread, not a process.
  void thread() {
    when(SYS_clone, 4);
    load(argument(0));
    add(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1), give(SECCOMP_RET_ALLOW);
    give(refuse_);
  }
  // prlimit() without new values.
  void asking_for_limits() {
    when(SYS_prlimit64, 7);
    load(argument(2)), unless_equal(0, refuse_);
    load(argument(2, true)), unless_equal(0, refuse_);
    give(SECCOMP_RET_ALLOW);
  }

  std::uint32_t refuse_;
  std::vector<sock_filter> code_;
};

}  // namespace

std::string why_no_filter() {
  if (machine == 0) return "not written for this processor";
  // A filter that does not exist is a bad address to a kernel that knows filters.
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, nullptr, 0, 0) != 0 && errno == EFAULT) return "";
  return std::strerror(errno);
}

bool filter_calls(bool strict) {
  Filter filter(strict ? SECCOMP_RET_TRAP : SECCOMP_RET_ERRNO | EPERM);
  filter.reader(strict);
  return filter_calls(filter.take());
}

std::vector<sock_filter> calls_of_program(Calls calls, const Start& start) {
  Filter filter(SECCOMP_RET_ERRNO | EPERM);
  filter.program(calls, start);
  return filter.take();
}

bool filter_calls(const std::vector<sock_filter>& filter) {
  const sock_fprog program{static_cast<unsigned short>(filter.size()), const_cast<sock_filter*>(filter.data())};
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

}  // namespace ftaudit::sandbox
