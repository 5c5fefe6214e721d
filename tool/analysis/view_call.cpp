#include "analysis/view_call.h"

#include <algorithm>

#include "analysis/argument_arrays.h"
#include "analysis/once_calls.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Step;

namespace {

constexpr std::size_t most_pointers = 6;  // in a path; longer ones are "somewhere under"
constexpr Origin shared_perhaps{Origin::Kind::shared, false, false};

// `n->next->next->next` and what recursion makes of it: one step of a kind that repeats stands for all.
void fold(std::vector<Step>& steps) {
  for (std::size_t i = 0; i + 3 < steps.size();) {
    const bool again = steps[i] == steps[i + 2] && steps[i + 1] == steps[i + 3];
    if (again)
      steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(i), steps.begin() + static_cast<std::ptrdiff_t>(i + 2));
    else ++i;
  }
}

std::string root_token(const std::string& identity) {
  const std::size_t start = identity.starts_with("&") ? 1 : 0;
  return identity.substr(start, identity.find_first_of("*.[", start) - start);
}

}  // namespace

ViewCall::ViewCall(const ViewPaths& views, const Program& program, const Held& held, const Ownership& ownership,
                   const View& caller, EventId call, FunctionId callee)
    : views_(views),
      program_(program),
      held_(held),
      ownership_(ownership),
      caller_(caller),
      call_(call),
      from_(program.function(caller.function)),
      to_(callee),
      callee_(program.function(callee)) {}

// What a path starts from, by its number in the callee.
std::uint32_t ViewCall::root(const Path& path) {
  const auto [it, made] = numbers_.try_emplace({path.root, path.number}, static_cast<std::uint32_t>(roots_.size()));
  if (!made) return it->second;
  Root out{.origin = shared_perhaps};
  if (path.root == Path::Root::given) {
    out = caller_.roots[path.number];
  } else if (path.root == Path::Root::parameter || path.root == Path::Root::local) {
    const model::Variable& variable = from_.variables[path.number];
    out.array = variable.type.kind == model::Type::Kind::array;
    out.stack =
        variable.storage == model::Storage::local &&
        (out.array || variable.type.kind == model::Type::Kind::record || (path.is_address && path.steps.empty()));
    out.to_object = variable.type.to_object, out.record = variable.type.record;
    out.origin = out.stack ? Origin{Origin::Kind::exclusive} : views_.owner(caller_, path, 0, call_);
    // Of an array that others' references are in, from Python: that they are.
    if (out.stack && out.array)
      out.origin.from_python = holds_arguments(program_, ownership_, {caller_.function, &caller_}, path.number);
  } else {
    // An object of Python's may have been given to others since it was made.
    Path there = path;
    if (path.root == Path::Root::call && capi::makes_fresh(from_.events[path.call()].callee)) there.at = call_;
    out.origin = views_.owner(caller_, there, 0, call_);
    // What a module or a capsule leads to is there once for everybody.
    out.to_object = out.origin.certain && !out.origin.from_python;
  }
  const std::uint32_t number = it->second;
  roots_.push_back(out);
  const Path led = path.root == Path::Root::given
                       ? caller_.roots[path.number].led
                       : views_.led(caller_, {.root = path.root, .number = path.number, .at = path.at}, call_);
  if (led.root == Path::Root::global || led.root == Path::Root::given) {
    Path found = adopt(led);
    roots_[number].led = std::move(found);
  }
  return number;
}

Path ViewCall::fresh_root(const Origin& origin, bool to_object) {
  roots_.push_back({.origin = origin, .to_object = to_object});
  return {.root = Path::Root::given, .number = static_cast<std::uint32_t>(roots_.size() - 1)};
}

Path ViewCall::adopt(Path path) {
  fold(path.steps);
  const auto pointers = std::count_if(path.steps.begin(), path.steps.end(),
                                      [](const Step& step) { return step.kind == Step::Kind::deref; });
  if (path.root == Path::Root::global) return path;
  if (static_cast<std::size_t>(pointers) > most_pointers)
    return fresh_root(views_.owner(caller_, path, path.steps.size(), call_), false);
  const std::uint32_t number = root(path);
  path.root = Path::Root::given, path.number = number, path.at = none;
  return path;
}

Given ViewCall::given(std::uint32_t parameter, bool operands_known, std::uint32_t first) {
  const Event& event = from_.events[call_];
  const model::Type& type = callee_.variables[parameter].type;
  if (!operands_known || parameter + first >= event.operands.size())
    return {fresh_root(shared_perhaps, type.to_object), shared_perhaps};
  return adopted(event.operands[parameter + first], call_, type);
}

