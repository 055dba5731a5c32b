// The open conversation: messages by id, days between them, its place kept.

import { part, word } from "./words.js";
import { day, writeTime } from "./times.js";
import { blank, deliver, fill, waitUntil } from "./desk-message.js";
import { behind, newest, place } from "./desk-album.js";

const NEAR = 80;
const TYPING_SHOWN = 5000;

export class Conversation {
  #user;
  #pane;
  #scroll;
  #list;
  #below;
  #older;
  #loading = false;
  #readUpTo;
  #heard;
  #onRead;
  #typingTimer;

  /** `onRead` is called whenever the newest message has been looked at. */
  constructor(desk, user, onRead) {
    this.#user = user;
    this.#onRead = onRead;
    this.#pane = desk.querySelector("[data-conversation]");
    this.#scroll = this.#pane.querySelector("[data-scroll]");
    this.#list = this.#pane.querySelector("[data-messages]");
    this.#below = this.#pane.querySelector("[data-below]");
    this.#older = this.#pane.dataset.older;
    const { shut } = this.#pane.querySelector("[data-composer]").dataset;
    if (shut) this.#reasons.add(shut);
    this.#placeDays();
    if (!location.hash.startsWith("#m")) this.toBottom();
    this.#scroll.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#below.addEventListener("click", () => this.toBottom());
    // Pictures without known sizes push what is below them.
    this.#scroll.addEventListener("load", () => this.#stuck && this.toBottom(), true);
    new ResizeObserver(() => this.#stuck && this.toBottom()).observe(this.#scroll);
    document.addEventListener("visibilitychange", () => this.#read());
    for (const when of ["mouseover", "focusin"]) {
      this.#list.addEventListener(when, ({ target }) => {
        const bubble = target.closest('[data-part="edited"]')?.closest(".message");
        if (bubble) import("./desk-history.js").then((it) => it.showHistory(bubble, user));
      });
    }
    this.#read();
  }

  #stuck = true;

