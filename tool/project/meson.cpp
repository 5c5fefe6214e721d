// meson.build, evaluated as far as literals, lists, files(), dependencies declared in the project and subdir() go.
#include <algorithm>

#include "base/text.h"
#include "project/meson_evaluator.h"

namespace ftaudit::project {
namespace meson {

void Evaluator::file(const fs::path& path) {
  const std::optional<std::string> text = read_build_file(path, out_);
  if (!text) return;
  const fs::path outer_file = std::exchange(file_, path);
  const Parsed parsed = parse(*text);
  if (parsed.stopped_at != 0)
    out_.notes.push_back(shown_path(path, tree_.root()) + ": not understood at line " +
                         std::to_string(parsed.stopped_at));
  run(*parsed.block);
  file_ = outer_file;
}

void Evaluator::options(const fs::path& path) {
  auto text = read_file(path, 16 << 20);
  if (!text.ok()) return;
  const Parsed parsed = parse(*text);
  for (const NodePtr& kid : parsed.block->kids) {
    if (kid->kind != Node::Kind::call || kid->text != "option" || kid->kids.empty()) continue;
    const std::string type = keyword_text(*kid, "type");
    Value value;
    for (const auto& [key, node] : kid->named)
      if (key == "value") value = eval(*node);
    // A feature is no value but a question: enabled(), disabled(), auto().
    if (type == "feature") value = {.text = "feature:" + (value.text.empty() ? "auto" : value.text)};
    if (type == "boolean" && value.kind == Value::Kind::string) value = of_truth(value.text == "true");
    options_[eval(*kid->kids[0]).text] = std::move(value);
  }
}

void Evaluator::finish() {
  for (Target& target : targets_) {
    target.flags.insert(target.flags.end(), project_flags_.begin(), project_flags_.end());
    out_.targets.push_back(std::move(target));
  }
}

void Evaluator::run(const Node& block) {
  for (const NodePtr& kid : block.kids) statement(*kid);
}

void Evaluator::statement(const Node& node) {
  if (++steps_ > step_limit) return;
  switch (node.kind) {
    case Node::Kind::assign: {
      Value value = eval(*node.kids[0]);
      // In a branch that may not be taken, what is known already is worth more than an unknown.
      if (value.known() || in_doubt_ == 0 || !variables_.contains(node.text)) variables_[node.text] = std::move(value);
      break;
    }
    case Node::Kind::append: append(variables_[node.text], eval(*node.kids[0])); break;
    case Node::Kind::branch: branch(node); break;
    case Node::Kind::loop: loop(node); break;
    case Node::Kind::block: run(node); break;
    default: eval(node);
  }
}

void Evaluator::append(Value& to, const Value& more) {
  if (to.weight + more.weight > weight_limit) return;
  if (to.kind == Value::Kind::string && more.kind == Value::Kind::string) {
    to.text += more.text;
    to.weight = to.text.size() / 16 + 1;
    return;
  }
  if (to.kind != Value::Kind::list) {
    Value list{.kind = Value::Kind::list};
    if (to.known()) list.items.push_back(to);
    to = std::move(list);
  }
  to.weight += more.weight;
  if (more.kind == Value::Kind::list) to.items.insert(to.items.end(), more.items.begin(), more.items.end());
  else if (more.known()) to.items.push_back(more);
}

void Evaluator::branch(const Node& node) {
  std::size_t i = 0;
  bool doubt = false;
  const auto take = [&](const Node& block) {
    in_doubt_ += doubt;
    run(block);
    in_doubt_ -= doubt;
  };
  // Later branches first, so that where all run the values of the first stand.
  std::vector<const Node*> taken;
  for (; i + 1 < node.kids.size(); i += 2) {
    const Value condition = eval(*node.kids[i]);
    if (condition.kind == Value::Kind::boolean) {
      if (!condition.truth) continue;
      taken.push_back(node.kids[i + 1].get());
      i = node.kids.size();
      break;
    }
    doubt = true;
    taken.push_back(node.kids[i + 1].get());
  }
  if (i < node.kids.size()) taken.push_back(node.kids[i].get());
  for (auto block = taken.rbegin(); block != taken.rend(); ++block) take(**block);
}

void Evaluator::loop(const Node& node) {
  const Value list = eval(*node.kids[0]);
  const std::size_t step = list.kind == Value::Kind::dict ? 2 : 1;
  for (std::size_t i = 0; i + step <= list.items.size() && steps_ < step_limit; i += step) {
    for (std::size_t n = 0; n < node.names.size() && n < step; ++n) variables_[node.names[n]] = list.items[i + n];
    run(*node.kids[1]);
  }
}

Value Evaluator::eval(const Node& node) {
  if (++steps_ > step_limit) return {};
  switch (node.kind) {
    case Node::Kind::string: return of_text(interpolated(node.text));
    case Node::Kind::number: return of_text(node.text);
    case Node::Kind::boolean: return of_truth(node.text == "true");
    case Node::Kind::name: {
      const auto found = variables_.find(node.text);
      return found == variables_.end() ? Value{} : found->second;
    }
    case Node::Kind::list:
    case Node::Kind::dict: {
      Value out{.kind = node.kind == Node::Kind::list ? Value::Kind::list : Value::Kind::dict};
      for (const NodePtr& kid : node.kids) {
        out.items.push_back(eval(*kid));
        out.weight += out.items.back().weight;
        if (out.weight > weight_limit) return {};
      }
      return out;
    }
    case Node::Kind::call: return call(node);
    case Node::Kind::method: return method(node);
    case Node::Kind::index: return index(eval(*node.kids[0]), eval(*node.kids[1]));
    case Node::Kind::binary: return binary(node);
    case Node::Kind::negation: {
      const Value value = eval(*node.kids[0]);
      return value.kind == Value::Kind::boolean ? of_truth(!value.truth) : Value{};
    }
    case Node::Kind::choice: {
      const Value condition = eval(*node.kids[0]);
      if (condition.kind == Value::Kind::boolean) return eval(*node.kids[condition.truth ? 1 : 2]);
      Value first = eval(*node.kids[1]);
      return first.known() ? first : eval(*node.kids[2]);
    }
    default: return {};
  }
}

std::string Evaluator::interpolated(const std::string& text) const {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t end = text[i] == '@' ? text.find('@', i + 1) : std::string::npos;
    if (end != std::string::npos && end > i + 1) {
      const auto found = variables_.find(text.substr(i + 1, end - i - 1));
      if (found != variables_.end() && found->second.kind == Value::Kind::string) {
        out += found->second.text;
        i = end;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

Value Evaluator::binary(const Node& node) {
  Value left = eval(*node.kids[0]), right = eval(*node.kids[1]);
  if (node.text == "and" || node.text == "or") {
    const bool decides = node.text == "or";
    for (const Value* side : {&left, &right})
      if (side->kind == Value::Kind::boolean && side->truth == decides) return of_truth(decides);
    const bool both = left.kind == Value::Kind::boolean && right.kind == Value::Kind::boolean;
    return both ? of_truth(!decides) : Value{};
  }
  if (node.text == "+") {
    append(left, right);
    return left;
  }
  const bool strings = left.kind == Value::Kind::string && right.kind == Value::Kind::string;
  if (node.text == "/") {
    if (strings) return of_text((fs::path(left.text) / right.text).native());
    // An install folder of Python's that is not known here, and a package in it.
    return right.kind == Value::Kind::string && !left.known() ? right : Value{};
  }
  if (strings && node.text == "==") return of_truth(left.text == right.text);
  if (strings && node.text == "!=") return of_truth(left.text != right.text);
  if ((node.text == "in" || node.text == "not in") && left.kind == Value::Kind::string &&
      right.kind == Value::Kind::list) {
    if (!std::ranges::all_of(right.items, [](const Value& v) { return v.kind == Value::Kind::string; })) return {};
    const bool in = std::ranges::any_of(right.items, [&](const Value& v) { return v.text == left.text; });
    return of_truth(in == (node.text == "in"));
  }
  return {};
}

void Evaluator::flatten(const Value& value, std::vector<Value>& out) const {
  if (value.kind == Value::Kind::list)
    for (const Value& item : value.items) flatten(item, out);
  else if (value.known()) out.push_back(value);
}

std::vector<Value> Evaluator::positional(const Node& node, std::size_t from) {
  std::vector<Value> out;
  for (std::size_t i = from; i < node.kids.size(); ++i) flatten(eval(*node.kids[i]), out);
  return out;
}

std::vector<Value> Evaluator::keyword(const Node& node, std::string_view name) {
  std::vector<Value> out;
  for (const auto& [key, value] : node.named)
    if (key == name) flatten(eval(*value), out);
  return out;
}

std::string Evaluator::keyword_text(const Node& node, std::string_view name) {
  const std::vector<Value> values = keyword(node, name);
  return values.empty() ? std::string() : values[0].text;
}

}  // namespace meson

void read_meson(const fs::path& file, const Tree& tree, Description& out) {
  meson::Evaluator evaluator(tree, out, file.parent_path());
  for (const char* name : {"meson_options.txt", "meson.options"})
    if (const fs::path options = file.parent_path() / name; tree.has(options.native())) evaluator.options(options);
  evaluator.file(file);
  evaluator.finish();
}

}  // namespace ftaudit::project
