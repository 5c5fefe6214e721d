// Conversation: a confined child reads a stranger's files and tells what is in them, message by message; the parent
// answers its questions and keeps what it was told. What the child says is hostile too: messages are bounded in size,
// number and time. Used by project for discovery and archives.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/sandbox.h"

namespace ftaudit {

// The child's side.
class Channel {
 public:
  // Ends the child when the parent is gone.
  void tell(char kind, std::string_view text);
  std::string ask(char kind, std::string_view text);
};

struct Talk {
  sandbox::Limits limits;
  std::chrono::seconds patience{600};     // on the wall, for all of it
  std::uint64_t most_bytes = 256u << 20;  // of all messages together
  std::function<void()> once_confined;    // called in the child before it reads (tests); may be empty
};

// Has a child do `work`, confined to `ground`. `heard` gets each message; a text that it returns is the answer to a
// question, an error ends the child and is the result. Fails also when the child ends otherwise than by finishing its
// work; the message then says how, as in "took more than 1024 MiB of memory".
Status converse(const sandbox::Ground& ground, const Talk& talk, const std::function<void(Channel&)>& work,
                const std::function<Result<std::optional<std::string>>(char kind, std::string text)>& heard);

}  // namespace ftaudit
