// The operator's desk: one live stream feeds the list and the open conversation.

import { announce, word } from "./words.js";
import { follow } from "./live.js";
import { ChatList } from "./desk-list.js";
import { Conversation } from "./desk-conversation.js";
import { Composer } from "./desk-composer.js";
import { Deeds } from "./desk-deeds.js";
import { Lines } from "./desk-lines.js";
import { Person } from "./desk-person.js";

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

if (desk) {
  const list = new ChatList(desk);
  const lines = new Lines(desk);
  const bell = hang(desk.querySelector("[data-notify]"));
  const { user } = desk.dataset;
  const conversation = user && new Conversation(desk, user, () => list.markRead(user));
  const person = user && new Person(user);
  const mine = (event) => conversation && String(event.userId) === user;
  list.isBeingRead = (userId) => mine({ userId }) && conversation.isBeingRead;
  const known = new Set();
  const live = follow(`/api/operator-chats/live${user ? `?user=${user}` : ""}`, {
    chat(chat) {
      list.upsert(chat);
      if (mine(chat)) conversation.setChat(chat);
    },
    message(event) {
      const { message } = event;
      if (mine(event)) conversation.upsert(message, live.sequence);
      // What is told again after a broken line is no news.
      if (message.direction !== "in" || known.has(message.id)) return;
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
      if (mine(event)) conversation.addNote(event.note);
    },
    "note-removed"(event) {
      if (mine(event)) conversation.removeNote(event.noteId);
    },
    typing(event) {
      if (mine(event)) conversation.showTyping(event.name);
    },
    person({ sequence }) {
      person?.changed(sequence);
    },
    desk() {
      person?.changed(live.sequence);
    },
    status(event) {
      lines.hear(event);
    },
    reset() {
      list.reload();
      conversation?.reload();
      person?.changed(live.sequence);
    },
  });
  if (conversation) {
    new Deeds(desk, user, conversation, person);
    new Composer(desk, user, conversation, live);
  }

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
