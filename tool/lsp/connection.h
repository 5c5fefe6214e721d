// Connection: messages of JSON-RPC as the Language Server Protocol frames them, over two streams. A header that is none
// or text that is no JSON ends it: there is no telling where the next message would begin.
#pragma once

#include <iosfwd>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace ftaudit::lsp {

using Json = nlohmann::json;

class Connection {
 public:
  Connection(std::istream& in, std::ostream& out) : in_(in), out_(out) {}

  std::optional<Json> read();
  void answer(const Json& id, Json result);
  void refuse(const Json& id, int code, std::string_view message);
  void notify(std::string_view method, Json parameters);

 private:
  void write(Json message);
  std::istream& in_;
  std::ostream& out_;
};

}  // namespace ftaudit::lsp
