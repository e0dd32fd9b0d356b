// The day strip: one tab stop, arrows move (a week up and down), focus or hover fills the readout.
// Listens on the document, so that a strip put in by htmx works at once.
(() => {
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 7, ArrowUp: -7 };

  const show = (day) => {
    const strip = day.closest("[data-strip]");
    strip.querySelectorAll(".day").forEach((other) => {
      other.tabIndex = other === day ? 0 : -1;
      other.setAttribute("aria-pressed", String(other === day));
    });
    const readout = strip.parentElement.querySelector(".readout");
    if (!readout) return;
    const [date, text, source] = readout.children;
    date.textContent = day.dataset.d;
    text.textContent = day.dataset.t;
    source.textContent = day.dataset.a;
  };

  const dayOf = (target) => target instanceof Element && target.closest("[data-strip] .day");

  ["focusin", "mouseover"].forEach((kind) => {
    document.addEventListener(kind, (event) => {
      const day = dayOf(event.target);
      if (day && day.getAttribute("aria-pressed") !== "true") show(day);
    });
  });

  document.addEventListener("keydown", (event) => {
    const day = dayOf(event.target);
    if (!day) return;
    const days = [...day.closest("[data-strip]").querySelectorAll(".day")];
    const ends = { Home: days[0], End: days[days.length - 1] };
    const next = ends[event.key] || days[days.indexOf(day) + steps[event.key]];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
})();
