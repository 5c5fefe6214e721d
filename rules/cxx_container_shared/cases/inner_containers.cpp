// A container in a member of a member is the object's as well.
#include <nanobind/nanobind.h>
#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace nb = nanobind;

struct Ring { std::vector<int> beads; };
struct Chain { Ring ring; std::map<int, int> links; };

class Necklace {
public:
    void thread(int bead) { chain_.ring.beads.push_back(bead); }  // expect: FT805
    std::size_t beads() const { return chain_.ring.beads.size(); }
private:
    Chain chain_;
};

class Tray {
public:
    void drop(std::size_t i, int bead) { boxes_[i].push_back(bead); }  // expect: FT805
    std::size_t in(std::size_t i) const { return boxes_[i].size(); }
private:
    std::array<std::vector<int>, 4> boxes_;
};

class Drawer {
public:
    explicit Drawer(std::size_t n) : rows_(n) {}
    void drop(std::size_t i, int bead) { rows_[i].beads.push_back(bead); }  // expect: FT805
    std::size_t in(std::size_t i) const { return rows_[i].beads.size(); }
private:
    std::vector<Ring> rows_;
};

// Told once: who has the map to himself has the vectors in it.
class Shop {
public:
    void sell(int day, int price) { sales_[day].push_back(price); }  // expect: FT805
    std::size_t sold(int day) const { const auto found = sales_.find(day); return found == sales_.end() ? 0 : found->second.size(); }
private:
    std::map<int, std::vector<int>> sales_;
};

class Locker {
public:
    void drop(std::size_t i, int bead)
    {
        const std::lock_guard<std::mutex> guard(mutex_);
        boxes_[i].push_back(bead), ring_->beads.push_back(bead), chain_.links[bead]++;
    }
    std::size_t in(std::size_t i)
    {
        const std::lock_guard<std::mutex> guard(mutex_);
        return boxes_[i].size() + ring_->beads.size() + chain_.links.size();
    }
private:
    std::array<std::vector<int>, 4> boxes_;
    std::optional<Ring> ring_ = Ring{};
    Chain chain_;
    std::mutex mutex_;
};

NB_MODULE(jewels, m)
{
    nb::class_<Necklace>(m, "Necklace").def(nb::init<>()).def("thread", &Necklace::thread).def("beads", &Necklace::beads);
    nb::class_<Tray>(m, "Tray").def(nb::init<>()).def("drop", &Tray::drop).def("in_", &Tray::in);
    nb::class_<Drawer>(m, "Drawer").def(nb::init<std::size_t>()).def("drop", &Drawer::drop).def("in_", &Drawer::in);
    nb::class_<Shop>(m, "Shop").def(nb::init<>()).def("sell", &Shop::sell).def("sold", &Shop::sold);
    nb::class_<Locker>(m, "Locker").def(nb::init<>()).def("drop", &Locker::drop).def("in_", &Locker::in);
}
