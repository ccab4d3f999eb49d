/* Keeps what the form itself would send about versions as current as autosave.js keeps its own, so that both ways of saving agree.

   Markup: <input type="hidden" data-version-of="NAME">, in the same form as the field of that name.
   While two versions of a text wait for a choice, the form is not sent. */

for (const hidden of document.querySelectorAll("input[data-version-of]")) {
  const follow = (event) => {
    if (event.target.name === hidden.dataset.versionOf && event.target.dataset.version) hidden.value = event.target.dataset.version;
  };
  hidden.form.addEventListener("cairn:saved", follow);
  hidden.form.addEventListener("cairn:replaced", follow);
}

for (const form of new Set([...document.querySelectorAll("input[data-version-of]")].map((hidden) => hidden.form))) {
  form.addEventListener("submit", (event) => {
    const choice = form.querySelector(".c-conflict button");
    if (!choice) return;
    event.preventDefault();
    choice.focus();
  });
}
