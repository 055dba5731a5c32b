// The bots' lines, kept fresh. The words are the server's: what a bridge says, or its silence, only makes
// the page ask for them anew.

import { follow } from "./live.js";
import { refreshTimes } from "./times.js";
import { part } from "./words.js";

const PAUSE = 1000;
const SILENCE = 10_000;

let asked = 0;
let planned;

function renew(element, fresh) {
  const [state, facts] = [part(element, "state"), part(element, "facts")];
  // It is read out: only what has changed is worth that.
  const now = part(fresh, "state");
  if (state.textContent !== now.textContent) state.replaceChildren(...now.childNodes);
  facts.replaceChildren(...part(fresh, "facts").childNodes);
  refreshTimes(facts);
}

async function refresh() {
  planned = undefined;
  asked = Date.now();
  try {
    const response = await fetch(location.pathname, { headers: { accept: "text/html" } });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const element of document.querySelectorAll("[data-bot]")) {
      const fresh = page.querySelector(`[data-bot="${element.dataset.bot}"]`);
      if (fresh) renew(element, fresh);
    }
  } catch {
    // The line above the list says that there is no connection.
  }
}

function soon() {
  planned ??= setTimeout(refresh, Math.max(0, asked + PAUSE - Date.now()));
}

follow("/api/admin/bots/live", { bot: soon });
setInterval(soon, SILENCE);
