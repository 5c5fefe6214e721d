#include "lsp/server.h"

#include <algorithm>
#include <map>
#include <set>

#include "lsp/diagnostics.h"

namespace ftaudit::lsp {
namespace {

constexpr int method_not_found = -32601, not_initialized = -32002, invalid_request = -32600;
constexpr int show_error = 1, log_info = 3;

// Members of messages are what a client sends: any of them may be missing or of another kind.
Json at(const Json& value, std::initializer_list<const char*> path) {
  Json out = value;
  for (const char* name : path) out = out.is_object() && out.contains(name) ? out[name] : Json();
  return out;
}

std::string text(const Json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

bool before(const Json& a, const Json& b) {
  return std::pair(at(a, {"line"}), at(a, {"character"})) < std::pair(at(b, {"line"}), at(b, {"character"}));
}

bool meet(const Json& a, const Json& b) {
  return !before(at(a, {"end"}), at(b, {"start"})) && !before(at(b, {"end"}), at(a, {"start"}));
}

class Server {
 public:
  Server(std::istream& in, std::ostream& out, const std::string& version, const Audit& audit)
      : client_(in, out), version_(version), audit_(audit) {}

  int serve() {
    while (const auto message = client_.read()) {
      if (text(at(*message, {"method"})) == "exit") return shut_down_ ? 0 : 1;
      if (message->contains("id") && message->contains("method")) request(*message);
      else if (message->contains("method")) notification(*message);
    }
    return 1;
  }

 private:
  void request(const Json& message);
  void notification(const Json& message);
  Json initialize(const Json& parameters);
  Json actions(const Json& parameters) const;
  void audit();

  Connection client_;
  const std::string& version_;
  const Audit& audit_;
  fs::path root_;
  Document document_;
  std::set<std::string> shown_;  // files with diagnostics at the client
  bool initialized_ = false, shut_down_ = false;
};

void Server::request(const Json& message) {
  const Json id = message["id"];
  const std::string method = text(message["method"]);
  if (method == "initialize") return client_.answer(id, initialize(at(message, {"params"})));
  if (!initialized_) return client_.refuse(id, not_initialized, "initialize comes first");
  if (shut_down_) return client_.refuse(id, invalid_request, "after shutdown only exit is left");
  if (method == "shutdown") return shut_down_ = true, client_.answer(id, nullptr);
  if (method == "textDocument/codeAction") return client_.answer(id, actions(at(message, {"params"})));
  client_.refuse(id, method_not_found, method + " is not offered");
}

void Server::notification(const Json& message) {
  const std::string method = text(message["method"]);
  if (initialized_ && !shut_down_ && (method == "initialized" || method == "textDocument/didSave")) audit();
}

Json Server::initialize(const Json& parameters) {
  initialized_ = true;
  std::string folder = text(at(parameters, {"rootUri"}));
  if (const Json folders = at(parameters, {"workspaceFolders"}); folders.is_array() && !folders.empty())
    folder = text(at(folders.front(), {"uri"}));
  root_ = path_of_uri(folder);
  if (root_.empty()) root_ = text(at(parameters, {"rootPath"}));
  return {{"capabilities",
           {{"textDocumentSync", {{"openClose", false}, {"change", 0}, {"save", {{"includeText", false}}}}},
            {"codeActionProvider", {{"codeActionKinds", Json::array({"quickfix"})}}}}},
          {"serverInfo", {{"name", "ftaudit"}, {"version", version_}}}};
}

void Server::audit() {
  if (root_.empty())
    return client_.notify("window/showMessage",
                          {{"type", show_error}, {"message", "ftaudit: the editor opened no folder"}});
  Result<Document> audited = audit_(root_);
  if (!audited.ok())
    return client_.notify("window/showMessage", {{"type", show_error}, {"message", "ftaudit: " + audited.message()}});
  document_ = std::move(*audited);
  Texts texts;
  std::map<std::string, Json> by_file;
  for (const std::string& uri : shown_) by_file[uri] = Json::array();  // empty takes away what was there
  shown_.clear();
  for (const Finding& finding : document_.findings) {
    const std::string uri = uri_of((fs::path(document_.root) / finding.location.file).lexically_normal());
    shown_.insert(uri);
    by_file[uri].push_back(diagnostic_of(finding, document_.root, texts));
  }
  for (auto& [uri, diagnostics] : by_file)
    client_.notify("textDocument/publishDiagnostics", {{"uri", uri}, {"diagnostics", std::move(diagnostics)}});
  client_.notify("window/logMessage",
                 {{"type", log_info},
                  {"message", "ftaudit: " + std::to_string(document_.findings.size()) + " findings in " +
                                  std::to_string(document_.analysed.size()) + " files audited, " +
                                  std::to_string(document_.skipped.size()) + " skipped"}});
}

Json Server::actions(const Json& parameters) const {
  Json out = Json::array();
  const fs::path file = path_of_uri(text(at(parameters, {"textDocument", "uri"})));
  const Json wanted = at(parameters, {"range"});
  Texts texts;
  for (const Finding& finding : document_.findings) {
    if (finding.fixes.empty() || (fs::path(document_.root) / finding.location.file).lexically_normal() != file)
      continue;
    if (!meet(range_of(finding.location, document_.root, texts), wanted)) continue;
    if (Json action = action_of(finding, document_.root, texts); !action.is_null()) out.push_back(std::move(action));
  }
  return out;
}

}  // namespace

int serve(std::istream& in, std::ostream& out, const std::string& version, const Audit& audit) {
  return Server(in, out, version, audit).serve();
}

}  // namespace ftaudit::lsp
