/* Opens a client's chapter when a link leads there, and all of them, or none, when asked. */
(() => {
  "use strict";
  const chapters = () => document.querySelectorAll("details.client");

  function reveal() {
    const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    const chapter = target && target.closest("details");
    if (!chapter) return;
    chapter.open = true;
    target.scrollIntoView();
  }

  function set(open) {
    chapters().forEach((chapter) => { chapter.open = open; });
  }

  for (const button of document.querySelectorAll("[data-open-all]")) {
    button.hidden = false;
    button.addEventListener("click", () => set(button.dataset.openAll === "yes"));
  }
  addEventListener("hashchange", reveal);
  reveal();
})();
