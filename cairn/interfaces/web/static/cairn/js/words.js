/* Counts words while they are typed: the same sentences as the tag `word_count`, which shows them first.

   Markup: a field with an id, and the tag's <div data-words-for="ID" data-least="150" data-most="400">. */

for (const box of document.querySelectorAll("[data-words-for]")) {
  const field = document.getElementById(box.dataset.wordsFor);
  if (!field) continue;
  const least = Number(box.dataset.least), most = Number(box.dataset.most);
  const show = () => {
    const count = field.value.trim() ? field.value.trim().split(/\s+/).length : 0;
    box.querySelector("[data-words-now]").textContent = count === 1 ? "1 word" : `${count.toLocaleString("en-US")} words`;
    box.querySelector("[data-words-left]").textContent = left(count, least, most);
    const meter = box.querySelector("svg");
    meter?.querySelector("rect").setAttribute("width", Math.min(100, (100 * count) / Number(meter.dataset.full)).toFixed(1));
  };
  field.addEventListener("input", show);
  field.addEventListener("cairn:replaced", show);
  show();
}

function left(count, least, most) {
  if (count < least) return `${(least - count).toLocaleString("en-US")} more to reach the minimum`;
  if (most && count > most) return `${(count - most).toLocaleString("en-US")} over the maximum`;
  return most ? `${(most - count).toLocaleString("en-US")} left` : "";
}
