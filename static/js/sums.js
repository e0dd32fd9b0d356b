// Typing an official table: a button fills in the totals from the figures beside and above them, and
// says how many it changed. Nothing is filled in unasked. Without this file totals are typed as well.
(() => {
  const form = document.querySelector("form[data-sums]");
  const button = form.querySelector("[data-sum]");
  const said = form.querySelector("[data-summed]");
  const fields = [...form.querySelectorAll("input[data-row^='section_']")].filter(
    (field) => !field.dataset.row.startsWith("section_two"),
  );
  const number = (field) => Number(field.value.normalize("NFKC").trim()) || 0;
  const rowOf = (field) => fields.filter((other) => other.dataset.row === field.dataset.row);

  const put = (total, parts) => {
    const sum = String(parts.reduce((all, part) => all + number(part), 0));
    if (total.value === sum) return 0;
    total.value = sum;
    total.dispatchEvent(new Event("input", { bubbles: true }));
    return 1;
  };

  button.hidden = false;
  button.addEventListener("click", () => {
    let changed = 0;
    const closed = fields.filter((field) => field.dataset.row === "section_three.results_total");
    closed.forEach((total) => {
      const above = fields.filter(
        (field) => "leaf" in field.dataset && field.dataset.column === total.dataset.column,
      );
      if (total.dataset.column !== "total") changed += put(total, above);
    });
    fields
      .filter((field) => field.dataset.column === "total")
      .forEach((total) => {
        changed += put(total, rowOf(total).filter((field) => field !== total));
      });
    said.textContent = changed ? `填入 ${changed} 处合计，请核对` : "各处合计都已相符";
  });
})();
