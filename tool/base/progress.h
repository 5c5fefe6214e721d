// What long work tells the person waiting: a line on a terminal that is redrawn, and nothing in a pipe.
// Layers below cli take a Progress& and never ask where it goes.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace ftaudit {

class Progress {
 public:
  virtual ~Progress() = default;
  // A stage of `total` steps begins ("parsing"); 0: the number is not known.
  virtual void stage(std::string_view name, std::size_t total) = 0;
  // `done` steps are finished; `now` is what is being worked on.
  virtual void step(std::size_t done, std::string_view now) = 0;
  // The stage is over; the line is wiped.
  virtual void finish() = 0;
};

// Draws on stderr when `terminal`, else does nothing at all.
std::unique_ptr<Progress> make_progress(bool terminal);

}  // namespace ftaudit
