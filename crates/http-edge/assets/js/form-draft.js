// The form saves itself on the server as it is typed, to be found again on any device. What another tab or device
// has saved meanwhile is not overwritten: somebody has to choose.

import { part, readJson, word } from "./words.js";
import { clock } from "./times.js";
import { typed } from "./form-fields.js";

const PAUSE = 800;
const AGAIN = 8000;

/** Whether two drafts say the same; the server orders their members as it likes. */
function same(one, other) {
  const sorted = (draft) => JSON.stringify(Object.entries(draft ?? {}).sort());
  return sorted(one) === sorted(other);
}

export class Draft {
  #form;
  #line = document.querySelector("[data-draft-state]");
  #conflict = document.querySelector("[data-draft-conflict]");
  /** When the draft was saved that this form goes on from; null when there was none. */
  #version;
  #timer;
  #stopped = false;
  #dirty = false;
  #failed = false;
  #saving = Promise.resolve();
  /** What was sent and not answered: one of it may be there all the same. */
  #unanswered = [];

  constructor(form) {
    this.#form = form;
    this.#version = this.#line.dataset.draftVersion || null;
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.#dirty) this.#save({ leaving: true });
    });
    addEventListener("online", () => this.#dirty && this.#later(0));
    addEventListener("beforeunload", (event) => {
      if (this.#failed && this.#dirty && !this.#stopped) event.preventDefault();
    });
    this.#conflict.querySelector("[data-take-other]").addEventListener("click", () => {
      this.stop();
      location.reload();
    });
    this.#conflict.querySelector("[data-keep-mine]").addEventListener("click", () => {
      this.#conflict.hidden = true;
      this.#stopped = false;
      this.#save({ over: true });
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
    if (!this.#conflict.hidden) return;
    this.#stopped = false;
    if (this.#dirty) this.#later(PAUSE);
  }

  #later(delay) {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => this.#save({}), delay);
  }

  // One at a time: each goes on from the one before.
  #save(how) {
    this.#saving = this.#saving.then(() => this.#put(how));
  }

  async #put({ leaving = false, over = false }) {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#dirty = false;
    const body = { draft: typed(this.#form) };
    if (!over) body.basedOn = this.#version;
    this.#unanswered.push(body.draft);
    try {
      const response = await fetch("/api/orders/draft", {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        keepalive: leaving,
      });
      const answer = await readJson(response);
      if (answer?.code === "draft_changed") return this.#changed(answer);
      if (!response.ok) throw new Error(String(response.status));
      this.#version = answer.updatedAt;
      this.#unanswered = [];
      this.#failed = false;
      this.#line.textContent = word("draft-saved", { time: clock(new Date()) });
    } catch {
      this.#dirty = true;
      this.#failed = true;
      this.#line.textContent = word("draft-not-saved");
      this.#later(AGAIN);
    }
  }

  #changed({ draft, updatedAt }) {
    const own = this.#unanswered.some((sent) => same(sent, draft));
    this.#unanswered = [];
    if (!own) return this.#ask(draft);
    // Nobody else's: only its answer was lost.
    this.#version = updatedAt;
    this.#dirty = true;
    return this.#later(0);
  }

  #ask(draft) {
    this.stop();
    part(this.#conflict, "conflict-text").textContent = word(draft ? "draft-changed" : "draft-gone");
    this.#conflict.hidden = false;
  }
}