  #atBottom() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroll;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  toBottom() {
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
    this.#stuck = true;
    this.#below.hidden = true;
  }

  /**
   * Adds a message or brings it up to date; a bubble shown early becomes the real one.
   * `sequence` is the place in the log of a message that came live, `after` the bubble of the one before it.
   */
  upsert(message, sequence, after) {
    const early = this.#early(message);
    const known = this.find(message.id) ?? early;
    if (early && early !== known) early.remove();
    const bubble = known ?? blank();
    if (sequence) this.#heard = Number(sequence);
    const stuck = this.#stuck;
    fill(bubble, message, this.#user);
    if (!known) {
      const list = this.#list;
      place(list, bubble, sequence ? newest(list) : after && behind(list, after, bubble));
      this.#pane.querySelector("[data-no-messages]").hidden = true;
      // Whoever writes is there again.
      if (message.direction === "in") this.#shutBy("not-found", false);
      else if (!message.mine) this.showTyping("");
    }
    this.#placeDays();
    if (stuck || (!known && message.direction === "out" && message.mine)) this.toBottom();
    else if (!known) this.#below.hidden = false;
    this.#read();
    return bubble;
  }

  /** The time of a reply just written: last in the conversation, whatever this clock says. */
  now() {
    const last = Array.from(this.#list.querySelectorAll("[data-id]")).at(-1);
    const newest = last ? Date.parse(last.dataset.at) : 0;
    return new Date(Math.max(Date.now(), newest + 1)).toISOString();
  }

  find(id) {
    return this.#list.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  setDelivery({ messageId, delivery, parts }) {
    const bubble = this.find(messageId);
    if (bubble) deliver(bubble, delivery, parts);
    this.#shutBy("not-found", delivery.code === "chat_not_found");
  }

  /** A reply is held back until a time, or goes out now. */
  setWaiting({ messageId, nextAttemptAt }) {
    const bubble = this.find(messageId);
    if (bubble && bubble.dataset.state !== "sent") waitUntil(bubble, nextAttemptAt);
  }

  /** The newest reply of the reader's that can still be changed, or the newest message to answer. */
  newest(...names) {
    const wanted = names.map((name) => `[data-part="${name}"]:not([hidden])`);
    const links = this.#list.querySelectorAll(wanted.join());
    return Array.from(links).at(-1);
  }

  get pane() {
    return this.#pane;
  }

  /** `isNew` for one that came live. */
  addNote(note, isNew) {
    if (this.#list.querySelector(`[data-note="${CSS.escape(note.id)}"]`)) return;
    const item = document.getElementById("note").content.firstElementChild.cloneNode(true);
    item.dataset.note = note.id;
    item.id = `n${note.id}`;
    item.dataset.at = note.createdAt;
    part(item, "text").textContent = note.noteText;
    part(item, "author").textContent = note.author ?? "";
    writeTime(part(item, "time"), note.createdAt);
    part(item, "remove-note").action =
      `/dashboard/users/${this.#user}/operator-chat/notes/${note.id}/remove`;
    const stuck = this.#stuck;
    place(this.#list, item, isNew ? newest(this.#list) : undefined);
    this.#placeDays();
    if (stuck) this.toBottom();
  }

  removeNote(id) {
    this.#list.querySelector(`[data-note="${CSS.escape(id)}"]`)?.remove();
    this.#placeDays();
  }

  // Why nothing can be sent; the weightier reason is said.
  #reasons = new Set();

  #shutBy(reason, is) {
    this.#reasons[is ? "add" : "delete"](reason);
    const composer = this.#pane.querySelector("[data-composer]");
    const shut = ["banned", "blocked", "not-found"].find((one) => this.#reasons.has(one)) ?? "";
    if (composer.dataset.shut === shut) return;
    composer.dataset.shut = shut;
    const notice = composer.querySelector("[data-shut-notice]");
    notice.hidden = !shut;
    if (shut) notice.querySelector("span").textContent = word(`composer-${shut}`);
    for (const control of composer.querySelectorAll("textarea, button, [data-file]")) {
      control.disabled = Boolean(shut);
    }
  }

  /** A chat as the list gets it: open or closed, blocked or not, whose it is. */
  setChat({ status, botBlocked, banned, assigneeId }) {
    const open = status === "open";
    this.#pane.querySelector("[data-chat-state]").textContent = word(`chat-${status}`);
    const button = this.#pane.querySelector("[data-status-form] button");
    button.value = open ? "closed" : "open";
    button.textContent = word(open ? "chat-close" : "chat-reopen");
    this.#shutBy("blocked", botBlocked);
    this.#shutBy("banned", banned);
    const select = document.querySelector("[data-assign] select");
    if (select && document.activeElement !== select) select.value = assigneeId ?? "";
  }

  showTyping(name) {
    const line = this.#pane.querySelector("[data-typing]");
    clearTimeout(this.#typingTimer);
    line.textContent = name ? word("desk-typing", { name }) : "";
    if (name) this.#typingTimer = setTimeout(() => this.showTyping(""), TYPING_SHOWN);
  }

  /** Asks for the newest messages again, down to what is here: whoever was away for long misses nothing. */
  async reload() {
    const parts = await import("./desk-older.js").catch(() => location.reload());
    await parts?.reload(this, this.#list, this.#user);
  }

  // The bubble that was shown before the server knew the message, by the id it was sent under.
  #early({ id, clientMessageId, direction }) {
    if (direction !== "out" || !clientMessageId || String(id).startsWith("local-")) return null;
    return this.#list.querySelector(`[data-id="local-${CSS.escape(clientMessageId)}"]`);
  }

  // Days are the reader's, not the server's.
  #placeDays() {
    let last = "";
    let separator = null;
    for (const item of Array.from(this.#list.children)) {
      if ("day" in item.dataset) {
        separator?.remove();
        separator = item;
        continue;
      }
      const at = new Date(item.dataset.at);
      const here = at.toDateString();
      if (here === last) separator?.remove();
      else {
        if (!separator) {
          separator = document.createElement("li");
          separator.className = "day";
          separator.dataset.day = "";
          const time = document.createElement("time");
          time.dataset.time = "day";
          separator.append(time);
          this.#list.insertBefore(separator, item);
        }
        const time = separator.querySelector("time");
        if (time.textContent !== day(at)) writeTime(time, at);
      }
      separator = null;
      last = here;
    }
    separator?.remove();
  }

  #scrolled() {
    this.#stuck = this.#atBottom();
    if (this.#stuck) this.#below.hidden = true;
    if (this.#scroll.scrollTop < 300) this.#loadOlder();
    this.#read();
  }

  async #loadOlder() {
    if (!this.#older || this.#loading) return;
    this.#loading = true;
    const line = this.#pane.querySelector("[data-older-state]");
    line.textContent = word("desk-older-loading");
    const parts = await import("./desk-older.js").catch(() => null);
    const here = { list: this.#list, scroll: this.#scroll, user: this.#user };
    const cursor = await parts?.showOlder(this, here, this.#older, () => this.#placeDays());
    this.#loading = false;
    if (cursor === undefined) {
      line.textContent = word("desk-older-failed");
      return;
    }
    this.#older = cursor;
    line.hidden = !cursor;
    line.textContent = "";
  }

  /** Whether somebody is looking at the newest message. */
  get isBeingRead() {
    return document.visibilityState === "visible" && this.#atBottom();
  }

  #read() {
    if (!this.isBeingRead) return;
    const newest = Array.from(this.#list.querySelectorAll(".message.in")).at(-1)?.dataset.id;
    const upTo = this.#heard ?? newest;
    if (!upTo || upTo === this.#readUpTo) return;
    this.#readUpTo = upTo;
    fetch(`/api/users/${this.#user}/operator-chat/read`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ upTo }),
    }).then(
      (response) => response.ok && this.#onRead(),
      () => {
        this.#readUpTo = undefined;
      },
    );
  }
}
