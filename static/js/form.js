// Forms: put the cursor into the first wrong field, warn before typed words are lost, send once, and only while the
// user who opened the page is signed in: what was typed stays until that is so again.
// A form asks for the warning with data-guard; everything works without this file.
(() => {
  const RELEASE_MS = 10000; // a download or a stopped request leaves the page: let it be used again
  const ASK_MS = 3000; // no answer: send the form as without this file
  const changed = new Set();
  const checked = new WeakSet(); // forms whose user was found signed in, about to be sent

  // Errors about no one field leave the summary to go to.
  const focusErrors = () => {
    const wrong = [...document.querySelectorAll("[aria-invalid='true']")];
    const target =
      wrong.find((control) => control.offsetParent) || document.querySelector("[data-focus]");
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

  const sayInstead = (words) => {
    document.getElementById("signed-out")?.remove();
    const bar = document.createElement("div");
    bar.id = "signed-out";
    bar.className = "notes";
    bar.tabIndex = -1;
    bar.setAttribute("role", "alert");
    bar.innerHTML =
      '<div class="note warning"><span class="ask" aria-hidden="true"></span><b>没有提交</b>' +
      '<span><span></span> <a target="_blank" rel="noopener">打开登录页</a></span></div>';
    bar.querySelector("span > span").textContent = words;
    bar.querySelector("a").href = document.body.dataset.login;
    document.getElementById("main").prepend(bar);
    bar.focus();
  };

  // Another tab may have signed out, or in anew: that took the form's token with it.
  const sendIfSignedIn = async (form, button) => {
    const { user, session } = document.body.dataset;
    const asked = { cache: "no-store", signal: AbortSignal.timeout?.(ASK_MS) };
    const now = await fetch(session, asked).then((answer) => answer.json()).catch(() => null);
    setBusy(form, false);
    if (now && now.user !== user) {
      sayInstead(now.user
        ? "现在登录的是另一个账号。请在新标签页换回原来的账号后再提交，本页内容仍在。"
        : "登录已过期。请在新标签页登录后再提交，本页内容仍在。");
      return;
    }
    const token = form.elements.namedItem("csrfmiddlewaretoken");
    if (now && token) token.value = now.csrf_token;
    checked.add(form);
    form.requestSubmit(button);
  };

  // Buttons are disabled after the browser has read the form, so that the one pressed is sent too.
  const sendOnce = (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    if (document.body.dataset.user && !checked.delete(form)) {
      event.preventDefault();
      setBusy(form, true);
      sendIfSignedIn(form, event.submitter);
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
