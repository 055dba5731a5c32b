// The customer's money, live: when it moves the server's own markup is shown anew.

import { announce, word } from "./words.js";
import { refreshTimes } from "./times.js";
import { follow } from "./live.js";

const page = () => document.querySelector("[data-money]");
let pending;
/** Counts what was begun: an answer to what was begun before is older news. */
let round = 0;

async function refresh() {
  round += 1;
  const mine = round;
  const response = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!response.ok) return;
  const text = await response.text();
  if (mine !== round) return;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const focused = page().contains(document.activeElement) && document.activeElement.getAttribute("href");
  page().replaceWith(document.adoptNode(fresh.querySelector("[data-money]")));
  refreshTimes(page());
  if (focused) page().querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  announce(word("money-changed"));
}

function soon() {
  // What is older does not change.
  if (!("firstPage" in page().dataset)) return;
  clearTimeout(pending);
  pending = setTimeout(() => refresh().catch(() => {}), 300);
}

follow("/api/orders/live", { balance: soon, reset: soon });
