"use strict";
// The term explorer: a combobox (ARIA Authoring Practices), a picture, tables and the evidence.
// Strings of the corpus enter the page as text only.
(() => {
  const data = JSON.parse(document.getElementById("explorer-data").textContent);
  const PLACE = 3, USE = 8, LINE = 4, NEAR = 3, SHOWN = 12;
  const numbers = new Map(data.terms.map((term, i) => [term, i]));
  const name = (at) => data.spellings[at] || data.terms[at];
  const inArticles = (at) => data.places[at].length / PLACE;
  const common = data.terms.map((_, i) => i).sort((a, b) => inArticles(b) - inArticles(a) || a - b);

  const element = (tag, properties = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(properties)) {
      if (key in made) made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  };
  const drawn = (tag, properties = {}, text) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const whole = (n) => n.toLocaleString("en-US");
  const counted = (n, one, more = `${one}s`) => `${whole(n)} ${n === 1 ? one : more}`;
  const rate = (perMillion) => {
    const value = perMillion / 1000;
    return value.toFixed(value >= 10 ? 1 : value >= 0.1 || value === 0 ? 2 : 3);
  };
  const rows = (flat, width) =>
    Array.from({ length: flat.length / width }, (_, i) => flat.slice(i * width, (i + 1) * width));
  const link = (at) => `#term=${encodeURIComponent(data.terms[at])}`;

  // ---- what was asked for

  const counts = (text) =>
    text.trim().normalize("NFC").replace(/[’ʼ]/g, "'").replace(/[‐‑]/g, "-").toLowerCase();
  const find = (text) => {
    const wanted = counts(text);
    const known = [text.trim(), wanted, wanted.replace(/'s$/, "")].find((t) => numbers.has(t));
    return known === undefined ? -1 : numbers.get(known);
  };
  const matching = (text) => {
    const wanted = counts(text);
    if (!wanted) return [[], 0];
    const begins = common.filter((i) => data.terms[i].startsWith(wanted));
    const holds = common.filter((i) => data.terms[i].indexOf(wanted) > 0);
    const exact = numbers.has(wanted) ? [numbers.get(wanted)] : [];
    const all = [...new Set([...exact, ...begins, ...holds])];
    return [all.slice(0, SHOWN), all.length];
  };

  // ---- the combobox

  const input = document.getElementById("term");
  const list = document.getElementById("terms");
  const status = document.getElementById("found");
  const form = document.getElementById("ask");
  let active = -1;
  let options = [];

  // What stands on the page anyway is only spoken.
  const say = (text, how = "status") => {
    status.className = how;
    status.textContent = text;
  };
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const activate = (at) => {
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    active = at;
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
    }
  };
  const open = () => {
    const [found, all] = matching(input.value);
    options = found.map((at, i) => {
      const option = element("li", { id: `option-${i}`, role: "option" });
      option.setAttribute("aria-selected", "false");
      option.dataset.term = at;
      option.append(element("bdi", {}, name(at)), element("span", {}, counted(inArticles(at), "article")));
      return option;
    });
    list.replaceChildren(...options);
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(options.length > 0));
    input.removeAttribute("aria-activedescendant");
    active = -1;
    const more = all > found.length ? `, the ${found.length} in most articles are listed` : "";
    say(counts(input.value) ? counted(all, "word") + more : "");
  };
  const ask = (text) => {
    close();
    const wanted = `#term=${encodeURIComponent(text)}`;
    asked = true;
    if (location.hash === wanted) answer();
    else location.hash = wanted;
  };
  let asked = false;

  input.addEventListener("input", open);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (list.hidden) open();
      if (!options.length) return;
      const places = options.length + 1; // the field itself is one of the stops
      if (!event.altKey) activate(((active + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      ask(data.terms[options[active].dataset.term]);
    } else if (event.key === "Escape") {
      if (list.hidden) input.value = "";
      close();
      say("");
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim()) ask(find(input.value) < 0 ? input.value.trim() : data.terms[find(input.value)]);
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // focus stays
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) ask(data.terms[option.dataset.term]);
  });

  // ---- the answer

  const result = document.getElementById("answer");
  const start = document.getElementById("start");
  const title = document.title;

  const answer = () => {
    const parameters = new URLSearchParams(location.hash.slice(1).replace(/\+/g, "%2B"));
    const text = parameters.get("term");
    start.hidden = Boolean(text);
    if (!text) {
      result.replaceChildren();
      document.title = title;
      asked = false;
      return;
    }
    const at = find(text);
    input.value = at < 0 ? text : name(at);
    document.title = `${at < 0 ? text : name(at)} · ${title}`;
    result.replaceChildren(...(at < 0 ? missing(text) : explained(at)));
    for (const table of result.querySelectorAll("table.data")) {
      table.dispatchEvent(new Event("table-added", { bubbles: true }));
    }
    if (at >= 0) picture(at);
    const heading = result.querySelector("h2");
    say(at < 0 ? "No such word" : `${name(at)}: ${summary(at)}`, "spoken");
    if (!asked) heading.focus();
    asked = false;
  };
  const heading = (text) => element("h2", { tabIndex: -1 }, element("bdi", {}, text));
  const missing = (text) => {
    const [near] = matching(text.slice(0, Math.max(3, text.length - 2)));
    const parts = [
      heading(text),
      element("p", {}, "No article listed here holds this word. ", data.limit),
    ];
    if (near.length) parts.push(element("p", {}, "Words like it: ", ...links(near)));
    return parts;
  };
  const links = (found) =>
    found.flatMap((at, i) => {
      const one = element("a", { href: link(at) }, element("bdi", {}, name(at)));
      return i ? [", ", one] : [one];
    });
  const total = data.sizes.reduce((a, b) => a + b, 0);
  const summary = (at) => {
    const used = rows(data.uses[at], USE);
    const count = used.reduce((sum, row) => sum + row[1], 0);
    const quoted = used.reduce((sum, row) => sum + row[2], 0);
    return (
      `${counted(count, "use")} in ${whole(inArticles(at))} of ${counted(total, "article")}, by ` +
      `${whole(used.length)} of ${counted(data.groups.length, "outlet")}; ` +
      `${whole(count - quoted)} in the outlets’ own words, ${whole(quoted)} inside quotation marks.`
    );
  };
  const byUse = (at) => rows(data.uses[at], USE).sort((a, b) => b[4] - a[4] || a[0] - b[0]);

  const explained = (at) => {
    const parts = [heading(name(at)), element("p", { className: "lede" }, summary(at))];
    parts.push(element("figure", { className: "picture" }, element("div", { id: "picture" }), caption()));
    parts.push(useTable(at));
    if (data.near && data.near[at].length) parts.push(...together(at));
    if (data.lines) parts.push(...sentences(at));
    parts.push(element("h3", {}, "The articles"), articleTable(at));
    return parts;
  };
  const caption = () =>
    element(
      "figcaption", {}, element("strong", {}, "Uses per 1,000 words, by outlet."),
      " Plain: the outlet’s own words; hatched: inside quotation marks. Lines: 95 % intervals over" +
        " articles, from ten articles on; where there is none, too few articles allow one.",
    );

  const cell = (content, left = false, head = false) => {
    const made = element(head ? "th" : "td", {}, content);
    if (left) made.style.textAlign = "left";
    if (head) made.scope = "row";
    return made;
  };
  const table = (caption, headings, body, notes = []) => {
    const head = headings.map(([text, left]) => {
      const made = element("th", { scope: "col" }, text);
      if (left) made.style.textAlign = "left";
      return made;
    });
    const made = element("table", { className: "data" }, element("caption", {}, caption));
    made.append(element("thead", {}, element("tr", {}, ...head)));
    made.append(element("tbody", {}, ...body.map((cells) => element("tr", {}, ...cells))));
    const box = element("figure", { className: "table" }, element("div", { className: "scroll" }, made));
    if (notes.length) {
      box.append(element("ul", { className: "notes" }, ...notes.map((n) => element("li", {}, n))));
    }
    return box;
  };
  const useTable = (at) => {
    const used = byUse(at);
    const body = used.map(([g, count, quoted, k, r, dp, low, high]) => [
      cell(element("bdi", {}, data.groups[g]), true, true),
      cell(rate(r)),
      cell(low < 0 ? "" : `${rate(low)} – ${rate(high)}`),
      cell(whole(k)), cell(whole(data.sizes[g])), cell(whole(count)),
      cell(whole(count - quoted)), cell(whole(quoted)),
      cell(dp < 0 ? "" : (dp / 1000).toFixed(2)), cell(""),
    ]);
    const users = new Set(used.map(([g]) => g));
    data.groups.forEach((group, g) => {
      if (users.has(g)) return;
      body.push([
        cell(element("bdi", {}, group), true, true), cell("0"), cell(""), cell("0"),
        cell(whole(data.sizes[g])), cell("0"), cell("0"), cell("0"), cell(""),
        cell(`${data.absent[g]} %`),
      ]);
    });
    const headings = ["Per 1,000 words", "95 % interval", "Articles with it (k)", "Articles (n)",
      "Uses", "Own words", "Quoted", "DP", "Of articles at most"];
    return table(
      `Use by outlet (n = ${counted(total, "article")})`,
      [["Outlet", true], ...headings.map((text) => [text, false])], body,
      [
        ...data.notes,
        "DP (Gries 2008): 0 where the word is spread over the outlet’s articles as their lengths" +
          " are, towards 1 the more it clumps. Empty with one article.",
        "Of articles at most: where no article holds the word, the share of such an outlet’s" +
          " articles that might, all the same (95 %, Clopper–Pearson).",
      ],
    );
  };
  const articleTable = (at) => {
    const body = rows(data.places[at], PLACE).map(([a, count, quoted]) => {
      const [g, date, headline, url] = data.articles[a];
      const named = element("bdi", {}, headline);
      const title = url ? element("a", { href: url, rel: "noreferrer" }, named) : named;
      const first = cell(title, true, true);
      first.className = "long";
      return [
        first, cell(element("bdi", {}, data.groups[g]), true), cell(date, true),
        cell(whole(count)), cell(whole(quoted)),
      ];
    });
    return table(
      `Articles that hold “${name(at)}” (${whole(body.length)} of ${whole(total)})`,
      [["Article", true], ["Outlet", true], ["Date", true], ["Uses", false], ["Quoted", false]], body,
    );
  };
  const together = (at) => {
    const near = rows(data.near[at], NEAR).map(([other, both, of]) =>
      element(
        "li", {}, element("a", { href: link(other) }, element("bdi", {}, name(other))),
        ` in ${whole(both)} of ${whole(of)} sentences`,
      ));
    return [
      element("h3", {}, "Beside it"),
      element("p", {}, "Words that stand in the same sentences more than their frequencies would" +
        " have it (log Dice, from three sentences on)."),
      element("ul", { className: "near" }, ...near),
    ];
  };
  const sentences = (at) => {
    const found = rows(data.lines[at], LINE);
    if (!found.length) {
      const why = data.lines_from > 1 && inArticles(at) < data.lines_from
        ? `To keep the page small, sentences are shown of words in ${data.lines_from} articles or more.`
        : "The text of the articles that hold it was not at hand.";
      return [element("h3", {}, "In context"), element("p", {}, why)];
    }
    const uses = rows(data.uses[at], USE).reduce((sum, row) => sum + row[1], 0);
    const lines = found.map(([s, from, to, quoted]) => {
      const [a, text] = data.sentences[s];
      const [g, date, headline, url] = data.articles[a];
      const named = element("bdi", {}, headline);
      return element(
        "li", {},
        element("p", { dir: "auto" }, text.slice(0, from), element("mark", {}, text.slice(from, to)),
          text.slice(to)),
        element("p", { className: "source" }, element("bdi", {}, data.groups[g]), date && `, ${date}`,
          quoted ? ", inside quotation marks" : "", " · ",
          url ? element("a", { href: url, rel: "noreferrer" }, named) : named),
      );
    });
    const all = found.length === uses ? `All ${whole(uses)} uses` : `${whole(found.length)} of ${whole(uses)} uses`;
    return [
      element("h3", {}, "In context"),
      element("p", {}, `${all}, one of each article first; from the ${whole(data.texts)} of ` +
        `${whole(total)} articles whose text was at hand.`),
      element("ol", { className: "lines" }, ...lines),
    ];
  };

  // ---- the picture

  const ROW = 27;
  const cut = (text, width) => {
    const most = Math.floor(width / 7.2);
    return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
  };
  const steps = (most) => {
    const rough = most / 4;
    const size = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((m) => m * size).find((s) => s >= rough);
    return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
  };
  const picture = (at) => {
    const place = document.getElementById("picture");
    const used = byUse(at);
    const width = Math.max(280, Math.min(720, place.clientWidth || 720));
    const left = Math.min(180, Math.round(width * 0.36));
    const right = 74;
    const most = Math.max(...used.map(([, , , , r, , , high]) => Math.max(r, high)), 1);
    const x = (v) => left + (v / most) * (width - left - right);
    const bottom = used.length * ROW + 8;
    const svg = drawn("svg", { viewBox: `0 0 ${width} ${bottom + 34}`, role: "img" });
    const [first, last] = [used[0], used.at(-1)];
    const alt = used.length === 1
      ? `One bar: ${data.groups[first[0]]}, ${rate(first[4])} uses per 1,000 words.`
      : `Bars of uses per 1,000 words for ${used.length} outlets, from ${data.groups[first[0]]} ` +
        `(${rate(first[4])}, in ${first[3]} of ${data.sizes[first[0]]} articles) to ` +
        `${data.groups[last[0]]} (${rate(last[4])}, in ${last[3]} of ${data.sizes[last[0]]}).`;
    svg.setAttribute("aria-label", `${alt} All values are in the table below.`);
    const hatch = drawn("pattern", { id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse",
      patternTransform: "rotate(45)" });
    hatch.append(drawn("rect", { width: 2.4, height: 5, class: "quoted" }));
    const defs = drawn("defs");
    defs.append(hatch);
    svg.append(defs);
    for (const tick of steps(most)) {
      svg.append(drawn("line", { x1: x(tick), x2: x(tick), y1: 4, y2: bottom, class: "rule" }));
      svg.append(drawn("text", { x: x(tick), y: bottom + 14, "text-anchor": "middle", class: "muted" },
        String(Number((tick / 1000).toPrecision(3)))));
    }
    svg.append(drawn("text", { x: left, y: bottom + 30, class: "muted" }, "uses per 1,000 words"));
    used.forEach(([g, count, quoted, k, r, , low, high], i) => {
      const y = 8 + i * ROW + ROW / 2 - 4;
      const own = (r * (count - quoted)) / count;
      svg.append(drawn("text", { x: left - 8, y: y + 4, "text-anchor": "end" }, cut(data.groups[g], left - 8)));
      svg.append(drawn("rect", { x: left, y: y - 6, width: Math.max(x(own) - left, 0), height: 12, class: "own" }));
      if (quoted) {
        svg.append(drawn("rect", { x: x(own), y: y - 5.5, width: Math.max(x(r) - x(own), 1), height: 11,
          fill: "url(#hatch)", class: "edge" }));
      }
      if (low >= 0) {
        const d = `M${x(low)} ${y}H${x(high)}M${x(low)} ${y - 4}v8M${x(high)} ${y - 4}v8`;
        svg.append(drawn("path", { d, class: "interval" }));
      }
      const end = x(Math.max(r, high)) + 7;
      svg.append(drawn("text", { x: end, y: y + 4, class: "muted" }, `${k} of ${data.sizes[g]}`));
    });
    place.replaceChildren(svg);
  };
  let width = innerWidth;
  addEventListener("resize", () => {
    const at = find(input.value);
    if (innerWidth !== width && document.getElementById("picture") && at >= 0) picture(at);
    width = innerWidth;
  });
  addEventListener("hashchange", answer);

  document.getElementById("how-many").textContent = counted(data.terms.length, "word");
  form.hidden = false;
  asked = true; // the page opens where its reader is
  answer();
})();
