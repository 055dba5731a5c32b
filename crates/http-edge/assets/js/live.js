// One live stream per page. The browser reconnects by itself and says where it stopped; when it
// gives up (the server refused), a new stream starts after the last event seen.

import { word } from "./words.js";

const FIRST_DELAY = 1000;
const LONGEST_DELAY = 30_000;

/**
 * Follows `path`; `handlers` maps event names to functions of the parsed data.
 * Returns an object whose `sequence` is the log sequence seen last.
 */
export function follow(path, handlers) {
  const state = { sequence: document.body.dataset.after };
  const line = document.querySelector("[data-live-state]");
  let source;
  let delay = FIRST_DELAY;
  let worry;

  function connect() {
    const url = new URL(path, location.href);
    url.searchParams.set("after", state.sequence);
    source = new EventSource(url);
    source.onopen = () => {
      delay = FIRST_DELAY;
      clearTimeout(worry);
      worry = undefined;
      line.hidden = true;
    };
    source.onerror = () => {
      // A short gap is nobody's business.
      worry ??= setTimeout(() => {
        line.textContent = word("live-lost");
        line.hidden = false;
      }, 3000);
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(connect, delay);
        delay = Math.min(delay * 2, LONGEST_DELAY);
      }
    };
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => {
        if (event.lastEventId) state.sequence = event.lastEventId;
        handle(JSON.parse(event.data));
      });
    }
  }

  connect();
  addEventListener("pagehide", () => source.close());
  return state;
}
