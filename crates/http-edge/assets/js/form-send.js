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
    }
    if (!this.#picture.usable) {
      // Its fault stands beside it; an order without it is not what was asked for.
      this.#line.textContent = "";
      this.#busy(false);
      this.#form.elements.picture.focus();
      return;
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
    if (response.status === 201) return this.#leave("/dashboard/customer?notice=order-created");
    if (response.status === 202) {
      return this.#leave(`/dashboard/customer/orders/${answer.id}?notice=order-checking`);
    }
    if (response.status === 401) return showErrors(this.#form, [], word("submit-signed-out"));
    if (response.status === 429 || response.status >= 500) {
      return showErrors(this.#form, [], problemText(answer, word("submit-failed")));
    }
    if (answer?.code === "possible_duplicate") {
      const again = await this.#ask("duplicate", answer.existingOrderId);
      return again ? this.#post(true) : undefined;
    }
    const used = this.#form.elements.orderId.value;
    // Refused for good: what comes next is another order.
    this.#form.elements.orderId.value = uuid();
    this.#draft.touch();
    if (answer?.code !== "idempotency_mismatch") this.#picture.orderChanged();
    if (answer?.code === "idempotency_mismatch") {
      // An order was made from this draft already, in another tab perhaps, and the form was changed since.
      if (await this.#ask("used-draft", answer.existingOrderId)) return this.#post(false);
      this.#form.elements.orderId.value = used;
      return undefined;
    }
    const problem = answer?.errors?.length ? "" : this.#words(response.status, answer);
    return showErrors(this.#form, answer?.errors ?? [], problem);
  }

  #words(status, answer) {
    if (status === 402 && answer?.missing > 0) {
      return word("submit-balance", { amount: money(answer.missing) });
    }
    return problemText(answer, word("submit-failed"));
  }

  #ask(question, existing) {
    const dialog = document.querySelector("[data-duplicate-dialog]");
    part(dialog, "question").textContent = word(`${question}-title`);
    part(dialog, "explanation").textContent = word(`${question}-text`);
    const link = dialog.querySelector("[data-existing]");
    link.hidden = !existing;
    if (existing) link.href = `/dashboard/customer/orders/${existing}`;
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "again"), { once: true });
    });
  }

  #leave(address) {
    location.assign(address);
    // The page stays busy until the next one is there.
    return new Promise(() => {});
  }

  #busy(on) {
    this.#sending = on;
    this.#button.setAttribute("aria-disabled", String(on));
  }
}
