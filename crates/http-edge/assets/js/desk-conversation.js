// The open conversation: messages by id, days between them, its place kept.

import { part, readJson, word } from "./words.js";
import { day, writeTime } from "./times.js";
import { blank, deliver, fill } from "./desk-message.js";

const NEAR = 80;
const TYPING_SHOWN = 5000;
const CHUNK = 50;

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
    this.#placeDays();
    if (!location.hash.startsWith("#m")) this.toBottom();
    this.#scroll.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#below.addEventListener("click", () => this.toBottom());
    // Pictures without known sizes push what is below them.
    this.#scroll.addEventListener("load", () => this.#stuck && this.toBottom(), true);
    new ResizeObserver(() => this.#stuck && this.toBottom()).observe(this.#scroll);
    document.addEventListener("visibilitychange", () => this.#read());
    this.#pane.addEventListener("submit", (event) => this.#submit(event));
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
   * `sequence` is the place in the log of a message that came live.
   */
  upsert(message, sequence) {
    const early = this.#early(message);
    const known = this.find(message.id) ?? early;
    if (early && early !== known) early.remove();
    const bubble = known ?? blank();
    if (sequence) this.#heard = Number(sequence);
    const stuck = this.#stuck;
    fill(bubble, message, this.#user);
    if (!known) {
      this.#insert(bubble);
      this.#pane.querySelector("[data-no-messages]").hidden = true;
      if (message.direction === "in") this.showTyping("");
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

  setDelivery(messageId, delivery) {
    const bubble = this.find(messageId);
    if (bubble) deliver(bubble, delivery);
  }

  /** A chat as the list gets it: open or closed, blocked or not. */
  setChat({ status, botBlocked }) {
    const open = status === "open";
    this.#pane.querySelector("[data-chat-state]").textContent = word(`chat-${status}`);
    const button = this.#pane.querySelector("[data-status-form] button");
    button.value = open ? "closed" : "open";
    button.textContent = word(open ? "chat-close" : "chat-reopen");
    const composer = this.#pane.querySelector("[data-composer]");
    composer.toggleAttribute("data-blocked", botBlocked);
    composer.querySelector("[data-blocked-notice]").hidden = !botBlocked;
    for (const control of composer.querySelectorAll("textarea, button, [data-file]")) {
      control.disabled = botBlocked;
    }
  }

  showTyping(name) {
    const line = this.#pane.querySelector("[data-typing]");
    clearTimeout(this.#typingTimer);
    line.textContent = name ? word("desk-typing", { name }) : "";
    if (name) this.#typingTimer = setTimeout(() => this.showTyping(""), TYPING_SHOWN);
  }

  /** Asks for the newest messages again. */
  async reload() {
    const answer = await this.#fetch({});
    for (const message of answer?.messages ?? []) this.upsert(message);
    if (answer) this.setChat({ status: answer.status, botBlocked: Boolean(answer.user?.botBlocked) });
  }

  // The bubble that was shown before the server knew the message: by the id it was sent under,
  // or, when the log is faster than the answer, by its text.
  #early({ id, clientMessageId, direction, messageText }) {
    if (direction !== "out" || String(id).startsWith("local-")) return null;
    const early = Array.from(this.#list.querySelectorAll('[data-id^="local-"]'));
    return early.find((bubble) =>
      clientMessageId
        ? bubble.dataset.clientId === clientMessageId
        : part(bubble, "text").textContent === messageText,
    );
  }

  async #fetch(query) {
    const parameters = new URLSearchParams({ limit: CHUNK, ...query });
    const url = `/api/users/${this.#user}/operator-chat?${parameters}`;
    const response = await fetch(url).catch(() => null);
    return response?.ok ? readJson(response) : null;
  }

  #insert(bubble) {
    const at = Date.parse(bubble.dataset.at);
    let before = null;
    for (let other = this.#list.lastElementChild; other; other = other.previousElementSibling) {
      if (!other.dataset.id) continue;
      if (Date.parse(other.dataset.at) <= at) break;
      before = other;
    }
    this.#list.insertBefore(bubble, before);
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
    const answer = await this.#fetch({ before: this.#older });
    this.#loading = false;
    if (!answer) {
      line.textContent = word("desk-older-failed");
      return;
    }
    this.#older = answer.nextCursor;
    line.hidden = !this.#older;
    line.textContent = "";
    // What is being read stays where it is.
    const fromEnd = this.#scroll.scrollHeight - this.#scroll.scrollTop;
    for (const message of answer.messages.toReversed()) {
      if (this.find(message.id)) continue;
      const bubble = blank();
      fill(bubble, message, this.#user);
      this.#insert(bubble);
    }
    this.#placeDays();
    this.#scroll.scrollTop = this.#scroll.scrollHeight - fromEnd;
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

  async #submit(event) {
    const form = event.target;
    if (form.matches("[data-status-form]")) {
      event.preventDefault();
      const status = event.submitter.value;
      const response = await fetch("/api/operator-chats", {
        method: "PATCH",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ userId: Number(this.#user), status }),
      }).catch(() => null);
      if (response?.ok) {
        const blocked = this.#pane.querySelector("[data-composer]").hasAttribute("data-blocked");
        this.setChat({ status, botBlocked: blocked });
      }
    } else if (form.dataset.part === "retry") {
      const bubble = form.closest(".message");
      // A bubble that never reached the server is the composer's to send again.
      if (!bubble.dataset.id || bubble.dataset.id.startsWith("local-")) return;
      event.preventDefault();
      const before = bubble.dataset.state;
      const reason = part(bubble, "reason").textContent;
      deliver(bubble, { state: "queued" });
      const url = `/api/users/${this.#user}/operator-chat/${bubble.dataset.id}/retry`;
      const response = await fetch(url, { method: "POST" }).catch(() => null);
      if (!response?.ok) deliver(bubble, { state: before, reason });
    }
  }
}
