// What is typed is held against the server's own rules while it is typed.

import { readJson } from "./words.js";
import { controlOf, order } from "./form-fields.js";
import { errorText, setError } from "./form-errors.js";

const PAUSE = 350;

export class Check {
  #form;
  #told;
  #timer;
  #request;
  #visited = new Set();

  /** `told` hears of every answer: `{errors, totalAmount, balance, missing}`. */
  constructor(form, told) {
    this.#form = form;
    this.#told = told;
    // What is there already may be found fault with at once.
    for (const field of form.querySelectorAll("[data-field]")) {
      if (document.getElementById(field.dataset.field)?.value) this.#visited.add(field.dataset.field);
    }
    // A field that somebody is still busy with is not found fault with.
    form.addEventListener("change", (event) => this.#left(event.target));
    form.addEventListener("input", () => this.soon());
    this.now();
  }

  soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(), PAUSE);
  }

  async now() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    try {
      const response = await fetch("/api/orders/check", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(order(this.#form)),
        signal: request.signal,
      });
      const answer = await readJson(response);
      if (response.ok && answer && request === this.#request) this.#show(answer);
    } catch {
      // Without a connection nothing is checked; sending checks everything again.
    }
  }

  #left(control) {
    const field = control.closest("[data-field]")?.dataset.field;
    if (!field || control.type === "file") return;
    this.#visited.add(field);
    this.soon();
  }

  #show(answer) {
    const wrong = new Map(answer.errors.map((error) => [controlOf(error.field), error]));
    for (const field of this.#form.querySelectorAll("[data-field]")) {
      const name = field.dataset.field;
      // What is wrong with the picture only the picture knows.
      if (name === "picture") continue;
      const shown = field.classList.contains("wrong");
      if (this.#visited.has(name) || shown) {
        const error = wrong.get(name);
        setError(field, error ? errorText(error) : "");
      }
    }
    this.#told(answer);
  }
}
