// Result<T>: a value or an error message. The one way errors cross layers in ftaudit.
// Not for programming mistakes (those assert) and not for findings. Used by every layer.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace ftaudit {

// What went wrong, as one sentence that names the thing it concerns (a file, an option) and, where
// there is one, what to do next. No trailing full stop, no newline.
struct Error {
  std::string message;
};

template <class T> class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Error error) : state_(std::move(error)) {}

  bool ok() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return ok(); }

  // Only when ok().
  T& operator*() {
    assert(ok());
    return *std::get_if<T>(&state_);
  }
  const T& operator*() const {
    assert(ok());
    return *std::get_if<T>(&state_);
  }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }

  // Only when not ok().
  const Error& error() const {
    assert(!ok());
    return *std::get_if<Error>(&state_);
  }
  const std::string& message() const { return error().message; }

 private:
  std::variant<T, Error> state_;
};

struct Done {};
using Status = Result<Done>;

}  // namespace ftaudit
