// 统计简报: a button that prints. Without this file the browser's own command does.
(() => {
  const show = () => {
    document.querySelectorAll("[data-print]").forEach((button) => {
      button.hidden = false;
    });
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("htmx:afterSwap", show);
  show();
})();
