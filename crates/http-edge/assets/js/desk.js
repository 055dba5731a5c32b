// The operator's desk: one live stream feeds the list and the open conversation.

import { announce, word } from "./words.js";
import { follow } from "./live.js";
import { ChatList } from "./desk-list.js";
import { Conversation } from "./desk-conversation.js";
import { Composer } from "./desk-composer.js";

const desk = document.querySelector("[data-desk]");

// Sound and notifications are for whoever has asked for them.
function hang(button) {
  if (!("Notification" in window)) return null;
  button.hidden = false;
  const load = async () => new (await import("./desk-bell.js")).Bell(button);
  return new Promise((resolve) => {
    let bell;
    const hung = () => (bell ??= load().then((it) => (resolve(it), it)));
    if (localStorage.getItem("desk-notify") === "on") hung();
    button.addEventListener("click", async () => (await hung()).press());
  });
}

/** What is needed only once something happens. */
const later = (load) => {
  let loaded;
  const forget = (error) => {
    loaded = undefined;
    throw error;
  };
  return () => (loaded ??= load().catch(forget));
};
const ignore = () => {};

function hidden({ name, value }) {
  return Object.assign(document.createElement("input"), { type: "hidden", name, value });
}

// Each is a form that works without script, and does when the script cannot be had.
function takeOver(deeds) {
  desk.addEventListener("submit", (event) => {
    const { target, submitter } = event;
    const isElsewhere = target.method !== "post" || target.matches("[data-composer]");
    // A bubble that never reached the server is the composer's to send again.
    if (isElsewhere || target.closest('[data-id^="local-"]')) return;
    event.preventDefault();
    deeds().then(
      (it) => it.act(target, submitter),
      () => {
        if (submitter?.name) target.append(hidden(submitter));
        target.submit();
      },
    );
  });
}

if (desk) {
  const list = new ChatList(desk);
  const lines = later(async () => new (await import("./desk-lines.js")).Lines(desk));
  const bell = hang(desk.querySelector("[data-notify]"));
  const { user } = desk.dataset;
  const conversation = user && new Conversation(desk, user, () => list.markRead(user));
  const person = later(async () => new (await import("./desk-person.js")).Person(user));
  const renew = (sequence) => user && person().then((it) => it.changed(sequence), ignore);
  const mine = (event) => conversation && String(event.userId) === user;
  list.isBeingRead = (userId) => mine({ userId }) && conversation.isBeingRead;
  const known = new Set();
  const live = follow(`/api/operator-chats/live${user ? `?user=${user}` : ""}`, {
    chat(chat) {
      list.upsert(chat);
      if (mine(chat)) conversation.setChat(chat);
    },
    message(event) {
      const { message, isNew } = event;
      // What has changed further up, where nobody has read yet, is loaded with what is around it.
      const shown = mine(event) && (isNew || conversation.find(message.id));
      if (shown) conversation.upsert(message, live.sequence);
      // What is told again after a broken line is no news.
      if (!isNew || message.direction !== "in" || known.has(message.id)) return;
      known.add(message.id);
      if (mine(event) && conversation.isBeingRead) return;
      const name = list.nameOf(event.userId);
      announce(word("desk-announce", { name }));
      bell?.then((it) => it?.ring(name, message.messageText, event.userId));
    },
    delivery(event) {
      if (mine(event)) conversation.setDelivery(event);
    },
    waiting(event) {
      if (mine(event)) conversation.setWaiting(event);
    },
    note(event) {
      if (mine(event)) conversation.addNote(event.note, true);
    },
    "note-removed"(event) {
      if (mine(event)) conversation.removeNote(event.noteId);
    },
    typing(event) {
      if (mine(event)) conversation.showTyping(event.name);
    },
    person({ sequence }) {
      renew(sequence);
    },
    desk() {
      renew(live.sequence);
    },
    status(event) {
      lines().then((it) => it.hear(event), ignore);
    },
    reset() {
      list.reload();
      conversation?.reload();
      renew(live.sequence);
    },
  });
  if (conversation) {
    takeOver(
      later(async () => {
        const [{ Deeds }, beside] = await Promise.all([import("./desk-deeds.js"), person()]);
        return new Deeds(user, conversation, beside);
      }),
    );
    new Composer(desk, user, conversation, live);
  }

  // A bridge that is gone says nothing.
  setTimeout(() => lines().catch(ignore), 15_000);

  const sheet = document.querySelector("[data-help-sheet]");
  const help = desk.querySelector("[data-help]");
  help.hidden = false;
  help.addEventListener("click", () => sheet.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "?" || event.target.matches("input, textarea, select")) return;
    event.preventDefault();
    sheet.showModal();
  });
}
