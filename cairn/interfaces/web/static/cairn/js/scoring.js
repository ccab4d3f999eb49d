/* Scoring by keyboard, and the comment bank. Everything it does can be done by mouse and by Tab as well.

   Markup
     <form data-scoring>                     holds the radio buttons of one detail, lowest level first
     [data-next], [data-back]                links or buttons; J and K press them
     [data-evidence]                         what E moves to; gets tabindex -1
     <button data-insert="TEXTAREA_ID">      puts its words at the end of that text
     parts/keys.html                         the list of keys, a dialog; its switch turns single keys off (WCAG 2.1.4)
   Keys never act while one writes, nor with Ctrl, Alt, or the command key. */

const SWITCH = "cairn:keys";
const form = document.querySelector("form[data-scoring]");
const dialog = document.querySelector("dialog[data-keys]");

const press = (selector) => document.querySelector(selector)?.click();
const acts = {
  j: () => press("[data-next]"),
  k: () => press("[data-back]"),
  e: () => focusOn(document.querySelector("[data-evidence]")),
  "?": () => dialog?.showModal(),
};

function focusOn(target) {
  if (!target) return;
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus();
  target.scrollIntoView({ block: "nearest" });
}

function chooseLevel(number) {
  const level = form.querySelectorAll("input[type=radio]")[number - 1];
  if (!level || level.disabled) return;
  level.focus();
  if (!level.checked) level.click();
}

function isWriting(element) {
  return element.isContentEditable || element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit])");
}

function isOff() {
  try { return localStorage.getItem(SWITCH) === "off"; } catch { return false; }
}

document.addEventListener("keydown", (event) => {
  if (!form || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isOff()) return;
  if (isWriting(event.target) || event.target.closest("video, audio, dialog")) return;
  const act = acts[event.key.toLowerCase()];
  if (act) act();
  else if (/^[1-9]$/.test(event.key)) chooseLevel(Number(event.key));
  else return;
  event.preventDefault();
});

for (const opener of document.querySelectorAll("[data-show-keys]")) opener.addEventListener("click", () => dialog?.showModal());
for (const box of document.querySelectorAll("[data-keys-switch]")) {
  box.checked = !isOff();
  box.addEventListener("change", () => {
    try { localStorage.setItem(SWITCH, box.checked ? "on" : "off"); } catch { /* stays on for this page */ }
  });
}

for (const chip of document.querySelectorAll("button[data-insert]")) {
  chip.addEventListener("click", () => {
    const text = document.getElementById(chip.dataset.insert);
    const before = text.value.trimEnd();
    text.value = `${before}${before ? " " : ""}${chip.textContent.trim()}${/[.!?]$/.test(chip.textContent.trim()) ? "" : "."}`;
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
