#include "base/confinement.h"

#include <algorithm>
#include <charconv>

namespace ftaudit {

std::vector<std::string> Confinement::layers() const {
  std::vector<std::string> out;
  if (landlock > 0) out.push_back("landlock:" + std::to_string(landlock));
  if (seccomp) out.emplace_back("seccomp");
  return out;
}

void Confinement::add_layer(std::string_view layer) {
  constexpr std::string_view versioned = "landlock:";
  if (layer == "seccomp") seccomp = true;
  else if (layer.starts_with(versioned))
    std::from_chars(layer.data() + versioned.size(), layer.data() + layer.size(), landlock);
}

void Confinement::join(const Confinement& other) {
  landlock = std::min(landlock, other.landlock);
  seccomp = seccomp && other.seccomp;
  for (const std::string& each : other.lacks)
    if (std::find(lacks.begin(), lacks.end(), each) == lacks.end()) lacks.push_back(each);
  std::sort(lacks.begin(), lacks.end());
}

}  // namespace ftaudit
