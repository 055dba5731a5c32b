// Which bot's chats the phone shows.

import { $, make } from './page.js';

/** Offers the bots when there are several; `person` says whose phone stays open. */
export function showBots(bots, bot, person) {
  const choice = $('bots');
  choice.hidden = bots.length < 2;
  choice.replaceChildren(...bots.map((one) => make('option', { value: one.id, selected: one.id === bot.id }, `${one.first_name} (${one.id})`)));
  choice.onchange = () => {
    const address = new URL(location);
    address.searchParams.set('bot', choice.value);
    address.hash = person()?.id ?? '';
    location.assign(address);
  };
}
