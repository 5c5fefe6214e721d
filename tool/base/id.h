// Numbers that point at something, each kind a type of its own, so that none can be given where another is asked for.
// Per: what there is one of for each thing of a kind. At run time they are a number and a vector.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace ftaudit {

// At nothing; for numbers that have no type of their own too.
struct None {
  constexpr operator std::uint32_t() const { return 0xffffffffu; }
};
inline constexpr None none;

// `Tag` is a name that nothing else has: `using EventId = Id<struct EventTag>`.
template <class Tag> struct Id {
  std::uint32_t n = 0;

  constexpr Id() = default;
  constexpr Id(None nothing) : n(nothing) {}
  constexpr explicit Id(std::uint32_t number) : n(number) {}
  constexpr auto operator<=>(const Id&) const = default;

  constexpr Id& operator++() { return ++n, *this; }
  constexpr Id& operator--() { return --n, *this; }
  constexpr Id operator--(int) { return Id(n--); }
  friend constexpr Id operator+(Id id, std::uint32_t more) { return Id(id.n + more); }
  friend constexpr Id operator-(Id id, std::uint32_t less) { return Id(id.n - less); }
};

// Those from one up to another, which is not among them.
template <class Id> class Ids {
 public:
  struct Iterator {
    Id id;
    constexpr Id operator*() const { return id; }
    constexpr Iterator& operator++() { return ++id, *this; }
    constexpr bool operator==(const Iterator&) const = default;
  };
  constexpr Ids(Id first, Id last) : first_(first), last_(std::max(first, last)) {}
  constexpr Iterator begin() const { return {first_}; }
  constexpr Iterator end() const { return {last_}; }

 private:
  Id first_, last_;
};

template <class Id, class T, class List = std::vector<T>> class Per : public List {
 public:
  using List::List;
  decltype(auto) operator[](Id id) { return List::operator[](id.n); }
  decltype(auto) operator[](Id id) const { return List::operator[](id.n); }
  bool has(Id id) const { return id.n < this->size(); }
  Id next_id() const { return Id(static_cast<std::uint32_t>(this->size())); }  // that of what is added next
  Id last_id() const { return next_id() - 1; }
  Ids<Id> ids(Id from = Id(0)) const { return {from, next_id()}; }
};

template <class V, class Tag> void fields(V& v, Id<Tag>& x) { v(x.n); }
template <class V, class Tag> void fields(V& v, const Id<Tag>& x) { v(x.n); }
template <class V, class Id, class T> void fields(V& v, Per<Id, T>& x) { v(static_cast<std::vector<T>&>(x)); }
template <class V, class Id, class T> void fields(V& v, const Per<Id, T>& x) {
  v(static_cast<const std::vector<T>&>(x));
}

}  // namespace ftaudit

template <class Tag> struct std::hash<ftaudit::Id<Tag>> {
  std::size_t operator()(ftaudit::Id<Tag> id) const noexcept { return id.n; }
};
