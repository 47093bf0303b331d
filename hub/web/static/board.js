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
  again = false;
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    // Whoever is logged out finds themselves at the login, which has nothing for this page.
    if (answer.redirected) return leave();
    const ours = answer.ok;
    if (ours) bring(new DOMParser().parseFromString(await answer.text(), "text/html"));
    show(ours);
  } catch {
    show(false);
  }
  // While forty servers take a release there is news all the time: once a second is enough.
  setTimeout(() => {
    fetching = false;
    if (again) refresh();
  }, 1000);
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
  if ("kept" in part.dataset) return; // a form with a mistake, until it is sent again
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

// Until they log in again; the page is not loaded for it: somebody may be writing.
function leave() {
  left = true;
  events.close();
  live.querySelector(".follows").hidden = live.querySelector(".lost").hidden = true;
  live.querySelector(".out").hidden = live.querySelector(".again").hidden = false;
}

function show(follows) {
  live.querySelector(".follows").hidden = !follows;
  live.querySelector(".lost").hidden = follows;
  live.querySelector(".again").hidden = follows;
}

let events;
let left = false;

function follow() {
  events = new EventSource(live.dataset.events);
  events.addEventListener("changed", refresh);
  events.addEventListener("error", () => {
    show(false);
    // The browser tries again by itself, but not after an answer that is none, as of a hub that restarts.
    // The page is not loaded again for it: somebody may be writing.
    if (events.readyState === EventSource.CLOSED) setTimeout(lookAgain, 3000);
  });
}

async function lookAgain() {
  await refresh();
  if (!left) follow();
}

follow();
addEventListener("pagehide", () => events.close());
addEventListener("pageshow", (event) => event.persisted && follow());
