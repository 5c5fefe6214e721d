#include "capi/lock_results.h"

#include <vector>

#include "capi/names.h"

namespace ftaudit::capi {

namespace {

struct WithoutLock {
  std::string_view name;
  std::int64_t result;
};

constexpr std::int64_t busy = 16, timed_out = 110;  // EBUSY, ETIMEDOUT

}  // namespace

const std::vector<WithoutLock> without_lock_table{
    {"pthread_mutex_trylock", busy},
    {"pthread_mutex_timedlock", timed_out},
    {"pthread_rwlock_tryrdlock", busy},
    {"pthread_rwlock_trywrlock", busy},
    {"pthread_spin_trylock", busy},
    {"sem_trywait", -1},
    {"sem_timedwait", -1},
    {"mtx_trylock", 1},        // thrd_busy
    {"mtx_timedlock", 4},      // thrd_timedout
    {"sqlite3_mutex_try", 5},  // SQLITE_BUSY
    {"SDL_TryLockMutex", 1},   // SDL_MUTEX_TIMEDOUT
    {"SDL_TryLockRWLockForReading", 1},
    {"SDL_TryLockRWLockForWriting", 1},
    {"uv_mutex_trylock", -busy},
    {"uv_rwlock_tryrdlock", -busy},
    {"uv_rwlock_trywrlock", -busy},
    {"uv_sem_trywait", -11},  // UV_EAGAIN
};

std::optional<std::int64_t> result_without_lock(std::string_view call) {
  const WithoutLock* row = row_named<without_lock_table>(call);
  return row == nullptr ? std::nullopt : std::optional(row->result);
}

const std::vector<std::string_view> making_table{
    "pthread_mutex_init", "pthread_rwlock_init", "pthread_spin_init",         "mtx_init",
    "uv_mutex_init",      "uv_rwlock_init",      "InitializeCriticalSection", "InitializeCriticalSectionAndSpinCount",
    "InitializeSRWLock",
};
bool makes_mutex(std::string_view call) { return listed(making_table, call); }

}  // namespace ftaudit::capi
