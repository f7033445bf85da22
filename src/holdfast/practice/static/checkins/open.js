/* The door. The fragment never reaches a server; it is taken out of the address bar at once, and only a deliberate tap sends it. */
(() => {
  "use strict";
  const TOKEN = /^[A-Za-z0-9_-]{20,64}$/;

  function take() {
    const token = location.hash.slice(1);
    if (!token) return;
    history.replaceState(null, "", location.pathname);
    if (!TOKEN.test(token)) return;
    const door = document.querySelector("[data-door]");
    door.elements.token.value = token;
    door.hidden = false;
    document.querySelector("[data-code]").open = false;
    document.querySelector("[data-lead]").hidden = true;
    window.holdfastWayOut.remember(token);
    for (const link of document.querySelectorAll("[data-languages] a")) link.hash = token;
    document.addEventListener("holdfast:left", () => { door.elements.token.value = ""; document.querySelector("[data-languages]").remove(); }, { once: true });
  }

  document.addEventListener("DOMContentLoaded", take);
  window.addEventListener("hashchange", take);
})();
