// Sending the order: exactly one, however often the button is pressed or the answer is lost.

import { money, part, problemText, readJson, uuid, word } from "./words.js";
import { order } from "./form-fields.js";
import { showErrors } from "./form-errors.js";

const PATIENCE = 20_000;

export class Sender {
  #form;
  #picture;
  #draft;
  #button;
  #line;
  #sending = false;

  constructor(form, picture, draft) {
    this.#form = form;
    this.#picture = picture;
    this.#draft = draft;
    this.#button = form.querySelector("[data-submit]");
    this.#line = part(form, "sending");
  }

  async send() {
    if (this.#sending) return;
    this.#busy(true);
    if (this.#picture.busy) {
      this.#line.textContent = word("submit-picture-first");
      await this.#picture.settled;
      if (!this.#picture.ready) {
        // Its fault stands beside the field; an order without it is not what was asked for.
        this.#line.textContent = "";
        this.#busy(false);
        this.#form.elements.picture.focus();
        return;
      }
    }
    this.#line.textContent = word("submit-sending");
    const slow = setTimeout(() => {
      this.#line.textContent = word("submit-still-sending");
    }, 1500);
    this.#draft.stop();
    try {
      await this.#post(false);
    } catch {
      // Nobody knows whether it arrived; the same key makes the next press harmless.
      showErrors(this.#form, [], word("submit-offline"));
    } finally {
      clearTimeout(slow);
      this.#line.textContent = "";
      this.#busy(false);
      this.#draft.resume();
    }
  }

  async #post(confirmDuplicate) {
    const body = order(this.#form);
    if (confirmDuplicate) body.confirmDuplicate = true;
    const response = await fetch("/api/orders", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "idempotency-key": this.#form.elements.orderId.value,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const answer = await readJson(response);
    if (response.status === 201) return this.#leave("order-created");
    if (response.status === 202) return this.#leave("order-checking");
    if (response.status === 401) return showErrors(this.#form, [], word("submit-signed-out"));
    if (response.status === 429 || response.status >= 500) {
      return showErrors(this.#form, [], problemText(answer, word("submit-failed")));
    }
    if (answer?.code === "possible_duplicate") {
      return (await this.#ask(answer.existingOrderId)) ? this.#post(true) : undefined;
    }
    // Refused for good: what comes next is another order.
    this.#form.elements.orderId.value = uuid();
    const problem = answer?.errors?.length ? "" : this.#words(response.status, answer);
    return showErrors(this.#form, answer?.errors ?? [], problem);
  }

  #words(status, answer) {
    const card = this.#form.querySelector("[data-available]");
    const missing = answer?.missing ?? order(this.#form).totalAmount - card.dataset.available / 100;
    if (status === 402 && missing > 0) return word("submit-balance", { amount: money(missing) });
    return problemText(answer, word("submit-failed"));
  }

  #ask(existing) {
    const dialog = document.querySelector("[data-duplicate-dialog]");
    const link = dialog.querySelector("[data-existing]");
    link.hidden = !existing;
    if (existing) link.href = `/dashboard/customer/orders/${existing}`;
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "again"), { once: true });
    });
  }

  #leave(notice) {
    location.assign(`/dashboard/customer?notice=${notice}`);
    // The page stays busy until the next one is there.
    return new Promise(() => {});
  }

  #busy(on) {
    this.#sending = on;
    this.#button.setAttribute("aria-disabled", String(on));
  }
}
