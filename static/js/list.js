// Lists by keyboard: j and k or the arrows move from row to row, Enter opens the row, / searches.
// The focus itself marks the row, so nothing is lost when htmx puts a new table in place.
(() => {
  const typing = (target) =>
    target.isContentEditable || target.matches("input, select, textarea, [role='textbox']");

  const rowLinks = () =>
    [...document.querySelectorAll("table[data-keys] tbody tr")]
      .map((row) => row.querySelector("a.no") || row.querySelector("a"))
      .filter(Boolean);

  const move = (step) => {
    const links = rowLinks();
    if (!links.length) return false;
    const row = document.activeElement.closest("table[data-keys] tbody tr");
    const at = row ? links.findIndex((link) => row.contains(link)) : -1;
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
    if (!links[next]) return false;
    links[next].focus();
    links[next].scrollIntoView({ block: "nearest" });
    return true;
  };

  const search = () => {
    const fields = [...document.querySelectorAll("main [name='q'], .topfind")];
    const field = fields.find((found) => found.offsetParent !== null);
    if (!field) return false;
    field.focus();
    field.select();
    return true;
  };

  const steps = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const arrow = event.key.startsWith("Arrow");
    if (arrow && !event.target.closest("table[data-keys] tbody")) return;
    const done = event.key === "/" ? search() : steps[event.key] && move(steps[event.key]);
    if (done) event.preventDefault();
  });
})();
