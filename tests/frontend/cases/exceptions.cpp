#include <mutex>
struct Guard { explicit Guard(int); ~Guard(); };
int may_throw(int);
void quiet(int) noexcept;
extern std::mutex gate;
// The guard dies before the handler runs; the lock that was taken by hand does not.
int caught(int n)
{
    try {
        Guard outer(1);
        gate.lock();
        if (n > 0) {
            Guard inner(2);
            n = may_throw(n);
        }
        quiet(n);
        may_throw(n);
        gate.unlock();
    } catch (const int &e) {
        return e;
    } catch (...) {
        gate.unlock();
        throw;
    }
    return n;
}
// Nobody here catches it, and the guard goes all the same.
int thrown(int n)
{
    Guard guard(3);
    if (n < 0) throw n;
    return may_throw(n);
}
int nested(int n)
{
    try {
        Guard outer(4);
        try {
            Guard inner(5);
            may_throw(n);
        } catch (int) {
            return 1;
        }
    } catch (...) {
        return 2;
    }
    return 0;
}
