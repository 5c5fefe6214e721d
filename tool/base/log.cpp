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

}  // namespace

void set_level(Level level) {
  constexpr spdlog::level::level_enum levels[]{spdlog::level::err, spdlog::level::warn, spdlog::level::info,
                                               spdlog::level::debug};
  logger().set_level(levels[static_cast<int>(level)]);
}
void error(std::string_view text) { logger().error("{}", text); }
void warning(std::string_view text) { logger().warn("{}", text); }
void info(std::string_view text) { logger().info("{}", text); }
void debug(std::string_view text) { logger().debug("{}", text); }

}  // namespace ftaudit::log
