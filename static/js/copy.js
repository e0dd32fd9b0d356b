// Buttons that copy a text; without this file they stay hidden, and the text is selected by hand.
document.querySelectorAll("[data-copy]").forEach((button) => {
  const text = document.getElementById(button.dataset.copy);
  const said = button.parentElement.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
      said.textContent = "已复制";
    } catch {
      // an intranet page without https has no clipboard: the older way still copies the selection
      said.textContent = document.execCommand("copy") ? "已复制" : "已选中，请按 Ctrl+C 复制";
    }
  });
});
