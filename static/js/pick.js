// Rows to tick: one box ticks them all, and how many are ticked is said. Without this file each is ticked by itself.
(() => {
  const all = document.querySelector("[data-all]");
  if (!all) return;
  const boxes = [...all.closest("table").querySelectorAll("tbody [type='checkbox']")];
  const said = document.querySelector("[data-ticked]");

  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
    said.textContent = `已勾选 ${ticked} 件`;
  };

  all.addEventListener("change", () => {
    boxes.forEach((box) => {
      box.checked = all.checked;
    });
  });
  all.form.addEventListener("change", show);
  window.addEventListener("pageshow", show); // the browser may have brought back what was ticked
  all.hidden = false;
  show();
})();
