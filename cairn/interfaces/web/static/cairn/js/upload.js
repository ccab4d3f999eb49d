/* Sends files with progress. Without a script the form sends itself.

   Markup
     <form method="post" enctype="multipart/form-data" action="URL">
       <div class="c-drop"><input type="file" data-upload data-max-bytes="..."></div>    data-upload="now": send as soon as chosen
     data-most-seconds="..." on the input: recordings that are longer are not sent
     data-resumable="URL" data-slot="KEY" on the form: in pieces by the tus protocol (tus.min.js), with pauses, on after a lost
     connection, and on after the page was left: then <li data-underway="DIGEST" data-at="URL"> says what is there already.
   Protocol in one piece: the form's own fields as multipart; Accept: application/json
     2xx   {location}, or a redirect that was followed: that page opens
     4xx   {message, remedy?}: said under the field; nothing was kept of the file, and sending it again would change nothing
   A lost connection, or a server that fails: said so, the file stays chosen, one button sends it again. */

const BLOCK = 4 * 1024 * 1024;
const SECOND = 1000;
const WAITS = [0, 1, 2, 3, 5, 10, 20, 30, 60, 60, 60, 60, 60].map((seconds) => seconds * SECOND);
const LOST = "The connection was lost. What has arrived is kept, and sending goes on by itself.";

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
    else if (form.dataset.sending) return;
    else if (form.dataset.resumable && window.tus && window.crypto.subtle) sendInPieces(form, input, report);
    else send(form, input, report);
  });
}

function tooLarge(input) {
  const most = Number(input.dataset.maxBytes);
  const file = [...input.files].find((one) => most && one.size > most);
  return file ? `${file.name} has ${size(file.size)}; at most ${size(most)} fit here. Choose a smaller file.` : "";
}

/* --- In pieces --------------------------------------------------------------------------------------------------- */

async function sendInPieces(form, input, report) {
  const files = [...input.files], kept = [], refused = [];
  form.dataset.sending = "yes";
  report.replaceChildren();
  window.addEventListener("beforeunload", warn);
  for (const file of files) {
    try {
      kept.push(await sendOne(form, file, report));
    } catch (refusal) {
      if (refusal.message) refused.push(`${file.name}: ${refusal.message}`);
    }
  }
  window.removeEventListener("beforeunload", warn);
  delete form.dataset.sending;
  const last = kept.filter(Boolean).at(-1);
  if (!refused.length && last) return openPage(last);
  input.value = "";
  report.replaceChildren();
  if (refused.length) complain(report, refused.join(" "), last && { words: "Show what arrived", act: () => openPage(last) });
  else report.replaceChildren(element("p", "c-small c-muted", "Stopped. Nothing was kept."));
}

function warn(event) {
  event.preventDefault();
}

/* The part's page may be the one that is open: then its address differs in what stands behind the mark alone. */
function openPage(address) {
  const target = new URL(address, location.href);
  if (target.pathname + target.search === location.pathname + location.search) location.hash = target.hash, location.reload();
  else location.assign(target);
}

/* Where the file stands once it is kept; rejects with the sentence that says why it is not, or with none where it was stopped. */
async function sendOne(form, file, report) {
  const line = progress(report, file.name);
  const seen = await look(file);
  const wrong = tooLong(form.querySelector("[data-upload]"), seen?.seconds);
  if (wrong) throw new Error(wrong);
  const digest = await digestOf(file, (share) => line.show(share / 4, `Reading ${file.name}`));
  const there = [...document.querySelectorAll("[data-underway]")].find((row) => row.dataset.underway === `sha256-4mib:${digest}`);
  const address = await transfer(form, file, digest, there?.dataset.at, seen?.still, line);
  return settled(address, file, line);
}

