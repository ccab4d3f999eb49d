/* Saves what is typed, keeps a copy on the device until it is saved, and never overwrites another tab silently.

   Markup
     <form data-autosave data-key="attempt-ID" action="URL">   key: names the work on this device; URL: also saves without a script
       {% csrf_token %}
       <textarea name="narrative.context" data-version="7">    any named field that is not hidden, a file, or [data-autosave-off]
     parts/save_state.html                                     says "Saved at 8:42 p.m."; one for each page
     [data-without-script]                                     hidden once this runs, such as the button that saves by hand
   data-save-url on the form, where saving has another address than sending.

   Protocol: one field a request, two seconds after the last key, on leaving the field, and on leaving the page
     POST  field, value, version (form-encoded); X-CSRFToken; Accept: application/json
     200   {saved_at: ISO 8601, version: next, words?: n}
     409   {current: {value, version}, message}                another tab was first: both texts are shown, the person chooses
     4xx   {message, remedy?}                                  said in the status; the text stays here; the next edit tries again
   No answer, 429, or 5xx: kept on this device, tried again after 2, 4, 8 ... 30 seconds and when the connection returns.
   A page (a redirect to signing in) instead of JSON: said so, kept on this device.

   Events on the field: "cairn:saved" with {field, version, words}. */

const IDLE = 2000;
const LONGEST_PAUSE = 30000;
const states = new WeakMap();

for (const form of document.querySelectorAll("form[data-autosave]")) start(form);

function start(form) {
  for (const element of document.querySelectorAll("[data-without-script]")) element.hidden = true;
  const work = { form, url: form.dataset.saveUrl || form.action, key: form.dataset.key, waiting: new Set(), sending: null, pause: IDLE, again: 0, left: false };
  const changed = (event) => isField(event.target) && touched(work, event.target, event.type === "change" ? 0 : IDLE);
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => setTimeout(() => { work.left = !event.defaultPrevented; }));
  addEventListener("online", () => sendAll(work));
  document.addEventListener("visibilitychange", () => { if (document.hidden) sendAll(work); });
  addEventListener("pagehide", () => lastWords(work));
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // an old page knows old versions
  addEventListener("beforeunload", (event) => { if (!work.left && [...work.waiting].some((field) => !stateOf(field).stored)) event.preventDefault(); });
  for (const field of fieldsOf(form)) {
    stateOf(field).saved = valueOf(field);
    restore(work, field);
  }
}

function isField(element) {
  return Boolean(element.name) && element.matches("input, textarea, select") && !element.matches("[type=hidden], [type=file], [type=submit], [data-autosave-off], [readonly]");
}

function fieldsOf(form) {
  return [...form.elements].filter(isField);
}

/* Radio buttons of one name are one field, and its state hangs on the first. */
function headOf(field) {
  return field.type === "radio" ? field.form.querySelector(`[type=radio][name="${CSS.escape(field.name)}"]`) : field;
}

function stateOf(field) {
  const head = headOf(field);
  if (!states.has(head)) states.set(head, { timer: 0, due: false, stored: false, conflict: null });
  return states.get(head);
}

function valueOf(field) {
  if (field.type === "checkbox") return field.checked ? field.value : "";
  if (field.type === "radio") return new FormData(field.form).get(field.name) ?? "";
  return field.value;
}

function setValue(field, value) {
  if (field.type === "checkbox") field.checked = value === field.value;
  else if (field.type === "radio") for (const one of field.form.querySelectorAll(`[type=radio][name="${CSS.escape(field.name)}"]`)) one.checked = one.value === value;
  else field.value = value;
  field.dispatchEvent(new CustomEvent("cairn:replaced", { bubbles: true }));
}

/* --- the copy on this device ------------------------------------------------------------------------------- */

function place(work, field) {
  return `cairn:autosave:${work.key}:${field.name}`;
}

function store(work, field) {
  const copy = { value: valueOf(field), version: field.dataset.version ?? "", sent: stateOf(field).sent };
  try {
    localStorage.setItem(place(work, field), JSON.stringify(copy));
    stateOf(field).stored = true;
  } catch {
    stateOf(field).stored = false; // no room, or not allowed: leaving the page then asks first
  }
}

function forget(work, field) {
  try { localStorage.removeItem(place(work, field)); } catch { /* nothing was kept */ }
  stateOf(field).stored = false;
}

function stored(work, field) {
  try { return JSON.parse(localStorage.getItem(place(work, field))); } catch { return null; }
}

function restore(work, field) {
  if (headOf(field) !== field) return;
  const copy = stored(work, field);
  if (!copy) return;
  const served = { value: valueOf(field), version: field.dataset.version ?? "" };
  if (copy.value === served.value) return forget(work, field);
  setValue(field, copy.value);
  stateOf(field).stored = true;
  // Its last save may have arrived without our hearing of it.
  if (copy.version === served.version || copy.sent === served.value) return touched(work, field, 0);
  showConflict(work, field, served, "This was changed elsewhere after you wrote on this device.");
}

/* --- saving ------------------------------------------------------------------------------------------------- */

function touched(work, field, delay) {
  const head = headOf(field), state = stateOf(head);
  if (valueOf(head) === state.saved && !work.waiting.has(head)) return;
  store(work, head);
  work.waiting.add(head);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => { state.due = true; send(work); }, delay);
}

