// The form saves itself on the server as it is typed, to be found again on any device.

import { word } from "./words.js";
import { clock } from "./times.js";
import { typed } from "./form-fields.js";

const PAUSE = 800;
const AGAIN = 8000;

export class Draft {
  #form;
  #line = document.querySelector("[data-draft-state]");
  #timer;
  #stopped = false;
  #dirty = false;

  constructor(form) {
    this.#form = form;
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.#dirty) this.#save(true);
    });
  }

  /** Something changed. */
  touch() {
    this.#dirty = true;
    this.#later(PAUSE);
  }

  /** Nothing is to be saved any more: the order is created, or the draft is being removed. */
  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** The order was not created after all. */
  resume() {
    this.#stopped = false;
    if (this.#dirty) this.#later(PAUSE);
  }

  #later(delay) {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => this.#save(false), delay);
  }

  async #save(leaving) {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#dirty = false;
    const body = JSON.stringify({ draft: typed(this.#form) });
    try {
      const response = await fetch("/api/orders/draft", {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body,
        keepalive: leaving,
      });
      if (!response.ok) throw new Error(String(response.status));
      this.#line.textContent = word("draft-saved", { time: clock(new Date()) });
    } catch {
      this.#dirty = true;
      this.#line.textContent = word("draft-not-saved");
      this.#later(AGAIN);
    }
  }
}
