"use strict";
// Follows the start of a server; JupyterHub's address of this page leads on once it has ended.
const card = document.getElementById("progress");
const bar = card.querySelector("progress");
const words = card.querySelector("[role=status]");
const events = new EventSource(card.dataset.events);
events.addEventListener("message", (event) => {
  const told = JSON.parse(event.data);
  if (told.progress !== undefined) bar.value = told.progress;
  if (told.ready || told.failed) {
    events.close();
    location.reload();
  } else if (told.message) {
    words.textContent = told.message;
  }
});
events.addEventListener("error", () => {
  // The browser tries again by itself, unless the hub has refused: then the page knows better.
  if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 2000);
});
// Whoever stops the start is on their way to another page.
card.querySelector("form").addEventListener("submit", () => events.close());
