// One order, live: whatever happens to it, the server's own markup is shown anew.

import { announce, word } from "./words.js";
import { refreshTimes } from "./times.js";
import { follow } from "./live.js";

const body = () => document.querySelector("[data-order]");
const { order: id, image } = body().dataset;
let pending;
/** Counts what was begun: an answer to what was begun before is older news. */
let round = 0;
/** How long scans are gathered: the number itself moves at once. */
const SCANS = 5000;
let scansPending;

/** How to find in the new page what is the same as an element of the old one. */
function placeOf(element, root) {
  if (!root.contains(element)) return undefined;
  const event = element.closest("[data-event]")?.dataset.event;
  const within = event ? `[data-event="${CSS.escape(event)}"]` : "[data-order]";
  const path = element.href
    ? `a[href="${CSS.escape(element.getAttribute("href"))}"]`
    : element.tagName.toLowerCase();
  const nth = Array.from(root.closest("main").querySelectorAll(`${within} ${path}`)).indexOf(element);
  return () => document.querySelectorAll(`${within} ${path}`)[nth];
}

async function refresh() {
  round += 1;
  const mine = round;
  clearTimeout(scansPending);
  scansPending = undefined;
  const response = await fetch(location.pathname, { headers: { accept: "text/html" } });
  if (!response.ok) return;
  const text = await response.text();
  if (mine !== round) return;
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.querySelector("[data-order]");
  if (!fresh) return;
  const old = body();
  for (const details of old.querySelectorAll("details[open][data-event]")) {
    const same = fresh.querySelector(`[data-event="${CSS.escape(details.dataset.event)}"]`);
    if (same) same.open = true;
  }
  // A question that is being answered stays open, unless the answer came from elsewhere.
  const asking = old.querySelector("details.confirm[open]");
  const again = fresh.querySelector("details.confirm");
  if (asking && again) again.open = true;
  const before = old.dataset.statusText;
  const focused = placeOf(document.activeElement, old);
  old.replaceWith(document.adoptNode(fresh));
  refreshTimes(body());
  focused?.()?.focus({ preventScroll: true });
  if (body().dataset.statusText !== before) {
    announce(word("order-now", { status: body().dataset.statusText }));
  }
}

function soon() {
  clearTimeout(pending);
  pending = setTimeout(() => refresh().catch(() => {}), 150);
}

function scanned({ orderId, total }) {
  if (orderId !== id) return;
  const number = document.querySelector('[data-scans="total"]');
  if (!number) return soon();
  number.textContent = total;
  scansPending ??= setTimeout(() => refresh().catch(() => {}), SCANS);
}

follow("/api/orders/live", {
  reset: soon,
  order: (order) => order.id === id && soon(),
  refused: ({ orderId }) => orderId === id && location.reload(),
  scans: scanned,
  image: ({ imageId }) => imageId === image && soon(),
});
