/* Small helps on the therapist's pages; everything works without them. */
(() => {
  "use strict";
  /* a page that the browser kept must not show a client after signing out */
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = "Copied";
    });
  }
  /* three minutes before one is signed out a line says so; only a person's tap stays signed in */
  const idle = document.querySelector("[data-idle]");
  if (idle) {
    const [said, button] = [idle.querySelector("p"), idle.querySelector("button")];
    let timers = [];
    const say = (words) => { idle.hidden = false; said.textContent = words; };
    const begin = () => {
      for (const each of timers) clearTimeout(each);
      const minutes = Number(idle.dataset.idle);
      timers = [
        setTimeout(() => say("You are signed out in three minutes. What you are writing is kept if you stay."), (minutes - 3) * 60000),
        setTimeout(() => { button.hidden = true; say("You are signed out by now, unless you worked in another tab. Copy what you wrote before you leave this page."); }, minutes * 60000),
      ];
    };
    begin();
    button.addEventListener("click", async () => {
      let answer = null;
      try { answer = await fetch(idle.dataset.stay, { credentials: "same-origin", redirect: "error" }); } catch { answer = null; }
      if (!answer || !answer.ok) { say("That did not work. Open the link Stay signed in, beside Sign out."); return; }
      idle.hidden = true;
      document.getElementById("main").focus({ preventScroll: true });
      begin();
    });
  }
  /* one tap, one post */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });
})();
