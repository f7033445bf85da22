/* The secret stands behind the # and never reaches a server by itself; only a tap sends it. */
(() => {
  "use strict";
  document.addEventListener("DOMContentLoaded", () => {
    const token = location.hash.slice(1);
    if (!/^[A-Za-z0-9_-]{20,64}$/.test(token)) return;
    history.replaceState(null, "", location.pathname);
    const door = document.querySelector("[data-door]");
    door.elements.token.value = token;
    door.hidden = false;
    document.querySelector("[data-lead]").hidden = true;
  });
})();
