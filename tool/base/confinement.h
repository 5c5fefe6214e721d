// Confinement: what of the sandbox (sandbox.h) was in force in a run, for whoever reads its report: layers, each good
// without the others, and why one is not there. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ftaudit {

struct Confinement {
  std::uint32_t landlock = 0;  // version of its interface; 0: not in force
  bool seccomp = false;
  std::vector<std::string> lacks;  // "landlock: Function not implemented"

  // The layers in force: "landlock:7", "seccomp".
  std::vector<std::string> layers() const;
  void add_layer(std::string_view layer);
  // What can be said of two runs: the less of both.
  void join(const Confinement& other);
};

}  // namespace ftaudit
