// The reply: what the search records say goes into the reasons of 信息不存在, while nothing else is written there.
(() => {
  const form = document.querySelector("form[data-searched]");
  if (!form) return;
  const searched = form.dataset.searched;
  const reasons = form.elements.namedItem("reply_reasons");

  form.addEventListener("change", (event) => {
    if (event.target.name !== "outcome") return;
    if (event.target.value === "not_exist") {
      if (!reasons.value.trim()) reasons.value = searched;
    } else if (reasons.value === searched) {
      reasons.value = "";
    }
  });
})();
