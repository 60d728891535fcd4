"use strict";
// Tables that sort and search, boxes that can be scrolled by keyboard, contents that follow.
(() => {
  const number = (cell) => {
    const text = cell.textContent.trim();
    if (!text) return null;
    if (text === "∞") return Infinity;
    if (text === "−∞") return -Infinity;
    const bare = text.replace(/[,<%\s]/g, "").replace("−", "-");
    return bare !== "" && isFinite(bare) ? Number(bare) : NaN;
  };
  const compare = new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare;

  const sortBy = (table, at, direction) => {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [row, row.cells[at].textContent, number(row.cells[at])]);
    const numeric = rows.every(([, , n]) => n === null || !Number.isNaN(n));
    rows.sort(([, a, m], [, b, n]) => {
      if (m === null || n === null) return (m === null) - (n === null); // blanks stay last
      return direction * (numeric ? (m > n) - (m < n) : compare(a, b));
    });
    body.append(...rows.map(([row]) => row));
  };

  const sortable = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        // Numbers are asked for from the top, names from the beginning.
        const first = head.style.textAlign === "left" ? "ascending" : "descending";
        const other = first === "ascending" ? "descending" : "ascending";
        const next = head.getAttribute("aria-sort") === first ? other : first;
        heads.forEach((h) => h.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", next);
        sortBy(table, at, next === "ascending" ? 1 : -1);
      });
    });
  };

  const searchable = (table) => {
    const rows = [...table.tBodies[0].rows];
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const tools = document.createElement("div");
    const label = document.createElement("label");
    const input = document.createElement("input");
    const status = document.createElement("p");
    tools.className = "tools";
    status.className = "status";
    status.setAttribute("role", "status");
    input.type = "search";
    label.append("Search this table", input);
    tools.append(label, status);
    table.closest(".scroll").before(tools);
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      let shown = 0;
      rows.forEach((row, i) => {
        row.hidden = !texts[i].includes(wanted);
        shown += !row.hidden;
      });
      status.textContent = wanted ? `${shown} of ${rows.length} rows` : "";
    });
  };

  const ready = (table) => {
    const rows = table.tBodies[0].rows.length;
    if (rows > 1) sortable(table);
    if (rows > 10) searchable(table);
  };
  document.querySelectorAll("table.data").forEach(ready);

  // Only boxes that do overflow are stops of the Tab key.
  const name = (box) => {
    const table = box.querySelector("caption");
    const caption = table || box.parentElement.querySelector("figcaption strong");
    return caption ? caption.textContent : box.tagName === "PRE" ? "Text" : "Formula";
  };
  const focusable = (box) => {
    const overflows = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    if (!overflows) {
      ["tabindex", "role", "aria-label"].forEach((a) => box.removeAttribute(a));
    } else if (!box.hasAttribute("tabindex")) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", `${name(box)} (can be scrolled)`);
    }
  };
  const resized = new ResizeObserver((entries) => entries.forEach((e) => focusable(e.target)));
  document.querySelectorAll(".scroll, main pre").forEach((b) => resized.observe(b));
  document.addEventListener("table-added", (event) => {
    ready(event.target);
    resized.observe(event.target.closest(".scroll"));
  });

  const links = new Map(
    [...document.querySelectorAll(".contents a")].map((a) => [decodeURIComponent(a.hash.slice(1)), a]),
  );
  const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  const follow = () => {
    const passed = headings.filter((h) => h.getBoundingClientRect().top < innerHeight / 3);
    const bottom = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    const current = (bottom ? headings : passed).at(-1) || headings[0];
    links.forEach((link, id) => {
      if (id === current.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };
  if (headings.length) {
    addEventListener("scroll", follow, { passive: true });
    addEventListener("resize", follow);
    follow();
  }
})();
