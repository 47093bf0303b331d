"use strict";
// Keeps the board as it is now, and leaves alone what somebody is doing on it: only parts marked
// data-live change, node by node, so that focus, open details, typed text and scroll position stay.
const live = document.querySelector("[data-events]");
let fetching = false;
let again = false;

async function refresh() {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    // Logged out, or no longer of the team: the hub says so better than a page that stands still.
    if (answer.redirected || answer.status === 403) return location.reload();
    if (answer.ok) bring(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // The stream notices that the hub is gone, and that it is back.
  } finally {
    fetching = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

function bring(page) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = page.querySelector(`[data-live="${part.dataset.live}"]`);
    if (now) become(part, now);
  }
}

function become(part, now) {
  if (part.isEqualNode(now)) return;
  if (part.nodeType !== Node.ELEMENT_NODE) {
    part.nodeValue = now.nodeValue;
    return;
  }
  const field = part.matches("textarea, select, input:not([type=hidden])");
  for (const { name, value } of now.attributes) {
    if (!(field && name === "value") && name !== "open") part.setAttribute(name, value);
  }
  for (const { name } of [...part.attributes]) {
    if (!now.hasAttribute(name) && name !== "open") part.removeAttribute(name);
  }
  if (!field) children(part, now);
}

function children(part, now) {
  let here = part.firstChild;
  for (const wanted of now.childNodes) {
    let found = here;
    const element = wanted.nodeType === Node.ELEMENT_NODE;
    while (found && element && !alike(found, wanted)) found = found.nextSibling;
    if (!found || !alike(found, wanted)) {
      part.insertBefore(document.importNode(wanted, true), here);
      continue;
    }
    while (here !== found) here = dropped(here);
    become(here, wanted);
    here = here.nextSibling;
  }
  while (here) here = dropped(here);
}

// A button must not turn into another one under somebody's finger.
const alike = (one, other) => one.nodeName === other.nodeName && key(one) === key(other);
const key = (node) => node.id || (node.nodeName === "BUTTON" ? node.value : node.name) || "";

// Whoever was on a button that is gone goes on from the heading of its section, not from the top.
function dropped(node) {
  const next = node.nextSibling;
  const section = node.parentElement.closest("section");
  const held = node.contains(document.activeElement);
  node.remove();
  if (held && section) {
    const heading = section.querySelector("h2, h3");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  return next;
}

const events = new EventSource(live.dataset.events);
const show = (follows) => {
  live.querySelector(".follows").hidden = !follows;
  live.querySelector(".lost").hidden = follows;
  live.querySelector(".again").hidden = follows;
};
events.addEventListener("open", () => show(true));
events.addEventListener("changed", refresh);
events.addEventListener("error", () => {
  show(false);
  // The browser tries again by itself, unless the hub has refused: then the page knows better.
  if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
});
addEventListener("pagehide", () => events.close());
