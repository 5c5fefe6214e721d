// A registry behind a function that hands it out by reference: the first call makes it once, its use is everybody's.
#include <nanobind/nanobind.h>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace nb = nanobind;

static std::map<std::string, int> &names()
{
    static std::map<std::string, int> table;
    return table;
}
static void give(std::string name, int number) { names()[name] = number; }  // expect: FT805
static std::size_t count() { return names().size(); }

static std::mutex &guard()
{
    static std::mutex mutex;
    return mutex;
}
static std::vector<int> &order()
{
    static std::vector<int> list;
    return list;
}
static void append(int number)
{
    const std::lock_guard<std::mutex> lock(guard());
    order().push_back(number);
}
static std::size_t length()
{
    const std::lock_guard<std::mutex> lock(guard());
    return order().size();
}

static const std::vector<int> &primes()
{
    static const std::vector<int> list{2, 3, 5, 7};
    return list;
}
static int prime(std::size_t i) { return primes().at(i); }

NB_MODULE(registry, m)
{
    m.def("give", &give);
    m.def("count", &count);
    m.def("append", &append);
    m.def("length", &length);
    m.def("prime", &prime);
}
