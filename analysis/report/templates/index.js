// The overview: what a reader asks leads to the page that answers.
const asking = () => {
  const form = document.getElementById("asking");
  const value = (id) => document.getElementById(id)?.value.trim() || "";
  const go = (field) => {
    if (field === "asked-word" && value(field)) location.href = `explorer.html#term=${encodeURIComponent(value(field))}`;
    else if (field === "asked-article" && value(field)) location.href = `articles.html#search=${encodeURIComponent(value(field))}`;
    else if (field === "asked-a" || field === "asked-b") {
      location.href = `compare.html#a=${encodeURIComponent(value("asked-a"))}&b=${encodeURIComponent(value("asked-b"))}`;
    }
  };
  form.hidden = false;
  const button = (field, text) => {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", () => go(field));
    document.getElementById(field)?.parentElement.after(made, element("span", { className: "break" }));
  };
  button("asked-word", "Explore");
  button("asked-b", "Compare");
  button("asked-article", "Find");
  form.addEventListener("submit", (event) => { event.preventDefault(); go(document.activeElement.id); });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    go(event.target.id);
  });
};
if (document.getElementById("asking")) asking();
