#include "reports/left_out.h"

#include <map>

namespace ftaudit::reports {

std::vector<LeftOut> left_out(const Document& document) {
  std::vector<LeftOut> out;
  std::map<std::string, std::size_t> together;
  for (const SkippedFile& file : document.skipped) {
    const auto [known, fresh] = together.try_emplace(file.asked ? "" : file.reason, out.size());
    if (!file.asked && !fresh) out[known->second].files.push_back(file.file);
    else out.push_back({{file.file}, file.reason, file.asked});
  }
  return out;
}

}  // namespace ftaudit::reports
