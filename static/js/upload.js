// Handing a ledger in: how far it is, and a sentence when it is too large or does not arrive. The
// file stays chosen, so that it can be sent again. Without this file the form is a plain one.
(() => {
  const MEGABYTE = 1024 * 1024;
  const LOST = "连接中断，没有上传。请检查网络后再按一次“上传并预览”，选好的文件还在。";
  const REFUSED = "没有上传，页面可能已过期。请刷新页面，重新选择文件。";

  const formOf = (event) => event.target.closest && event.target.closest("#upload");

  const say = (form, words) => {
    form.querySelector("#upload-said").textContent = words;
    const bar = form.querySelector("progress");
    bar.hidden = true;
    bar.value = 0;
  };

  const tooLarge = (form) => {
    const field = form.querySelector("input[type='file']");
    const limit = Number(field.dataset.maxBytes);
    const file = field.files[0];
    if (!file || file.size <= limit) return "";
    const size = (file.size / MEGABYTE).toFixed(1);
    return `文件有 ${size} MB，超过上限 ${Math.floor(limit / MEGABYTE)} MB，请分成几份导入。`;
  };

  document.addEventListener("change", (event) => {
    const form = formOf(event);
    if (form) say(form, tooLarge(form));
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = formOf(event);
    if (!form) return;
    const words = tooLarge(form);
    say(form, words);
    if (words) event.preventDefault();
    else form.querySelector("progress").hidden = false;
  });

  document.addEventListener("htmx:xhr:progress", (event) => {
    const form = formOf(event);
    if (form && event.detail.total > 0) {
      form.querySelector("progress").value = (100 * event.detail.loaded) / event.detail.total;
    }
  });

  // What was wrong with the file is read first, as after a page of its own.
  document.addEventListener("htmx:afterSettle", (event) => {
    const wrong = event.target.id === "main" && event.target.querySelector("[data-focus]");
    if (wrong) wrong.focus();
  });

  document.addEventListener("htmx:sendError", (event) => {
    const form = formOf(event);
    if (form) say(form, LOST);
  });

  document.addEventListener("htmx:responseError", (event) => {
    const form = formOf(event);
    if (form) say(form, REFUSED);
  });
})();
