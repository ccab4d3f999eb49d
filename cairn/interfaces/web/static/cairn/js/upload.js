/* Sends a file with a progress bar. Without a script the form sends itself.

   Markup
     <form method="post" enctype="multipart/form-data" action="URL">
       <div class="c-drop"><input type="file" data-upload data-max-bytes="..."></div>    data-upload="now": send as soon as chosen
   Protocol: the form's own fields as multipart; Accept: application/json
     2xx   {location}, or a redirect that was followed: that page opens
     4xx   {message, remedy?}: said under the field; nothing was kept of the file, and sending it again would change nothing
   A lost connection, or a server that fails: said so, the file stays chosen, one button sends it again. */

for (const input of document.querySelectorAll("input[type=file][data-upload]")) prepare(input);

function prepare(input) {
  const form = input.form, zone = input.closest(".c-drop") ?? input;
  const report = document.createElement("div");
  report.className = "c-upload";
  zone.after(report);
  for (const [kind, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) input.addEventListener(kind, () => zone.classList.toggle("is-over", over));
  input.addEventListener("change", () => {
    report.replaceChildren();
    const wrong = tooLarge(input);
    if (wrong) return complain(report, wrong);
    if (input.dataset.upload === "now" && input.files.length) form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    const wrong = tooLarge(input);
    if (wrong) complain(report, wrong);
    else if (!form.dataset.sending) send(form, input, report);
  });
}

function tooLarge(input) {
  const most = Number(input.dataset.maxBytes);
  const file = [...input.files].find((one) => most && one.size > most);
  return file ? `${file.name} has ${size(file.size)}; at most ${size(most)} fit here. Choose a smaller file.` : "";
}

function send(form, input, report) {
  const names = [...input.files].map((file) => file.name).join(", ");
  const status = element("p", "c-small"), bar = element("progress", "c-progress"), stop = element("button", "usa-button usa-button--unstyled", "Stop");
  const request = new XMLHttpRequest(), began = performance.now();
  form.dataset.sending = "yes";
  status.setAttribute("role", "status");
  status.textContent = `Sending ${names}`;
  bar.setAttribute("aria-label", `Sending ${names}`);
  stop.type = "button";
  stop.addEventListener("click", () => request.abort());
  report.replaceChildren(status, bar, stop);
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.max = event.total;
    bar.value = event.loaded;
    const seconds = ((performance.now() - began) / 1000) * (event.total / Math.max(1, event.loaded) - 1);
    status.textContent = event.loaded < event.total ? `${size(event.loaded)} of ${size(event.total)}, ${remaining(seconds)}` : `All sent. ${names} is being checked.`;
  });
  const ended = (words, isFinal = false) => {
    delete form.dataset.sending;
    if (words) complain(report, words, isFinal ? null : () => send(form, input, report));
  };
  request.addEventListener("load", () => answered(request, ended));
  request.addEventListener("error", () => ended("The connection was lost. The file is still chosen here."));
  request.addEventListener("abort", () => { ended(""); report.replaceChildren(element("p", "c-small c-muted", "Stopped. Nothing was kept.")); });
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.send(new FormData(form));
}

function answered(request, ended) {
  let said = {};
  try { said = JSON.parse(request.responseText); } catch { /* a page, not JSON */ }
  if (request.status < 400) return location.assign(said.location ?? request.responseURL);
  if (request.status >= 500) return ended("The file could not be received just now. It is still chosen here.");
  ended([said.message ?? "The file was refused.", said.remedy ?? ""].join(" ").trim(), true);
}

function complain(report, words, again) {
  const note = element("div", "c-note c-note--stopped c-flow"), text = element("p", "", words);
  note.setAttribute("role", "alert");
  note.append(text);
  if (again) {
    const button = element("button", "usa-button usa-button--outline", "Send it again");
    button.type = "button";
    button.addEventListener("click", again);
    note.append(button);
  }
  report.replaceChildren(note);
}

function element(name, look, words = "") {
  const made = document.createElement(name);
  made.className = look;
  made.textContent = words;
  return made;
}

/* Rounded up: what is over a limit never reads like the limit. */
function size(bytes) {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${Math.ceil(bytes / 1e5) / 10} MB`;
}

function remaining(seconds) {
  if (seconds < 50) return "less than a minute left";
  const minutes = Math.max(1, Math.round(seconds / 60));
  return `about ${minutes} ${minutes === 1 ? "minute" : "minutes"} left`;
}
