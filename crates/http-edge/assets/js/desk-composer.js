// Writing a reply: shown at once, sent once, never lost.

import { problemText, readJson, uuid, word } from "./words.js";
import { deliver } from "./desk-message.js";

const LIMIT = 4096;
const COUNT_FROM = 3600;
const TYPING_PAUSE = 3000;

export class Composer {
  #user;
  #conversation;
  #live;
  #form;
  #text;
  #file;
  #seen;
  #unsent = new Map();
  #typedAt = 0;

  constructor(desk, user, conversation, live) {
    this.#user = user;
    this.#conversation = conversation;
    this.#live = live;
    this.#form = desk.querySelector("[data-composer]");
    this.#text = this.#form.elements.messageText;
    this.#file = this.#form.querySelector("[data-file]");
    this.#seen = this.#form.elements.seenSequence.value;
    this.#text.value ||= localStorage.getItem(this.#draftKey) ?? "";
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#file?.addEventListener("change", () => this.#showFile());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    desk.addEventListener("submit", (event) => this.#retry(event));
    this.#count();
    if (matchMedia("(min-width: 900px) and (pointer: fine)").matches) this.#text.focus();
  }

  get #draftKey() {
    return `reply-${this.#user}`;
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  #typed() {
    // What a colleague sends after this keystroke has not been taken into account.
    this.#seen = this.#live.sequence;
    localStorage.setItem(this.#draftKey, this.#text.value);
    this.#problem("");
    this.#count();
    const now = Date.now();
    if (this.#text.value && now - this.#typedAt > TYPING_PAUSE) {
      this.#typedAt = now;
      fetch(`/api/users/${this.#user}/operator-chat/typing`, { method: "POST" }).catch(() => {});
    }
  }

  #count() {
    const n = this.#text.value.length;
    const line = this.#form.querySelector("[data-count]");
    // Telegram counts UTF-16 units, as a string's length does.
    if (n > LIMIT) line.textContent = word("composer-too-long", { n, limit: LIMIT });
    else line.textContent = n >= COUNT_FROM ? `${n} / ${LIMIT}` : "";
  }

  #showFile() {
    this.#form.querySelector("[data-file-name]").textContent = this.#file?.files[0]?.name ?? "";
  }

  #problem(text) {
    const line = this.#form.querySelector("[data-composer-problem]");
    line.hidden = !text;
    line.querySelector("span").textContent = text;
  }

  #submit() {
    const messageText = this.#text.value.trim();
    const file = this.#file?.files[0];
    if (messageText.length > LIMIT || (!messageText && !file)) return;
    const reply = { clientMessageId: uuid(), messageText, file, seen: this.#seen };
    this.#problem("");
    this.#text.value = "";
    if (this.#file) this.#file.value = "";
    this.#showFile();
    this.#count();
    localStorage.removeItem(this.#draftKey);
    this.#send(reply);
  }

  async #send(reply) {
    const { clientMessageId, messageText, file } = reply;
    const local = `local-${clientMessageId}`;
    this.#unsent.set(local, reply);
    this.#conversation.upsert({
      id: local,
      clientMessageId,
      direction: "out",
      mine: true,
      messageType: file ? "document" : "text",
      messageText,
      createdAt: this.#conversation.now(),
      attachment: file && { id: "", fileName: file.name, size: file.size },
      delivery: { state: "sending" },
    });
    try {
      await this.#answered(await this.#post(reply), local, reply);
    } catch {
      const bubble = this.#conversation.find(local);
      if (bubble) deliver(bubble, { state: "failed", reason: word("composer-offline") });
    }
  }

  #post({ clientMessageId, messageText, file, seen }) {
    const url = `/api/users/${this.#user}/operator-chat`;
    const fields = { messageText, clientMessageId, seenSequence: Number(seen) };
    if (!file) {
      return fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(fields),
      });
    }
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    body.append("file", file);
    return fetch(url, { method: "POST", body });
  }

  async #answered(response, local, reply) {
    const answer = await readJson(response);
    if (response.ok) {
      this.#unsent.delete(local);
      const message = answer.message;
      this.#conversation.upsert({ clientMessageId: reply.clientMessageId, ...message });
      return;
    }
    if (response.status >= 500 || response.status === 429) throw new Error("try again");
    // Refused: back into the field it goes, together with what was typed meanwhile.
    this.#unsent.delete(local);
    this.#conversation.find(local)?.remove();
    this.#text.value = [reply.messageText, this.#text.value].filter(Boolean).join("\n");
    localStorage.setItem(this.#draftKey, this.#text.value);
    this.#count();
    const newer = answer?.code === "newer_reply_exists";
    if (newer) this.#seen = this.#live.sequence;
    this.#problem(
      newer ? word("reply-newer-exists") : problemText(answer, word("composer-failed")),
    );
    this.#text.focus();
  }

  #retry(event) {
    const bubble = event.target.closest(".message");
    const reply = bubble && this.#unsent.get(bubble.dataset.id);
    if (!reply) return;
    event.preventDefault();
    this.#send(reply);
  }
}
