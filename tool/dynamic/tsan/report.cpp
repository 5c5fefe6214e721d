#include "dynamic/tsan/report.h"

namespace ftaudit::dynamic::tsan {

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::data_race: return "data-race";
    case Kind::vptr_race: return "vptr-race";
    case Kind::use_after_free: return "use-after-free";
    case Kind::external_race: return "external-race";
    case Kind::thread_leak: return "thread-leak";
    case Kind::destroy_locked: return "destroy-of-locked-mutex";
    case Kind::double_lock: return "double-lock";
    case Kind::invalid_mutex: return "invalid-mutex";
    case Kind::bad_unlock: return "bad-unlock";
    case Kind::bad_read_lock: return "bad-read-lock";
    case Kind::bad_read_unlock: return "bad-read-unlock";
    case Kind::signal_unsafe: return "signal-unsafe";
    case Kind::errno_in_signal: return "errno-in-signal";
    case Kind::lock_order_inversion: return "lock-order-inversion";
    case Kind::mutex_in_wrong_context: return "mutex-in-wrong-context";
    case Kind::other: return "other";
    case Kind::deadly_signal: return "deadly-signal";
    case Kind::check_failed: return "check-failed";
  }
  return "other";
}

const Thread* Report::thread(ThreadNumber number) const {
  for (const Thread& thread : threads)
    if (thread.number == number) return &thread;
  return nullptr;
}

}  // namespace ftaudit::dynamic::tsan
