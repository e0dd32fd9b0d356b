// Fields for a day: typed as 2026-01-04, or picked from the browser's own calendar by the button.
// Without this file, or in a browser that cannot open its calendar, the day is typed.
(() => {
  const equip = (field) => {
    const calendar = document.createElement("input");
    calendar.type = "date";
    if (typeof calendar.showPicker !== "function") return;
    calendar.tabIndex = -1;
    calendar.max = field.dataset.max || "";
    calendar.setAttribute("aria-hidden", "true");

    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", "从日历中选");

    const box = document.createElement("span");
    box.className = "daybox";
    const hadCursor = document.activeElement === field; // moving a field takes the cursor from it
    field.replaceWith(box);
    box.append(field, calendar, button);
    if (hadCursor) field.focus();

    button.addEventListener("click", () => {
      calendar.value = field.value;
      calendar.showPicker();
    });
    calendar.addEventListener("change", () => {
      field.value = calendar.value;
      ["input", "change"].forEach((kind) => {
        field.dispatchEvent(new Event(kind, { bubbles: true }));
      });
      field.focus();
    });
  };

  const equipAll = (place) => {
    place.querySelectorAll("input[data-day]").forEach((field) => {
      if (!field.closest(".daybox")) equip(field);
    });
  };

  equipAll(document);
  // What htmx puts into the page has its fields too.
  document.addEventListener("htmx:load", (event) => equipAll(event.detail.elt));
})();
