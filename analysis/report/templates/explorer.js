// The explorer: one or two words, families (harbo*) or phrases; who uses them, when, in whose voice.
// Strings of the corpus enter the page as text only.
const countsAs = (text) => text.trim().normalize("NFC").replace(/[’ʼ]/g, "'").replace(/[‐‑]/g, "-").toLowerCase();
// A combobox (ARIA Authoring Practices): `match(text)` gives [[label, detail, value], …] and how many.
const combobox = (input, list, match, say, chosen) => {
  let options = [];
  let active = -1;
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
    const [found, all] = match(input.value);
    options = found.map(([label, detail, value], i) => {
      const option = element("li", { id: `${list.id}-${i}`, role: "option", "aria-selected": "false" },
        element("bdi", {}, label), element("span", {}, detail));
      option.dataset.value = value;
      return option;
    });
    list.replaceChildren(...options);
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(options.length > 0));
    input.removeAttribute("aria-activedescendant");
    active = -1;
    const more = all > found.length ? `, the ${found.length} in most articles are listed` : "";
    say(input.value.trim() ? counted(all, "word") + more : "");
  };
  const take = (option) => { input.value = option.dataset.value; close(); chosen(); };
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
      take(options[active]);
    } else if (event.key === "Escape") {
      if (list.hidden) input.value = "";
      close();
      say("");
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // focus stays
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  return close;
};
const opened = (data) => {
  const PLACE = 4, USE = 4, LINE = 4, NEAR = 3, SHOWN = 12;
  const total = data.sizes.reduce((a, b) => a + b, 0);
  const numbers = new Map(data.terms.map((term, i) => [term, i]));
  const nameOf = (at) => data.spellings[at] || data.terms[at];
  const inArticles = (at) => data.places[at].length / PLACE;
  const common = data.terms.map((_, i) => i).sort((a, b) => inArticles(b) - inArticles(a) || a - b);
  const addressOf = (...texts) => `#${texts.filter(Boolean).map((t, i) => `${i ? "with" : "term"}=${encodeURIComponent(t)}`).join("&")}`;

  // ---- what was asked for

  const find = (text) => {
    const wanted = countsAs(text);
    const known = [text.trim(), wanted, wanted.replace(/'s$/, "")].find((t) => numbers.has(t));
    return known === undefined ? -1 : numbers.get(known);
  };
  const matching = (text) => {
    const wanted = countsAs(text).replace(/\*$/, "");
    if (!wanted) return [[], 0];
    const begins = common.filter((i) => data.terms[i].startsWith(wanted));
    const holds = common.filter((i) => data.terms[i].indexOf(wanted) > 0);
    const exact = numbers.has(wanted) ? [numbers.get(wanted)] : [];
    const all = [...new Set([...exact, ...begins, ...holds])];
    return [all.slice(0, SHOWN), all.length];
  };
  const offered = (text) => {
    const [found, all] = matching(text);
    return [found.map((at) => [nameOf(at), counted(inArticles(at), "article"), data.terms[at]]), all];
  };
  // Places [article, count, reported, quoted] of a word, most uses first; each is held as its distance from the last.
  const placesOf = (at) => {
    let article = 0;
    return rowsOf(data.places[at], PLACE).map(([step, ...n]) => [article += step, ...n]).sort((x, y) => y[1] - x[1] || x[0] - y[0]);
  };
  // Places and lines of a word, a family or a phrase.
  const asked = (text) => {
    const at = find(text);
    if (at >= 0) return { label: nameOf(at), at, terms: [at], places: placesOf(at), lines: data.lines ? rowsOf(data.lines[at], LINE) : null };
    const wanted = countsAs(text);
    if (wanted.length > 2 && wanted.endsWith("*")) return family(text.trim(), wanted.slice(0, -1));
    if (/\s/.test(wanted) && data.sentences) return phrase(text.trim(), wanted);
    return null;
  };
  const added = (parts) => { // places of several words, one row an article
    const byArticle = new Map();
    parts.forEach(([a, ...n]) => {
      const sum = byArticle.get(a) || [a, 0, 0, 0];
      n.forEach((v, i) => { sum[i + 1] += v; });
      byArticle.set(a, sum);
    });
    return [...byArticle.values()].sort((x, y) => y[1] - x[1] || x[0] - y[0]);
  };
  const family = (label, stem) => {
    const terms = common.filter((i) => data.terms[i].startsWith(stem));
    if (!terms.length) return null;
    const lines = data.lines ? terms.flatMap((at) => rowsOf(data.lines[at], LINE)).slice(0, 40) : null;
    return { label, terms, places: added(terms.flatMap(placesOf)), lines };
  };
  const phrase = (label, wanted) => {
    const lines = [];
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${wanted.split(/\s+/).map((w) =>
      w.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, "[\\p{L}\\p{N}]*")).join("[^\\p{L}\\p{N}]+")}(?![\\p{L}\\p{N}])`, "giu");
    data.sentences.forEach(([, text], s) => {
      for (const hit of text.matchAll(pattern)) lines.push([s, hit.index, hit.index + hit[0].length, 0]);
    });
    if (!lines.length) return null;
    return { label, terms: [], phrase: true, places: added(lines.map(([s]) => [data.sentences[s][0], 1, 0, 0])), lines };
  };
  const byGroup = (query) => {
    const groups = data.groups.map((name, g) => ({ g, name, n: data.sizes[g], tokens: data.tokens[g], k: 0, count: 0, own: 0, reported: 0, quoted: 0 }));
    query.places.forEach(([a, count, reported, quoted]) => {
      const row = groups[data.articles[a][0]];
      row.k += 1;
      row.count += count;
      row.own += count - reported - quoted;
      row.reported += reported;
      row.quoted += quoted;
    });
    if (query.at !== undefined) {
      rowsOf(data.uses[query.at], USE).forEach(([g, dp, low, high]) =>
        Object.assign(groups[g], { dp: dp < 0 ? null : dp / 1000, low: low < 0 ? 0 : low / 1000, high: high < 0 ? 0 : high / 1000 }));
    }
    return groups.filter((r) => r.n).sort((a, b) => b.count / b.tokens - a.count / a.tokens || a.g - b.g);
  };
  const rated = (r) => ({ ...r, ...Object.fromEntries(VOICES.map((v) => [v, (1000 * r[v]) / r.tokens])), low: r.low, high: r.high });

  // ---- the answer, in a sentence and in pictures

  const sum = (rows, key) => rows.reduce((a, r) => a + r[key], 0);
  const sentence = (query, groups) => {
    const users = groups.filter((r) => r.count);
    const firm = users.filter((r) => r.n >= FEW);
    const [count, reported, quoted] = ["count", "reported", "quoted"].map((key) => sum(users, key));
    const told = (r) => `${r.name} (${rateText((1000 * r.count) / r.tokens)}; in ${r.k} of ${counted(r.n, "article")})`;
    const most = firm[0] && groups.filter((r) => r.n >= FEW).length > 1
      ? ` Most per 1,000 words, of those with ${FEW} articles or more: ${firm.slice(0, 2).map(told).join(", then ")}.` : "";
    const voices = query.phrase ? "" : `; ${whole(count - reported - quoted)} in the outlets’ own words, ${whole(reported)} reported, ${whole(quoted)} quoted`;
    const where = query.phrase ? ` in the ${whole(data.sentences.length)} sentences that this page holds` : "";
    return `“${query.label}” is used ${count === 1 ? "once" : `${whole(count)} times`}${where}, in ${whole(query.places.length)} of ${counted(total, "article")}, by ` +
      `${whole(users.length)} of ${counted(groups.length, data.by === "outlet" ? "outlet" : "group")}${voices}.${most}`;
  };
  const weeksOf = (query) => {
    const monday = (date) => {
      const day = new Date(`${date.slice(0, 10)}T00:00:00Z`);
      day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
      return day.toISOString().slice(0, 10);
    };
    const weeks = new Map();
    const weekOf = (a) => data.articles[a][1] && monday(data.articles[a][1]);
    data.articles.forEach((article, a) => {
      const from = weekOf(a);
      if (!from) return;
      const week = weeks.get(from) || { from, n: 0, words: 0, count: 0 };
      week.n += 1;
      week.words += article[5];
      weeks.set(from, week);
    });
    query.places.forEach(([a, count]) => { if (weekOf(a)) weeks.get(weekOf(a)).count += count; });
    if (weeks.size < 2) return [];
    const known = [...weeks.keys()].sort();
    const all = [];
    for (let day = new Date(`${known[0]}T00:00:00Z`); day.toISOString().slice(0, 10) <= known.at(-1); day.setUTCDate(day.getUTCDate() + 7)) {
      const from = day.toISOString().slice(0, 10);
      all.push(weeks.get(from) || { from, n: 0, words: 0, count: 0 });
    }
    return all.length > 120 ? [] : all.map((w) => ({ ...w, rate: w.words ? (1000 * w.count) / w.words : 0 }));
  };
  const useTable = (query, groups) => {
    const column = (h, key, extra = {}) => ({ h, k: "number", f: 0, v: groups.map(key), ...extra });
    const voices = query.phrase ? [] : VOICES.map((v) => column(v[0].toUpperCase() + v.slice(1), (r) => r[v], { gloss: v }));
    return tableOf(`Use of “${query.label}” by ${data.by}`, [
      { h: data.by[0].toUpperCase() + data.by.slice(1), k: "text", v: groups.map((r) => r.name) },
      column("Per 1,000 words", (r) => (1000 * r.count) / r.tokens, { f: 3 }),
      column("From", (r) => r.low || null, { f: 2 }), column("To", (r) => r.high || null, { f: 2 }),
      column("Articles with it", (r) => r.k), column("of", (r) => r.n), column("Uses", (r) => r.count), ...voices,
      column("DP", (r) => (r.count ? r.dp ?? null : null), { f: 2, gloss: "dp" }),
    ].filter((c) => c.v.some((v) => v !== null)));
  };
  const articleTable = (query) => {
    const of = query.places.map(([a]) => data.articles[a]);
    const column = (h, at) => ({ h, k: "number", f: 0, v: query.places.map((p) => p[at]) });
    return tableOf(`Articles with “${query.label}”`, [
      { h: "Article", k: "text", v: of.map((a) => a[2]), l: of.map((a) => a[3]) },
      { h: data.by[0].toUpperCase() + data.by.slice(1), k: "text", v: of.map((a) => data.groups[a[0]]) },
      { h: "Date", k: "text", v: of.map((a) => a[1]) }, column("Uses", 1),
      ...(query.phrase ? [] : [column("Reported", 2), column("Quoted", 3)]),
    ].filter((c) => c.v.some((v) => v !== "")));
  };
  const inContext = (query) => {
    if (!query.lines) return [];
    const uses = query.places.reduce((n, p) => n + p[1], 0);
    const lines = query.lines.slice(0, 40).map(([s, from, to, quoted]) => {
      const [a, text] = data.sentences[s];
      const [g, date, headline, url] = data.articles[a];
      const named = element("bdi", {}, headline);
      return element("li", {},
        element("p", { dir: "auto" }, text.slice(0, from), element("mark", {}, text.slice(from, to)), text.slice(to)),
        element("p", { className: "source" }, element("bdi", {}, data.groups[g]), date && `, ${date}`, quoted ? ", inside quotation marks" : "", " · ",
          url ? element("a", { href: url, rel: "noreferrer" }, named) : named));
    });
    const why = lines.length ? `${whole(lines.length)} of ${counted(uses, "use")}, one of each article first; the text of ${whole(data.texts)} of ${counted(total, "article")} was at hand.`
      : "The text of the articles that hold it was not at hand, or there was no room for their sentences.";
    return [element("h3", {}, "In their sentences"), element("p", {}, why), element("ol", { className: "lines" }, ...lines)];
  };
  const beside = (query) => {
    if (!data.near || query.at === undefined || !data.near[query.at].length) return [];
    const near = rowsOf(data.near[query.at], NEAR).map(([other, both, of]) => element("li", {},
      element("a", { href: addressOf(data.terms[other]) }, element("bdi", {}, nameOf(other))), ` in ${whole(both)} of ${whole(of)} sentences`));
    return [element("h3", {}, "Beside it"), element("p", {}, "Words that stand in the same sentences more than their frequencies would have it (log Dice, from three sentences on)."),
      element("ul", { className: "near" }, ...near)];
  };
  const explained = (queries) => {
    const groups = queries.map(byGroup);
    const firm = groups.flat().filter((r) => r.n >= FEW);
    const most = Math.max(...(firm.length ? firm : groups.flat()).map((r) => Math.max((1000 * r.count) / r.tokens, r.high || 0)), 1e-9);
    const parts = [element("h2", { tabIndex: -1 }, element("bdi", {}, queries.map((q) => q.label).join(" and ")))];
    const pictures = queries.map((query, i) => {
      const part = element("div");
      const users = groups[i].filter((r) => r.count).map(rated);
      part.append(element("p", { className: "lede" }, sentence(query, groups[i])));
      if (query.terms.length > 1) {
        const [shown, more] = [query.terms.slice(0, 12), query.terms.length - 12];
        part.append(element("p", { className: "line" }, "The words of the family: ", ...shown.flatMap((at, j) => [j ? ", " : "",
          element("a", { href: addressOf(data.terms[at]) }, element("bdi", {}, nameOf(at)))]), more > 0 ? `, and ${more} more` : "", "."));
      }
      const lines = users.some((r) => r.high) ? "Lines: 95 % intervals over articles, from ten articles on. " : "";
      part.append(pictureOf(`“${query.label}” by ${data.by}.`, `${lines}At the end: articles that hold it, of all.`,
        barsByVoice(users, "uses per 1,000 words", queries.length > 1 ? most : 0), query.phrase ? [] : VOICE_KEY));
      return part;
    });
    parts.push(queries.length > 1 ? element("div", { className: "pair" }, ...pictures) : pictures[0]);
    queries.forEach((query, i) => {
      const weeks = weeksOf(query);
      if (weeks.length) {
        const undated = data.articles.filter((a) => !a[1]).length;
        parts.push(pictureOf(`“${query.label}” over time.`, `Weeks by their Monday; pale: fewer than ${FEW} articles.${undated ? ` ${counted(undated, "article")} without a date ${undated === 1 ? "is" : "are"} not in it.` : ""}`,
          barsByWeek(weeks, "uses per 1,000 words"), []));
      }
      parts.push(...inContext(query), articleTable(query), useTable(query, groups[i]), ...beside(query));
    });
    return parts;
  };
  const missing = (text) => {
    const [near] = matching(text.slice(0, Math.max(3, text.length - 2)));
    const parts = [element("h2", { tabIndex: -1 }, element("bdi", {}, text)),
      element("p", {}, "No article listed here holds this. ", data.limit, /\s/.test(text.trim()) && !data.sentences ? " Phrases can be asked for where the texts are at hand." : "")];
    if (near.length) parts.push(element("p", {}, "Words like it: ", ...near.flatMap((at, i) => [i ? ", " : "",
      element("a", { href: addressOf(data.terms[at]) }, element("bdi", {}, nameOf(at)))])));
    return parts;
  };

  // ---- the form and the address bar

  const [form, input, second, status] = ["ask", "term", "with", "found"].map((id) => document.getElementById(id));
  const [result, start] = ["answer", "start"].map((id) => document.getElementById(id));
  const title = document.title;
  const say = (text, how = "status") => { status.className = how; status.textContent = text; };
  let typed = true; // the page opens where its reader is
  const answer = () => {
    const parameters = new URLSearchParams(location.hash.slice(1).replace(/\+/g, "%2B"));
    const texts = ["term", "with"].map((key) => parameters.get(key) || "").filter(Boolean);
    start.hidden = texts.length > 0;
    if (!texts.length) {
      result.replaceChildren();
      document.title = title;
      typed = false;
      return;
    }
    const queries = texts.map(asked);
    [input, second].forEach((field, i) => { field.value = queries[i] ? queries[i].label : texts[i] || ""; });
    const known = queries.filter(Boolean);
    document.title = `${queries.map((q, i) => (q ? q.label : texts[i])).join(", ")} · ${title}`;
    result.replaceChildren(...(known.length ? explained(known) : []),
      ...texts.filter((_, i) => !queries[i]).flatMap(missing));
    prepare(result);
    say(known.length ? known.map((q) => sentence(q, byGroup(q))).join(" ") : "No such word", "spoken");
    if (!typed) result.querySelector("h2").focus();
    typed = false;
  };
  const ask = () => {
    closers.forEach((close) => close());
    const texts = [input, second].map((field) => field.value.trim()).filter(Boolean)
      .map((text) => (find(text) < 0 ? text : data.terms[find(text)]));
    if (!texts.length) return;
    const wanted = addressOf(...texts);
    typed = true;
    if (location.hash === wanted) answer();
    else location.hash = wanted;
  };
  const closers = [input, second].map((field) => combobox(field, document.getElementById(`${field.id}-list`), offered, say, ask));
  form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
  addEventListener("hashchange", answer);
  document.getElementById("how-many").textContent = counted(data.terms.length, "word");
  form.hidden = false;
  answer();
};
