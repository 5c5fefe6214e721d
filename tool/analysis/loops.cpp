#include "analysis/loops.h"

#include <vector>

namespace ftaudit::analysis {

std::set<std::uint32_t> loop_of(const Flow& flow, std::uint32_t head) {
  std::set<std::uint32_t> loop;
  std::vector<std::uint32_t> queue;
  for (std::uint32_t last : flow.predecessors[head])
    if (flow.dominates(head, last)) queue.push_back(last);
  if (!queue.empty()) loop.insert(head);
  while (!queue.empty()) {
    const std::uint32_t block = queue.back();
    queue.pop_back();
    if (!loop.insert(block).second) continue;
    queue.insert(queue.end(), flow.predecessors[block].begin(), flow.predecessors[block].end());
  }
  return loop;
}

}  // namespace ftaudit::analysis
