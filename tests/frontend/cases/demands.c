// What is asserted of locks is a promise of the callers; other assertions say nothing of threads.
#include <assert.h>
typedef struct { int bits; } Lock;
typedef struct { Lock lock; int n; } Box;
int lock_is_locked(Lock *lock);
void bump_locked(Box *box)
{
    assert(lock_is_locked(&box->lock));
    assert(box->n >= 0);
    box->n++;
}
