// What a confined reader may not do, as a list of attempts. Each says whether it came through; none must.
#pragma once

#include <fcntl.h>
#include <linux/stat.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

namespace ftaudit::forbidden {

// Folders and files made for the attempts, outside of what the reader may read; `loud` is a program.
struct Canary {
  std::string folder, secret, loud;
};

struct Attempt {
  const char* name;
  bool (*came_through)(const Canary& canary);
  bool needs_landlock = false;  // only Landlock forbids it
  bool quiet = false;           // fails as a missing call does, under strict too
};

inline bool opens(const std::string& path, int flags) {
  const int fd = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path.c_str(), flags, 0600));
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

inline const std::vector<Attempt>& attempts() {
  static const std::vector<Attempt> all{
      {"run a program",
       [](const Canary& c) {
         const char* const argv[]{c.loud.c_str(), nullptr};
         return ::syscall(SYS_execve, c.loud.c_str(), argv, nullptr) == 0;
       }},
      {"run a program by a descriptor",
       [](const Canary& c) {
         const char* const argv[]{c.loud.c_str(), nullptr};
         return ::syscall(SYS_execveat, AT_FDCWD, c.loud.c_str(), argv, nullptr, 0) == 0;
       }},
      {"start a process",
       [](const Canary&) {
         const long child = ::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
         if (child == 0) ::syscall(SYS_exit_group, 0);
         return child > 0;
       }},
      {"start a process as vfork does",
       [](const Canary&) {
         const long child = ::syscall(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);
         if (child == 0) ::syscall(SYS_exit_group, 0);
         return child > 0;
       }},
      {"open a connection", [](const Canary&) { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }},
      {"open a local connection", [](const Canary&) { return ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }},
      {"make a file", [](const Canary& c) { return opens(c.folder + "/made", O_WRONLY | O_CREAT); }},
      {"make a file without a name", [](const Canary& c) { return opens(c.folder, O_RDWR | O_TMPFILE); }},
      {"change a file", [](const Canary& c) { return opens(c.secret, O_WRONLY); }},
      {"append to a file", [](const Canary& c) { return opens(c.secret, O_RDWR | O_APPEND); }},
      {"empty a file", [](const Canary& c) { return opens(c.secret, O_RDONLY | O_TRUNC); }},
      {"cut a file", [](const Canary& c) { return ::truncate(c.secret.c_str(), 0) == 0; }},
      {"change its own memory as a file", [](const Canary&) { return opens("/proc/self/mem", O_RDWR); }},
      {"remove a file", [](const Canary& c) { return ::unlinkat(AT_FDCWD, c.secret.c_str(), 0) == 0; }},
      {"rename a file",
       [](const Canary& c) {
         return ::renameat(AT_FDCWD, c.secret.c_str(), AT_FDCWD, (c.folder + "/renamed").c_str()) == 0;
       }},
      {"make a folder", [](const Canary& c) { return ::mkdirat(AT_FDCWD, (c.folder + "/made").c_str(), 0700) == 0; }},
      {"make a link",
       [](const Canary& c) { return ::symlinkat("secret", AT_FDCWD, (c.folder + "/link").c_str()) == 0; }},
      {"make a second name",
       [](const Canary& c) {
         return ::linkat(AT_FDCWD, c.secret.c_str(), AT_FDCWD, (c.folder + "/name").c_str(), 0) == 0;
       }},
      {"change rights", [](const Canary& c) { return ::fchmodat(AT_FDCWD, c.secret.c_str(), 0777, 0) == 0; }},
      {"change times", [](const Canary& c) { return ::utimensat(AT_FDCWD, c.secret.c_str(), nullptr, 0) == 0; }},
      {"signal its parent", [](const Canary&) { return ::kill(::getppid(), SIGCONT) == 0; }},
      {"signal its parent's thread",
       [](const Canary&) { return ::syscall(SYS_tgkill, ::getppid(), ::getppid(), SIGCONT) == 0; }},
      {"trace its parent", [](const Canary&) { return ::ptrace(PTRACE_SEIZE, ::getppid(), nullptr, nullptr) == 0; }},
      {"load code from a file",
       [](const Canary&) {
         const int fd = ::open("/usr/bin/env", O_RDONLY | O_CLOEXEC);
         void* made = ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
         ::close(fd);
         return made != MAP_FAILED;
       }},
      {"make code",
       [](const Canary&) {
         return ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
                MAP_FAILED;
       }},
      {"turn data into code",
       [](const Canary&) {
         void* made = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
         return ::mprotect(made, 4096, PROT_READ | PROT_EXEC) == 0;
       }},
      {"type on a terminal", [](const Canary&) { return ::ioctl(0, TIOCSTI, "x") == 0; }},
      {"have signals sent", [](const Canary&) { return ::fcntl(3, F_SETOWN, ::getppid()) == 0; }},
      {"raise a limit",
       [](const Canary&) {
         const rlimit more{512, 512};
         return ::syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &more, nullptr) == 0;
       }},
      {"get memory as a file", [](const Canary&) { return ::syscall(SYS_memfd_create, "x", 0) >= 0; }},
      {"get namespaces of its own", [](const Canary&) { return ::unshare(CLONE_NEWUSER) == 0; }},
      {"load a filter of its own kind of program",
       [](const Canary&) { return ::syscall(SYS_bpf, 0, nullptr, 0) >= 0; }},
      {"open a ring of calls",
       [](const Canary&) {
         char parameters[120] = {};
         return ::syscall(425, 1, parameters) >= 0;
       }},
      {"open a file past the filter",
       [](const Canary& c) {
         const std::uint64_t how[3]{O_WRONLY | O_CREAT, 0600, 0};
         return ::syscall(437, AT_FDCWD, (c.folder + "/made").c_str(), how, sizeof how) >= 0;
       },
       false, true},
      {"start a process past the filter",
       [](const Canary&) {
         std::uint64_t arguments[11] = {};
         arguments[4] = SIGCHLD;
         const long child = ::syscall(435, arguments, sizeof arguments);
         if (child == 0) ::syscall(SYS_exit_group, 0);
         return child > 0;
       },
       false, true},
      {"read a file that is none of its business", [](const Canary& c) { return opens(c.secret, O_RDONLY); }, true,
       true},
      {"list a folder that is none of its business",
       [](const Canary& c) { return opens(c.folder, O_RDONLY | O_DIRECTORY); }, true, true},
      {"read the environment of its parent",
       [](const Canary&) { return opens("/proc/" + std::to_string(::getppid()) + "/environ", O_RDONLY); }, true, true},
  };
  return all;
}

}  // namespace ftaudit::forbidden
