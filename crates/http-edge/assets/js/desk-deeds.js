// What is done to a chat or a message by its buttons. Each is a form that works without this.

import { announce, part, problemText, readJson, uuid, word } from "./words.js";
import { deliver } from "./desk-message.js";

async function send(url, method, body) {
  const headers = body && { "content-type": "application/json" };
  const request = { method, headers, body: body && JSON.stringify(body) };
  const response = await fetch(url, request).catch(() => null);
  if (response?.ok) return { ok: true, answer: await readJson(response) };
  const problem = response && (await readJson(response));
  return { ok: false, text: problemText(problem, word("action-failed")) };
}

export class Deeds {
  #user;
  #chat;
  #conversation;
  #person;

  /** `person` is what stands beside the conversation. */
  constructor(user, conversation, person) {
    this.#user = Number(user);
    this.#chat = `/api/users/${user}/operator-chat`;
    this.#conversation = conversation;
    this.#person = person;
  }

  /** Does what a form is for, by its button. */
  async act(form, button) {
    if (button) button.disabled = true;
    const { ok, text } = await this.#deed(form, form.closest(".message"), button);
    if (button) button.disabled = false;
    if (!ok) this.#complain(text);
  }

  #deed(form, bubble, button) {
    const { dataset } = form;
    const message = bubble && `${this.#chat}/${bubble.dataset.id}`;
    if ("statusForm" in dataset) return this.#status(button.value);
    if ("assign" in dataset) {
      const operatorId = form.elements.operatorId.value || null;
      return send(`${this.#chat}/assign`, "POST", { operatorId });
    }
    if ("noteForm" in dataset) return this.#note(form);
    if ("ban" in dataset) return this.#ban({ reason: form.elements.reason.value });
    if ("unban" in dataset) return this.#ban();
    switch (dataset.part) {
      case "retry":
        return this.#retry(bubble, `${message}/retry`);
      case "dismiss":
        return this.#dismiss(bubble, `${message}/dismiss`);
      case "delete":
        return confirm(word("confirm-delete")) ? send(message, "DELETE") : { ok: true };
      default:
        return this.#removeNote(form.closest("[data-note]").dataset.note);
    }
  }

  #complain(text) {
    announce(text);
    const line = document.querySelector("[data-composer-problem]");
    line.hidden = false;
    line.querySelector("span").textContent = text;
  }

  #status(status) {
    return send("/api/operator-chats", "PATCH", { userId: this.#user, status });
  }

  async #retry(bubble, url) {
    const before = bubble.dataset.state;
    deliver(bubble, { state: "queued" });
    const done = await send(url, "POST");
    if (!done.ok) deliver(bubble, { state: before });
    return done;
  }

  async #dismiss(bubble, url) {
    const done = await send(url, "POST");
    if (done.ok) {
      bubble.dataset.dismissed = "yes";
      part(bubble, "retry").hidden = true;
      part(bubble, "dismiss").hidden = true;
    }
    return done;
  }

  async #note(form) {
    const field = form.elements.noteText;
    const body = { noteText: field.value, clientNoteId: uuid() };
    const done = await send(`${this.#chat}/notes`, "POST", body);
    if (done.ok) {
      field.value = "";
      this.#conversation.addNote(done.answer.note);
    }
    return done;
  }

  // With a reason; without one the person is heard again.
  async #ban(reason) {
    const done = await send(`${this.#chat}/${reason ? "ban" : "unban"}`, "POST", reason);
    if (done.ok) await this.#person.renew("ban");
    return done;
  }

  async #removeNote(id) {
    const done = await send(`${this.#chat}/notes/${id}`, "DELETE");
    if (done.ok) this.#conversation.removeNote(id);
    return done;
  }
}
