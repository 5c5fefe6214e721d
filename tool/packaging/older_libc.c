// What today's libraries want of a C library and older ones have not. The program asks none of it for anything that
// matters: random bytes come from the kernel either way, statistics of memory are LLVM's pastime, and a process that
// is never thought single-threaded only takes its locks in earnest. Functions of mathematics got a second version
// in 2.29, which differs in errno alone: calls go to the first.
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/random.h>
#include <time.h>

char __libc_single_threaded = 0;

void arc4random_buf(void* out, size_t size) {
  for (char* at = out; size > 0;) {
    const ssize_t n = getrandom(at, size > 256 ? 256 : size, 0);
    if (n > 0) at += n, size -= (size_t)n;
  }
}

uint32_t arc4random(void) {
  uint32_t out;
  arc4random_buf(&out, sizeof out);
  return out;
}

struct statistics {
  size_t fields[10];
};
struct statistics mallinfo2(void) { return (struct statistics){{0}}; }

// Waits by the clock that older ones have: as long as is left by the other one.
int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                           const struct timespec* until) {
  struct timespec now, real;
  clock_gettime(clock, &now), clock_gettime(CLOCK_REALTIME, &real);
  real.tv_sec += until->tv_sec - now.tv_sec, real.tv_nsec += until->tv_nsec - now.tv_nsec;
  if (real.tv_nsec < 0) real.tv_sec -= 1, real.tv_nsec += 1000000000;
  if (real.tv_nsec >= 1000000000) real.tv_sec += 1, real.tv_nsec -= 1000000000;
  return pthread_cond_timedwait(condition, mutex, &real);
}

#ifdef __x86_64__
#define FIRST_VERSION "GLIBC_2.2.5"
#else
#define FIRST_VERSION "GLIBC_2.17"
#endif
#define ONE_OF_FIRST_VERSION(name)                              \
  double first_##name(double x);                                \
  __asm__(".symver first_" #name ", " #name "@" FIRST_VERSION); \
  double name(double x) { return first_##name(x); }
ONE_OF_FIRST_VERSION(exp)
ONE_OF_FIRST_VERSION(exp2)
ONE_OF_FIRST_VERSION(log)
ONE_OF_FIRST_VERSION(log2)

double first_pow(double x, double y);
__asm__(".symver first_pow, pow@" FIRST_VERSION);
double pow(double x, double y) { return first_pow(x, y); }
