/* A passkey made or shown. The form says which; without script, or where the browser knows no passkeys, it stays hidden. */
(() => {
  "use strict";
  if (!window.PublicKeyCredential) return;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  function asked(options) {
    const key = options.publicKey;
    key.challenge = bytes(key.challenge);
    if (key.user) key.user.id = bytes(key.user.id);
    for (const list of [key.excludeCredentials, key.allowCredentials]) for (const each of list || []) each.id = bytes(each.id);
    return { publicKey: key };
  }

  function answered(made) {
    const response = { clientDataJSON: text(made.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) response[name] = text(made.response[name]);
    }
    return { id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: made.getClientExtensionResults() };
  }

  async function post(address, token, body) {
    const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify(body) });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.sentence);
    return said;
  }

  for (const form of document.querySelectorAll("[data-passkey]")) {
    const token = form.elements.csrfmiddlewaretoken.value;
    const told = form.querySelector("[data-told]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      told.hidden = true;
      try {
        const options = asked(await post(form.action, token, {}));
        const made = await navigator.credentials[form.dataset.passkey](options);
        location.assign((await post(form.dataset.done, token, answered(made))).onward);
      } catch {
        told.textContent = JSON.parse(form.dataset.words).passkey_no;
        told.hidden = false;
      }
    });
  }
})();
