// Outcome picker: a word leaves only the lines that hold it; what is chosen stays in sight.
(() => {
  const plain = (text) => text.replace(/\s+/g, "").toLowerCase();

  const filter = (picker, word) => {
    let shown = 0;
    picker.querySelectorAll(".opt").forEach((option) => {
      const input = option.querySelector("input");
      const found = plain(option.textContent + (input.dataset.words || "")).includes(word);
      option.hidden = !found && !input.checked;
      shown += found ? 1 : 0;
    });
    picker.querySelectorAll(".pick").forEach((group) => {
      const title = plain(group.querySelector("legend").textContent);
      if (word && title.includes(word)) {
        group.querySelectorAll(".opt").forEach((option) => {
          option.hidden = false;
          shown += 1;
        });
      }
      group.hidden = !group.querySelector(".opt:not([hidden])");
    });
    picker.querySelector("[data-picknone]").hidden = shown > 0;
  };

  document.querySelectorAll("[data-picker]").forEach((picker) => {
    const field = picker.querySelector("[data-pickfind]");
    field.hidden = false;
    field.addEventListener("input", (event) => {
      // The words of the search are no input of the form.
      event.stopPropagation();
      filter(picker, plain(field.value));
    });
    field.addEventListener("change", (event) => event.stopPropagation());
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  });
})();
