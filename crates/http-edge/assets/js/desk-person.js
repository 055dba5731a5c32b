// The person beside the conversation, and the ready answers filled in for them: renewed when an event says that
// something has changed. Whatever is being used stays as it is until it is left.

import { refreshTimes } from "./times.js";

const PAUSE = 1000;
const LEFT = 1000;

const isUsed = (element) =>
  element.contains(document.activeElement) || ("canned" in element.dataset && !element.hidden);

export class Person {
  #url;
  #after = 0;
  #planned;
  #waiting = new Map();
  #timer;

  constructor(user) {
    this.#url = `/dashboard/users/${user}/operator-chat/person`;
  }

  /** Something has changed at this place in the log. */
  changed(sequence) {
    this.#after = Math.max(this.#after, Number(sequence) || 0);
    // Everybody hears of a ready answer at once.
    this.#planned ??= setTimeout(() => this.renew(), PAUSE * Math.random());
  }

  /** Asks for it; `own` is what the reader has just changed by what is in it. */
  async renew(own) {
    clearTimeout(this.#planned);
    this.#planned = undefined;
    const answer = await fetch(`${this.#url}?after=${this.#after}`).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const fresh of page.querySelectorAll("[data-fresh]")) {
      this.#waiting.set(fresh.dataset.fresh, fresh);
    }
    this.#put(own);
  }

  #put(own) {
    clearTimeout(this.#timer);
    for (const [name, fresh] of this.#waiting) {
      const here = document.querySelector(`[data-fresh="${name}"]`);
      const isOwn = name === own;
      const isSame = here.textContent === fresh.textContent;
      if (!isSame && isUsed(here) && !isOwn) continue;
      this.#waiting.delete(name);
      // What is the same keeps what was typed into it.
      if (isSame) continue;
      here.replaceChildren(...fresh.childNodes);
      refreshTimes(here);
      if (isOwn) here.querySelector("button, summary")?.focus({ preventScroll: true });
    }
    if (this.#waiting.size) this.#timer = setTimeout(() => this.#put(), LEFT);
  }
}
