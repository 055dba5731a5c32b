// Writing a reply: shown at once, sent once, never lost.

import { problemText, readJson, uuid, word } from "./words.js";
import { deliver } from "./desk-message.js";
import { Canned } from "./desk-canned.js";
import { drop, keep, left } from "./desk-unsent.js";

const LIMIT = 16_384;
const COUNT_FROM = 3600;
const TYPING_PAUSE = 3000;
const PREVIEW_PAUSE = 250;
const MOST_FILES = 10;
const LARGEST_FILE = 50 * 1024 * 1024;
// What may be formatting, and is then shown as it will be.
const SIGNS = /[*_`|[\\]/;

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
  #context = null;
  #canned;
  #previewTimer;

  constructor(desk, user, conversation, live) {
    this.#user = user;
    this.#conversation = conversation;
    this.#live = live;
    this.#form = desk.querySelector("[data-composer]");
    this.#text = this.#form.elements.messageText;
    this.#file = this.#form.querySelector("[data-file]");
    this.#seen = this.#form.elements.seenSequence?.value ?? live.sequence;
    // The page came as the form without script asked for it.
    const asked = new URLSearchParams(location.search);
    const [edited, answered] = [asked.get("edit"), asked.get("reply")];
    if (edited) this.#context = { kind: "edit", id: edited };
    else if (answered) this.#context = { kind: "reply", id: answered };
    if (!edited) this.#text.value ||= localStorage.getItem(this.#draftKey) ?? "";
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#file?.addEventListener("change", () => this.#showFile());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    desk.addEventListener("submit", (event) => this.#retry(event));
    desk.addEventListener("click", (event) => this.#clicked(event));
    this.#canned = new Canned(this.#form, this.#text, () => this.#typed());
    const emoji = this.#form.querySelector("[data-emoji-open]");
    emoji.hidden = false;
    emoji.addEventListener("click", async () => {
      const { toggle } = await import("./desk-emoji.js");
      toggle(this.#form, this.#text, () => this.#typed());
    });
    addEventListener("keydown", (event) => this.#shortcut(event));
    for (const reply of left(user)) this.#recall(reply);
    this.#count();
    if (matchMedia("(min-width: 900px) and (pointer: fine)").matches) this.#text.focus();
  }

  get #draftKey() {
    return `reply-${this.#user}`;
  }

  #key(event) {
    if (this.#canned.key(event)) return;
    if (event.key === "ArrowUp" && !event.ctrlKey && !this.#text.value && !this.#context) {
      const newest = this.#conversation.newest("edit", "fixed");
      if (newest) {
        event.preventDefault();
        if (newest.dataset.part === "edit") this.#begin("edit", newest.closest(".message"));
        else this.#problem(newest.title);
      }
      return;
    }
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  #shortcut(event) {
    if (event.key === "Escape" && this.#context) {
      event.preventDefault();
      this.#end();
    } else if (event.key === "ArrowUp" && event.ctrlKey) {
      const link = this.#conversation.newest("answer");
      if (!link) return;
      event.preventDefault();
      this.#begin("reply", link.closest(".message"));
    }
  }

  #clicked(event) {
    const link = event.target.closest('a[data-part="answer"], a[data-part="edit"], [data-context-end]');
    if (!link) return;
    event.preventDefault();
    if ("contextEnd" in link.dataset) this.#end();
    else this.#begin(link.dataset.part === "edit" ? "edit" : "reply", link.closest(".message"));
  }

  // A reply to a message, or another text for one.
  async #begin(kind, bubble) {
    if (this.#text.disabled) return;
    const { id } = bubble.dataset;
    let typed;
    if (kind === "edit") {
      const { typedText } = await import("./desk-change.js");
      typed = await typedText(this.#user, id);
      if (typeof typed !== "string") {
        this.#problem(word("action-failed"));
        return;
      }
    }
    if (this.#context?.kind === "edit") this.#end();
    this.#context = { kind, id };
    const line = this.#form.querySelector("[data-context]");
    line.hidden = false;
    line.querySelector("[data-context-kind]").textContent = word(
      kind === "edit" ? "composer-editing" : "composer-answering",
    );
    const said = bubble.querySelector('[data-part="text"]').textContent;
    line.querySelector("[data-context-text]").textContent = said.slice(0, 120);
    if (kind === "edit") this.#text.value = typed;
    this.#text.focus();
    this.#count();
    this.#preview();
  }

  #end() {
    if (this.#context?.kind === "edit") {
      this.#text.value = localStorage.getItem(this.#draftKey) ?? "";
    }
    this.#context = null;
    this.#form.querySelector("[data-context]").hidden = true;
    this.#count();
    this.#preview();
    this.#text.focus();
  }

  #preview() {
    clearTimeout(this.#previewTimer);
    const shown = this.#form.querySelector("[data-preview]");
    const messageText = this.#text.value;
    if (!SIGNS.test(messageText) || !messageText.trim()) {
      shown.hidden = true;
      return;
    }
    this.#previewTimer = setTimeout(async () => {
      const { preview } = await import("./desk-preview.js");
      preview(shown, messageText, this.#text);
    }, PREVIEW_PAUSE);
  }

  #typed() {
    // What a colleague sends after this keystroke has not been taken into account.
    this.#seen = this.#live.sequence;
    if (this.#context?.kind !== "edit") localStorage.setItem(this.#draftKey, this.#text.value);
    this.#problem("");
    this.#count();
    this.#preview();
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
    const files = Array.from(this.#file?.files ?? []);
    const names = files.map(({ name }) => name).join(", ");
    this.#form.querySelector("[data-file-name]").textContent = names;
    if (files.length > MOST_FILES) this.#problem(word("composer-too-many"));
    else if (files.some(({ size }) => size > LARGEST_FILE)) this.#problem(word("composer-too-large"));
    else if (files.length) this.#problem("");
  }

  #problem(text) {
    const line = this.#form.querySelector("[data-composer-problem]");
    line.hidden = !text;
    line.querySelector("span").textContent = text;
  }

  #submit() {
    const messageText = this.#text.value.trim();
    const files = Array.from(this.#file?.files ?? []);
    if (messageText.length > LIMIT || (!messageText && !files.length)) return;
    if (files.length > MOST_FILES || files.some(({ size }) => size > LARGEST_FILE)) {
      this.#showFile();
      return;
    }
    if (this.#context?.kind === "edit") {
      this.#change(this.#context.id, messageText);
      return;
    }
    const replyTo = this.#context?.id;
    const reply = { clientMessageId: uuid(), messageText, files, replyTo, seen: this.#seen };
    this.#problem("");
    this.#text.value = "";
    if (this.#file) this.#file.value = "";
    this.#showFile();
    localStorage.removeItem(this.#draftKey);
    this.#end();
    this.#send(reply);
  }

  async #change(id, messageText) {
    const { change } = await import("./desk-change.js");
    const problem = await change(this.#user, id, messageText);
    if (problem) this.#problem(problem);
    else this.#end();
  }

  // What was never answered is shown as that; under its id it is sent once, however often.
  #recall(reply) {
    const { clientMessageId } = reply;
    if (document.querySelector(`[data-client-id="${CSS.escape(clientMessageId)}"]`)) {
      drop(this.#user, reply);
    } else {
      this.#show(reply, { state: "failed", reason: word("composer-offline") });
    }
  }

  #show(reply, delivery) {
    const { clientMessageId, messageText, files, replyTo } = reply;
    const local = `local-${clientMessageId}`;
    this.#unsent.set(local, reply);
    this.#conversation.upsert({
      id: local,
      clientMessageId,
      direction: "out",
      mine: true,
      messageType: files.length ? "document" : "text",
      messageText,
      createdAt: this.#conversation.now(),
      replyTo: replyTo && { id: replyTo },
      attachments: files.map((file) => ({
        id: "",
        fileName: file.name,
        size: file.size,
        state: "pending",
      })),
      delivery,
    });
    return local;
  }

  async #send(reply) {
    const local = this.#show(reply, { state: "sending" });
    keep(this.#user, reply);
    try {
      await this.#answered(await this.#post(reply), local, reply);
    } catch {
      const bubble = this.#conversation.find(local);
      if (bubble) deliver(bubble, { state: "failed", reason: word("composer-offline") });
    }
  }

  #post({ clientMessageId, messageText, files, replyTo, seen }) {
    const url = `/api/users/${this.#user}/operator-chat`;
    const fields = { messageText, clientMessageId, seenSequence: Number(seen) };
    if (replyTo) fields.replyTo = replyTo;
    if (!files.length) {
      return fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(fields),
      });
    }
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    for (const file of files) body.append("file", file);
    return fetch(url, { method: "POST", body });
  }

  async #answered(response, local, reply) {
    const answer = await readJson(response);
    if (response.ok) {
      this.#unsent.delete(local);
      drop(this.#user, reply);
      const { message } = answer;
      // What came live meanwhile is newer than this answer.
      if (this.#conversation.find(message.id)) return;
      this.#conversation.upsert({ clientMessageId: reply.clientMessageId, ...message });
      return;
    }
    if (response.status >= 500 || response.status === 429) throw new Error("try again");
    // Refused: back into the field it goes, together with what was typed meanwhile.
    this.#unsent.delete(local);
    drop(this.#user, reply);
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
    if (!reply || event.target.dataset.part !== "retry") return;
    event.preventDefault();
    this.#send(reply);
  }
}
