"use strict";
(() => {
  const one = (id) => document.getElementById(id);
  const theme = one("theme"), root = document.documentElement;
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const label = () => { theme.textContent = dark() ? "Light" : "Dark"; theme.setAttribute("aria-label", dark() ? "Light colours" : "Dark colours"); };
  // A file opened from disk may have no storage; then the choice lasts as long as the page.
  try { const kept = localStorage.getItem("ftaudit-theme"); if (kept === "dark" || kept === "light") root.dataset.theme = kept; } catch { }
  theme.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem("ftaudit-theme", root.dataset.theme); } catch { }
    label();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", label);
  label();
  theme.hidden = false;

  // What is closed is not printed by every browser.
  let closed = [];
  addEventListener("beforeprint", () => { closed = [...document.querySelectorAll("details:not([open]):not([hidden])")]; for (const d of closed) d.open = true; });
  addEventListener("afterprint", () => { for (const d of closed) d.open = false; closed = []; });

  const form = one("filters"), list = one("list");
  if (!form) return;
  const rank = { high: 0, medium: 1, low: 2, info: 3 };
  const all = [...list.children].map((node, index) => ({
    node, index, severity: node.dataset.severity, confidence: node.dataset.confidence, rule: node.dataset.rule, file: node.dataset.file,
    line: +node.dataset.line, run: node.dataset.run, entry: node.dataset.entry ? node.dataset.entry.split("\n") : [], text: null,
  }));

  const choices = (id, values, any) => {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
    const select = one(id);
    select.append(new Option(any, ""));
    for (const [value, n] of [...counts].sort((a, b) => a[0] < b[0] ? -1 : 1)) select.append(new Option(`${value} (${n})`, value));
    if (counts.size < 2) select.closest("p").hidden = true;
  };
  choices("rule", all.map((f) => f.rule), "all rules");
  choices("file", all.map((f) => f.file), "all files");
  choices("entry", all.flatMap((f) => f.entry), "all entry points");
  choices("run", all.map((f) => f.run), "any result");
  for (const box of form.querySelectorAll("[type=checkbox]")) {
    const n = all.filter((f) => f[box.name] === box.value).length;
    if (n === 0) box.parentElement.hidden = true;
    else box.parentElement.append(` (${n})`);
  }

  const selects = ["rule", "file", "entry", "run", "order"];
  const ticked = (name) => [...form.querySelectorAll(`[name=${name}]:checked`)].map((box) => box.value);
  const state = () => {
    const out = new URLSearchParams();
    if (one("q").value.trim()) out.set("q", one("q").value.trim());
    for (const name of ["severity", "confidence"]) if (ticked(name).length) out.set(name, ticked(name).join(","));
    for (const id of selects) if (one(id).value && one(id).value !== "worst") out.set(id, one(id).value);
    return out;
  };

  const orders = {
    worst: (a, b) => a.index - b.index,
    place: (a, b) => a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.index - b.index,
    rule: (a, b) => a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : rank[a.severity] - rank[b.severity] || a.index - b.index,
  };
  let ordered = "worst";
  const apply = () => {
    const words = one("q").value.toLowerCase().split(/\s+/).filter(Boolean);
    const severity = ticked("severity"), confidence = ticked("confidence");
    const [rule, file, entry, run] = ["rule", "file", "entry", "run"].map((id) => one(id).value);
    let shown = 0;
    for (const f of all) {
      const fits = (!severity.length || severity.includes(f.severity)) && (!confidence.length || confidence.includes(f.confidence)) &&
        (!rule || f.rule === rule) && (!file || f.file === file) && (!entry || f.entry.includes(entry)) && (!run || f.run === run) &&
        words.every((word) => (f.text ??= f.node.textContent.toLowerCase()).includes(word));
      if (f.node.hidden === fits) f.node.hidden = !fits;
      shown += fits;
    }
    const order = one("order").value || "worst";
    if (order !== ordered) list.append(...[...all].sort(orders[ordered = order]).map((f) => f.node));
    one("count").textContent = shown === all.length ? `${all.length} finding${all.length === 1 ? "" : "s"}` : `${shown} of ${all.length} findings`;
    one("nothing").hidden = shown > 0;
  };
  const remember = () => { const text = state().toString(); history.replaceState(null, "", text ? "#" + text : location.pathname + location.search); };
  const changed = () => { apply(); try { remember(); } catch { } };

  // "#f-…" names a finding, anything else is a state of the filters.
  const follow = () => {
    const hash = decodeURIComponent(location.hash.slice(1));
    if (hash.startsWith("f-")) {
      const node = one(hash);
      if (!node) return;
      if (node.hidden) { form.reset(); apply(); }
      node.open = true;
      node.scrollIntoView();
      node.firstElementChild.focus({ preventScroll: true });
      return;
    }
    if (!location.hash.includes("=")) return;
    const wanted = new URLSearchParams(location.hash.slice(1));
    one("q").value = wanted.get("q") || "";
    for (const name of ["severity", "confidence"]) {
      const values = (wanted.get(name) || "").split(",");
      for (const box of form.querySelectorAll(`[name=${name}]`)) box.checked = values.includes(box.value);
    }
    for (const id of selects) { one(id).value = wanted.get(id) || (id === "order" ? "worst" : ""); if (one(id).selectedIndex < 0) one(id).selectedIndex = 0; }
  };

  let waiting = 0;
  one("q").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(changed, 120); });
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(changed));
  addEventListener("hashchange", () => { follow(); apply(); });
  const set = (open) => { for (const f of all) if (!f.node.hidden) f.node.open = open; };
  one("open").addEventListener("click", () => set(true));
  one("close").addEventListener("click", () => set(false));

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "Escape" && document.activeElement === one("q")) { one("q").value = ""; one("q").blur(); changed(); }
    else if (typing && document.activeElement.type !== "checkbox") return;
    else if (event.key === "/") { event.preventDefault(); one("q").focus(); }
    else if (event.key === "j" || event.key === "k") {
      const visible = [...list.children].filter((node) => !node.hidden);
      const at = visible.indexOf(document.activeElement.closest(".finding"));
      const next = visible[at < 0 ? 0 : at + (event.key === "j" ? 1 : -1)];
      if (next) { next.firstElementChild.focus(); next.scrollIntoView({ block: "nearest" }); }
    }
  });

  form.hidden = false;
  follow();
  apply();
})();
