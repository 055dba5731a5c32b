// The bot's commands, offered beside the text.

import { $, make } from './page.js';

/** Telegram offers those of the person's language, and otherwise those of nobody's in particular. */
export function showCommands(bot, person, send) {
  const menus = bot.menus ?? {};
  const commands = menus[person?.language_code?.slice(0, 2)] ?? menus[''] ?? [];
  $('commands').hidden = commands.length === 0;
  $('commands-menu').replaceChildren(...commands.map(({ command, description }) => make('button', { type: 'button', onclick: () => { $('commands-menu').hidePopover(); send(`/${command}`); } },
    make('span', {}, `/${command}`), make('small', {}, description))));
}
