// Sandbox: what a child that reads strangers' text can still do, taken from it by the kernel before its first look. It
// keeps one pipe to answer through and may read certain folders; it starts no program, writes no file, opens no
// connection, and signals nobody. Three layers, each good without the others: its descriptors and limits, Landlock
// (which files), seccomp (which system calls). Where a kernel lacks one, the bounds in the code still hold, and that is
// told. Used by frontend and project for their children, by base for programs they start, by python for the doctor.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/confinement.h"
#include "base/files.h"
#include "base/result.h"
#include "base/sandbox_calls.h"

namespace ftaudit::sandbox {

// What this machine offers, asked once.
struct Layers {
  int landlock = 0;  // version of its interface; 0: none
  bool seccomp = false;
  std::string without_landlock, without_seccomp;  // why not
};
const Layers& layers();

// "Landlock ABI 7, seccomp", or what there is of it and what that costs; one line.
std::string described();

// What of that is in force in this run.
Confinement confinement();

// FTAUDIT_SANDBOX: "off" leaves Landlock and seccomp out, "strict" ends a child at the first call it may not make (else
// the call fails), "require" makes machines without both layers an error.
enum class Mode : std::uint8_t { on, off, strict, require };
Mode mode();
// For options of the command line; before the first child.
void set_mode(Mode mode);
// An error where `require` or `strict` asks for what this machine has not.
Status check_required();

// Folders and files, each with what lies below it; those that are not there are left out.
struct Places {
  std::vector<fs::path> readable;
  std::vector<fs::path> runnable;  // programs and the libraries they load; read as well
  std::vector<fs::path> writable;  // everything but run
};

// What children may open, as a ruleset that they inherit: made once for many of them. Without Landlock it is empty.
class Ground {
 public:
  static Result<Ground> make(const Places& places);
  Ground(Ground&& other) noexcept : ruleset_(other.ruleset_) { other.ruleset_ = -1; }
  Ground& operator=(Ground&&) = delete;
  ~Ground();
  int ruleset() const { return ruleset_; }  // -1: none

 private:
  explicit Ground(int ruleset) : ruleset_(ruleset) {}
  int ruleset_;
};

// What every reader may read: what the system's packages install, and the few files that tell which system it is.
std::vector<fs::path> installed_places();
// What a program needs to run that lies at `program`, and what it may start.
Places places_of_program(const fs::path& program);
// The same of a program that starts no other.
Places places_of_lone_program(const fs::path& program);

// For a child about to become a program: only `ground` is open to it and to what it starts. False where the kernel
// refuses. Calls nothing that may not be called between fork and exec.
bool restrict_to(const Ground& ground);

// Limits and calls of a program about to be started, made before the fork.
class Solitude {
 public:
  Solitude(Calls calls, const Start& start, std::chrono::seconds processor);
  ~Solitude();
  // In the child, after restrict_to(), last before it becomes the program. False where the kernel refuses. Calls
  // nothing that may not be called between fork and exec.
  bool begin() const;

 private:
  struct Filter;
  Calls calls_;
  std::chrono::seconds processor_;
  std::unique_ptr<Filter> filter_;  // null: the machine has none
};

struct Limits {
  std::uint64_t memory_bytes = 0;     // of address space; 0: none
  std::chrono::seconds processor{0};  // time on it; 0: none
};

// The pipe's descriptor in a confined child; 0, 1 and 2 lead nowhere, and there are no others.
constexpr int answer = 3;

// In a child just forked, before it starts threads: from here on it is confined. Ends it with `not_confined` where a
// layer that the machine has is refused half way.
void confine(int pipe, const Ground& ground, const Limits& limits);
constexpr int not_confined = 125;
// With this code a child ends that made a forbidden call under Mode::strict.
constexpr int stopped = 126;

// Writes all of `bytes` to the pipe and ends the child.
[[noreturn]] void answer_with(std::string_view bytes);

// What to say of a child that ended so, when it is the sandbox that ended it; else "".
std::string told_of(int wait_status);

}  // namespace ftaudit::sandbox
