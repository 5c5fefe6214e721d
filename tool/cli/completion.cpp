#include "cli/completion.h"

#include <functional>

#include "base/shell.h"
#include "base/text.h"

namespace ftaudit::cli {

namespace {

// Every command with the words that lead to it: "", "scan", "python install".
void each_command(const DescribedCommand& command, const std::string& path,
                  const std::function<void(const DescribedCommand&, const std::string&)>& visit) {
  visit(command, path);
  for (const DescribedCommand& child : command.commands)
    each_command(child, path.empty() ? child.name : path + " " + child.name, visit);
}

bool takes_files(const DescribedOption& option) {
  return option.choices.empty() && (option.value.find("FILE") != std::string::npos ||
                                    option.value.find("FOLDER") != std::string::npos || option.names[0] == "PATH");
}

// ---- bash

std::string bash(const DescribedCommand& program) {
  std::string words, values;
  each_command(program, "", [&](const DescribedCommand& command, const std::string& path) {
    std::vector<std::string> all;
    for (const DescribedCommand& child : command.commands) all.push_back(child.name);
    for (const DescribedOption& option : command.options)
      if (!option.positional) all.insert(all.end(), option.names.begin(), option.names.end());
    words += "    " + shell_quoted(path) + ") words=" + shell_quoted(join(all, " ")) + " ;;\n";
    for (const DescribedOption& option : command.options) {
      if (option.positional || option.value.empty()) continue;
      for (const std::string& name : option.names)
        values += "    " + shell_quoted(path + ":" + name) + ") " +
                  (option.choices.empty()
                       ? takes_files(option) ? "COMPREPLY=($(compgen -f -- \"$current\"))" : "COMPREPLY=()"
                       : "COMPREPLY=($(compgen -W " + shell_quoted(join(option.choices, " ")) + " -- \"$current\"))") +
                  "; return ;;\n";
    }
  });
  std::string paths;
  each_command(program, "", [&](const DescribedCommand&, const std::string& path) {
    if (!path.empty()) paths += "      " + shell_quoted(path) + ") path=$next ;;\n";
  });
  return "# bash completion for ftaudit; source it, or put it into a folder of bash-completion.\n"
         "_ftaudit() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path= next word words= i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    word=${COMP_WORDS[i]}\n"
         "    [[ $word == -- ]] && { COMPREPLY=($(compgen -f -- \"$current\")); return; }\n"
         "    next=${path:+$path }$word\n"
         "    case $next in\n" +
         paths +
         "    esac\n"
         "  done\n"
         "  case $path:$previous in\n" +
         values +
         "  esac\n"
         "  case $path in\n" +
         words +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "  [[ $current == -* ]] || COMPREPLY+=($(compgen -f -- \"$current\"))\n"
         "}\n"
         "complete -o filenames -F _ftaudit ftaudit\n";
}

// ---- zsh

// What stands in an argument specification: brackets and colons mean something there.
std::string in_spec(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(const DescribedOption& option) {
  if (!option.choices.empty()) return "(" + join(option.choices, " ") + ")";
  return takes_files(option) ? "_files" : "";
}

std::string zsh_function(const std::string& path) {
  std::string out = "_ftaudit";
  for (const std::string& word : split(path, ' '))
    if (!word.empty()) out += "_" + word;
  return out;
}

void zsh_command(const DescribedCommand& command, const std::string& path, std::string& out) {
  for (const DescribedCommand& child : command.commands)
    zsh_command(child, path.empty() ? child.name : path + " " + child.name, out);
  out += zsh_function(path) + "() {\n  local state line\n  _arguments -S" +
         std::string(command.commands.empty() ? "" : " -C");
  for (const DescribedOption& option : command.options) {
    if (option.positional) {
      out += " \\\n    " + shell_quoted("*:" + in_spec(option.names[0]) + ":" + zsh_action(option));
      continue;
    }
    const std::string exclusive = option.names.size() > 1 ? "(" + join(option.names, " ") + ")" : "";
    for (const std::string& name : option.names)
      out += " \\\n    " +
             shell_quoted(exclusive + name + "[" + in_spec(option.about) + "]" +
                          (option.value.empty() ? "" : ":" + in_spec(option.value) + ":" + zsh_action(option)));
  }
  if (!command.commands.empty()) {
    out += " \\\n    '1: :->command' '*:: :->rest'\n  case $state in\n    command)\n      local -a commands=(\n";
    for (const DescribedCommand& child : command.commands)
      out += "        " + shell_quoted(in_spec(child.name) + ":" + child.about) + "\n";
    out += "      )\n      _describe command commands ;;\n    rest)\n      case $words[1] in\n";
    for (const DescribedCommand& child : command.commands)
      out +=
          "        " + child.name + ") " + zsh_function(path.empty() ? child.name : path + " " + child.name) + " ;;\n";
    out += "      esac ;;\n  esac\n";
  } else {
    out += "\n";
  }
  out += "}\n\n";
}

std::string zsh(const DescribedCommand& program) {
  std::string out =
      "#compdef ftaudit\n# zsh completion for ftaudit; put it as _ftaudit into a folder of $fpath, or source it after "
      "compinit.\n\n";
  zsh_command(program, "", out);
  return out + "if [[ $funcstack[1] == _ftaudit ]]; then _ftaudit \"$@\"; else compdef _ftaudit ftaudit; fi\n";
}

// ---- fish

std::string fish(const DescribedCommand& program) {
  std::string out = "# fish completion for ftaudit; put it as ftaudit.fish into ~/.config/fish/completions.\n";
  each_command(program, "", [&](const DescribedCommand& command, const std::string& path) {
    // The last word of the way is there, and none of the commands below it.
    std::vector<std::string> children;
    for (const DescribedCommand& child : command.commands) children.push_back(child.name);
    std::string when = path.empty() ? "" : "__fish_seen_subcommand_from " + path.substr(path.rfind(' ') + 1);
    if (const std::size_t blank = path.find(' '); blank != std::string::npos)
      when = "__fish_seen_subcommand_from " + path.substr(0, blank) + "; and " + when;
    if (!children.empty())
      when += std::string(when.empty() ? "" : "; and ") + "not __fish_seen_subcommand_from " + join(children, " ");
    const std::string start = "complete -c ftaudit" + (when.empty() ? std::string() : " -n " + shell_quoted(when));
    for (const DescribedCommand& child : command.commands)
      out += start + " -f -a " + child.name + " -d " + shell_quoted(child.about) + "\n";
    for (const DescribedOption& option : command.options) {
      if (option.positional) continue;
      std::string line = path.empty() ? "complete -c ftaudit" : start;
      for (const std::string& name : option.names)
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (!option.value.empty()) line += takes_files(option) ? " -r" : " -x";
      if (!option.choices.empty()) line += " -a " + shell_quoted(join(option.choices, " "));
      out += line + " -d " + shell_quoted(option.about) + "\n";
    }
  });
  return out;
}

}  // namespace

std::string completion(const DescribedCommand& program, const std::string& shell) {
  return shell == "zsh" ? zsh(program) : shell == "fish" ? fish(program) : bash(program);
}

}  // namespace ftaudit::cli
