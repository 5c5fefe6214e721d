"""The pages of docs/. Arguments: the program, the top of the sources. Commands of `console` blocks are run in a copy of the
corpus, and each line shown of their output must be there; links between pages, and to headings, must lead somewhere; the editor's
task must match what is printed; TOML, JSON and YAML must be what they say they are; nav lists every page."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

failures = []


def that(what, is_so):
    if not is_so:
        failures.append(what)


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def commands(block):
    """Each command with the lines shown of its output."""
    for line in block.splitlines():
        if line.startswith("$ "):
            command, shown = line[2:], []
            yield command, shown
        else:
            shown.append(line)


def run(program, command, folder, environment):
    words = shlex.split(command)
    done = subprocess.run([program, *words[1:]], cwd=folder, capture_output=True, text=True, env=environment, timeout=100)
    return done.returncode, done.stdout + done.stderr


def has_python(program, name):
    listed = subprocess.run([program, "python", "list"], capture_output=True, text=True).stdout
    return re.search(rf"^[* ] {re.escape(name)} ", listed, re.M) is not None


def check_commands(program, pages, folder):
    ran = 0
    for page, text in pages.items():
        for block in blocks(text, "console"):
            for command, shown in list(commands(block)):
                wanted = re.search(r"--python (\S+)", command)
                if wanted and not all(has_python(program, name) for name in wanted[1].split(",")):
                    continue
                that(f"{page}: `{command}` is no command of ftaudit", command.startswith("ftaudit "))
                code, said = run(program, command, folder, os.environ | {"NO_COLOR": "1"})
                ran += 1
                that(f"{page}: `{command}`: exit code {code}: {said[-300:]}", code in (0, 1) or (code == 3 and command == "ftaudit doctor"))
                for line in shown:
                    that(f"{page}: `{command}` does not say: {line}", line in ("...", "") or line in said.splitlines())
    that(f"only {ran} commands in the pages", ran >= 8)


def anchors(text):
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", text, re.M)}


def check_links(pages, rules, top):
    for page, text in pages.items():
        for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)):
            file, _, anchor = target.partition("#")
            if target.startswith("https://"):
                continue
            known = file == "" or file in pages or file == "rules/index.md" or file.removeprefix("rules/").removesuffix(".md") in rules
            that(f"{page}: leads nowhere: {target}", known)
            if known and anchor:
                that(f"{page}: no such heading: {target}", anchor in anchors(pages.get(file or page, "")))
        for path in re.findall(r"`((?:tool|rules|corpus|docs|reports|tests)/[\w./-]+)`", text):
            that(f"{page}: there is no {path}", (top / path).exists())


def check_editor_task(program, text, folder):
    matchers = json.loads(next(b for b in blocks(text, "json")))["tasks"][0]["problemMatcher"]
    said = subprocess.run([program, "scan", "tally", "--format", "concise", "--quiet"], cwd=folder, capture_output=True, text=True).stdout
    lines = [line for line in said.splitlines() if line.startswith("tally.c:")]
    that("concise says nothing of tally", len(lines) > 10)
    for line in lines:
        hits = [match for matcher in matchers if (match := re.fullmatch(matcher["pattern"]["regexp"], line))]
        that(f"editors.md: {len(hits)} patterns match: {line}", len(hits) == 1 and hits[0][1] == "tally.c")


def check_site(top):
    """The site itself, by MkDocs where ./test has installed it: every link of the made pages included."""
    tools = top / "build/release/test_tools"
    environment = os.environ | {"PYTHONPATH": str(tools), "NO_MKDOCS_2_WARNING": "1", "FTAUDIT_OWNER": "somebody"}
    if not (tools / "mkdocs").exists():
        print("MkDocs is not installed, so the site was not built")
        return
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([sys.executable, "-B", "-m", "mkdocs", "build", "--strict", "--quiet", "-f", top / "mkdocs.yml", "-d", folder],
                              capture_output=True, text=True, env=environment)
        that(f"mkdocs build --strict: {done.stdout}{done.stderr}", done.returncode == 0)
        that("the site has no page of FT104", (Path(folder) / "rules/FT104/index.html").exists())
        if done.returncode == 0:
            ci, map_of_site = (Path(folder) / "ci/index.html").read_text(), (Path(folder) / "sitemap.xml").read_text()
            that("the workflow names who publishes", "somebody/ftaudit@v1" in re.sub("<.*?>", "", ci) and "OWNER/" not in ci)
            that("the site knows where it is", "https://somebody.github.io/ftaudit/rules/FT104/" in map_of_site)


def main(program, top):
    program, top = str(Path(program).resolve()), Path(top)
    pages = {path.name: path.read_text() for path in sorted((top / "docs").glob("*.md"))}
    rules = {re.match(r"# (FT\d{3})", path.read_text())[1] for path in (top / "rules").glob("*/rule.md")}
    listed = set(re.findall(r"^  - [^:]+: (\S+\.md)$", (top / "mkdocs.yml").read_text(), re.M))
    that(f"mkdocs.yml lists {sorted(listed ^ set(pages))} or has no such page", listed == set(pages))
    check_links(pages, rules, top)
    for page, text in (pages | {"README.md": (top / "README.md").read_text()}).items():
        for block in blocks(text, "toml"):
            tomllib.loads(block)
        for block in blocks(text, "json"):
            json.loads(block)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(top / "corpus/tally", folder / "tally")
        check_commands(program, pages, folder)
        check_editor_task(program, pages["editors.md"], folder)
    check_site(top)
    for failure in failures:
        print("FAILED:", failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
