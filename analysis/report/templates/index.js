// The overview: what a reader asks leads to the page that answers.
document.querySelectorAll(".ask").forEach((ask) => {
  const fields = [...ask.querySelectorAll("input, select")];
  const go = () => {
    const values = fields.map((field) => encodeURIComponent(field.value.trim()));
    if (values.every(Boolean)) location.href = values.reduce((to, value) => to.replace("{}", value), ask.dataset.to);
  };
  const button = element("button", { type: "button" }, ask.dataset.act);
  button.addEventListener("click", go);
  ask.append(button);
  ask.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) go();
  });
  ask.hidden = false;
});
