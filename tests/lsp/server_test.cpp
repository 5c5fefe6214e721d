#include "lsp/server.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>

using namespace ftaudit;
using Json = nlohmann::json;

namespace {

std::string framed(const std::string& body) {
  return "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

struct Answered {
  int code = -1;
  std::vector<Json> messages;
};

Answered ask(const std::vector<std::string>& bodies, const lsp::Audit& audit) {
  std::string text;
  for (const std::string& body : bodies) text += framed(body);
  std::istringstream in(text);
  std::ostringstream out;
  Answered answered{.code = lsp::serve(in, out, "1.2", audit)};
  std::istringstream said(out.str());
  for (std::string header; std::getline(said, header);) {
    std::string body(std::stoul(header.substr(header.find(' '))), '\0');
    std::getline(said, header);
    said.read(body.data(), static_cast<std::streamsize>(body.size()));
    answered.messages.push_back(Json::parse(body));
  }
  return answered;
}

const std::string hello = R"({"id":1,"method":"initialize","params":{"rootUri":"file:///p"}})",
                  begin = R"({"method":"initialized","params":{}})", stop = R"({"id":2,"method":"shutdown"})",
                  bye = R"({"method":"exit"})";

}  // namespace

TEST_CASE("requests are answered in order, and what is not offered is refused") {
  const Answered answered =
      ask({R"({"id":0,"method":"shutdown"})", hello, R"({"id":7,"method":"textDocument/hover"})",
           R"({"method":"$/setTrace"})", stop, R"({"id":8,"method":"textDocument/codeAction"})", bye},
          [](const fs::path&) -> Result<Document> { return Error{"never asked"}; });
  CHECK(answered.code == 0);
  REQUIRE(answered.messages.size() == 5);
  CHECK(answered.messages[0]["error"]["code"] == -32002);
  CHECK(answered.messages[1]["result"]["serverInfo"]["version"] == "1.2");
  CHECK(answered.messages[2]["error"]["code"] == -32601);
  CHECK(answered.messages[3]["result"].is_null());
  CHECK(answered.messages[4]["error"]["code"] == -32600);
}

TEST_CASE("an audit that fails is told to the person; what was found before is taken away") {
  int audits = 0;
  const Answered answered =
      ask({hello, begin, R"({"method":"textDocument/didSave"})", R"({"method":"textDocument/didSave"})", stop, bye},
          [&](const fs::path& root) -> Result<Document> {
            CHECK(root == fs::path("/p"));
            if (++audits == 2) return Error{"no headers"};
            Document document{.root = "/p"};
            if (audits == 1) document.findings.push_back({.rule = "FT1", .location = {.file = "a.c", .line = 3}});
            return document;
          });
  CHECK(audits == 3);
  std::vector<Json> published;
  std::string shown;
  for (const Json& message : answered.messages) {
    if (message.value("method", "") == "textDocument/publishDiagnostics") published.push_back(message["params"]);
    if (message.value("method", "") == "window/showMessage") shown = message["params"]["message"];
  }
  REQUIRE(published.size() == 2);
  CHECK(published[0]["uri"] == "file:///p/a.c");
  CHECK(published[0]["diagnostics"].size() == 1);
  CHECK(published[1]["diagnostics"].empty());
  CHECK(shown == "ftaudit: no headers");
}

TEST_CASE("a client that goes away, or says what is no message, ends it") {
  const lsp::Audit none = [](const fs::path&) -> Result<Document> { return Document{}; };
  CHECK(ask({hello}, none).code == 1);
  CHECK(ask({hello, stop}, none).code == 1);
  CHECK(ask({"[1]", hello, stop, bye}, none).code == 1);
  std::istringstream in("Content-Length: many\r\n\r\n{}");
  std::ostringstream out;
  CHECK(lsp::serve(in, out, "1", none) == 1);
  CHECK(out.str().empty());
}
