// The list of chats at the left.

import { part, readJson, word } from "./words.js";
import { refreshTimes, writeTime } from "./times.js";

const PLACE = "desk-list-place";

/** What to call a person: names, else username, else the id. */
export function nameOf({ userId, firstName, lastName, username }) {
  const name = [firstName, lastName].map((part) => part?.trim()).filter(Boolean).join(" ");
  return name || (username ? `@${username}` : String(userId));
}

/** The words for a kind of message, `video_note`. */
export function kindText(kind) {
  return word(`kind-${String(kind).replace("_", "-")}`) ?? word("kind-unsupported");
}

export class ChatList {
  /** Whether the chat of a person is open and being read, told by the desk. */
  isBeingRead = () => false;
  #pane;
  #list;
  #desk;

  constructor(desk) {
    this.#desk = desk;
    this.#pane = desk.querySelector(".chats");
    this.#list = desk.querySelector("[data-chats]");
    this.#keepPlace();
    this.#keys();
    for (const leaving of ["pointerleave", "focusout"]) {
      this.#list.addEventListener(leaving, () => {
        setTimeout(() => !this.#isHeld && this.#settle());
      });
    }
    const search = desk.querySelector("#search");
    let timer;
    search.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#search(search.value), 250);
    });
  }

  nameOf(userId) {
    const row = this.#row(userId);
    return row ? part(row, "name").textContent : String(userId);
  }

  /** A chat as the API gives it. */
  upsert(chat) {
    let row = this.#row(chat.userId);
    const { filter, search } = this.#desk.dataset;
    if (!this.#fits(chat, filter)) {
      // A row does not go away under the pointer: it is only marked as gone.
      if (row) this.#later(() => row.remove());
      return;
    }
    const isNew = !row;
    if (isNew) {
      // Whether somebody new fits a search is for the server to say.
      if (search) return;
      row = document.getElementById("chat-row").content.firstElementChild.cloneNode(true);
    }
    this.#fill(row, chat);
    this.#later(() => this.#sort(row));
  }

  #fits(chat, filter) {
    if (filter === "closed") return chat.status === "closed";
    if (chat.status !== "open") return false;
    if (filter === "mine") return chat.assigneeId === this.#desk.dataset.me;
    return filter !== "unassigned" || !chat.assigneeId;
  }

  // The order never jumps under the pointer or the keyboard's focus: it is made when they leave.
  #waiting = [];

  get #isHeld() {
    const focused = this.#list.contains(document.activeElement);
    return this.#list.matches(":hover") || (focused && document.activeElement.matches(":focus-visible"));
  }

  #later(change) {
    this.#waiting.push(change);
    if (!this.#isHeld) this.#settle();
  }

  #settle() {
    for (const change of this.#waiting.splice(0)) change();
    this.#showEmpty();
  }

  /** The newest message of a chat has been looked at. */
  markRead(userId) {
    const row = this.#row(userId);
    if (row) part(row, "unread").hidden = true;
  }

  /** Asks for the whole list again. */
  async reload() {
    const { filter, search } = this.#desk.dataset;
    const status = filter === "closed" ? "closed" : "open";
    const assignee = { mine: "me", unassigned: "nobody" }[filter] ?? "";
    const query = new URLSearchParams({ status, assignee, search, limit: 50 });
    const response = await fetch(`/api/operator-chats?${query}`).catch(() => null);
    const answer = response?.ok ? await readJson(response) : null;
    if (!answer) return;
    this.#waiting = [];
    const rows = answer.chats.map((chat) => {
      const template = document.getElementById("chat-row").content.firstElementChild;
      const row = this.#row(chat.userId) ?? template.cloneNode(true);
      this.#fill(row, chat);
      return row;
    });
    this.#list.replaceChildren(...rows);
    this.#showEmpty();
  }

  async #search(text) {
    this.#desk.dataset.search = text.trim();
    await this.reload();
  }

  #row(userId) {
    return this.#list.querySelector(`[data-user="${CSS.escape(userId)}"]`);
  }

  #fill(row, chat) {
    const name = nameOf(chat);
    row.dataset.user = chat.userId;
    const link = part(row, "link");
    const at = chat.hit ? `#m${chat.hit.messageId}` : "";
    link.href = `/dashboard/users/${chat.userId}/operator-chat${this.#desk.dataset.query}${at}`;
    if (String(chat.userId) === this.#desk.dataset.user) link.setAttribute("aria-current", "page");
    part(row, "name").textContent = name;
    const avatar = part(row, "avatar");
    avatar.textContent = (name.match(/[\p{L}\p{N}]/u)?.[0] ?? "•").toUpperCase();
    avatar.dataset.hue = chat.userId % 8;
    part(row, "blocked").hidden = !chat.botBlocked;
    if ("deliveryTrouble" in chat) part(row, "trouble").hidden = !chat.deliveryTrouble;
    part(row, "banned").hidden = !chat.banned;
    part(row, "assignee").hidden = !chat.assignee;
    part(row, "assignee-name").textContent = chat.assignee ?? "";
    part(row, "unread").hidden = !chat.unreadCount || this.isBeingRead(chat.userId);
    part(row, "unread-count").textContent = chat.unreadCount;
    const last = chat.lastMessage;
    if (!last) return;
    row.dataset.at = last.createdAt;
    const line = chat.hit?.messageText ?? (last.messageText || kindText(last.messageType));
    part(row, "line").textContent = line;
    part(row, "ours").hidden = Boolean(chat.hit) || last.direction !== "out";
    writeTime(part(row, "time"), last.createdAt);
    part(row, "waiting").hidden = !chat.waitingSince;
    if (chat.waitingSince) writeTime(part(row, "waiting").querySelector("time"), chat.waitingSince);
  }

  #sort(row) {
    const at = Date.parse(row.dataset.at) || 0;
    const next = Array.from(this.#list.children).find(
      (other) => other !== row && (Date.parse(other.dataset.at) || 0) < at,
    );
    if (!this.#list.contains(row) && row.isConnected) return;
    if (row.nextElementSibling === (next ?? null) && row.isConnected) return;
    const focused = row.contains(document.activeElement);
    this.#list.insertBefore(row, next ?? null);
    if (focused) part(row, "link").focus({ preventScroll: true });
  }

  #showEmpty() {
    this.#pane.querySelector("[data-empty]").hidden = this.#list.children.length > 0;
    refreshTimes(this.#list);
  }

  // Opening a chat loads a page; the list stays where it was.
  #keepPlace() {
    this.#pane.scrollTop = Number(sessionStorage.getItem(PLACE)) || 0;
    addEventListener("pagehide", () => sessionStorage.setItem(PLACE, this.#pane.scrollTop));
  }

  #keys() {
    document.addEventListener("keydown", (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!step || !event.altKey) return;
      const links = Array.from(this.#list.querySelectorAll("a"));
      const here = links.findIndex((link) => link.hasAttribute("aria-current"));
      const link = links[here + step];
      if (!link) return;
      event.preventDefault();
      link.click();
    });
  }
}
