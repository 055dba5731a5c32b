// The operator's desk: one live stream feeds the list and the open conversation.

import { announce, word } from "./words.js";
import { follow } from "./live.js";
import { ChatList } from "./desk-list.js";
import { Conversation } from "./desk-conversation.js";
import { Composer } from "./desk-composer.js";

const desk = document.querySelector("[data-desk]");

if (desk) {
  const list = new ChatList(desk);
  const { user } = desk.dataset;
  const conversation = user && new Conversation(desk, user, () => list.markRead(user));
  const mine = (event) => conversation && String(event.userId) === user;
  list.isBeingRead = (userId) => mine({ userId }) && conversation.isBeingRead;
  const live = follow(`/api/operator-chats/live${user ? `?user=${user}` : ""}`, {
    chat(chat) {
      list.upsert(chat);
      if (mine(chat)) conversation.setChat(chat);
    },
    message(event) {
      const { message } = event;
      if (mine(event)) conversation.upsert(message, live.sequence);
      if (message.direction === "in" && !mine(event)) {
        announce(word("desk-announce", { name: list.nameOf(event.userId) }));
      }
    },
    delivery(event) {
      if (mine(event)) conversation.setDelivery(event.messageId, event.delivery);
    },
    typing(event) {
      if (mine(event)) conversation.showTyping(event.name);
    },
    reset() {
      list.reload();
      conversation?.reload();
    },
  });
  if (conversation) new Composer(desk, user, conversation, live);
}
