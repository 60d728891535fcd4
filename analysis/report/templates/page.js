"use strict";
// What every page can do: tables that hold all rows, choosers, downloads, links to a finding,
// words that explain themselves, boxes that can be scrolled by keyboard, contents that follow.
const element = (name, properties = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== "" && child !== null && child !== undefined));
  return made;
};
const SVG = "http://www.w3.org/2000/svg";
const drawn = (name, attributes = {}, ...children) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
const fileName = () => decodeURIComponent(location.pathname.split("/").pop()) || "index.html";
const slug = (text) => text.normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "")
  .slice(0, 60).toLowerCase() || "data";
const whole = (n) => n.toLocaleString("en");
const counted = (n, name) => `${whole(n)} ${name}${n === 1 ? "" : "s"}`;

// ---- taking things along

const save = (name, type, content) => {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
const csvField = (value) => {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value); // no formula is run
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
const saveCsv = (name, headings, rows) => save(
  `${slug(name)}.csv`, "text/csv;charset=utf-8",
  "\ufeff" + [headings, ...rows].map((row) => row.map(csvField).join(",")).join("\r\n") + "\r\n",
);
// What Python squeezed: JSON, zipped, in letters that a page may hold.
const unfolded = async (text) => JSON.parse(await new Response(
  new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))]).stream()
    .pipeThrough(new DecompressionStream("gzip"))).text());
const PAINT = ["fill", "stroke", "color", "font-family", "font-size", "font-weight", "opacity",
  "fill-opacity", "stroke-width", "stroke-dasharray", "text-anchor", "paint-order"];
const alone = (svg) => { // a copy that needs no style sheet
  const copy = svg.cloneNode(true);
  const [own, copied] = [svg, copy].map((s) => [s, ...s.querySelectorAll("*")]);
  own.forEach((from, i) => {
    if (from.closest("defs")) return;
    const style = getComputedStyle(from);
    PAINT.forEach((name) => copied[i].style.setProperty(name, style.getPropertyValue(name)));
  });
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute("xmlns", SVG);
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  const paper = getComputedStyle(document.body).backgroundColor;
  const box = svg.viewBox.baseVal;
  copy.prepend(drawn("rect", { x: box.x, y: box.y, width: box.width, height: box.height, fill: paper }));
  return [new XMLSerializer().serializeToString(copy), width, height];
};
const savePng = (svg, name) => {
  const [source, width, height] = alone(svg);
  const image = new Image();
  image.onload = () => {
    const canvas = element("canvas", { width: 2 * width, height: 2 * height });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(`${name}.png`, "image/png", blob));
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
};
const visible = (figure) => [...figure.querySelectorAll("svg")].find((s) => s.getBoundingClientRect().width);
const action = (text, spoken, act) => {
  const button = element("button", { type: "button", className: "act", "aria-label": spoken }, text);
  button.addEventListener("click", act);
  return button;
};
const pictureTools = (figure) => {
  if (figure.querySelector(".take") || !figure.querySelector("svg")) return;
  const title = figure.querySelector("figcaption strong")?.textContent || document.title;
  figure.append(element("p", { className: "take" },
    action("SVG", `Save as SVG: ${title}`, () => save(`${slug(title)}.svg`, "image/svg+xml", alone(visible(figure))[0])),
    action("PNG", `Save as PNG: ${title}`, () => savePng(visible(figure), slug(title)))));
};
const copyLink = (heading) => {
  const button = action("copy link", `copy link: ${heading.textContent}`, async () => {
    const text = `${fileName()}#${heading.id}`;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "copied";
    } catch {
      button.textContent = text; // there to be copied by hand
    }
    setTimeout(() => { button.textContent = "copy link"; }, 4000);
  });
  button.classList.add("link");
  return button;
};

// ---- tables

