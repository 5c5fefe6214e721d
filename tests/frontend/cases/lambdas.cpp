// Lambdas are functions of their own, with what they capture.
template <class F> int apply(F f) { return f(1); }
int total;
int captures(int n)
{
    int local = n;
    auto by_value = [n](int x) { return n + x; };
    auto by_reference = [&local](int x) { local += x; return local; };
    auto all = [&] { total = n + local; };
    auto moved = [kept = n + 1]() mutable { return kept++; };
    all();
    return by_value(1) + by_reference(2) + apply(by_value) + moved() + apply([](int x) { return [x] { return x; }(); });
}
struct Holder {
  int value;
  auto getter() { return [this] { return value; }; }
  auto copy() { return [*this] { return value; }; }
};
int use(Holder &h) { return h.getter()() + h.copy()(); }
int (*plain)(int) = [](int x) { return x + total; };
void writes(Holder &h) { auto set = [&h, &total = total](int n) { h.value = n; total = n; }; set(1); }
#include <thread>
struct Counter {
  int count_ = 0;
  void bump() { auto add = [this](int n) { count_ += n; }; add(1); [this] { count_++; }(); [&] { this->count_ = 0; bump(); }(); }
  void generic() { auto each = [this](auto n) { count_ += n; }; each(1); each(2L); }
};
void elsewhere(Counter &c) { auto work = [&c] { c.bump(); }; std::thread t(work); auto wrapped = [work] { work(); }; wrapped(); t.join(); }
