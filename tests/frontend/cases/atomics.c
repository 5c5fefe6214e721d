// Atomic accesses, by C11 and by the compiler's builtins.
#include <stdatomic.h>

static _Atomic int plain_syntax;
static atomic_long counter;
static int bare;
static _Atomic(int *) pointer;
struct s { atomic_int n; int m; };

int c11(struct s *s)
{
    plain_syntax = 1;
    plain_syntax++;
    atomic_store(&counter, 2);
    atomic_store_explicit(&s->n, 3, memory_order_release);
    atomic_fetch_add_explicit(&s->n, 1, memory_order_relaxed);
    int expected = 0;
    atomic_compare_exchange_strong(&s->n, &expected, 4);
    return atomic_load_explicit(&s->n, memory_order_acquire) + plain_syntax + s->m + *pointer;
}
int builtins(int *p)
{
    __atomic_store_n(&bare, 1, __ATOMIC_SEQ_CST);
    __sync_fetch_and_add(&bare, 1);
    __atomic_exchange_n(p, 2, __ATOMIC_ACQ_REL);
    return __atomic_load_n(p, __ATOMIC_RELAXED) + __atomic_add_fetch(&bare, 1, __ATOMIC_RELAXED);
}