function sendAll(work) {
  work.pause = IDLE;
  for (const field of work.waiting) stateOf(field).due = true;
  send(work);
}

/* The page is going: everything at once, except what is on its way. Whatever gets lost is still kept on the device. */
function lastWords(work) {
  if (!work.left) for (const field of work.waiting) if (field !== work.sending && !stateOf(field).conflict) post(work, field).catch(() => {});
}

/* One request at a time, in the order in which the fields were touched. */
async function send(work) {
  const field = [...work.waiting].find((one) => stateOf(one).due && !stateOf(one).conflict);
  if (!field || work.sending || work.left) return;
  const state = stateOf(field);
  clearTimeout(work.again);
  work.sending = field;
  state.due = false;
  state.sent = valueOf(field);
  store(work, field);
  let isLost = false;
  try {
    await settle(work, field, state, await post(work, field));
    work.pause = IDLE;
  } catch {
    isLost = true;
    state.due = true;
    say(work, false, `Not saved yet: ${navigator.onLine ? "Cairn does not answer" : "no connection"}. ${kept(field)}`);
    work.again = setTimeout(() => send(work), work.pause);
    work.pause = Math.min(LONGEST_PAUSE, work.pause * 2);
  }
  work.sending = null;
  if (!isLost) send(work);
}

function post(work, field) {
  const body = new URLSearchParams({ field: field.name, value: valueOf(field), version: field.dataset.version ?? "" });
  const headers = { "X-CSRFToken": token(work.form), Accept: "application/json" };
  return fetch(work.url, { method: "POST", body, headers, keepalive: body.toString().length < 60000 });
}

async function settle(work, field, state, answer) {
  if (answer.status === 429 || answer.status >= 500) throw new Error("try again");
  const said = answer.headers.get("content-type")?.includes("json") ? await answer.json() : null;
  if (!said) return refuse(work, field, `Not saved: you are no longer signed in. ${kept(field)} Sign in on another tab, then go on writing here.`);
  if (answer.status === 409 && said.current) return showConflict(work, field, said.current, said.message);
  if (!answer.ok) return refuse(work, field, `Not saved: ${said.message ?? "Cairn refused it."} ${said.remedy ?? ""}`.trim());
  field.dataset.version = said.version;
  state.saved = state.sent;
  if (valueOf(field) === state.saved) {
    work.waiting.delete(field);
    forget(work, field);
  } else {
    store(work, field);
  }
  if (!work.waiting.size) say(work, true, `Saved at ${clock(said.saved_at)}`);
  field.dispatchEvent(new CustomEvent("cairn:saved", { bubbles: true, detail: { field: field.name, version: said.version, words: said.words } }));
}

function refuse(work, field, words) {
  work.waiting.delete(field); // the next edit tries again
  say(work, false, words);
}

function kept(field) {
  return stateOf(field).stored ? "Kept on this device." : "This browser keeps no copy: leave the page open.";
}

function token(form) {
  return form.elements.csrfmiddlewaretoken?.value ?? "";
}

function clock(moment) {
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return moment;
  return `${at.getHours() % 12 || 12}:${String(at.getMinutes()).padStart(2, "0")}\u00a0${at.getHours() < 12 ? "a.m." : "p.m."}`;
}

function say(work, saved, words) {
  for (const box of document.querySelectorAll("[data-save-state]")) {
    box.classList.toggle("c-state--met", saved);
    box.classList.toggle("c-state--soon", !saved);
    for (const mark of box.querySelectorAll("[data-when]")) mark.toggleAttribute("hidden", (mark.dataset.when === "saved") !== saved);
    const status = box.querySelector("[role=status]");
    if (status.textContent !== words) status.textContent = words;
  }
}

/* --- two tabs, one text ---------------------------------------------------------------------------------------- */

function showConflict(work, field, other, message) {
  const state = stateOf(field);
  state.conflict?.remove();
  work.waiting.add(field);
  const panel = make("section", "c-note c-note--soon c-flow c-conflict");
  panel.setAttribute("aria-label", "Two versions of one text");
  const heading = make("p", "");
  heading.append(make("strong", "", message || "This text was changed in another tab."), " Nothing was overwritten. Which one stays?");
  const columns = make("div", "c-cols c-cols--even");
  const side = (title, words, act, chosen) => {
    const box = make("div", "c-flow");
    const button = make("button", "usa-button usa-button--outline", act);
    button.type = "button";
    button.addEventListener("click", () => { chosen(); panel.remove(); field.focus(); });
    box.append(make("p", "c-kind", title), make("p", "c-small u-words", words || "(empty)"), button);
    return box;
  };
  const settled = () => { state.conflict = null; field.dataset.version = other.version; };
  columns.append(
    side("Yours, on this page", valueOf(field), "Keep mine", () => { settled(); touched(work, field, 0); }),
    side("The other", other.value, "Take the other", () => { settled(); setValue(field, other.value); state.saved = other.value; work.waiting.delete(field); forget(work, field); say(work, true, "The other version stays."); }),
  );
  panel.append(heading, columns);
  state.conflict = panel;
  (field.closest("fieldset") ?? field).after(panel);
  say(work, false, "Not saved: there are two versions. Choose below the text.");
}

function make(name, look, words = "") {
  const element = document.createElement(name);
  if (look) element.className = look;
  element.textContent = words;
  return element;
}