// What an operand of the caller is for a variable of that type in the callee.
Given ViewCall::adopted(const Operand& operand, EventId at, const model::Type& type) {
  const Frame frame{caller_.function, &caller_};
  Given out{{}, ownership_.of(frame, at, operand)};
  const Values& values = held_.values(caller_.function);
  const Path own = path_of(from_, values, operand, at);
  const bool leads = type.kind != model::Type::Kind::scalar && type.kind != model::Type::Kind::function;
  if (own.root == Path::Root::unknown || !leads) {
    out.path = fresh_root(out.origin, type.to_object);
    return out;
  }
  out.path = adopt(views_.lifted(caller_, own));
  if (own.root == Path::Root::local || own.root == Path::Root::call)
    if (const std::string token = root_token(values.identity(operand, at)); !token.empty())
      tokens_.emplace(token, out.path.number);
  return out;
}

std::vector<Given> ViewCall::captured(FunctionId lambda) {
  const model::Function& body = program_.function(lambda);
  const Creation& made = program_.creation(lambda);
  std::vector<Given> out;
  for (std::uint32_t v = body.parameters;
       v < body.variables.size() && body.variables[v].storage == model::Storage::captured; ++v) {
    const Operand* operand = program_.captured(lambda, v);
    if (operand == nullptr) return {};
    out.push_back(adopted(*operand, made.event, body.variables[v].type));
    // A pointer by reference: it leads to what it led to here.
    if (operand->kind != Operand::Kind::address || !out.back().path.is_address || !out.back().path.steps.empty())
      continue;
    const model::Place& place = from_.places[operand->place];
    if (place.type.kind != model::Type::Kind::pointer || !place.steps.empty()) continue;
    const Path there = path_of(from_, held_.values(caller_.function), place, call_);
    if (there.root != Path::Root::parameter && there.root != Path::Root::global) continue;
    Path value = adopt(views_.lifted(caller_, there));
    pointers_.insert_or_assign(out.back().path.text(), std::move(value));
  }
  return out;
}

void ViewCall::capture(View& made) {
  if (!callee_.is_lambda) return;
  std::vector<Given> found;
  if (program_.creation(to_).in == caller_.function) found = captured(to_);
  else
    for (const Closure& known : caller_.closures)
      if (known.lambda == to_)
        for (Given given : known.captured) given.path = adopt(std::move(given.path)), found.push_back(std::move(given));
  std::move(found.begin(), found.end(), std::back_inserter(made.given));
}

// std::function made of a lambda.
Closure ViewCall::wrapped(const Event& event, std::uint32_t parameter) {
  const bool wraps = event.callee == "std::function::function" && event.operands.size() > 1 &&
                     event.operands[1].kind == Operand::Kind::function;
  return wraps ? closure(event.operands[1], parameter) : Closure{};
}

// The lambda or function that an operand of the call is; none: it is neither, or one of which nothing is known.
Closure ViewCall::closure(const Operand& operand, std::uint32_t parameter) {
  if (operand.kind == Operand::Kind::function) {
    const FunctionId named = program_.find(operand.function);
    if (named == none) return {};
    if (!program_.function(named).is_lambda) return {named, parameter, {}};
    return program_.creation(named).in == caller_.function ? Closure{named, parameter, captured(named)} : Closure{};
  }
  if (operand.kind == Operand::Kind::call) return wrapped(from_.events[operand.event], parameter);
  const Values& values = held_.values(caller_.function);
  const std::uint32_t variable = values.local_of(operand);
  if (variable == none) return {};
  for (const Closure& known : caller_.closures)
    if (known.parameter == variable) {
      Closure out{known.lambda, parameter, known.captured};
      for (Given& given : out.captured) given.path = adopt(std::move(given.path));
      return out;
    }
  const std::vector<EventId>& given = values.definitions(variable, call_);
  if (given.size() != 1 || given[0] == none) return {};
  const Event& event = from_.events[given[0]];
  if (is_call(event)) return wrapped(event, parameter);
  const bool kept =
      event.kind == Event::Kind::write && !event.operands.empty() && event.operands[0].kind == Operand::Kind::function;
  return kept ? closure(event.operands[0], parameter) : Closure{};
}

void ViewCall::hand_on(View& made) {
  const Event& event = from_.events[call_];
  for (std::uint32_t p = 0; p < callee_.parameters && p < event.operands.size(); ++p)
    if (Closure given = closure(event.operands[p], p); given.lambda != none) made.closures.push_back(std::move(given));
}

// "?" for what the callee has no name for.
std::string ViewCall::renamed(const std::string& what) {
  const std::string token = root_token(what);
  const std::string mark = what.starts_with("&") ? "&" : "";
  const std::string rest = what.substr(mark.size() + token.size());
  if (token.starts_with("r")) {
    const auto number = static_cast<std::uint32_t>(std::stoul(token.substr(1)));
    if (number >= caller_.roots.size()) return "?";  // of ways that were thrown together
    return mark + "r" + std::to_string(root({.root = Path::Root::given, .number = number})) + rest;
  }
  if (const auto known = tokens_.find(token); known != tokens_.end())
    return mark + "r" + std::to_string(known->second) + rest;
  return token.starts_with("g") ? what : "?";
}

Locks ViewCall::locks(Locks held) {
  Locks out;
  for (Lock& lock : held) {
    lock.what = renamed(lock.what), lock.token.clear(), lock.acquired = none;
    if (std::find(out.begin(), out.end(), lock) == out.end()) out.push_back(std::move(lock));
  }
  return out;
}

