// Forms: lead to the first error, warn before typed words are lost, send once.
// A form asks for the warning with data-guard; everything works without this file.
(() => {
  const RELEASE_MS = 10000; // a download or a stopped request leaves the page: let it be used again
  const changed = new Set();

  const focusErrors = () => {
    const target =
      document.querySelector("[data-focus]") || document.querySelector("[aria-invalid='true']");
    if (target) target.focus();
  };

  // A radio group has no control with the id that its error link names: go to its first radio.
  const followErrorLink = (event) => {
    const link = event.target.closest(".errsum a[href^='#']");
    if (!link) return;
    const target = document.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    event.preventDefault();
    const control = target.matches("input, select, textarea")
      ? target
      : target.querySelector("input, select, textarea");
    (control || target).focus();
  };

  const setBusy = (form, busy) => {
    form.setAttribute("aria-busy", String(busy));
    form.querySelectorAll("button[type='submit']").forEach((button) => {
      button.disabled = busy;
    });
  };

  // Buttons are disabled after the browser has read the form, so that the one pressed is sent too.
  const sendOnce = (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    changed.delete(form);
    window.setTimeout(() => setBusy(form, true), 0);
    window.setTimeout(() => setBusy(form, false), RELEASE_MS);
  };

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.hasAttribute("data-guard")) changed.add(form);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-leave]")) changed.clear();
    followErrorLink(event);
  });
  document.addEventListener("submit", sendOnce);

  window.addEventListener("beforeunload", (event) => {
    const waiting = [...changed].some((form) => form.isConnected);
    if (waiting) event.preventDefault();
  });
  // Back to a page kept by the browser: the buttons must work again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("form[aria-busy='true']").forEach((form) => setBusy(form, false));
  });

  focusErrors();
})();
