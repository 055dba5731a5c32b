// Text with its formatting: entities of the Bot API as elements. Text is never markup.

import { make } from './page.js';
import { t } from './texts.js';

const TAGS = { bold: 'strong', italic: 'em', underline: 'u', strikethrough: 's', code: 'code', pre: 'pre', blockquote: 'blockquote', expandable_blockquote: 'blockquote' };

/** The nodes of a text. Offsets count UTF-16 units, as strings here do; what lies within another is nested. */
export function rich(text, entities = []) {
  const sorted = entities.toSorted((one, other) => one.offset - other.offset || other.length - one.length);
  return nodes(text, sorted, 0, text.length);
}

function nodes(text, entities, from, to) {
  const made = [];
  let at = from;
  let rest = entities;
  while (rest.length > 0) {
    const [first, ...others] = rest;
    const end = Math.min(first.offset + first.length, to);
    if (first.offset < at || end <= first.offset) {
      // What crosses another one is left out: Telegram sends none.
      rest = others;
      continue;
    }
    made.push(...plain(text.slice(at, first.offset)));
    const inner = others.filter((other) => other.offset < end);
    made.push(element(first, text.slice(first.offset, end), nodes(text, inner, first.offset, end)));
    rest = others.filter((other) => other.offset >= end);
    at = end;
  }
  return [...made, ...plain(text.slice(at, to))];
}

function element({ type, url }, words, inside) {
  if (TAGS[type]) return make(TAGS[type], {}, ...inside);
  if (type === 'spoiler') {
    return make('span', { class: 'spoiler', role: 'button', tabindex: 0, 'aria-label': t('spoiler'), onclick: reveal, onkeydown: (event) => { if (event.key === 'Enter') reveal(event); } }, ...inside);
  }
  const address = type === 'text_link' ? url : type === 'url' ? words : undefined;
  if (address && /^https?:\/\//.test(address)) return link(address, words);
  return make('span', {}, ...inside);
}

function reveal({ currentTarget: spoiler }) {
  spoiler.classList.add('shown');
  spoiler.removeAttribute('aria-label');
}

const link = (address, words) => make('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, words);

function plain(text) {
  return text.split(/(https?:\/\/[^\s]+)/).filter(Boolean).map((part) => (/^https?:\/\//.test(part) ? link(part, part) : part));
}