std::vector<std::string> ViewCall::names(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names)
    if (std::string known = renamed(name); known != "?" && !known.empty()) out.push_back(std::move(known));
  std::sort(out.begin(), out.end());
  return out;
}

// Of the caller's caller: what was known of blocks that are passed on.
void ViewCall::inherit_cells(View& made) {
  for (const auto& [cell, value] : caller_.cells) {
    const std::string token = root_token(cell);
    const auto number = numbers_.find({Path::Root::given, static_cast<std::uint32_t>(std::stoul(token.substr(1)))});
    if (number == numbers_.end()) continue;
    made.cells.emplace("r" + std::to_string(number->second) + cell.substr(token.size()), adopt(value));
  }
}

// A cell of a private block has got a value on every way to the call, or only on some.
void ViewCall::put(Cells& cells, const Path& cell, const Path& value, bool sure) const {
  const auto number = numbers_.find({cell.root, cell.number});
  if (number == numbers_.end() || cell.root == Path::Root::global) return;
  const Root& root = roots_[number->second];
  if (!root.stack && root.origin.kind != Origin::Kind::fresh && root.origin.kind != Origin::Kind::exclusive) return;
  const std::string text = "r" + std::to_string(number->second) + cell.text().substr(cell.text(0).size());
  if (!sure || value.root == Path::Root::unknown) cells[text] = std::nullopt;
  else cells[text] = value;
}

// What the caller has put into blocks of its own before the call, itself or by functions it has called on them.
void ViewCall::find_cells(View& made) {
  const Values& values = held_.values(caller_.function);
  const Flow& flow = program_.flow(caller_.function);
  Cells cells;
  for (EventId e : views_.fills(caller_.function)) {
    if (e >= call_) break;
    const Event& event = from_.events[e];
    const bool sure = flow.dominates(flow.block_of[e], flow.block_of[call_]);
    const auto value = [&](const Operand& operand) {
      return views_.lifted(caller_, path_of(from_, values, operand, e));
    };
    if (event.kind == Event::Kind::write && event.place != none && !event.operands.empty()) {
      const model::Place& place = from_.places[event.place];
      const Operand& given = event.operands[0];
      if (!place.steps.empty() && place.steps.back().kind == Step::Kind::field && leads_elsewhere(place.type)) {
        put(cells, views_.lifted(caller_, path_of(from_, values, place, e)), value(given), sure);
      } else if (const model::Record* record = program_.record(place.type.record);
                 record != nullptr && given.kind == Operand::Kind::parts &&
                 place.type.kind == model::Type::Kind::record) {
        // Context c = {self, state};
        Path cell = path_of(from_, values, place, e);
        for (std::size_t i = 0; i < given.parts.size() && i < record->fields.size(); ++i) {
          if (!leads_elsewhere(record->fields[i].type) || given.parts[i].kind == Operand::Kind::unknown) continue;
          Path field = cell;
          field.steps.push_back({Step::Kind::field, record->fields[i].name, record->name});
          put(cells, views_.lifted(caller_, std::move(field)), value(given.parts[i]), sure);
        }
      }
    } else if (is_call(event) && !event.callee_key.text.empty() && !event.operands.empty()) {
      const FunctionId callee = program_.find(event.callee_key);
      if (callee == none || callee == caller_.function) continue;
      for (const auto& [cell, stored] : views_.stores(callee)) {
        if (cell.number >= event.operands.size()) continue;
        const Path block = path_of(from_, values, event.operands[cell.number], e);
        if (block.root != Path::Root::local && block.root != Path::Root::call) continue;
        Path from = stored;
        if (stored.root == Path::Root::parameter)
          from = stored.number < event.operands.size()
                     ? spliced(path_of(from_, values, event.operands[stored.number], e), stored)
                     : Path{};
        put(cells, views_.lifted(caller_, spliced(block, cell)), views_.lifted(caller_, std::move(from)), sure);
      }
    }
  }
  for (const auto& [cell, value] : cells) {
    made.cells.erase(cell);
    if (value) made.cells.emplace(cell, adopt(*value));
  }
}

void ViewCall::finish(View& made) {
  if (!caller_.cells.empty()) inherit_cells(made);
  const bool any = std::any_of(roots_.begin(), roots_.end(),
                               [](const Root& root) { return root.stack || root.origin.kind == Origin::Kind::fresh; });
  if (any) find_cells(made);
  for (auto& [cell, value] : pointers_) made.cells.insert_or_assign(cell, std::move(value));
  made.roots = std::move(roots_);
}

std::optional<std::string> once_flag(const Program& program, const Held& held, const Edge& mention) {
  const std::optional<Site> call = once_call(program, mention);
  if (!call) return std::nullopt;
  const Operand& flag = program.function(call->function).events[call->event].operands[0];
  const std::string name = held.values(call->function).identity(flag, call->event);
  return call->function == mention.from ? name : held.in_caller(mention.from, mention.event, name);
}

}  // namespace ftaudit::analysis
