// The card at the right: the sum, what will remain, what is still missing.

import { money, part, word } from "./words.js";
import { controlOf } from "./form-fields.js";
import { linkTo } from "./form-errors.js";

export class Summary {
  #card;

  constructor(form) {
    this.#card = form.querySelector(".summary");
  }

  /** Shows what the server has said about the form. */
  show({ errors, totalAmount, balance, missing }) {
    const amount = totalAmount ?? 0;
    part(this.#card, "amount").textContent = money(amount);
    part(this.#card, "available").textContent = money(balance.available);
    part(this.#card, "after").textContent = money(balance.available - amount);
    const short = part(this.#card, "short");
    short.querySelector("span").textContent = word("summary-short", { amount: money(missing) });
    short.hidden = !(missing > 0);
    this.#missing(errors.filter((error) => error.code === "required"));
  }

  #missing(errors) {
    const block = part(this.#card, "missing");
    const items = errors.map(({ field }) => {
      const item = document.createElement("li");
      const name = controlOf(field);
      const label = document.querySelector(`[data-field="${name}"] > :is(label, legend)`);
      item.append(linkTo(name, label?.firstChild.textContent.trim() ?? name));
      return item;
    });
    part(block, "missing-list").replaceChildren(...items);
    block.hidden = items.length === 0;
  }
}
