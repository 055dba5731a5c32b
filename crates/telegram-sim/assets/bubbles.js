// Messages as bubbles.

import { about, icon, make } from './page.js';
import { rich } from './rich.js';
import { has, language, t } from './texts.js';

const KINDS = ['photo', 'video', 'animation', 'document', 'audio', 'voice', 'video_note', 'sticker', 'contact', 'location', 'poll', 'dice'];

/** A message in a few words, for lists and quotes. */
export function summary(message) {
  const words = message.text ?? message.caption;
  const kind = KINDS.find((kind) => message[kind]);
  const name = kind && t(kind);
  return [name, words].filter(Boolean).join(': ') || t('other');
}

export function timeOf(message) {
  return new Date(message.at_ms).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** Messages in groups: those of an album that follow each other, and every other one alone. */
export function albums(messages) {
  const groups = [];
  for (const message of messages) {
    const last = groups.at(-1);
    if (message.media_group_id && last?.[0].media_group_id === message.media_group_id) last.push(message);
    else groups.push([message]);
  }
  return groups;
}

/** The bubble of a message or an album; `actions` has reply, edit, press, and find for the message it answers. */
export function bubble(message, actions, group = [message]) {
  const own = !message.from_bot;
  const when = new Date(message.at_ms);
  const answered = message.reply_to && actions.find(message.reply_to);
  return make('li', { class: `bubble ${own ? 'own' : 'other'}`, id: `m${message.message_id}`, 'data-id': message.message_id },
    make('span', { class: 'hidden' }, `${own ? t('fromYou') : t('fromBot')}: `),
    message.forward_origin && make('p', { class: 'quote' }, t('forwardedFrom') + originOf(message.forward_origin)),
    answered && make('p', { class: 'quote' }, message.quote?.text ?? summary(answered)),
    ...(group.length > 1 ? [make('div', { class: 'album' }, ...group.map((one) => make('div', { id: one === message ? undefined : `m${one.message_id}` }, ...media(one))))] : media(message)),
    ...group.flatMap((one) => words(one.text ?? one.caption, one.entities ?? one.caption_entities)),
    ...inline(message, actions),
    make('p', { class: 'meta' },
      message.reactions && make('span', { class: 'reactions' }, message.reactions.join(' ')),
      message.edit_date && make('span', {}, t('edited')),
      make('time', { datetime: when.toISOString(), title: when.toLocaleString(language) }, timeOf(message))),
    make('p', { class: 'tools' },
      make('button', { type: 'button', class: 'icon', title: t('reply'), 'aria-label': t('reply'), onclick: () => actions.reply(message) }, icon('reply')),
      make('button', { type: 'button', class: 'icon react', title: t('react'), 'aria-label': t('react'), 'aria-pressed': String(Boolean(message.reactions)), onclick: () => actions.react(message) }, '👍'),
      own && typeof message.text === 'string' && make('button', { type: 'button', class: 'icon', title: t('edit'), 'aria-label': t('edit'), onclick: () => actions.edit(message) }, icon('edit'))));
}

/** Who a forwarded message is from, as far as Telegram tells. */
function originOf(origin) {
  const user = origin.sender_user ?? {};
  return origin.sender_user_name ?? origin.sender_chat?.title ?? origin.chat?.title
    ?? [user.first_name, user.last_name].filter(Boolean).join(' ');
}

function words(text, entities) {
  return text ? [make('p', { class: 'words' }, ...rich(text, entities))] : [];
}

const source = (file) => about(`/files/${encodeURIComponent(file.file_id)}`);

const moves = (sticker) => sticker.is_animated || sticker.is_video;

function media(message) {
  if (message.photo) {
    const largest = message.photo[message.photo.length - 1];
    const picture = make('img', { src: source(largest), alt: t('photo'), width: largest.width, height: largest.height, loading: 'lazy' });
    return [make('a', { class: 'picture', href: source(largest), target: '_blank' }, picture)];
  }
  const moving = message.video ?? message.animation ?? message.video_note;
  if (moving) return [make('video', { src: source(moving), controls: true, preload: 'metadata', 'aria-label': t('video') })];
  const sound = message.audio ?? message.voice;
  if (sound) return [make('audio', { src: source(sound), controls: true, 'aria-label': t('audio') })];
  if (message.sticker) return [make('img', { class: 'sticker', src: source(moves(message.sticker) ? message.sticker.thumbnail : message.sticker), alt: t('sticker') })];
  if (message.document) {
    const name = message.document.file_name ?? t('document');
    return [make('a', { class: 'file', href: source(message.document), download: name }, icon('file'), make('span', {}, name, make('small', {}, size(message.document.file_size))))];
  }
  if (message.contact) {
    const { first_name: first, last_name: last, phone_number: number } = message.contact;
    return [make('p', { class: 'file' }, icon('person'), make('span', {}, [first, last].filter(Boolean).join(' '), make('small', {}, `+${String(number).replace(/^\+/, '')}`)))];
  }
  if (message.location) {
    const { latitude, longitude } = message.location;
    return [make('p', { class: 'file' }, icon('place'), make('span', {}, t('location'), make('small', {}, `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`)))];
  }
  if (message.poll) return words([message.poll.question, ...message.poll.options.map((option) => `○ ${option.text}`)].join('\n'));
  if (message.dice) return words(`${message.dice.emoji} ${message.dice.value}`);
  if (message.text || message.caption) return [];
  const known = ['media_group_id', 'message_id', 'from_bot', 'at_ms', 'edit_date', 'reply_to', 'reply_markup', 'reactions'];
  const kind = Object.keys(message).find((name) => !known.includes(name)) ?? 'other';
  return [make('p', { class: 'words' }, has(kind) ? t(kind) : kind)];
}

function size(bytes) {
  const number = (value) => value.toLocaleString(language, { maximumFractionDigits: 1 });
  if (bytes < 1e6) return language === 'ru' ? `${number(bytes / 1e3)} КБ` : `${number(bytes / 1e3)} KB`;
  return language === 'ru' ? `${number(bytes / 1e6)} МБ` : `${number(bytes / 1e6)} MB`;
}

function inline(message, actions) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  return rows.map((row) => make('p', { class: 'inline' }, ...row.map((button) => (button.url
    ? make('a', { class: 'button', href: /^https?:/.test(button.url) ? button.url : '#', target: '_blank', rel: 'noopener noreferrer' }, button.text)
    : make('button', { type: 'button', onclick: () => actions.press(message, button.callback_data ?? '') }, button.text)))));
}
