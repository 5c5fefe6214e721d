"""Holds the repository to the plan of the house, and each check to a planted fault."""

import pathlib
import sys
import unittest

import house

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ["tool", "rules", "reports", "tests"]
TEXT = {".h", ".cpp", ".txt", ".py", ".sh"}


def repository():
    out = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                name = path.relative_to(ROOT).as_posix()
                out[name] = path.read_text(encoding="utf-8", errors="replace") if path.suffix in TEXT and house.is_code(name) or path.name == "CMakeLists.txt" else ""
    return out


class Repository(unittest.TestCase):
    files = repository()

    def test_everything_is_read(self):
        layers = {house.layer_of(path) for path in self.files if house.is_code(path)}
        self.assertGreater(len([path for path in self.files if house.is_code(path)]), 100)
        self.assertLessEqual({"base", "capi", "model", "project", "frontend", "analysis", "finding", "dynamic", "cli", "rules", "reports"}, layers)

    def test_checks(self):
        for check in house.CHECKS:
            with self.subTest(check.__name__):
                found = list(check(self.files))
                self.assertEqual(found, [], "\n" + "\n".join(found))


# A fault a check must see, as the files it lies in.
PLANTED = {
    house.check_layers: [
        {"tool/finding/a.cpp": '#include "model/facts.h"\n'},
        {"reports/a.cpp": '#include <map>\n  #  include "analysis/audit.h"\n'},
        {"rules/spam/rule.cpp": '#include "rules/eggs/shared.h"\n'},
        {"rules/spam/rule.cpp": '#include "frontend/frontend.h"\n'},
        {"tool/model/a.cpp": '#include "facts.h"\n'},
        {"tool/extra/a.cpp": "\n"},
    ],
    house.check_targets: [{"tool/model/CMakeLists.txt": "ftaudit_layer(model DEPENDS base project\n  SOURCES a.cpp)"}],
    house.check_walls: [
        {"tool/analysis/a.cpp": "#include <clang/AST/Decl.h>\n"},
        {"tool/analysis/a.cpp": "#include <llvm/ADT/StringRef.h>\n"},
        {"tool/packages/a.cpp": "#include <llvm/IR/Module.h>\n"},
        {"tool/project/a.h": "#include <nlohmann/json.hpp>\n"},
        {"tool/model/a.cpp": "#include <nlohmann/json.hpp>\n"},
        {"tool/base/files.cpp": "#include <spdlog/spdlog.h>\n"},
        {"tool/cli/main.cpp": "#include <CLI/CLI.hpp>\n"},
        {"tool/base/a.cpp": "#include <doctest/doctest.h>\n"},
        {"tool/base/a.cpp": "#include <archive.h>\n"},
        {"tool/base/a.cpp": "#include <boost/asio.hpp>\n"},
        {"tool/finding/a.cpp": "#include <toml++/toml.h>\n"},
    ],
    house.check_clang_stays_inside: [
        {"tool/frontend/clang.h": "#include <clang/AST/Decl.h>\n", "tool/frontend/body.h": '#include "frontend/clang.h"\n', "tool/cli/main.cpp": '#include "frontend/body.h"\n'},
    ],
    house.check_lengths: [{"tool/base/a.cpp": "\n" * 401}, {"tool/project/meson.cpp": "\n" * 400}],
    house.check_names: [{"tool/base/string_utils.h": ""}, {"tool/common/a.cpp": ""}, {"tool/base/TextFile.cpp": ""}],
    house.check_headers: [{"tool/base/a.h": "#pragma once\n"}, {"tool/base/a.h": "// What it is.\n"}],
}


class Checks(unittest.TestCase):
    def test_each_sees_its_fault(self):
        self.assertEqual(set(PLANTED), set(house.CHECKS))
        for check, all_files in PLANTED.items():
            for files in all_files:
                with self.subTest(check=check.__name__, files=files):
                    self.assertEqual(len(list(check(files))), 1)

    def test_what_is_allowed_passes(self):
        files = {
            "tool/packages/binaries/a.cpp": '#include <llvm/Object/ELF.h>\n#include "project/project.h"\n',
            "tool/frontend/clang.h": "// Clang.\n#pragma once\n#include <clang/AST/Decl.h>\n",
            "tool/frontend/frontend.h": '// Seen by all.\n#pragma once\n#include "model/facts.h"\n',
            "tool/cli/main.cpp": '#include <sys/wait.h>\n#include "audit/audit.h"\n',
            "rules/spam/rule.cpp": '#include "rules/spam/part.h"\n#include "rules/place.h"\n',
            "rules/spam/cases/Mixed-Name.cpp": "#include <Python.h>\n",
        }
        for check in house.CHECKS:
            self.assertEqual(list(check(files)), [], check.__name__)


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    unittest.main()
