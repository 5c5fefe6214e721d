#include "lsp/connection.h"

#include <charconv>
#include <istream>
#include <ostream>

#include "base/text.h"

namespace ftaudit::lsp {
namespace {

constexpr std::size_t largest_message = 256u << 20;

}  // namespace

std::optional<Json> Connection::read() {
  std::size_t length = 0;
  bool told = false;
  for (std::string line; std::getline(in_, line);) {
    const std::string_view text = trim(line);
    if (text.empty()) {
      if (!told || length > largest_message) return std::nullopt;
      std::string body(length, '\0');
      if (!in_.read(body.data(), static_cast<std::streamsize>(length))) return std::nullopt;
      Json message = Json::parse(body, nullptr, false);
      return message.is_object() ? std::optional(std::move(message)) : std::nullopt;
    }
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || to_lower(std::string(text.substr(0, colon))) != "content-length") continue;
    const std::string_view digits = trim(text.substr(colon + 1));
    const auto [stop, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    told = failed == std::errc() && stop == digits.data() + digits.size();
  }
  return std::nullopt;
}

void Connection::write(Json message) {
  message["jsonrpc"] = "2.0";
  // Text out of a project may be in any encoding.
  const std::string body = message.dump(-1, ' ', false, Json::error_handler_t::replace);
  out_ << "Content-Length: " << body.size() << "\r\n\r\n" << body << std::flush;
}

void Connection::answer(const Json& id, Json result) { write({{"id", id}, {"result", std::move(result)}}); }

void Connection::refuse(const Json& id, int code, std::string_view message) {
  write({{"id", id}, {"error", {{"code", code}, {"message", message}}}});
}

void Connection::notify(std::string_view method, Json parameters) {
  write({{"method", method}, {"params", std::move(parameters)}});
}

}  // namespace ftaudit::lsp
