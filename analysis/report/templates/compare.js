// Two groups side by side: words, voices, names, themes, the two articles most alike.
const opened = (data) => {
  const USE = 5;
  const [first, second, result, said] = ["first", "second", "answer", "said"].map((id) => document.getElementById(id));
  const firm = data.groups.map((_, g) => g).sort((a, b) => data.sizes[b] - data.sizes[a] || a - b);
  const badge = (kind, detail = "") => element("button", { type: "button", className: `badge ${kind}`, "data-gloss": kind },
    kind + (detail ? `, ${detail}` : ""));
  const upper = (text) => text[0].toUpperCase() + text.slice(1);
  const termAddress = (term) => `explorer.html#term=${encodeURIComponent(term)}`;

  // ---- words: rates, and how many times as high the higher of two is, as in the tables of Words

  const wordsOf = (a, b) => data.terms.map((term, i) => {
    const rows = new Map(rowsOf(data.uses[i], USE).map((r) => [r[0], r]));
    const [x, y] = [a, b].map((g) => rows.get(g) || [g, 0, 0, 0, 0]);
    const [n, m] = [data.tokens[a], data.tokens[b]];
    const rates = [(1000 * x[1]) / n, (1000 * y[1]) / m].sort((p, q) => p - q);
    return { i, term, name: data.spellings[i], a: x, b: y, x: (1000 * x[1]) / n, y: (1000 * y[1]) / m,
      first: x[1] * m > y[1] * n, times: rates[0] ? rates[1] / rates[0] : null };
  }).filter((w) => w.a[1] + w.b[1] > 0);
  const aside = new Set(data.aside);
  // G² (Dunning 1993) ranks; it describes and tests nothing, since words of an article come together.
  const weight = (w, n, m) => {
    const all = (w.a[1] + w.b[1]) / (n + m);
    const part = (o, e) => (o ? o * Math.log(o / e) : 0);
    return 2 * (part(w.a[1], n * all) + part(w.b[1], m * all));
  };
  const contrast = (a, b) => data.tested.find(([x, y]) => (x === a && y === b) || (x === b && y === a));
  const words = (a, b) => {
    const [n, m] = [data.tokens[a], data.tokens[b]];
    const both = Math.min(data.sizes[a], data.sizes[b]) >= FEW;
    const tested = contrast(a, b);
    const q = (w) => tested?.[2][w.i] ?? null;
    const all = wordsOf(a, b).map((w) => ({ ...w, g2: weight(w, n, m), q: q(w) }));
    const least = Math.min(FEW, Math.max(data.sizes[a], data.sizes[b]));
    const firm = all.filter((w) => (w.first ? w.a[4] : w.b[4]) >= least)
      .sort((v, w) => (w.q !== null && w.q < 0.05) - (v.q !== null && v.q < 0.05) || w.g2 - v.g2 || v.i - w.i);
    const held = firm.filter((w) => !aside.has(w.i));
    const strong = new Set(held.slice(0, 30).map((w) => w.i));
    const names = [data.groups[a], data.groups[b]];
    const pass = firm.filter((w) => w.q !== null && w.q < 0.05);
    const listed = (side) => held.filter((w) => w.first === !side && (w.times === null || w.times >= 1.5)).slice(0, 5).map((w) => w.name).join(", ") || "none";
    const line = element("p", { className: "line" }, `Furthest towards ${names[0]}: ${listed(0)}. Furthest towards ${names[1]}: ${listed(1)}. `,
      tested ? badge("tested", `${pass.length} of ${whole(tested[3])} words pass`) : badge("described"), tested ? "" : " This comparison was not tested: it is not in the corpus’s plan, or too few articles allow no test.",
      both ? "" : ` ${names.filter((_, i) => data.sizes[[a, b][i]] < FEW).join(" and ")}: fewer than ${FEW} articles, so these are words of single ones.`);
    const points = [...held, ...all.filter((w) => !held.includes(w))].map((w) => ({ x: w.x, y: w.y, name: w.name, href: termAddress(w.term), strong: strong.has(w.i), note: w.q === null ? "" : `q ${shownNumber(w.q, "p").replace(/^(?=\d)/, "= ")}` }));
    const search = element("input", { type: "search" });
    const place = element("div");
    const paint = () => place.replaceChildren(pictureOf(`Words by their rate in ${names[0]} and ${names[1]}.`,
      "Logarithmic; on the line a word is as frequent in both. Point at a dot for its name; a click asks the explorer.",
      scatterOf(points, names, search.value.trim().toLowerCase()), []));
    search.addEventListener("input", () => { paint(); prepare(place); });
    paint();
    const column = (h, key, f = 0, extra = {}) => ({ h, k: "number", f, v: firm.map(key), ...extra });
    const table = tableOf(`Words that ${least === 1 ? "an article" : `${least} articles or more`} of ${names[0]} or of ${names[1]} ${least === 1 ? "uses" : "use"}`, [
      { h: "Word", k: "text", v: firm.map((w) => w.name), l: firm.map((w) => termAddress(w.term)) },
      column(`${names[0]}, per 1,000 words`, (w) => w.x, 2), column(`in articles (of ${data.sizes[a]})`, (w) => w.a[4]),
      column(`${names[1]}, per 1,000 words`, (w) => w.y, 2), column(`in articles (of ${data.sizes[b]}) `, (w) => w.b[4]),
      column("Times", (w) => w.times, 1), { h: "Used more by", k: "text", v: firm.map((w) => names[w.first ? 0 : 1]) },
      ...(tested ? [column("q", (w) => w.q, "p", { gloss: "q" })] : [])]);
    return [element("h2", {}, "Words"), line, element("label", { className: "choose" }, "Find a word in the picture", search), place, table];
  };

  // ---- voices, names, themes

  const bars = (title, caption, rows, unit) => pictureOf(title, caption, barsByVoice(rows, unit), []);
  const NOBODY = "nobody named";
  const UNMEASURED = "Not measured in this language.";
  const heardAs = (speaker) => (!speaker || speaker === "unattributed" ? NOBODY : speaker);
  const voices = (a, b) => {
    const of = (g) => data.speakers.filter((s) => s[0] === g);
    if (![a, b].some((g) => of(g).length)) return [element("h2", {}, "Voices"), element("p", {}, PARTED ? "No statement stands in the articles of either." : UNMEASURED)];
    const sides = (g) => new Map(data.shares.filter((s) => s[0] === g && s[2] > 0).map(([, side, share]) => [heardAs(side), share]));
    const [x, y] = [sides(a), sides(b)];
    const names = [...new Set([...x.keys(), ...y.keys()])].sort((p, q) => (y.get(q) || 0) + (x.get(q) || 0) - (y.get(p) || 0) - (x.get(p) || 0));
    const rows = names.flatMap((name) => [[a, x], [b, y]].map(([g, share]) => ({ head: name, name: data.groups[g], n: data.sizes[g], k: 0,
      share: 100 * (share.get(name) || 0), note: `${(100 * (share.get(name) || 0)).toFixed(0)} %` })));
    const table = (g) => tableOf(`Speakers in ${data.groups[g]}${data.all_heard ? "" : ", of those heard most in all"}`, [
      { h: "Speaker", k: "text", v: of(g).map((s) => heardAs(s[1])) }, { h: "Side", k: "text", v: of(g).map((s) => s[2]) },
      ...["Statements", "Words", "Quoted words", "Articles"].map((h, i) => ({ h, k: "number", f: 0, v: of(g).map((s) => s[3 + i]) }))]
      .filter((c) => c.k === "number" || c.v.some(Boolean)), 6);
    const isName = (who) => heardAs(who) !== NOBODY && who[0] !== who[0].toLowerCase(); // “a spokesman” may be anyone
    const missing = (from, to) => of(from).filter((s) => isName(s[1]) && !of(to).some((t) => t[1] === s[1])).slice(0, 4).map((s) => s[1]);
    return [element("h2", {}, "Voices"),
      element("p", { className: "line" }, ...[[a, b], [b, a]].map(([p, q]) => `Heard in ${data.groups[p]} and not in ${data.groups[q]}: ${missing(p, q).join(", ") || "nobody"}. `), badge("described")),
      bars("Who is heard: shares of the words of statements.", "Per cent of what each lets others say.", rows.slice(0, 16), "per cent of words of statements"),
      element("div", { className: "pair" }, ...[a, b].filter((g) => of(g).length).map(table))];
  };
  const lists = (a, b, kind, heading, empty) => {
    const rows = data.hits.filter((h) => h[1] === kind && (h[0] === a || h[0] === b));
    if (!rows.length) return [element("h2", {}, heading), element("p", {}, PARTED ? empty : UNMEASURED)];
    const keys = [...new Map(rows.map((h) => [`${h[2]}\t${h[3]}`, [h[2], h[3]]])).values()];
    const hit = (g, [set, entry]) => rows.find((h) => h[0] === g && h[2] === set && h[3] === entry) || [g, kind, set, entry, 0, 0, 0, 0];
    const size = (key) => [a, b].reduce((n, g) => n + hit(g, key).slice(4, 7).reduce((p, q) => p + q, 0), 0);
    keys.sort((p, q) => size(q) - size(p));
    const drawnRows = keys.slice(0, 8).flatMap((key) => [a, b].map((g) => {
      const [own, reported, quoted, k] = hit(g, key).slice(4);
      const rate = (v) => (1000 * v) / data.tokens[g];
      return { head: key[1], name: data.groups[g], n: data.sizes[g], k, own: rate(own), reported: rate(reported), quoted: rate(quoted) };
    }));
    const columns = [a, b].flatMap((g) => [
      ...VOICES.map((v, i) => ({ h: `${data.groups[g]}: ${v}`, k: "number", f: 0, gloss: v, v: keys.map((key) => hit(g, key)[4 + i]) }))]);
    return [element("h2", {}, heading),
      element("p", { className: "line" }, "Words are counted by the voice they stand in; words of a theme are no frame. ", badge("described")),
      pictureOf(`${upper(kind)}s: uses per 1,000 words.`, "At the end: articles that hold it, of all.", barsByVoice(drawnRows, "uses per 1,000 words")),
      tableOf(`${upper(kind)}s of both, by voice`, [{ h: upper(kind), k: "text", v: keys.map((key) => key[1]) }, { h: "Of", k: "text", v: keys.map((key) => key[0]) }, ...columns], 8)];
  };
  const alike = (a, b) => {
    const pair = data.pairs.find(([x, y]) => (x === a && y === b) || (x === b && y === a));
    const text = pair ? `“${pair[3]}” and “${pair[4]}”: cosine ${(pair[2] / 100).toFixed(2)}.`
      : "No article of one is among the forty nearest of an article of the other.";
    return [element("h2", {}, "The two articles most alike"), element("p", {}, text)];
  };

  const answer = () => {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const [a, b] = ["a", "b"].map((key, i) => { const at = data.groups.indexOf(wanted.get(key)); return at < 0 ? firm[i] : at; });
    first.value = String(a);
    second.value = String(b);
    const names = [a, b].map((g) => `${data.groups[g]} (${counted(data.sizes[g], "article")}, ${whole(data.tokens[g])} words)`);
    if (a === b) {
      result.replaceChildren(element("p", {}, `These are the same. Choose two ${data.by}s that differ.`));
      return;
    }
    said.textContent = `${data.groups[a]} and ${data.groups[b]}`;
    result.replaceChildren(element("p", { className: "lede" }, `${names[0]} and ${names[1]}.`), ...words(a, b), ...voices(a, b),
      ...lists(a, b, "name", "Names", "No competing name of the lists stands in the articles of either."),
      ...lists(a, b, "theme", "Themes", "No word of the themes stands in the articles of either."), ...alike(a, b));
    prepare(result);
  };
  if (data.groups.length < 2) {
    result.replaceChildren(element("p", {}, `There is one ${data.by} here, so there is nothing to compare it with.`));
    return;
  }
  [first, second].forEach((select) => select.append(...data.groups.map((name, g) => element("option", { value: String(g) }, name))));
  [first, second].forEach((select) => select.addEventListener("change", () => {
    location.hash = `a=${encodeURIComponent(data.groups[first.value])}&b=${encodeURIComponent(data.groups[second.value])}`;
  }));
  addEventListener("hashchange", answer);
  document.getElementById("two").hidden = false;
  answer();
};
