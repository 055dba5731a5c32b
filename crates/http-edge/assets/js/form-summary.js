// The card at the right: the sum, what will remain, what is still missing.

import { money, part, word } from "./words.js";
import { amountOf, check } from "./form-fields.js";
import { setError } from "./form-errors.js";

export class Summary {
  #form;
  #card;
  #available;

  constructor(form) {
    this.#form = form;
    this.#card = form.querySelector(".summary");
    this.#available = Number(form.querySelector("[data-available]").dataset.available) / 100;
    this.refresh();
    // An error goes away as soon as its field is right; a new one waits for sending.
    form.addEventListener("input", (event) => {
      const field = event.target.closest("[data-field].wrong");
      if (field && !check(form).some((error) => error.field === field.dataset.field)) {
        setError(field, "");
      }
    });
  }

  errors() {
    return check(this.#form);
  }

  refresh() {
    const amount = amountOf(this.#form) || 0;
    const after = this.#available - amount;
    part(this.#card, "amount").textContent = money(amount);
    part(this.#card, "after").textContent = money(after);
    const short = part(this.#card, "short");
    short.hidden = after >= 0;
    short.querySelector("span").textContent = word("summary-short", { amount: money(-after) });
    this.#missing();
  }

  #missing() {
    const block = part(this.#card, "missing");
    const items = this.errors().map(({ field }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const label = document.querySelector(`[data-field="${field}"] > :is(label, legend)`);
      link.href = `#${field}`;
      link.textContent = label.firstChild.textContent.trim();
      item.append(link);
      return item;
    });
    part(block, "missing-list").replaceChildren(...items);
    block.hidden = items.length === 0;
  }
}
