#include "base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace ftaudit::log {
namespace {

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto made = spdlog::stderr_color_mt("ftaudit");
    made->set_pattern("ftaudit: %^%l%$: %v");
    made->set_level(spdlog::level::warn);
    return made;
  }();
  return *instance;
}

// Names of files and what programs printed are a stranger's: no control characters for a terminal, and no line that a
// workflow's runner would take for a command.
std::string inert(std::string_view text) {
  std::string out;
  bool starts = false;  // a further line: the first begins with our name
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool c1 = c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (c1) ++i;
    if (c1 || c == 0x7f || (c < 0x20 && c != '\n' && c != '\t')) {
      out += '?';
      continue;
    }
    if (starts && text.substr(i, 2) == "::") out += "| ";
    if (text.substr(i, 3) == "##[") out += "# ";
    starts = c == '\n' || (starts && (c == ' ' || c == '\t'));
    out += text[i];
  }
  return out;
}

}  // namespace

void set_level(Level level) {
  constexpr spdlog::level::level_enum levels[]{spdlog::level::err, spdlog::level::warn, spdlog::level::info,
                                               spdlog::level::debug};
  logger().set_level(levels[static_cast<int>(level)]);
}
void error(std::string_view text) { logger().error("{}", inert(text)); }
void warning(std::string_view text) { logger().warn("{}", inert(text)); }
void info(std::string_view text) { logger().info("{}", inert(text)); }
void debug(std::string_view text) { logger().debug("{}", inert(text)); }

}  // namespace ftaudit::log