const shownNumber = (value, form) => {
  if (value === null) return "";
  if (form === "p" && value < 0.001) return "<0.001";
  if (form === "p") return value < 0.05 && value.toFixed(3) === "0.050" ? "<0.05" : value.toFixed(3);
  if (Math.abs(value) >= 1e300) return value > 0 ? "∞" : "−∞";
  const places = form === "share" ? 1 : form;
  const text = (form === "share" ? 100 * value : value).toLocaleString("en", {
    minimumFractionDigits: places, maximumFractionDigits: places });
  return (/[1-9]/.test(text) ? text.replace("-", "−") : text.replace("-", "")) + (form === "share" ? " %" : "");
};
const collate = new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare;
const webAddress = (text) => /^https?:\/\/[^/]/i.test(text);
const cellOf = (column, at, attributes, tag) => {
  const cell = element(tag);
  for (const { name, value } of attributes) cell.setAttribute(name, value);
  const value = column.v[at];
  if (column.k === "number") cell.textContent = shownNumber(value, column.f);
  else if (column.k === "address" && webAddress(value)) {
    cell.append(element("a", { href: value, rel: "noreferrer" }, new URL(value).host));
  } else if (column.k === "passages" && value) {
    const lines = value.split("\n");
    cell.append(element("details", {}, element("summary", {}, counted(lines.length, "sentence")),
      element("ul", {}, ...lines.map((line) => element("li", {}, element("bdi", {}, line))))));
  } else if (value) {
    const text = element("bdi", {}, value);
    const to = column.l?.[at];
    cell.append(to ? element("a", webAddress(to) ? { href: to, rel: "noreferrer" } : { href: to }, text) : text);
  }
  return cell;
};
// A table that holds all rows: its data as columns, a page of them on display.
const wholeTable = (figure, data) => {
  const table = figure.querySelector("table");
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const total = data.c.length ? data.c[0].v.length : 0;
  const sample = body.rows[0] ? [...body.rows[0].cells].map((c) => [[...c.attributes], c.tagName]) : [];
  const caption = table.caption ? table.caption.textContent : document.title;
  let order = Array.from({ length: total }, (_, i) => i);
  let found = order;
  let page = 0;
  const status = element("p", { className: "status", role: "status" });
  const turn = (text, spoken, step) => action(text, `${spoken}: ${caption}`, () => { page += step; draw(); });
  const [before, after] = [turn("‹", "Previous rows", -1), turn("›", "More rows", 1)];
  const draw = () => {
    const last = Math.max(0, Math.ceil(found.length / data.n) - 1);
    page = Math.max(0, Math.min(page, last));
    const rows = found.slice(page * data.n, (page + 1) * data.n);
    body.replaceChildren(...rows.map((at) =>
      element("tr", {}, ...data.c.map((column, i) => cellOf(column, at, ...sample[i])))));
    before.disabled = page === 0;
    after.disabled = page === last;
    const range = found.length > data.n
      ? `${whole(page * data.n + 1)}–${whole(Math.min((page + 1) * data.n, found.length))} of ` : "";
    const of = found.length === total ? "" : ` of ${whole(total)}`;
    status.textContent = total > data.n || of ? `${range}${whole(found.length)}${of} rows` : "";
  };
  if (total > 1) {
    heads.forEach((head, at) => {
      const button = element("button", { type: "button" });
      button.append(...head.childNodes);
      head.append(button);
      const { k: kind, v: values } = data.c[at];
      button.addEventListener("click", () => {
        const first = kind === "number" ? "descending" : "ascending"; // numbers from the top
        const other = first === "ascending" ? "descending" : "ascending";
        const next = head.getAttribute("aria-sort") === first ? other : first;
        heads.forEach((h) => h.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", next);
        const direction = next === "ascending" ? 1 : -1;
        const blank = (v) => v === null || v === "";
        const by = (a, b) => {
          const [x, y] = [values[a], values[b]];
          if (blank(x) || blank(y)) return blank(x) - blank(y) || a - b; // blanks stay last
          return direction * (kind === "number" ? x - y : collate(x, y)) || a - b;
        };
        order = [...order].sort(by);
        found = [...found].sort(by);
        page = 0;
        draw();
      });
    });
  }
  const tools = element("div", { className: "tools" });
  if (total > data.n) {
    const input = element("input", { type: "search" });
    const texts = order.map((at) => data.c.map((c) =>
      c.k === "number" ? shownNumber(c.v[at], c.f) : c.v[at]).join("\t").toLowerCase());
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      found = wanted ? order.filter((at) => texts[at].includes(wanted)) : order;
      page = 0;
      draw();
    });
    tools.append(element("label", {}, "Search this table", input), before, after);
    table.closest(".scroll").before(tools);
  }
  const rowOf = (columns, at) => columns.map((c) => (Math.abs(c.v[at]) >= 1e300 ? "" : c.v[at] ?? ""));
  const csv = async () => { // of a sample: all rows, as Python put them
    const all = data.z && await unfolded(data.z);
    saveCsv(caption, heads.map((h) => h.textContent), all
      ? all[0].v.map((_, at) => rowOf(all, at)) : order.map((at) => rowOf(data.c, at)));
  };
  const cut = total > data.n ? element("p", { className: "printed" },
    `${whole(total - data.n)} more in ${slug(caption)}.csv, which the page saves.`) : "";
  figure.querySelector(".cut")?.remove();
  if (total) figure.append(element("p", { className: "take" }, status,
    action("CSV", `Save all rows as CSV: ${caption}`, csv)), cut);
  if (total > data.n) draw();
};
// A table made by a page's script: the same abilities as those that Python wrote.
const tableOf = (caption, columns, perPage = 10) => {
  const attributes = (c) => (c.k === "number" ? "" : "text-align:left");
  const head = columns.map((c) => {
    const made = element("th", { scope: "col" }, ...c.h.split(/(?<=\.)/).flatMap((part, i) => (i ? [element("wbr"), part] : [part])));
    if (attributes(c)) made.style.textAlign = "left";
    if (c.gloss) made.dataset.gloss = c.gloss;
    return made;
  });
  const n = columns[0].v.length;
  const first = columns.findIndex((c) => c.k === "text");
  const rows = Array.from({ length: Math.min(n, perPage) }, (_, at) => element("tr", {}, ...columns.map((c, i) => {
    const left = document.createElement("td");
    if (attributes(c)) left.style.textAlign = "left";
    if (i === first) left.setAttribute("scope", "row");
    if (c.k === "text" && c.v.some((v) => v.length > 18)) left.className = "long";
    return cellOf(c, at, [...left.attributes], i === first ? "th" : "td");
  })));
  const table = element("table", { className: "data" }, element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows));
  const figure = element("figure", { className: "table" }, element("div", { className: "scroll" }, table));
  wholeTable(figure, { n: perPage, c: columns });
  prepare(figure);
  return figure;
};

