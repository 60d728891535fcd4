// Pictures that a page draws itself: bars by voice, weeks, strips of articles, scatters.
// Each is drawn for the width it has, and drawn anew when that changes.
const rowsOf = (flat, width) =>
  Array.from({ length: flat.length / width }, (_, i) => flat.slice(i * width, (i + 1) * width));
const VOICES = ["own", "reported", "quoted"];
const FEW = 4; // articles below which a group stands apart, in figures or pale
const rateText = (value) => value.toFixed(value >= 10 ? 1 : value >= 0.1 || value === 0 ? 2 : 3);
const cutText = (text, width) => { // in the middle: both ends tell names apart
  const most = Math.max(6, Math.floor(width / 7.6));
  return text.length <= most ? text : `${text.slice(0, most >> 1).trimEnd()}…${text.slice(1 - (most >> 1)).trimStart()}`;
};
const ticksTo = (most) => {
  const rough = most / 4;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * size).find((s) => s >= rough);
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, i) => i * step);
};
const titled = (node, text) => { node.prepend(drawn("title", {}, text)); return node; };
let hatches = 0;
// Patterns under which the three voices differ without colour as well.
const patterns = () => {
  const id = `hatch${++hatches}`;
  const defs = drawn("defs", {},
    ...[["reported", -45], ["quoted", 45]].map(([voice, turn]) => drawn("pattern", { id: `${id}${voice[0]}`, width: 5, height: 5,
      patternUnits: "userSpaceOnUse", patternTransform: `rotate(${turn})` }, drawn("rect", { width: 2, height: 5, class: voice }))));
  return [defs, { own: "", reported: `url(#${id}r)`, quoted: `url(#${id}q)` }];
};
const voiceBar = (svg, fills, x, width, y, height, voice, title) => {
  const bar = drawn("rect", { x, y, width: Math.max(width, 0.8), height, class: fills[voice] ? `edge-${voice}` : voice });
  if (fills[voice]) bar.setAttribute("fill", fills[voice]);
  svg.append(titled(bar, title));
};
const keyOf = (names) => element("p", { className: "key" }, ...names.flatMap(([look, text]) =>
  element("span", {}, element("span", { className: `swatch ${look}` }), text)));
// In a language without rules what is reported of others is not told from what an outlet says itself.
const PARTED = !document.querySelector("main[data-unparted]");
const VOICE_KEY = PARTED ? VOICES.map((voice) => [voice, voice])
  : [["own", "outside quotation marks"], ["quoted", "inside quotation marks"]];
