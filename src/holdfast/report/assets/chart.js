/* Charts by keyboard, pointer and touch. Everything can be read without this script; it reads the table behind each
   figure and says one session at a time. No markup from strings, no inline style: works under a strict policy. */
(() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";

  function make(name, attributes) {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  }

  function words(table, row) {
    const heads = Array.from(table.tHead.rows[0].cells);
    const [name, ...cells] = Array.from(row.cells);
    const said = cells.map((cell, index) => {
      const text = cell.textContent.trim();
      const head = heads[index + 1];
      const plain = head.hasAttribute("data-plain") || cell.hasAttribute("data-plain");
      return !text || plain ? text : `${head.textContent.toLocaleLowerCase()} ${text}`;
    });
    return { name: `${heads[0].textContent} ${name.textContent}`, rest: said.filter(Boolean).join("; ") };
  }

  function places(plot) {
    const dots = plot.querySelector(".dots");
    const found = new Map();
    for (const [, x, y] of (dots ? dots.getAttribute("d") : "").matchAll(/M([\d.]+) ([\d.]+)h0/g)) found.set(Number(x), y);
    return found;
  }

  function attach(figure) {
    const plot = figure.querySelector(".plot");
    const table = figure.querySelector("table");
    const readout = figure.querySelector("[data-readout]");
    const rows = table ? Array.from(table.tBodies[0].rows) : [];
    if (!plot || !readout || !rows.length || figure.querySelector(".walker")) return;
    const last = rows.length - 1;
    const at = places(plot);
    const cursor = make("line", { class: "cursor", y1: "0", y2: String(plot.height.baseVal.value - 24), visibility: "hidden" });
    const ring = make("circle", { class: "ring", r: "8", visibility: "hidden" });
    plot.append(cursor, ring);
    const walker = document.createElement("div");
    walker.className = "walker";
    const set = (name, value) => walker.setAttribute(name, String(value));
    walker.tabIndex = 0;
    set("role", "slider");
    set("aria-label", plot.querySelector("title").textContent);
    set("aria-valuemin", 1);
    set("aria-valuemax", rows.length);
    let now = -1;

    function announce(index) {
      const said = words(table, rows[index]);
      set("aria-valuenow", index + 1);
      set("aria-valuetext", said.name);
      return `${said.name}: ${said.rest}.`;
    }

    function show(index) {
      if (index === now) return;
      now = index;
      readout.textContent = announce(index);
      const thousandth = rows.length < 2 ? 500 : Math.round((10000 * index) / last) / 10;
      const percent = `${thousandth / 10}%`;
      cursor.setAttribute("x1", percent);
      cursor.setAttribute("x2", percent);
      cursor.setAttribute("visibility", "visible");
      const y = at.get(thousandth);
      ring.setAttribute("visibility", y === undefined ? "hidden" : "visible");
      ring.setAttribute("cx", percent);
      if (y !== undefined) ring.setAttribute("cy", y);
    }

    function nearest(event) {
      const box = plot.getBoundingClientRect();
      const share = box.width ? (event.clientX - box.left) / box.width : 0;
      return Math.min(last, Math.max(0, Math.round(share * last)));
    }

    const STEPS = {
      ArrowRight: () => now + 1, ArrowUp: () => now + 1, ArrowLeft: () => now - 1, ArrowDown: () => now - 1,
      Home: () => 0, End: () => last, PageUp: () => now + 5, PageDown: () => now - 5,
    };
    announce(last);
    walker.addEventListener("focus", () => { if (now < 0) show(last); });
    walker.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      show(Math.min(last, Math.max(0, step())));
    });
    walker.addEventListener("pointermove", (event) => { if (event.pointerType === "mouse" || event.buttons) show(nearest(event)); });
    walker.addEventListener("pointerdown", (event) => show(nearest(event)));
    figure.querySelector(".frame").append(walker);
  }

  /* A figure is made ready when it comes near the window, so that a report of a thousand clients opens at once. */
  function start() {
    const figures = document.querySelectorAll("[data-chart]");
    if (!("IntersectionObserver" in window)) { figures.forEach(attach); return; }
    const watch = new IntersectionObserver((seen) => {
      for (const entry of seen) if (entry.isIntersecting) { watch.unobserve(entry.target); attach(entry.target); }
    }, { rootMargin: "300px" });
    figures.forEach((figure) => watch.observe(figure));
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
