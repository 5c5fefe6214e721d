// The system calls of a child that only reads, and of a program that works by itself: seccomp filters, written by hand.
// What is not listed fails. Used by sandbox alone, which hands on the words for a program.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

struct sock_filter;  // of <linux/filter.h>

namespace ftaudit::sandbox {

// What a program may ask of the kernel. `reading`: it works by itself, that is it starts neither program nor process,
// opens no connection, signals nobody, makes no code, and writes nothing but what it answers; `working`: it also writes
// files, and its ground says where. What it tries all the same fails: programs try much and do without.
enum class Calls : std::uint8_t { all, reading, working };

// How a program is started; the kernel lets a lone one do that once, by these very pointers.
struct Start {
  const char* program;
  char* const* arguments;
  char* const* environment;
};

// Why this machine cannot filter system calls; "" when it can.
std::string why_no_filter();

// From here on this thread, and those it starts, make no other calls. `strict`: another call raises SIGSYS instead of
// failing. Whether the kernel took the filter. Needs PR_SET_NO_NEW_PRIVS.
bool filter_calls(bool strict);

// The filter for a program that is still to be started, and the way to put it on; see Calls.
std::vector<sock_filter> calls_of_program(Calls calls, const Start& start);
bool filter_calls(const std::vector<sock_filter>& filter);

}  // namespace ftaudit::sandbox