// A figure that `draw(svg, width)` fills; it gives the height and the words for it.
const pictureOf = (title, caption, draw, key = VOICE_KEY) => {
  const place = element("div");
  const figure = element("figure", { className: "picture" }, ...(key.length ? [keyOf(key)] : []), place,
    element("figcaption", {}, element("strong", {}, title), ` ${caption}`));
  let last = 0;
  const again = () => {
    const width = Math.max(260, Math.min(780, place.clientWidth || 720));
    if (width === last) return;
    last = width;
    const svg = drawn("svg", { role: "img" });
    const [height, words] = draw(svg, width);
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("aria-label", words);
    place.replaceChildren(svg);
  };
  new ResizeObserver(again).observe(place);
  again();
  return figure;
};
const called = (row) => (row.head ? `${row.head}, ${row.name}` : row.name);
const sizeOf = (row) => [...VOICES, "share"].reduce((sum, v) => sum + (row[v] || 0), 0);
// Rows: {name, n, k, own, reported, quoted (or share), low, high}, rates; those of few articles come last, in figures beside the bars of others.
// Rows of one `head` stand under it.
const barsByVoice = (rows, unit, most) => (svg, width) => {
  const ROW = 25;
  const left = Math.min(7.6 * Math.max(...rows.map((r) => r.name.length)) + 16, Math.round(width * 0.4));
  const right = 78;
  const firm = rows.filter((r) => r.n >= FEW);
  const top = most || Math.max(...(firm.length ? firm : rows).map((r) => Math.max(sizeOf(r), r.high || 0)), 1e-9);
  const x = (v) => left + (v / top) * (width - left - right);
  const headed = rows.some((r) => r.head); // what stands under one head stays together
  const order = headed ? rows : [...firm, ...rows.filter((r) => r.n < FEW)];
  const heads = (i) => order[i].head && order[i].head !== order[i - 1]?.head;
  const apart = !headed && firm.length && firm.length < rows.length ? firm.length : -1; // the first of the few
  let bottom = 0;
  const ends = order.map((r, i) => {
    bottom += ROW + (i === apart ? 22 : 0) + (heads(i) ? 20 : 0);
    return bottom;
  });
  bottom += 6;
  const [defs, fills] = patterns();
  svg.append(defs);
  ticksTo(top).forEach((tick) => svg.append(
    drawn("line", { x1: x(tick), x2: x(tick), y1: 2, y2: bottom, class: "rule" }),
    drawn("text", { x: x(tick), y: bottom + 14, "text-anchor": "middle", class: "muted" }, String(Number(tick.toPrecision(3))))));
  svg.append(drawn("text", { x: left, y: bottom + 29, class: "muted" }, unit));
  if (apart > 0) svg.append(drawn("text", { x: left, y: ends[apart - 1] + 18, class: "muted" }, `fewer than ${FEW} articles`));
  order.forEach((r, i) => {
    const y = ends[i] - 9;
    if (heads(i)) svg.append(drawn("text", { x: 0, y: y - 14, class: "head" }, cutText(r.head, width)));
    const row = drawn("g");
    const written = firm.length && r.n < FEW; // nobody's longest bar
    row.append(drawn("text", { x: left - 8, y: y + 4, "text-anchor": "end" }, cutText(r.name, left - 8)));
    let at = 0;
    const bars = drawn("g", r.n < FEW ? { class: "pale" } : {});
    [...VOICES, "share"].filter((v) => r[v] > 0 && !written).forEach((v) => {
      voiceBar(bars, fills, x(at), x(at + r[v]) - x(at), y - 7, 13, v, `${called(r)}: ${v === "share" ? "" : `${v} `}${rateText(r[v])} ${unit}`);
      at += r[v];
    });
    row.append(bars);
    if (r.high) row.append(drawn("path", { class: "interval", d: `M${x(r.low)} ${y}H${x(r.high)}M${x(r.low)} ${y - 4}v8M${x(r.high)} ${y - 4}v8` }));
    row.append(drawn("text", { x: x(Math.max(at, r.high || 0)) + 6, y: y + 4, class: "muted" }, r.note ?? `${written && r.k ? `${rateText(sizeOf(r))} in ` : ""}${r.k} of ${r.n}`));
    svg.append(row);
  });
  const sizes = [...order].sort((p, q) => sizeOf(q) - sizeOf(p));
  const said = (r) => `${called(r)} ${rateText(sizeOf(r))}`;
  return [bottom + 34, order.length ? `Bars, ${unit}, for ${order.length} groups, from ${said(sizes[0])} to ${said(sizes.at(-1))}.` : "No bar."];
};
const inWords = (day, month = "long") => new Date(day).toLocaleDateString("en-GB", { day: "numeric", month, year: "numeric", timeZone: "UTC" });
// Weeks: {from, rate, count, n}; a week without an article has no bar, one without a use a zero.
const barsByWeek = (weeks, unit) => (svg, width) => {
  const [left, height] = [44, 146];
  const top = Math.max(...weeks.map((w) => w.rate), 1e-9);
  const step = (width - left - 8) / weeks.length;
  svg.append(drawn("text", { x: 0, y: 11, class: "muted" }, unit));
  ticksTo(top).forEach((tick) => {
    const y = height - (tick / top) * (height - 30);
    svg.append(drawn("line", { x1: left, x2: width - 8, y1: y, y2: y, class: "rule" }),
      drawn("text", { x: left - 6, y: y + 4, "text-anchor": "end", class: "muted" }, String(Number(tick.toPrecision(3)))));
  });
  const every = Math.ceil(weeks.length / Math.max(2, Math.floor(width / 90)));
  weeks.forEach((w, i) => {
    const h = (w.rate / top) * (height - 30);
    if (w.n) svg.append(titled(drawn("rect", { x: left + i * step + 1, y: height - Math.max(h, 0.6), width: Math.max(step - 2, 1),
      height: Math.max(h, 0.6), class: w.n < FEW ? "plain pale" : "plain" }),
    `Week of ${inWords(w.from)}: ${whole(w.count)} in ${counted(w.n, "article")}, ${rateText(w.rate)} ${unit}`));
    if (i % every === 0 && left + i * step < width - 76) svg.append(drawn("text", { x: left + i * step, y: height + 16, class: "muted" }, inWords(w.from, "short")));
  });
  const peak = weeks.reduce((a, b) => (b.rate > a.rate ? b : a));
  return [height + 24, `Bars, ${unit}, for ${weeks.length} weeks; most in the week of ${inWords(peak.from)} (${rateText(peak.rate)}, ${counted(peak.n, "article")}).`];
};
// One article from first word to last: parts [start, words, voice].
const stripOf = (total, parts, words, height = 14) => {
  const svg = drawn("svg", { viewBox: `0 0 600 ${height}`, role: "img", class: "strip", preserveAspectRatio: "none", "aria-label": words });
  const [defs, fills] = patterns();
  svg.append(defs, drawn("line", { x1: 0, x2: 600, y1: height / 2, y2: height / 2, class: "own-line" }));
  parts.forEach(([start, length, voice, who]) => voiceBar(svg, fills, (600 * start) / total, (600 * length) / total, 1, height - 2,
    VOICES[voice], `${who || "unattributed"}, ${counted(length, "word")}`));
  return svg;
};
// Points: {x, y, name, href, strong}, the most telling first; rates on two logarithmic axes, zero at the edge.
const scatterOf = (points, names, found) => (svg, width) => {
  const size = Math.min(width, 620);
  const [left, bottom] = [52, size - 44];
  const positive = points.flatMap((p) => [p.x, p.y]).filter((v) => v > 0);
  const least = Math.min(...positive, 1);
  const most = 1.5 * Math.max(...positive, 1);
  const none = least / 2;
  const scale = (v) => (Math.log(Math.max(v, none)) - Math.log(none)) / (Math.log(most) - Math.log(none));
  const x = (v) => left + 8 + scale(v) * (size - left - 20);
  const y = (v) => bottom - 8 - scale(v) * (bottom - 20);
  const ticks = [none, ...[0.001, 0.01, 0.1, 1, 10, 100].filter((t) => t >= least && t <= most)];
  ticks.forEach((t) => {
    const text = t === none ? "0" : String(t);
    svg.append(drawn("line", { x1: x(t), x2: x(t), y1: 8, y2: bottom, class: "rule" }), drawn("line", { x1: left, x2: size - 8, y1: y(t), y2: y(t), class: "rule" }),
      drawn("text", { x: x(t), y: bottom + 15, "text-anchor": "middle", class: "muted" }, text),
      drawn("text", { x: left - 5, y: y(t) + 4, "text-anchor": "end", class: "muted" }, text));
  });
  svg.append(drawn("line", { x1: x(least), y1: y(least), x2: x(most), y2: y(most), class: "interval" }),
    drawn("text", { x: size - 8, y: bottom + 34, "text-anchor": "end", class: "muted" }, `per 1,000 words in ${names[0]} →`),
    drawn("text", { x: 14, y: 12, class: "muted", transform: "rotate(-90 14 12)", "text-anchor": "end" }, `per 1,000 words in ${names[1]} →`));
  const taken = points.filter((p) => p.strong).map((p) => [x(p.x) - 4, y(p.y) - 4, 8, 8]);
  const free = ([l, t, w, h]) => l > left && l + w < size && !taken.some((b) => l < b[0] + b[2] && b[0] < l + w && t < b[1] + b[3] && b[1] < t + h);
  const words = []; // above all dots
  svg.classList.add("scatter");
  const isSought = (p) => found && p.name.toLowerCase().startsWith(found);
  [...points].reverse().forEach((p) => {
    const sought = isSought(p);
    const dot = titled(drawn("circle", { cx: x(p.x), cy: y(p.y), r: sought ? 5 : p.strong ? 3.5 : 2.2,
      class: sought ? "sought" : p.strong ? "plain" : "plain faint" }),
    `${p.name}: ${rateText(p.x)} in ${names[0]}, ${rateText(p.y)} in ${names[1]} per 1,000 words${p.note ? `; ${p.note}` : ""}`);
    dot.addEventListener("click", () => { location.href = p.href; });
    svg.append(dot);
  });
  points.filter((p) => p.strong || isSought(p)).forEach((p) => { // the most telling take their place first
    const sought = isSought(p);
    const long = p.name.length * 7.4;
    const places = [[6, -7], [-6 - long, -7], [-long / 2, -20], [-long / 2, 6]]; // beside its dot, above, below
    const boxes = places.map(([across, down]) => [x(p.x) + across, y(p.y) + down, long, 14]);
    const box = boxes.find(free) || (sought && boxes[0]);
    if (box) {
      taken.push(box);
      words.push(drawn("text", { x: box[0], y: box[1] + 11, class: sought ? "sought-name" : "" }, p.name));
    }
  });
  svg.append(...words);
  return [size, `${whole(points.length)} words as dots: across at their rate in ${names[0]}, up at their rate in ${names[1]}.`];
};
