/* Makes and uses passkeys (WebAuthn level 2). What it asks for comes from the server, what the browser answers goes there unread.

   Markup: <form data-passkey="create | get" data-options="ID of a JSON script | address that answers with JSON"> with a field `credential`
   and a [role=alert] that says what went wrong. In the JSON, bytes are base64url. */

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form) return;
  event.preventDefault();
  const alert = form.querySelector("[role=alert]");
  alert.textContent = "";
  try {
    const options = fromJson(await asked(form.dataset.options));
    form.elements.credential.value = JSON.stringify(toJson(await navigator.credentials[form.dataset.passkey](options)));
    form.submit();
  } catch (error) {
    alert.textContent = said(error);
  }
});

async function asked(where) {
  const here = document.getElementById(where);
  if (here) return Object.values(JSON.parse(here.textContent))[0];
  const answer = await fetch(where, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.json()).request_options;
}

function said(error) {
  if (!window.PublicKeyCredential) return "This browser knows no passkeys. Use another way, or another browser.";
  if (error.name === "InvalidStateError") return "This device has a passkey for you already.";
  if (error.name === "NotAllowedError") return "It was not done: it was called off, or it took too long. Try again, or use another way.";
  return "It did not work. Reload the page and try again, or use another way.";
}

function bytes(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const letters = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromJson({ publicKey }) {
  const named = (list) => list?.map((known) => ({ ...known, id: bytes(known.id) }));
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (publicKey.user) {
    options.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
    options.excludeCredentials = named(publicKey.excludeCredentials);
    // One that can sign in by itself, where the device has room for it.
    options.authenticatorSelection = { ...publicKey.authenticatorSelection, residentKey: "preferred", requireResidentKey: false };
  } else {
    options.allowCredentials = named(publicKey.allowCredentials);
  }
  return { publicKey: options };
}

function toJson(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return {
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}
