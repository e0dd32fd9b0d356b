// The official table: the cell whose cases are shown is the one filled blue, and the focus goes to
// the panel that htmx has put in place. Without this file each figure is a plain link to its page.
(() => {
  const mark = (link) => {
    document.querySelectorAll("table[data-cells] td.on").forEach((cell) => {
      cell.classList.remove("on");
      cell.querySelectorAll("a").forEach((other) => other.removeAttribute("aria-current"));
    });
    if (!link) return;
    link.closest("td").classList.add("on");
    link.setAttribute("aria-current", "true");
  };

  document.addEventListener("htmx:afterSwap", (event) => {
    const from = event.detail.requestConfig && event.detail.requestConfig.elt;
    const link = from instanceof Element && from.closest("table[data-cells] td a");
    if (!link) return;
    mark(link);
    const head = document.querySelector("#cases h2");
    if (head) head.focus({ preventScroll: window.innerWidth > 900 });
  });

  // Closing empties the panel here; the address of the link does the same without a script.
  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-close-panel]");
    if (!close) return;
    event.preventDefault();
    const cell = document.querySelector("table[data-cells] td.on a");
    mark(null);
    const panel = document.createElement("div");
    panel.id = "cases";
    panel.hidden = true;
    close.closest("#cases").replaceWith(panel);
    window.history.replaceState(null, "", close.href);
    if (cell) cell.focus();
  });
})();