// ---- choosers, words that explain themselves

const chooser = (box, more) => {
  more.forEach(([choice, html]) => box.append(element("div", { className: "choice", "data-choice": choice, innerHTML: html })));
  const choices = [...box.querySelectorAll(":scope > .choice")];
  const select = element("select", {}, ...choices.map((c) => element("option", {}, c.dataset.choice)));
  const show = () => choices.forEach((c, i) => { c.hidden = i !== select.selectedIndex; });
  select.addEventListener("change", show);
  box.prepend(element("label", { className: "choose" }, box.dataset.label, select));
  show();
};
const bubble = element("div", { className: "bubble", role: "tooltip", id: "bubble", hidden: true });
const explain = (event) => {
  const word = event.target.closest?.("[data-gloss]");
  const meaning = word && document.getElementById(`gloss-${word.dataset.gloss}`);
  if (!meaning) return;
  bubble.textContent = meaning.textContent;
  bubble.hidden = false;
  const at = word.getBoundingClientRect();
  bubble.style.left = `${Math.max(8, Math.min(at.left, innerWidth - bubble.offsetWidth - 8))}px`;
  bubble.style.top = `${at.bottom + 6 + bubble.offsetHeight > innerHeight
    ? at.top - bubble.offsetHeight - 6 : at.bottom + 6}px`;
};
const silence = () => { bubble.hidden = true; };
["pointerover", "focusin", "click"].forEach((kind) => document.addEventListener(kind, explain));
["pointerout", "focusout"].forEach((kind) => addEventListener(kind, silence, true));
addEventListener("scroll", () => { // what has the focus is scrolled into view, and stays explained
  silence();
  if (document.activeElement?.dataset?.gloss) explain({ target: document.activeElement });
}, true);
addEventListener("keydown", (event) => { if (event.key === "Escape") silence(); });

