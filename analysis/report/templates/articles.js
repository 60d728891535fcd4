// All articles, sifted: each with its strip, its most telling words and its nearest.
const opened = (data) => {
  const PAGE = 12;
  const [ID, OUTLET, DATE, NAME, URL_, WORDS, STORY, TELLING, NEAR, STRIP, ASIDE] = Array.from({ length: 11 }, (_, i) => i);
  const [result, found, sought, of, story] = ["answer", "found", "sought", "of", "story"].map((id) => document.getElementById(id));
  of.append(...[["", "all outlets"], ...data.outlets.entries()].map(([value, name]) => element("option", { value: String(value) }, name)));
  story.parentElement.hidden = !data.stories.length;
  const texts = data.articles.map((a) => [a[NAME], data.outlets[a[OUTLET]], a[DATE], a[TELLING], a[ID], a[ASIDE], ...a[STRIP].map((s) => s[3])].join("\t").toLowerCase());
  let page = 0;
  const place = (at) => `a${at}`;
  const card = (at) => {
    const a = data.articles[at];
    const name = element("bdi", {}, a[NAME]);
    const heard = a[STRIP].reduce((n, s) => n + s[1], 0);
    const who = [...new Set(a[STRIP].map((s) => s[3]).filter((s) => s && s !== "unattributed"))];
    const words = `${data.outlets[a[OUTLET]]}: ${counted(a[WORDS], "word")}, ${counted(a[STRIP].length, "statement")}${who.length ? `, of ${who.slice(0, 4).join(", ")}${who.length > 4 ? " and others" : ""}` : ""}.`;
    const facts = [data.outlets[a[OUTLET]], a[DATE].slice(0, 10) || "no date", counted(a[WORDS], "word"), a[STORY] >= 0 ? data.stories[a[STORY]] : "", a[ASIDE]].filter(Boolean);
    const near = a[NEAR].flatMap(([other, cosine], i) => [i ? "; " : "",
      element("a", { href: `#${place(other)}` }, element("bdi", {}, data.articles[other][NAME])), ` (${data.outlets[data.articles[other][OUTLET]]}, ${(cosine / 100).toFixed(2)})`]);
    return element("li", { id: place(at) },
      element("h2", {}, a[URL_] ? element("a", { href: a[URL_], rel: "noreferrer" }, name) : name),
      element("p", { className: "source" }, facts.join(" · ")),
      a[WORDS] && PARTED ? stripOf(a[WORDS], a[STRIP], words) : "",
      element("p", { className: "source" }, a[STRIP].length ? `${Math.round((100 * heard) / Math.max(a[WORDS], 1))} % of its words are in statements${who.length ? `: ${who.slice(0, 5).join(", ")}${who.length > 5 ? " and others" : ""}` : ""}.` : "No statement is measured here."),
      element("p", { className: "source" }, a[TELLING] ? `Most telling: ${a[TELLING]}. ` : "", ...(near.length ? ["Nearest: ", ...near, "."] : [])));
  };
  const draw = () => {
    const wanted = sought.value.trim().toLowerCase();
    const kept = data.articles.map((_, i) => i).filter((i) => texts[i].includes(wanted) &&
      (of.value === "" || data.articles[i][OUTLET] === Number(of.value)) && (story.value === "" || data.stories[data.articles[i][STORY]] === `story ${Number(story.value)}`));
    const last = Math.max(0, Math.ceil(kept.length / PAGE) - 1);
    page = Math.max(0, Math.min(page, last));
    const shown = kept.slice(page * PAGE, (page + 1) * PAGE);
    found.textContent = `${whole(kept.length)} of ${counted(data.articles.length, "article")}${last ? `, ${whole(page * PAGE + 1)}–${whole(page * PAGE + shown.length)} shown` : ""}.`;
    const turn = (text, spoken, step, off) => {
      const button = action(text, spoken, () => { page += step; draw(); found.scrollIntoView(); });
      button.disabled = off;
      return button;
    };
    result.replaceChildren(PARTED ? keyOf(VOICE_KEY) : "", element("ol", { className: "cards" }, ...shown.map(card)),
      element("div", { className: "tools" }, turn("‹", "Previous articles", -1, page === 0), turn("›", "More articles", 1, page === last),
        action("CSV", "Save all articles as CSV", async () => saveCsv("articles", ["id", "outlet", "date", "name", "address", "words", "telling words", "set aside", "story"],
          data.whole ? await unfolded(data.whole) : data.articles.map((a) => [a[ID], data.outlets[a[OUTLET]], a[DATE], a[NAME], a[URL_], a[WORDS], a[TELLING], a[ASIDE], data.stories[a[STORY]] || ""])))));
    return kept;
  };
  const follow = () => { // a link to an article: sift nothing, turn to its page
    const at = /^#a(\d+)$/.exec(location.hash);
    const search = new URLSearchParams(location.hash.slice(1)).get("search");
    if (search !== null) sought.value = search;
    if (!at) { page = 0; draw(); return; }
    sought.value = of.value = story.value = "";
    page = Math.floor(Number(at[1]) / PAGE);
    draw();
    document.getElementById(at[0].slice(1))?.scrollIntoView();
  };
  [sought, of, story].forEach((field) => field.addEventListener("input", () => { page = 0; draw(); }));
  addEventListener("hashchange", follow);
  document.getElementById("sift").hidden = false;
  follow();
};
