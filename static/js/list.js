// Lists by keyboard: j and k or the arrows move from row to row, Enter opens the row, n and p turn
// the page, / searches, Esc goes back to the rows, or leaves a form in one, ? shows the keys. The focus
// itself marks the row. It stays where it was when htmx puts a new table in place: links keep theirs by their id, rows here.
(() => {
  const NUMBER = /^(联系)?(电话|手机|身份证|证件)?(号码?)?[:：]?[+＋\d０-９\s()（）xX-]{4,}$/; // the beginning of a telephone or identity number

  const typing = (target) =>
    target.isContentEditable || target.matches("input, select, textarea, [role='textbox']");

  const rowLinks = () =>
    [...document.querySelectorAll("table[data-keys] tbody tr")]
      .map((row) => row.querySelector("a.no") || row.querySelector("a"))
      .filter(Boolean);

  const focusedRow = () => document.activeElement.closest("table[data-keys] tbody tr");

  const move = (step) => {
    const links = rowLinks();
    if (!links.length) return false;
    const row = focusedRow();
    const at = row ? links.findIndex((link) => row.contains(link)) : -1;
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
    if (!links[next]) return false;
    links[next].focus();
    links[next].scrollIntoView({ block: "nearest" });
    return true;
  };

  const turn = (rel) => {
    const link = document.querySelector(`.pager a[rel='${rel}']`);
    if (link) link.click();
    return Boolean(link);
  };

  const search = () => {
    const fields = ["main [name='q']", ".topfind"].map((found) => document.querySelector(found));
    const field = fields.find((found) => found && found.offsetParent !== null);
    if (!field) return false;
    field.focus();
    field.select();
    return true;
  };

  const showKeys = () => {
    const keys = document.querySelector("[data-keyhelp]");
    if (!keys) return false;
    keys.open = !keys.open;
    keys.querySelector("summary").focus();
    return true;
  };

  const acts = {
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    n: () => turn("next"),
    p: () => turn("prev"),
    "/": search,
    "?": showKeys,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const help = document.querySelector("[data-keyhelp][open]");
    if (event.key === "Escape" && help && !typing(event.target)) {
      help.open = false;
      help.querySelector("summary").focus();
      return;
    }
    if (event.key === "Escape" && event.target.matches("main [name='q']")) {
      if (!event.target.value && move(1)) event.preventDefault();
      return;
    }
    if (event.key === "Escape") event.target.closest(".rowform")?.querySelector("[type='button']").click();
    if (typing(event.target)) return;
    const arrow = event.key.startsWith("Arrow");
    if (arrow && !event.target.closest("table[data-keys] tbody")) return;
    const act = Object.hasOwn(acts, event.key) && acts[event.key];
    if (act && act()) event.preventDefault();
  });

  // ── what htmx puts in place ──
  let inRows = false; // the focus was in a row that is being replaced

  const say = (words) => {
    const results = document.getElementById("results");
    if (!results) return;
    results.querySelector("[data-failed]")?.remove();
    const line = document.createElement("p");
    line.className = "complaint";
    line.dataset.failed = "";
    line.setAttribute("role", "alert");
    line.textContent = words;
    results.prepend(line);
  };

  const isList = (event) => event.detail.target?.id === "results";

  // A number is looked for when it is whole: a piece of it would stay in the address.
  document.addEventListener("htmx:confirm", (event) => {
    const form = event.target.closest?.("form[data-list]");
    const cause = event.detail.triggeringEvent;
    if (!form || cause?.type === "submit" || cause?.target?.name !== "q") return;
    if (NUMBER.test(cause.target.value)) event.preventDefault();
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isList(event)) return;
    inRows = Boolean(focusedRow());
    const { login } = document.body.dataset;
    if (login && new URL(event.detail.xhr.responseURL).pathname === login) {
      event.detail.shouldSwap = false; // the session has ended: the page itself leads to signing in
      window.location.reload();
    }
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (!isList(event)) return;
    if (inRows && document.activeElement === document.body) move(1);
    const found = document.querySelector("form[data-list] [name='q']");
    if (found && NUMBER.test(found.value) && document.querySelector("#kept [name='phone']")) {
      found.value = ""; // it stands among the conditions now, as a hash
    }
  });

  document.addEventListener("htmx:responseError", (event) => {
    if (isList(event)) say("没有取到列表。请刷新页面后再试，条件都还在。");
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (isList(event)) say("网络中断，没有取到列表。请稍后再试，条件都还在。");
  });
})();
