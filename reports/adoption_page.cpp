#include "reports/adoption_html.h"

namespace ftaudit::reports {

const std::string_view adoption_style = R"css(
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1b1f;--dim:#5c5f66;--line:#d8dae0;--soft:#f4f5f7;--good:#1a6b2d;--claim:#1b5a8a;--warn:#8a5a00;--bad:#a8201a;--focus:#0b57d0}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){--bg:#17181b;--fg:#e6e7ea;--dim:#a4a8b0;--line:#3a3d44;--soft:#202226;--good:#7fd18f;--claim:#8cc4f0;--warn:#f0c060;--bad:#ff9a90;--focus:#a8c7fa}}
:root[data-theme=dark]{--bg:#17181b;--fg:#e6e7ea;--dim:#a4a8b0;--line:#3a3d44;--soft:#202226;--good:#7fd18f;--claim:#8cc4f0;--warn:#f0c060;--bad:#ff9a90;--focus:#a8c7fa;color-scheme:dark}
:root[data-theme=light]{color-scheme:light}
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:1.5rem 1rem 4rem;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}
.lead{font-size:1.15rem;margin:.25rem 0 1rem;font-weight:600}
.dim{color:var(--dim)}
.counts{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;padding:0;margin:1rem 0}
.counts li{border:1px solid var(--line);border-radius:.5rem;padding:.25rem .75rem}
.tools{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center;margin:1rem 0 .5rem}
input,select,button{font:inherit;color:inherit;background:var(--soft);border:1px solid var(--line);border-radius:.4rem;padding:.35rem .6rem}
input[type=search]{flex:1 1 14rem}
:focus-visible{outline:3px solid var(--focus);outline-offset:1px}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;border-bottom:1px solid var(--line)}
th button{border:0;background:none;padding:0;font-weight:600;cursor:pointer}
th[aria-sort=ascending] button::after{content:" \25B2"}th[aria-sort=descending] button::after{content:" \25BC"}
td.name{font-weight:600;white-space:nowrap}td.version{white-space:nowrap}
tr:target,tr.here{background:var(--soft)}
.s{white-space:nowrap;font-weight:600}.good{color:var(--good)}.claim{color:var(--claim)}.warn{color:var(--warn)}.bad{color:var(--bad)}
details>summary{cursor:pointer}
details ul{margin:.25rem 0 .5rem;padding-left:1.2rem}
.evidence{font-size:.92rem}.evidence table{margin:.25rem 0}.evidence td,.evidence th{padding:.2rem .5rem}
code{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}
.tree ul{list-style:none;padding-left:1.1rem;border-left:1px solid var(--line);margin:0}.tree>ul{border:0;padding:0}
.scroll{overflow-x:auto}
@media (max-width:44rem){#packages,#packages>tbody,#packages>tbody>tr,#packages>tbody>tr>td{display:block;width:auto}#packages>tbody>tr>td{border:0;padding:.1rem .2rem}#packages>tbody>tr{border-bottom:1px solid var(--line);padding:.5rem 0}#packages>tbody>tr[hidden]{display:none}#packages>thead>tr{display:flex;gap:1rem}#packages>thead th{border:0}#packages>thead th:last-child{display:none}.evidence{overflow-wrap:anywhere}}
@media print{.tools{display:none}details>*{display:block}}
)css";

const std::string_view adoption_script = R"js(
(function(){
"use strict";
var root=document.documentElement,table=document.getElementById("packages"),body=table.tBodies[0];
var rows=Array.prototype.slice.call(body.rows),search=document.getElementById("search"),standing=document.getElementById("standing"),direct=document.getElementById("direct"),shown=document.getElementById("shown");
document.getElementById("tools").hidden=false;
function state(){var p=new URLSearchParams(location.hash.slice(1));return p;}
function keep(){var p=new URLSearchParams();if(search.value)p.set("q",search.value);if(standing.value)p.set("s",standing.value);if(direct.checked)p.set("d","1");var s=p.toString();history.replaceState(null,"",s?"#"+s:location.pathname+location.search);}
function filter(){var q=search.value.toLowerCase(),n=0;rows.forEach(function(r){var ok=(!q||r.textContent.toLowerCase().indexOf(q)>=0)&&(!standing.value||r.dataset.standing===standing.value)&&(!direct.checked||r.dataset.direct==="yes");r.hidden=!ok;if(ok)n++;});shown.textContent=n+" of "+rows.length+" shown";}
function key(r,i){var c=r.cells[i];return c.dataset.key!==undefined?Number(c.dataset.key):c.textContent.trim().toLowerCase();}
function below(x,y){return typeof x==="number"?x-y:x.localeCompare(y,undefined,{numeric:true});}
function sort(th){var i=th.cellIndex,up=th.getAttribute("aria-sort")!=="ascending";Array.prototype.forEach.call(table.tHead.rows[0].cells,function(c){c.removeAttribute("aria-sort");});th.setAttribute("aria-sort",up?"ascending":"descending");rows.sort(function(a,b){var d=below(key(a,i),key(b,i));return up?d:-d;});rows.forEach(function(r){body.appendChild(r);});}
Array.prototype.forEach.call(table.tHead.querySelectorAll("button"),function(b){b.disabled=false;b.addEventListener("click",function(){sort(b.parentNode);});});
[search,standing,direct].forEach(function(e){e.addEventListener("input",function(){filter();keep();});});
document.getElementById("theme").addEventListener("click",function(){var dark=root.dataset.theme?root.dataset.theme==="dark":matchMedia("(prefers-color-scheme: dark)").matches;root.dataset.theme=dark?"light":"dark";});
var all=document.getElementById("all");all.addEventListener("click",function(){var open=all.getAttribute("aria-pressed")!=="true";all.setAttribute("aria-pressed",String(open));rows.forEach(function(r){var d=r.querySelector("details");if(d)d.open=open;});});
function step(by){var v=rows.filter(function(r){return !r.hidden;});if(!v.length)return;var at=v.findIndex(function(r){return r.classList.contains("here");});rows.forEach(function(r){r.classList.remove("here");});var r=v[Math.max(0,Math.min(v.length-1,at+by))];r.classList.add("here");r.scrollIntoView({block:"nearest"});var s=r.querySelector("summary");if(s)s.focus();}
document.addEventListener("keydown",function(e){if(e.ctrlKey||e.metaKey||e.altKey)return;var t=e.target.tagName;if(t==="INPUT"||t==="SELECT"){if(e.key==="Escape"){e.target.blur();}return;}if(e.key==="/"){search.focus();e.preventDefault();}else if(e.key==="j"){step(1);}else if(e.key==="k"){step(-1);}});
function go(){var r=location.hash.indexOf("#p-")===0&&document.getElementById(decodeURIComponent(location.hash.slice(1)));if(!r)return;if(r.hidden){search.value="";standing.value="";direct.checked=false;filter();}var d=r.querySelector("details");if(d)d.open=true;rows.forEach(function(o){o.classList.toggle("here",o===r);});r.scrollIntoView({block:"center"});}
window.addEventListener("hashchange",go);
var p=state();if(p.get("q"))search.value=p.get("q");if(p.get("s"))standing.value=p.get("s");direct.checked=p.get("d")==="1";filter();go();
}());
)js";

}  // namespace ftaudit::reports
