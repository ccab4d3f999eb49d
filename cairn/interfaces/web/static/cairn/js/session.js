/* Asks, before the session ends, whether one stays signed in.

   Markup: templates/session/ending.html, a dialog with data-session-left and data-session-warning in seconds, and a form.
   Protocol, both with Accept: application/json
     GET   {left: seconds}   another tab may have prolonged it
     POST  {left: seconds}   it lasts its whole time again
   A page instead of JSON: one is signed out already. What is being written stays on the page and on the device (autosave.js). */

const EVERY = 5000;
const dialog = document.querySelector("dialog[data-session-left]");
const form = dialog.querySelector("form");
const words = dialog.querySelector("[role=status]");
const warning = Number(dialog.dataset.sessionWarning) * 1000;
let ends = Date.now() + Number(dialog.dataset.sessionLeft) * 1000;
let asking = false;

setInterval(look, Math.min(EVERY, warning / 4));
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await ask("POST");
  if (ends - Date.now() > warning) dialog.close();
});

async function look() {
  if (ends - Date.now() > warning || asking) return;
  if (!dialog.open) {
    await ask("GET");
    if (ends - Date.now() <= warning && !dialog.open) dialog.showModal();
  } else if (ends <= Date.now()) {
    over();
  }
}

async function ask(method) {
  asking = true;
  try {
    const body = method === "POST" ? new FormData(form) : undefined;
    const answer = await fetch(form.action, { method, body, headers: { Accept: "application/json" } });
    if (!answer.headers.get("content-type")?.includes("json")) over();
    else ends = Date.now() + (await answer.json()).left * 1000;
  } catch {
    words.textContent = "Cairn does not answer just now. Try again; what you wrote is kept.";
  }
  asking = false;
}

function over() {
  const said = "You are signed out. Sign in on another tab, then close this and go on writing.";
  if (words.textContent !== said) words.textContent = said;
}
