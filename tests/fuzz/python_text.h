// Text of a build script, made of bytes that decide what comes next: always the syntax of Python, whatever the bytes
// are, so that a fuzzer gets past the parser and to the evaluator. Used by the fuzzer of setup.py alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ftaudit {

class PythonText {
 public:
  PythonText(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  std::string module() {
    std::string out = "from setuptools import *\nimport os, sys, glob, platform, sysconfig, itertools\n";
    while (at_ < size_ && out.size() < 20'000) out += statement(0);
    return out;
  }

 private:
  unsigned next(unsigned choices) { return at_ < size_ ? data_[at_++] % choices : 0; }

  template <std::size_t N> std::string one_of(const char* const (&texts)[N]) { return texts[next(N)]; }

  std::string name() {
    static constexpr const char* names[] = {"x",   "y", "f",  "C",   "here", "sources",
                                            "ext", "d", "os", "sys", "self", "_"};
    return one_of(names);
  }

  std::string literal() {
    static constexpr const char* literals[] = {
        "'m.c'",       "'src/*.c'",   "'**/*.pyx'", "'-O2'",          "'%s/%d'", "'{}.{x!r:>5}'",
        "''",          "'pkg.m'",     "'..'",       "b'x'",           "0",       "-1",
        "7",           "2**63",       "10**6",      "1e400",          "None",    "True",
        "...",         "__file__",    "'\\x00'",    "'\\udc80'",      "'/'",     "'*'",
        "'a' * 10**9", "[0] * 10**9", "1 << 10**6", "'%1000000d' % 1"};
    return one_of(literals);
  }

  std::string callee(unsigned depth) {
    static constexpr const char* callees[] = {"Extension",
                                              "setup",
                                              "cythonize",
                                              "glob.glob",
                                              "os.path.join",
                                              "os.path.dirname",
                                              "os.listdir",
                                              "os.walk",
                                              "open",
                                              "str",
                                              "int",
                                              "range",
                                              "map",
                                              "zip",
                                              "sorted",
                                              "list",
                                              "dict",
                                              "set",
                                              "tuple",
                                              "len",
                                              "getattr",
                                              "hasattr",
                                              "isinstance",
                                              "sources.append",
                                              "sources.extend",
                                              "d.update",
                                              "d.get",
                                              "d.items",
                                              "'{}'.format",
                                              "','.join",
                                              "'a b'.split",
                                              "x.replace",
                                              "Path",
                                              "f",
                                              "C",
                                              "sys.exit",
                                              "platform.uname",
                                              "sysconfig.get_config_var",
                                              "os.environ.get",
                                              "itertools.chain",
                                              "os.path.relpath",
                                              "re.sub",
                                              "struct.calcsize",
                                              "exec",
                                              "enumerate",
                                              "any",
                                              "reversed",
                                              "next",
                                              "super",
                                              "find_packages",
                                              "os.path.exists",
                                              "Path(here).glob",
                                              "sum",
                                              "'%s'.__mod__"};
    return next(8) == 0 ? "(" + expression(depth + 1) + ")" : one_of(callees);
  }

  std::string call(unsigned depth) {
    std::string out = callee(depth) + "(";
    for (unsigned n = next(4); n > 0; --n) out += (next(8) == 0 ? "*" : "") + expression(depth + 1) + ", ";
    static constexpr const char* keys[] = {"sources=",
                                           "name=",
                                           "include_dirs=",
                                           "define_macros=",
                                           "ext_modules=",
                                           "recursive=",
                                           "extra_compile_args=",
                                           "language=",
                                           "py_limited_api=",
                                           "compiler_directives=",
                                           "key=",
                                           "**"};
    bool used[std::size(keys)] = {};
    for (unsigned n = next(4); n > 0; --n) {
      const unsigned key = next(std::size(keys));
      if (used[key]) continue;
      used[key] = true;
      out += keys[key] + expression(depth + 1) + ", ";
    }
    return out + ")";
  }

  std::string listed(unsigned depth, const char* between = ", ") {
    std::string out;
    for (unsigned n = next(4); n > 0; --n) out += expression(depth + 1) + between;
    return out;
  }

  std::string expression(unsigned depth) {
    if (depth > 5 || at_ >= size_) return next(2) == 0 ? literal() : name();
    const auto inner = [&] { return expression(depth + 1); };
    switch (next(18)) {
      case 0: return name();
      case 1: return "[" + listed(depth) + "]";
      case 2: return "(" + listed(depth) + ")";
      case 3: return "{" + inner() + ": " + inner() + ", **d}";
      case 4: return "{" + inner() + ", " + inner() + "}";
      case 5: return "(" + inner() + ")." + name();
      case 6: return "(" + inner() + ")[" + inner() + "]";
      case 7: return "(" + inner() + ")[" + inner() + ":" + inner() + ":" + inner() + "]";
      case 8: {
        static constexpr const char* operators[] = {"+", "-", "*", "/", "//", "%", "**", "<<", "|", "&", "@"};
        return "(" + inner() + " " + one_of(operators) + " " + inner() + ")";
      }
      case 9: {
        static constexpr const char* comparisons[] = {"==", "!=", "<", ">=", "in", "not in", "is", "and", "or"};
        return "(" + inner() + " " + one_of(comparisons) + " " + inner() + ")";
      }
      case 10: return "[" + inner() + " for " + name() + " in " + inner() + " if " + inner() + "]";
      case 11: return "{" + inner() + ": " + inner() + " for x, y in " + inner() + "}";
      case 12: return "(lambda x, *y, **d: " + inner() + ")";
      case 13: return "(" + inner() + " if " + inner() + " else " + inner() + ")";
      case 14: return "f'{" + name() + "!r:>{x}}-{" + name() + "}'";
      case 15: return next(2) == 0 ? "(not " + inner() + ")" : "(-(" + inner() + "))";
      default: return call(depth);
    }
  }

  std::string block(unsigned depth) {
    std::string out = "\n";
    for (unsigned n = 1 + next(3); n > 0; --n) out += statement(depth + 1);
    return out;
  }

  std::string statement(unsigned depth) {
    const std::string indent(depth * 2, ' ');
    if (depth > 4) return indent + "x = " + expression(2) + "\n";
    const auto value = [&] { return expression(1); };
    switch (next(17)) {
      case 0: return indent + name() + " += " + value() + "\n";
      case 1: return indent + "x, *y = " + value() + "\n";
      case 2: return indent + "d[" + value() + "] = " + value() + "\n";
      case 3: return indent + "C." + name() + " = " + value() + "\n";
      case 4: {
        std::string out = indent + "if " + value() + ":" + block(depth);
        return out + indent + "else:" + block(depth);
      }
      case 5: return indent + "for " + (next(2) == 0 ? name() : "x, y") + " in " + value() + ":" + block(depth);
      case 6: return indent + "while " + value() + ":" + block(depth);
      case 7: {
        std::string out = indent + "def f(x=" + value() + ", *y, **d):" + block(depth);
        return out + indent + "  return " + value() + "\n";
      }
      case 8: return indent + "class C(" + name() + "):" + block(depth);
      case 9: {
        std::string out = indent + "try:" + block(depth);
        return out + indent + "except " + name() + " as x:" + block(depth);
      }
      case 10: return indent + "with " + value() + " as x:" + block(depth);
      case 11: {
        static constexpr const char* imports[] = {"import x.y as d",
                                                  "from . import f",
                                                  "from .setup import *",
                                                  "import winreg",
                                                  "from os.path import join as f",
                                                  "sys.path.insert(0, here)",
                                                  "import setup as C"};
        return indent + one_of(imports) + "\n";
      }
      case 12: return indent + (next(2) == 0 ? "pass" : "del x") + "\n";
      case 13: return indent + "setup(name=" + value() + ", ext_modules=" + value() + ")\n";
      case 14: return indent + "ext = Extension(" + value() + ", " + value() + ")\n";
      default: return indent + name() + " = " + value() + "\n";
    }
  }

  const std::uint8_t* data_;
  std::size_t size_, at_ = 0;
};

}  // namespace ftaudit
