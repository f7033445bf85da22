/* One question at a time. Without this script the same form is one long plain page.
   Answers live in this page's memory, and are sent again until the server has thanked for them. Where the practice keeps
   sealed answers, they are sealed first (sealed.js), and only what is sealed is stored and sent. */
(() => {
  "use strict";
  const WAITS = [2, 3, 5, 8, 12, 15];
  const SOON = 600;
  const put = (words, parts) => words.replace(/\{(\w+)\}/g, (_, name) => parts[name]);

  class Answering {
    constructor(form) {
      this.form = form;
      this.words = JSON.parse(form.dataset.words);
      this.steps = Array.from(form.querySelectorAll("[data-step]"));
      this.parts = Array.from(form.querySelectorAll("[data-part]"));
      this.told = form.querySelector("[data-told]");
      this.where = document.querySelector("[data-where]");
      this.dots = form.querySelector("[data-steps]");
      this.back = form.querySelector("[data-back]");
      this.forward = form.querySelector("[data-forward]");
      this.sendWord = this.forward.textContent;
      this.now = this.steps[0];
      this.length = 0;
      this.sending = false;
      this.tries = 0;
      this.timer = 0;
      this.name = "";
      this.soon = form.querySelector("[data-soon]");
      this.soonTimer = 0;
      this.opensFor(Number(form.dataset.lasts));
      this.waiting = document.querySelector("[data-waiting]");
    }

    start() {
      this.form.classList.add("stepped");
      this.back.addEventListener("click", () => this.go(-1));
      this.form.addEventListener("submit", (event) => { event.preventDefault(); this.next(); });
      for (const button of this.form.querySelectorAll("[data-longer]")) {
        button.addEventListener("click", (event) => { event.preventDefault(); this.longer(); });
      }
      this.form.addEventListener("change", () => { this.say(""); this.draw(); });
      window.addEventListener("online", () => { if (this.timer) { clearTimeout(this.timer); this.again(); } });
      document.addEventListener("holdfast:left", () => { clearTimeout(this.timer); this.form.reset(); this.form = null; });
      this.draw();
      if (this.waiting) this.sendWaiting();
    }

    /* ten minutes before the hour is over a line says so, once; nothing counts down */
    opensFor(seconds) {
      this.sealsUntil = Date.now() + seconds * 1000;
      clearTimeout(this.soonTimer);
      this.soon.hidden = true;
      this.soonTimer = setTimeout(() => {
        if (!this.form) return;
        this.soon.hidden = false;
        this.soon.querySelector("[data-soon-said]").textContent = this.words.soon;
      }, Math.max(0, seconds - SOON) * 1000);
    }

    async longer() {
      let answer = null;
      try {
        answer = await fetch("/f/longer", {
          method: "POST", credentials: "same-origin", headers: { Accept: "application/json" }, redirect: "error",
          body: new URLSearchParams(["form", "nonce"].map((name) => [name, this.form.elements[name].value])),
          signal: AbortSignal.timeout(15000),
        });
      } catch { answer = null; }
      if (!this.form) return;
      if (!answer || answer.status >= 500) { this.say(this.words.no_longer); return; }
      if (!answer.ok) { this.say(this.words.closed); return; }
      const said = await answer.json();
      this.form.querySelector("[data-until]").textContent = said.until;
      if (this.soon.contains(document.activeElement)) this.forward.focus({ preventScroll: true });
      this.opensFor(said.seconds);
      this.say(said.until, true);
    }

    /* what another page of this browser sealed goes first; if it was this very form, it is done */
    async sendWaiting() {
      const outcomes = await window.holdfastSealed.sendAll();
      if (this.form && !this.sending && outcomes.includes("here")) this.thank();
    }

    duration(seconds) {
      const words = this.words;
      if (seconds >= 105) return put(words.left_minutes, { minutes: Math.round(seconds / 60) });
      if (seconds >= 75) return words.left_minute_and_half;
      if (seconds >= 55) return words.left_minute;
      return put(words.left_seconds, { seconds: Math.max(10, Math.round(seconds / 10) * 10) });
    }

    answer(name) {
      const found = this.form.elements[name];
      return found ? found.value : "";
    }

    asked(step) {
      const rule = step.dataset.ifItem;
      if (!rule) return true;
      const value = this.answer(rule);
      return value !== "" && value !== "declined" && Number(value) >= Number(step.dataset.ifLeast);
    }

    path() { return this.steps.filter((step) => this.asked(step)); }

    draw() {
      const path = this.path();
      const questions = path.filter((step) => step.dataset.seconds);
      const at = path.indexOf(this.now);
      for (const step of this.steps) {
        step.hidden = step !== this.now;
        step.disabled = !path.includes(step);
      }
      for (const part of this.parts) part.hidden = !part.contains(this.now);
      this.back.hidden = at === 0;
      this.forward.textContent = at === path.length - 1 ? this.sendWord : this.forward.dataset.next;
      const place = questions.indexOf(this.now);
      const left = questions.slice(Math.max(0, place)).reduce((sum, step) => sum + Number(step.dataset.seconds), 0);
      this.where.textContent = place < 0 ? this.words.last : put(this.words.place, { at: place + 1, count: questions.length, left: this.duration(left) });
      if (this.length && questions.length > this.length) this.say(this.words.longer, true);
      this.length = questions.length;
      this.dots.replaceChildren(...path.map((step, index) => {
        const dot = document.createElement("li");
        if (index <= at) dot.className = "done";
        return dot;
      }));
    }

    say(words, calm = false) {
      this.told.textContent = words;
      this.told.hidden = !words;
      this.told.classList.toggle("calm", calm);
    }

    go(by) {
      const path = this.path();
      this.now = path[path.indexOf(this.now) + by];
      this.say("");
      this.draw();
      window.scrollTo(0, 0);
      const first = this.now.querySelector("input:checked") || this.now.querySelector("input, textarea");
      first.focus({ preventScroll: true });
    }

    next() {
      if (this.sending) return;
      const path = this.path();
      const radios = this.now.querySelector("input[type=radio]");
      if (radios && !this.now.querySelector("input:checked")) {
        this.say(this.words.choose);
        radios.focus({ preventScroll: true });
        this.told.scrollIntoView({ block: "nearest" });
        return;
      }
      if (path.indexOf(this.now) < path.length - 1) this.go(1);
      else this.begin();
    }

    async begin() {
      this.sending = true;
      this.forward.disabled = true;
      this.say(this.words.sending, true);
      if (await this.seal()) this.sendSealed();
      else if (this.form) this.send();
    }

    again() { return this.name ? this.sendSealed() : this.send(); }

    later() {
      const wait = WAITS[Math.min(this.tries, WAITS.length - 1)];
      this.tries += 1;
      this.timer = setTimeout(() => this.again(), wait * 1000);
    }

    /* only in the hour for which the form is open; without WebCrypto or storage the page itself keeps the answers */
    async seal() {
      const { key, ticket } = this.form.dataset;
      if (!key || !window.isSecureContext || Date.now() > this.sealsUntil) return false;
      const fields = Object.fromEntries(new FormData(this.form));
      const name = window.holdfastSealed.newName();
      if (await window.holdfastSealed.keep(name, { ticket, nonce: fields.nonce, fields }, key)) this.name = name;
      return this.name === name;
    }

    async sendSealed() {
      this.timer = 0;
      const outcome = await window.holdfastSealed.send(this.name);
      if (!this.form) return;
      if (outcome === "waits") { this.wait(); this.later(); return; }
      this.name = "";
      if (outcome === "gone" && this.waiting.hidden) { this.send(); return; }
      if (outcome === "here" || outcome === "thanked") this.thank();
      else if (this.waiting.hidden) this.refuse(this.words.closed);
      else this.tell(outcome === "closed" ? this.words.refused : this.words.elsewhere);
    }

    /* sealed and stored: from now on the page itself does not know them either */
    wait() {
      if (!this.waiting.hidden) return;
      this.form.reset();
      document.querySelector("[data-answering]").hidden = true;
      this.where.textContent = "";
      this.waiting.hidden = false;
      window.scrollTo(0, 0);
      this.waiting.querySelector("h1").focus({ preventScroll: true });
    }

    tell(words) {
      const told = this.waiting.querySelector("[data-waiting-told]");
      told.textContent = words;
      told.hidden = false;
    }

    refuse(said) {
      this.sending = false;
      this.forward.disabled = false;
      this.say(said);
    }

    async send() {
      this.timer = 0;
      let answer = null;
      try {
        answer = await fetch(this.form.action, {
          method: "POST", body: new URLSearchParams(new FormData(this.form)), credentials: "same-origin",
          headers: { Accept: "application/json" }, redirect: "error", signal: AbortSignal.timeout(15000),
        });
        if (answer.status < 500) await this.taken(answer);
      } catch { answer = null; }
      if (!this.form || (answer && answer.status < 500)) return;
      this.say(this.words.kept);
      this.told.scrollIntoView({ block: "nearest" });
      this.later();
    }

    async taken(answer) {
      if (answer.ok) { this.thank((await answer.json()).onward); return; }
      this.refuse(answer.status === 422 ? (await answer.json()).sentence : this.words.closed);
    }

    thank(onward) {
      const thanks = document.querySelector("[data-thanks]");
      this.form.reset();
      document.querySelector("[data-answering]").remove();
      if (this.waiting) this.waiting.hidden = true;
      this.form = null;
      this.where.textContent = "";
      thanks.hidden = false;
      window.scrollTo(0, 0);
      thanks.querySelector("h1").focus({ preventScroll: true });
      if (onward) location.replace(onward);
    }
  }

  /* the long form is not painted first: it waits unseen, and is shown as it is if this script fails */
  document.documentElement.classList.add("scripted");
  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("[data-form]");
    try {
      if (form) new Answering(form).start();
    } finally {
      document.documentElement.classList.remove("scripted");
    }
  });
})();
