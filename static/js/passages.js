// The passages of a report: their characters counted as one types; a sentence from the figures goes into its
// passage when its button is pressed, or takes the place of the same sentence with other figures. Nothing is
// written by itself. Without this file the sentences are there to be copied.
(() => {
  const NUMBER = /\d+(?:\.\d+)?/g;

  // The same sentence, whatever its figures.
  const pattern = (text) =>
    new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\d+(?:\\\.\d+)?/g, "\\d+(?:\\.\\d+)?"));

  const earlier = (field, text) => (text.match(NUMBER) ? field.value.match(pattern(text)) : null);

  const draw = (passage) => {
    const field = passage.querySelector("textarea");
    passage.querySelector("[data-count]").textContent = [...field.value.replace(/\s/g, "")].length;
    passage.querySelectorAll("[data-insert]").forEach((button) => {
      const text = button.parentElement.querySelector("[data-text]").textContent;
      const here = field.value.includes(text);
      button.hidden = false;
      button.disabled = here;
      button.textContent = here ? "已在文中" : earlier(field, text) ? "更新" : "插入";
    });
  };

  const take = (button) => {
    const passage = button.closest("[data-passage]");
    const field = passage.querySelector("textarea");
    const text = button.parentElement.querySelector("[data-text]").textContent;
    const found = earlier(field, text);
    const start = found ? found.index : field.value.length;
    const lead = found || !field.value || field.value.endsWith("\n") ? "" : "\n";
    field.setRangeText(lead + text, start, start + (found ? found[0].length : 0), "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };

  document.querySelectorAll("[data-passage]").forEach((passage) => {
    passage.addEventListener("input", () => draw(passage));
    passage.addEventListener("click", (event) => {
      const button = event.target.closest("[data-insert]");
      if (button) take(button);
    });
    draw(passage);
  });
})();
