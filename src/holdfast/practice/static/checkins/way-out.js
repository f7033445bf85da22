/* The way out, on every page of somebody who answers: cover, drop, tell the server, go somewhere else.
   It needs no network for the cover, and the page stays blank when the browser brings it back. */
(() => {
  "use strict";
  const root = document.documentElement;
  const PRESSES = 3;
  const WITHIN = 5000;
  let token = "";
  let left = false;

  function address() {
    const form = document.querySelector("[data-leave]");
    const given = form ? form.dataset.exit : "";
    return /^https?:\/\//.test(given) ? given : "about:blank";
  }

  function leave() {
    if (left) return;
    left = true;
    const onward = address();
    const form = document.querySelector("[data-leave]");
    const exit = form ? form.getAttribute("action") : "/f/exit";
    const told = token ? new URLSearchParams({ token }) : new URLSearchParams();
    token = "";
    root.classList.add("gone");
    document.title = "\u00a0";
    document.dispatchEvent(new CustomEvent("holdfast:left"));
    document.body.replaceChildren();
    requestAnimationFrame(() => setTimeout(() => {
      navigator.sendBeacon(exit, told);
      location.replace(onward);
    }, 0));
  }

  /* Shift alone, three times; a capital letter or Shift+Tab does not count. */
  let presses = [];
  let alone = false;
  document.addEventListener("keydown", (event) => {
    alone = event.key === "Shift" && !event.repeat;
    if (event.key !== "Shift") presses = [];
  }, true);
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) return;
    alone = false;
    const now = performance.now();
    presses = presses.filter((at) => now - at < WITHIN).concat(now);
    if (presses.length >= PRESSES) leave();
  }, true);
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-leave]")) return;
    event.preventDefault();
    leave();
  }, true);
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted || !left) return;
    root.classList.add("gone");
    location.replace(address());
  });

  window.holdfastWayOut = Object.freeze({ remember(secret) { token = secret; } });
})();
