// A share of what a command is given, for work that many machines do at once: of N shards the Ith has every Nth. Used
// by scan and report.
#pragma once

#include <string>

namespace ftaudit::cli {

struct Shard {
  unsigned number = 1, of = 0;  // of 0: not given

  // Whether it has what stands at this place of the list, from 0 on.
  bool has(std::size_t place) const { return of == 0 || place % of == number - 1; }
};

// "2/8". Gives what is wrong with it; "" if nothing is.
std::string read_shard(const std::string& text, Shard& shard);

}  // namespace ftaudit::cli