// ---- boxes, headings, contents

const boxName = (box) => {
  const caption = box.querySelector("caption") || box.parentElement.querySelector("figcaption strong");
  return caption ? caption.textContent : box.tagName === "PRE" ? "Text" : "Formula";
};
const focusable = (box) => { // only boxes that do overflow are stops of the Tab key
  const overflows = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
  if (!overflows) ["tabindex", "role", "aria-label"].forEach((a) => box.removeAttribute(a));
  else if (!box.hasAttribute("tabindex")) {
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", `${boxName(box)} (can be scrolled)`);
  }
};
const resized = new ResizeObserver((entries) => entries.forEach((e) => focusable(e.target)));
const prepare = (part) => {
  part.querySelectorAll(".scroll, pre, .text").forEach((box) => resized.observe(box));
  part.querySelectorAll("figure.picture").forEach(pictureTools);
  part.querySelectorAll("[data-gloss]").forEach((word) => word.setAttribute("aria-describedby", `gloss-${word.dataset.gloss}`));
};
const reveal = () => { // what a link leads to is not left folded, or behind another choice
  let aim = null;
  try { aim = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { /* no name of a place */ }
  if (!aim) return;
  for (let at = aim; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  aim.scrollIntoView();
};
const contents = () => {
  const links = new Map([...document.querySelectorAll(".contents a")].map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
  const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  if (!headings.length) return;
  const follow = () => {
    const passed = headings.filter((h) => h.getBoundingClientRect().top < innerHeight / 3);
    const bottom = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    const current = (bottom ? headings : passed).at(-1) || headings[0];
    links.forEach((link, id) => (id === current.id
      ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
  };
  addEventListener("scroll", follow, { passive: true });
  addEventListener("resize", follow);
  follow();
};
const passages = (reading) => { // two texts side by side: a shared passage leads to its other place
  reading.addEventListener("click", (event) => {
    const mark = event.target.closest("[data-passage]");
    if (!mark) return;
    const same = [...reading.querySelectorAll(`[data-passage="${mark.dataset.passage}"]`)];
    reading.querySelectorAll(".now").forEach((m) => m.classList.remove("now"));
    same.forEach((m) => m.classList.add("now"));
    const other = same.find((m) => m.closest(".text") !== mark.closest(".text"));
    const box = other?.closest(".text");
    if (box) box.scrollTop += other.getBoundingClientRect().top - mark.getBoundingClientRect().top;
  });
};
const started = async () => {
  document.querySelectorAll(".contents details").forEach((list) => { list.open = matchMedia("(min-width: 68rem)").matches; });
  const each = async (boxes, act) => {
    const held = [...document.querySelectorAll(`${boxes} > script`)];
    const data = await Promise.all(held.map((script) => unfolded(script.textContent)));
    held.forEach((script, i) => act(script.parentElement, data[i]));
  };
  await each(".chooser", chooser);
  await each("figure.table", wholeTable);
  document.querySelectorAll(".claim h2[id], .claim h3[id], .claim h1[id]").forEach((h) => h.after(copyLink(h)));
  document.querySelectorAll(".reading").forEach(passages);
  document.body.append(bubble);
  prepare(document);
  contents();
  reveal();
  addEventListener("hashchange", reveal);
  const data = document.getElementById("held"); // of a page on which a reader asks
  if (data) opened(await unfolded(data.textContent));
  document.documentElement.dataset.ready = "";
};
