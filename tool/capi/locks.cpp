// Data. Locks: what takes and gives them back, which argument is the lock, whether waiting detaches (C API reference:
// synchronization, threads; POSIX; the C++ library; pybind11, nanobind and Cython sources).
#include "capi/tables.h"

namespace ftaudit::capi {

using enum LockCall::Does;
using enum LockCall::Kind;

const std::vector<LockCall> lock_table{
    // name, does, kind, lock, second lock, token, shared, safe while attached
    {"PyMutex_Lock", acquire, py_mutex, 0, -1, -1, false, true},
    {"_PyMutex_Lock", acquire, py_mutex, 0, -1, -1, false, true},
    {"_PyMutex_LockTimed", acquire, py_mutex, 0, -1, -1, false, true},
    {"PyMutex_LockFlags", acquire, py_mutex, 0, -1, -1, false, true},
    {"PyMutex_LockFast", try_acquire, py_mutex, 0, -1, -1, false, true},
    {"PyMutex_Unlock", release, py_mutex, 0, -1, -1, false, true},
    {"_PyMutex_Unlock", release, py_mutex, 0, -1, -1, false, true},
    {"PyCriticalSection_Begin", acquire, critical_section, 1, -1, 0, false, true},
    {"PyCriticalSection2_Begin", acquire, critical_section, 1, 2, 0, false, true},
    {"PyCriticalSection_BeginMutex", acquire, critical_section, 1, -1, 0, false, true},
    {"PyCriticalSection2_BeginMutex", acquire, critical_section, 1, 2, 0, false, true},
    {"_PyCriticalSection_BeginMutex", acquire, critical_section, 1, -1, 0, false, true},
    {"_PyCriticalSection_Begin", acquire, critical_section, 1, -1, 0, false, true},
    {"PyCriticalSection_End", release, critical_section, -1, -1, 0, false, true},
    {"PyCriticalSection2_End", release, critical_section, -1, -1, 0, false, true},
    {"_PyCriticalSection_End", release, critical_section, -1, -1, 0, false, true},
    {"__Pyx_PyCriticalSection_Begin", acquire, critical_section, 1, -1, 0, false, true},
    {"__Pyx_PyCriticalSection2_Begin", acquire, critical_section, 1, 2, 0, false, true},
    {"__Pyx_PyCriticalSection_BeginMutex", acquire, critical_section, 1, -1, 0, false, true},
    {"__Pyx_PyCriticalSection_End", release, critical_section, -1, -1, 0, false, true},
    {"__Pyx_PyCriticalSection2_End", release, critical_section, -1, -1, 0, false, true},
    {"pybind11::scoped_critical_section::scoped_critical_section", acquire, critical_section, 1, 2, 0, false, true},
    {"pybind11::scoped_critical_section::~scoped_critical_section", release, critical_section, -1, -1, 0, false, true},
    {"nanobind::ft_object_guard::ft_object_guard", acquire, critical_section, 1, -1, 0, false, true},
    {"nanobind::ft_object_guard::~ft_object_guard", release, critical_section, -1, -1, 0, false, true},
    {"nanobind::ft_object2_guard::ft_object2_guard", acquire, critical_section, 1, 2, 0, false, true},
    {"nanobind::ft_object2_guard::~ft_object2_guard", release, critical_section, -1, -1, 0, false, true},
    {"nanobind::ft_lock_guard::ft_lock_guard", acquire, py_mutex, 1, -1, 0, false, true},
    {"nanobind::ft_lock_guard::~ft_lock_guard", release, py_mutex, -1, -1, 0, false, true},
    {"nanobind::ft_mutex::lock", acquire, py_mutex, 0, -1, -1, false, true},
    {"nanobind::ft_mutex::unlock", release, py_mutex, 0, -1, -1, false, true},
    {"pybind11::detail::pymutex::lock", acquire, py_mutex, 0, -1, -1, false, true},
    {"pybind11::detail::pymutex::unlock", release, py_mutex, 0, -1, -1, false, true},
    {"PyThread_acquire_lock", acquire, os_lock, 0, -1, -1, false, false},
    {"PyThread_acquire_lock_timed", acquire, os_lock, 0, -1, -1, false, false},
    {"PyThread_release_lock", release, os_lock, 0, -1, -1, false, false},
    {"pthread_mutex_lock", acquire, native, 0, -1, -1, false, false},
    {"pthread_mutex_trylock", try_acquire, native, 0, -1, -1, false, true},
    {"pthread_mutex_timedlock", try_acquire, native, 0, -1, -1, false, false},
    {"pthread_mutex_unlock", release, native, 0, -1, -1, false, false},
    {"pthread_rwlock_rdlock", acquire, native, 0, -1, -1, true, false},
    {"pthread_rwlock_wrlock", acquire, native, 0, -1, -1, false, false},
    {"pthread_rwlock_tryrdlock", try_acquire, native, 0, -1, -1, true, true},
    {"pthread_rwlock_trywrlock", try_acquire, native, 0, -1, -1, false, true},
    {"pthread_rwlock_unlock", release, native, 0, -1, -1, false, false},
    {"pthread_spin_lock", acquire, native, 0, -1, -1, false, false},
    {"pthread_spin_trylock", try_acquire, native, 0, -1, -1, false, true},
    {"pthread_spin_unlock", release, native, 0, -1, -1, false, false},
    {"sem_wait", acquire, native, 0, -1, -1, false, false},
    {"sem_timedwait", try_acquire, native, 0, -1, -1, false, false},
    {"sem_trywait", try_acquire, native, 0, -1, -1, false, true},
    {"sem_post", release, native, 0, -1, -1, false, false},
    {"mtx_lock", acquire, native, 0, -1, -1, false, false},
    {"mtx_trylock", try_acquire, native, 0, -1, -1, false, true},
    {"mtx_timedlock", try_acquire, native, 0, -1, -1, false, false},
    {"mtx_unlock", release, native, 0, -1, -1, false, false},
    {"omp_set_lock", acquire, native, 0, -1, -1, false, false},
    {"omp_unset_lock", release, native, 0, -1, -1, false, false},
    {"omp_set_nest_lock", acquire, native, 0, -1, -1, false, false},
    {"omp_unset_nest_lock", release, native, 0, -1, -1, false, false},
    {"EnterCriticalSection", acquire, native, 0, -1, -1, false, false},
    {"TryEnterCriticalSection", try_acquire, native, 0, -1, -1, false, true},
    {"LeaveCriticalSection", release, native, 0, -1, -1, false, false},
    {"AcquireSRWLockExclusive", acquire, native, 0, -1, -1, false, false},
    {"ReleaseSRWLockExclusive", release, native, 0, -1, -1, false, false},
    {"AcquireSRWLockShared", acquire, native, 0, -1, -1, true, false},
    {"ReleaseSRWLockShared", release, native, 0, -1, -1, true, false},
    {"SDL_LockMutex", acquire, native, 0, -1, -1, false, false},
    {"SDL_TryLockMutex", try_acquire, native, 0, -1, -1, false, true},
    {"SDL_UnlockMutex", release, native, 0, -1, -1, false, false},
    {"flock", acquire, file, 0, -1, -1, false, false},
    {"lockf", acquire, file, 0, -1, -1, false, false},
    {"std::mutex::lock", acquire, native, 0, -1, -1, false, false},
    {"std::mutex::try_lock", try_acquire, native, 0, -1, -1, false, true},
    {"std::mutex::unlock", release, native, 0, -1, -1, false, false},
    {"std::recursive_mutex::lock", acquire, native, 0, -1, -1, false, false},
    {"std::recursive_mutex::try_lock", try_acquire, native, 0, -1, -1, false, true},
    {"std::recursive_mutex::unlock", release, native, 0, -1, -1, false, false},
    {"std::timed_mutex::lock", acquire, native, 0, -1, -1, false, false},
    {"std::timed_mutex::try_lock", try_acquire, native, 0, -1, -1, false, true},
    {"std::timed_mutex::unlock", release, native, 0, -1, -1, false, false},
    {"std::shared_mutex::lock", acquire, native, 0, -1, -1, false, false},
    {"std::shared_mutex::try_lock", try_acquire, native, 0, -1, -1, false, true},
    {"std::shared_mutex::unlock", release, native, 0, -1, -1, false, false},
    {"std::shared_mutex::lock_shared", acquire, native, 0, -1, -1, true, false},
    {"std::shared_mutex::unlock_shared", release, native, 0, -1, -1, true, false},
    {"std::lock_guard::lock_guard", acquire, native, 1, -1, 0, false, false},
    {"std::lock_guard::~lock_guard", release, native, -1, -1, 0, false, false},
    {"std::scoped_lock::scoped_lock", acquire, native, 1, 2, 0, false, false},
    {"std::scoped_lock::~scoped_lock", release, native, -1, -1, 0, false, false},
    {"std::unique_lock::unique_lock", acquire, native, 1, -1, 0, false, false},
    {"std::unique_lock::lock", acquire, native, -1, -1, 0, false, false},
    {"std::unique_lock::unlock", release, native, -1, -1, 0, false, false},
    {"std::unique_lock::~unique_lock", release, native, -1, -1, 0, false, false},
    {"std::shared_lock::shared_lock", acquire, native, 1, -1, 0, true, false},
    {"std::unique_lock::try_lock", try_acquire, native, -1, -1, 0, false, true},
    {"std::lock", acquire, native, 0, 1, -1, false, false},
    {"std::shared_lock::lock", acquire, native, -1, -1, 0, true, false},
    {"std::shared_lock::try_lock", try_acquire, native, -1, -1, 0, true, true},
    {"std::shared_lock::unlock", release, native, -1, -1, 0, true, false},
    {"std::shared_lock::~shared_lock", release, native, -1, -1, 0, true, false},
    {"absl::MutexLock::MutexLock", acquire, native, 1, -1, 0, false, false},
    {"absl::MutexLock::~MutexLock", release, native, -1, -1, 0, false, false},
    {"absl::Mutex::Lock", acquire, native, 0, -1, -1, false, false},
    {"absl::Mutex::Unlock", release, native, 0, -1, -1, false, false},
    {"absl::Mutex::TryLock", try_acquire, native, 0, -1, -1, false, true},
    {"absl::ReaderMutexLock::ReaderMutexLock", acquire, native, 1, -1, 0, true, false},
    {"absl::ReaderMutexLock::~ReaderMutexLock", release, native, -1, -1, 0, true, false},
    {"absl::WriterMutexLock::WriterMutexLock", acquire, native, 1, -1, 0, false, false},
    {"absl::WriterMutexLock::~WriterMutexLock", release, native, -1, -1, 0, false, false},
    {"boost::mutex::lock", acquire, native, 0, -1, -1, false, false},
    {"boost::mutex::unlock", release, native, 0, -1, -1, false, false},
    {"tbb::spin_mutex::lock", acquire, native, 0, -1, -1, false, false},
    {"tbb::spin_mutex::unlock", release, native, 0, -1, -1, false, false},
    {"QMutexLocker::QMutexLocker", acquire, native, 1, -1, 0, false, false},
    {"QMutexLocker::~QMutexLocker", release, native, -1, -1, 0, false, false},
};

// What the functions that may fail return when they have the lock: 0 for those of POSIX and C11, PY_LOCK_ACQUIRED.
const std::vector<std::string_view> zero_when_taken_table{"pthread_*", "sem_*", "mtx_*", "SDL_*"};

// They do not come back (longjmp does not either, but it skips what releases).
const std::vector<std::string_view> no_return_table{
    "abort", "exit", "_exit", "_Exit", "quick_exit", "Py_FatalError", "_Py_FatalErrorFunc", "Py_Exit", "__assert_fail", "__assert_rtn", "__builtin_unreachable", "__builtin_trap",
    "std::terminate", "std::abort", "std::exit", "pthread_exit", "PyThread_exit_thread", "std::rethrow_exception", "std::unreachable",
    "pybind11::pybind11_fail", "nanobind::raise*", "nanobind::detail::fail*", "nanobind::detail::raise*",
};

const std::vector<std::string_view> once_table{
    "std::call_once", "pthread_once", "call_once", "InitOnceExecuteOnce", "absl::call_once", "_PyOnceFlag_CallOnce",
    "pybind11::gil_safe_call_once_and_store::call_once_and_store_result",
};

const std::vector<std::string_view> lock_type_table{
    "PyMutex", "pthread_mutex_t", "pthread_rwlock_t", "pthread_spinlock_t", "pthread_cond_t", "pthread_once_t", "sem_t", "mtx_t", "cnd_t",
    "std::mutex", "std::recursive_mutex", "std::timed_mutex", "std::shared_mutex", "std::condition_variable", "std::once_flag",
    "absl::Mutex", "boost::mutex", "tbb::spin_mutex", "QMutex", "nanobind::ft_mutex", "pybind11::detail::pymutex", "_PyOnceFlag", "PyThread_type_lock",
};

const std::vector<std::string_view> atomic_type_table{"std::atomic", "std::atomic_ref", "std::atomic_flag", "std::__atomic_base", "boost::atomic"};

const std::vector<std::string_view> atomic_operation_table{
    "_Py_atomic_*", "__atomic_*", "__c11_atomic_*", "__sync_*", "atomic_*", "std::atomic::*", "std::atomic_ref::*", "std::__atomic_base::*", "std::atomic_flag::*",
    "std::atomic_*", "Interlocked*", "_Interlocked*", "ReadAcquire*", "WriteRelease*", "MemoryBarrier", "__pyx_atomic_*", "FT_ATOMIC_*",
};

}  // namespace ftaudit::capi
