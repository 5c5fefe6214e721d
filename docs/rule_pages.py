"""A hook of MkDocs: each rule's own page (rules/*/rule.md) as rules/FT104.md, and a list of them, so that no page is kept
twice. And the name of who publishes ftaudit, FTAUDIT_OWNER, where the pages say OWNER."""

import os
import re
from pathlib import Path

from mkdocs.structure.files import File

RULES = Path(__file__).resolve().parents[1] / "rules"


def on_config(config):
    if owner := os.environ.get("FTAUDIT_OWNER"):
        config["site_url"] = f"https://{owner}.github.io/ftaudit/"
    return config


def on_page_markdown(markdown, page, config, files):
    return re.sub(r"\bOWNER/", os.environ.get("FTAUDIT_OWNER", "OWNER") + "/", markdown)


def on_files(files, config):
    listed = []
    for page in sorted(RULES.glob("*/rule.md")):
        text = page.read_text()
        head = re.match(r"# (FT\d{3}) (\S+)", text)
        if not head:
            raise ValueError(f"{page}: begins with no rule's id and name")
        # `hazard` and `safe` after a language are for the tests.
        text = re.sub(r"^```(\w+) .*$", r"```\1", text, flags=re.M)
        files.append(File.generated(config, f"rules/{head[1]}.md", content=text))
        about = text.split("\n\n")[1].replace("\n", " ").split(". ")[0].rstrip(".")
        listed.append((head[1], head[2], about))
    table = "\n".join(f"| [{rule}]({rule}.md) | {name} | {about.replace('|', '/')} |" for rule, name, about in sorted(listed))
    files.append(File.generated(config, "rules/index.md", content=f"# The rules\n\n| rule | name | about |\n|---|---|---|\n{table}\n"))
    return files


def on_nav(nav, config, files):
    from mkdocs.structure.nav import Section
    from mkdocs.structure.pages import Page

    found = [files.get_file_from_path("rules/index.md"), *sorted((f for f in files.documentation_pages() if re.fullmatch(r"rules/FT\d{3}\.md", f.src_uri)), key=lambda f: f.src_uri)]
    pages = [file.page or Page(None, file, config) for file in found]
    nav.items.append(Section("Rules", pages))
    nav.pages.extend(pages)
    return nav
