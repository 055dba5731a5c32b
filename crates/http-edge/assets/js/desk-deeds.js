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
  #chat;
  #conversation;
  #person;

  /** `person` is what stands beside the conversation. */
  constructor(desk, user, conversation, person) {
    this.#chat = `/api/users/${user}/operator-chat`;
    this.#conversation = conversation;
    this.#person = person;
    desk.addEventListener("submit", (event) => this.#submitted(event, user));
  }

  #submitted(event, user) {
    const form = event.target;
    const bubble = form.closest(".message");
    // A bubble that never reached the server is the composer's to send again.
    if (bubble?.dataset.id?.startsWith("local-")) return;
    const deed = this.#deed(form, bubble, event.submitter, user);
    if (!deed) return;
    event.preventDefault();
    const button = event.submitter;
    if (button) button.disabled = true;
    deed().then(({ ok, text }) => {
      if (button) button.disabled = false;
      if (!ok) this.#complain(text);
    });
  }

  #deed(form, bubble, button, user) {
    const { dataset } = form;
    const message = bubble && `${this.#chat}/${bubble.dataset.id}`;
    if ("statusForm" in dataset) return () => this.#status(Number(user), button.value);
    if ("assign" in dataset) {
      const operatorId = form.elements.operatorId.value || null;
      return () => send(`${this.#chat}/assign`, "POST", { operatorId });
    }
    if ("noteForm" in dataset) return () => this.#note(form);
    if ("ban" in dataset) return () => this.#ban(send(`${this.#chat}/ban`, "POST", { reason: form.elements.reason.value }));
    if ("unban" in dataset) return () => this.#ban(send(`${this.#chat}/unban`, "POST"));
    switch (dataset.part) {
      case "retry":
        return () => this.#retry(bubble, `${message}/retry`);
      case "dismiss":
        return () => this.#dismiss(bubble, `${message}/dismiss`);
      case "delete":
        return () => (confirm(word("confirm-delete")) ? send(message, "DELETE") : { ok: true });
      case "remove-note":
        return () => this.#removeNote(form.closest("[data-note]").dataset.note);
      default:
        return null;
    }
  }

  #complain(text) {
    announce(text);
    const line = document.querySelector("[data-composer-problem]");
    line.hidden = false;
    line.querySelector("span").textContent = text;
  }

  #status(userId, status) {
    return send("/api/operator-chats", "PATCH", { userId, status });
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

  async #ban(sent) {
    const done = await sent;
    if (done.ok) await this.#person.renew("ban");
    return done;
  }

  async #removeNote(id) {
    const done = await send(`${this.#chat}/notes/${id}`, "DELETE");
    if (done.ok) this.#conversation.removeNote(id);
    return done;
  }
}
