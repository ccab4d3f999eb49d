/* Links into a video: the player on this page jumps there instead of loading again.

   Markup: <a data-seek="250" href="FILE#t=250">, seconds from the start; data-player="ID" where a page has more than one player. */

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-seek]");
  const player = link && (link.dataset.player ? document.getElementById(link.dataset.player) : document.querySelector("video, audio"));
  if (!player) return;
  event.preventDefault();
  player.currentTime = Number(link.dataset.seek);
  player.focus();
  player.play().catch(() => { /* the browser wants a press of the play button first */ });
});
