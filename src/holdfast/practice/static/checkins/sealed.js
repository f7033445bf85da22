/* Answers that wait on this device for a connection, sealed to the server's key. The key that seals is made for one envelope
   and forgotten, so that nothing here can open it again. Nothing else is ever stored, and the way out deletes it. */
(() => {
  "use strict";
  const PREFIX = "sealed.";
  const LASTS = 7 * 24 * 60 * 60 * 1000;
  const PADDED_TO = 4096;
  const LABEL = "holdfast sealed envelopes";
  const VERSION = 1;
  const AGAIN = 15000;
  const PATIENCE = 15000;
  const flights = new Set();
  let left = false;

  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const text = (raw) => btoa(Array.from(raw, (each) => String.fromCharCode(each)).join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => Array.from(part)));

  /* every envelope has one of a few sizes, which do not tell how much was written */
  function padded(said) {
    const raw = new TextEncoder().encode(JSON.stringify(said));
    const room = new Uint8Array(Math.ceil(raw.length / PADDED_TO) * PADDED_TO).fill(32);
    room.set(raw);
    return room;
  }

  async function seal(said, key) {
    const theirs = bytes(key);
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const mine = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
    const head = joined([VERSION], new Uint8Array(await crypto.subtle.exportKey("raw", mine.publicKey)));
    const server = await crypto.subtle.importKey("raw", theirs, curve, false, []);
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: server }, mine.privateKey, 256);
    const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const info = joined(new TextEncoder().encode(LABEL), head, theirs);
    const once = await crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info }, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: head }, once, padded(said));
    return text(joined(head, iv, new Uint8Array(sealed)));
  }

  function names() {
    try { return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)); } catch { return []; }
  }

  function found(name) {
    try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
  }

  function drop(name) {
    try { localStorage.removeItem(name); } catch { /* storage is shut: there is nothing in it */ }
  }

  function tidy() {
    for (const name of names()) {
      const kept = found(name);
      if (!kept || !(Math.abs(Date.now() - kept.at) < LASTS)) drop(name);
    }
  }

  /* true once the envelope is stored. One page has one name, and touches no other's. */
  async function keep(name, said, key) {
    try {
      const envelope = await seal(said, key);
      if (left) return false;
      localStorage.setItem(name, JSON.stringify({ at: Date.now(), envelope }));
      return true;
    } catch {
      return false;
    }
  }

  /* "here": thanked, and it was the form open in this browser; "thanked"; "closed"; "gone": not stored any more; "waits" */
  async function send(name) {
    tidy();
    const kept = found(name);
    if (!kept) return "gone";
    const flight = new AbortController();
    const patience = setTimeout(() => flight.abort(), PATIENCE);
    flights.add(flight);
    try {
      const answer = await fetch("/f/sealed", {
        method: "POST", body: new URLSearchParams({ envelope: kept.envelope }), credentials: "same-origin", keepalive: true,
        headers: { Accept: "application/json" }, redirect: "error", signal: flight.signal,
      });
      const said = await answer.json();
      if (!said.thanks && !said.closed) return "waits";
      drop(name);
      if (said.closed) return "closed";
      return said.here ? "here" : "thanked";
    } catch {
      return "waits";
    } finally {
      clearTimeout(patience);
      flights.delete(flight);
    }
  }

  async function sendAll() {
    tidy();
    const outcomes = [];
    for (const name of names()) outcomes.push(await send(name));
    return outcomes;
  }

  document.addEventListener("holdfast:left", () => {
    left = true;
    names().forEach(drop);
    for (const flight of flights) flight.abort();
  });

  /* the door: what waits is sent when the page is opened, when the connection comes back, and now and then */
  async function atTheDoor(told) {
    const words = JSON.parse(told.dataset.words);
    const outcomes = await sendAll();
    if (left || !outcomes.length) return;
    const waits = outcomes.includes("waits");
    const thanked = outcomes.includes("thanked") || outcomes.includes("here");
    const said = waits ? words.waits : thanked ? words.arrived : outcomes.includes("closed") ? words.refused : "";
    if (said) { told.textContent = said; told.hidden = false; }
    if (!waits) return;
    const again = new AbortController();
    const once = () => { again.abort(); clearTimeout(timer); atTheDoor(told); };
    const timer = setTimeout(once, AGAIN);
    window.addEventListener("online", once, { signal: again.signal });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const told = document.querySelector("[data-sealed]");
    if (told) atTheDoor(told);
  });

  window.holdfastSealed = Object.freeze({ keep, send, sendAll, newName: () => PREFIX + crypto.randomUUID() });
})();