/* How long a recording is, and a still of a film; null for other files, and for films that this browser cannot play. */
function look(file) {
  if (!/^(video|audio)\//.test(file.type)) return Promise.resolve(null);
  const player = document.createElement("video"), address = URL.createObjectURL(file);
  const looked = new Promise((done) => {
    setTimeout(() => done(null), 10 * SECOND);
    player.addEventListener("error", () => done(null));
    player.addEventListener("loadeddata", () => {
      if (!player.videoWidth) return done({ seconds: player.duration });
      player.currentTime = Number.isFinite(player.duration) ? Math.min(1, player.duration / 10) : 0;
    });
    player.addEventListener("seeked", () => takeStill(player).then((still) => done({ seconds: player.duration, still })));
  });
  player.muted = true;
  player.preload = "auto";
  player.src = address;
  return looked.finally(() => URL.revokeObjectURL(address));
}

function takeStill(player) {
  const canvas = document.createElement("canvas"), scale = Math.min(1, 1280 / player.videoWidth);
  canvas.width = Math.round(player.videoWidth * scale);
  canvas.height = Math.round(player.videoHeight * scale);
  canvas.getContext("2d").drawImage(player, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
}

function tooLong(input, seconds) {
  const most = Number(input.dataset.mostSeconds);
  return most && Number.isFinite(seconds) && seconds > most + 1 ? `It is ${clock(seconds)} long; at most ${clock(most)} fit here. Choose a shorter one.` : "";
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

/* The hash of the hashes of each block: what a browser can compute piece by piece. */
async function digestOf(file, tell) {
  const hashes = [];
  for (let at = 0; at < file.size; at += BLOCK) {
    tell(at / file.size);
    hashes.push(await hashed(file.slice(at, at + BLOCK)));
  }
  return [...await hashed(new Blob(hashes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function hashed(blob) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
}

function transfer(form, file, digest, address, still, line) {
  const token = form.elements.csrfmiddlewaretoken.value;
  return new Promise((done, failed) => {
    const upload = new window.tus.Upload(file, {
      endpoint: form.dataset.resumable, uploadUrl: address ?? null, chunkSize: BLOCK, retryDelays: WAITS, storeFingerprintForResuming: false,
      metadata: { slot: form.dataset.slot, filename: file.name, "sha256-4mib": digest },
      headers: { "X-CSRFToken": token, Accept: "application/json" },
      onBeforeRequest: async (request) => {
        if (request.getMethod() !== "PATCH") return;
        const at = Number(request.getHeader("Upload-Offset"));
        const sum = await hashed(file.slice(at, at + BLOCK));
        request.setHeader("Upload-Checksum", `sha256 ${btoa(String.fromCharCode(...sum))}`);
      },
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        if (status >= 400 && status < 500 && ![409, 423, 460].includes(status)) return false;
        line.say(status === 507 ? said(error.originalResponse).message : status ? "The server is busy. Sending goes on by itself." : LOST);
        return true;
      },
      onUploadUrlAvailable: () => {
        if (still) fetch(`${upload.url}poster/`, { method: "POST", headers: { "X-CSRFToken": token }, body: still }).catch(() => { /* the film goes without */ });
      },
      onProgress: (sent) => line.sent(sent, file.size),
      onSuccess: () => { line.onlines.abort(); done(upload.url); },
      onError: (error) => {
        const answer = error.originalResponse && said(error.originalResponse);
        const status = error.originalResponse?.getStatus() ?? 0;
        if (status >= 400 && status < 500) { line.onlines.abort(); failed(new Error([answer.message ?? "It was refused.", answer.remedy ?? ""].join(" ").trim())); }
        else line.rest(answer?.message ?? "The connection is still lost. What has arrived is kept.");
      },
    });
    line.control({
      pause: () => upload.abort(),
      resume: () => upload.start(),
      stop: () => { upload.abort(true).catch(() => { /* it runs out by itself */ }); line.onlines.abort(); failed(new Error("")); },
    });
    upload.start();
  });
}

function said(response) {
  try { return JSON.parse(response.getBody()); } catch { return {}; }
}

/* Asks what became of a file that has arrived, until it is settled. */
async function settled(address, file, line) {
  line.show(1, `All of ${file.name} has arrived. It is being checked.`);
  for (let wait = 0.2; ; wait = Math.min(5, wait * 1.5)) {
    const told = await fetch(address, { headers: { Accept: "application/json" } }).then((answer) => (answer.ok ? answer.json() : {})).catch(() => ({}));
    if (told.state === "clean") return told.location;
    if (told.state === "refused" || told.state === "blocked") throw new Error(told.message);
    if (wait === 5) return location.pathname + `?coming=${address.split("/").at(-2)}`;
    await new Promise((next) => setTimeout(next, wait * SECOND));
  }
}

/* A line with a bar and its buttons. Figures change often and are seen; what is heard is what has changed. */
function progress(report, name) {
  const figures = element("p", "c-small"), heard = element("p", "c-small"), bar = element("progress", "c-progress");
  const buttons = element("p", "c-cluster"), onlines = new AbortController();
  heard.setAttribute("role", "status");
  bar.setAttribute("aria-label", `Sending ${name}`);
  bar.max = 1;
  report.append(figures, bar, heard, buttons);
  let began = 0, first = 0, heardShare = 0, isPaused = false;
  const called = (button, words) => {
    button.replaceChildren(words, element("span", "c-hide", `: ${name}`));
    return button;
  };
  const line = {
    onlines,
    say: (words) => { if (heard.textContent !== words) heard.textContent = words; },
    show: (share, words) => { bar.value = share; figures.textContent = words; },
    sent: (bytes, total) => {
      const now = performance.now(), quarter = Math.floor((4 * bytes) / total);
      if (!began) [began, first] = [now, bytes];
      const seconds = ((now - began) / SECOND) * ((total - bytes) / Math.max(1, bytes - first));
      line.show(bytes / total, `${name}: ${size(bytes)} of ${size(total)}, ${remaining(seconds)}`);
      if (quarter > heardShare) line.say(`${25 * quarter}% of ${name} has arrived.`);
      else if (heard.textContent === LOST) line.say(`Sending ${name} again.`);
      heardShare = Math.max(heardShare, quarter);
    },
    rest: (words) => { isPaused = true; began = 0; called(pause, "Go on"); line.say(words); },
    control: ({ pause: halt, resume, stop }) => {
      pause.addEventListener("click", () => {
        if (isPaused) { isPaused = false; called(pause, "Pause"); line.say(`Sending ${name}.`); resume(); }
        else { halt(); line.rest("Paused. What has arrived is kept for a week."); }
      });
      end.addEventListener("click", stop);
      buttons.append(pause, end);
      const { signal } = onlines;
      window.addEventListener("offline", () => { if (!isPaused) line.say(LOST); }, { signal });
      window.addEventListener("online", () => { if (!isPaused) { halt(); began = 0; resume(); } }, { signal });
      signal.addEventListener("abort", () => buttons.remove());
    },
  };
  const [pause, end] = ["Pause", "Stop"].map((words) => called(element("button", "usa-button usa-button--unstyled"), words));
  pause.type = end.type = "button";
  return line;
}

/* --- In one piece ------------------------------------------------------------------------------------------------ */

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
  const { words: label, act } = typeof again === "function" ? { words: "Send it again", act: again } : again || {};
  const note = element("div", "c-note c-note--stopped c-flow"), text = element("p", "", words);
  note.setAttribute("role", "alert");
  note.append(text);
  if (act) {
    const button = element("button", "usa-button usa-button--outline", label);
    button.type = "button";
    button.addEventListener("click", act);
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
