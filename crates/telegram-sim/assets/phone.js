// The phone: one person's chat with the bot, live.

import { $, about, act, api, complain, make, nameOf } from './page.js';
import { showBots } from './bots.js';
import { albums, bubble, summary } from './bubbles.js';
import { showCommands } from './commands.js';
import { openPerson, preparePersonForm, showPeople } from './people.js';
import { prepareFaultForm, showFaults, speakFaults } from './faults.js';
import { language, remember, remembered, speak, t } from './texts.js';

let people = [];
let chosen = null;
let messages = new Map();
let bot = { first_name: '…' };
/** What the composer does: {reply: message}, {edit: message} or nothing of the kind. */
let composing = {};
/** The word of a deep link, `/?start=word`, that the person has not followed yet. */
let startWord = new URLSearchParams(location.search).get('start');
let typing;

const visible = () => [...messages.values()].filter((message) => !message.deleted);
const actions = {
  find: (id) => { const found = messages.get(id); return found?.deleted ? undefined : found; },
  reply: (message) => compose({ reply: message, quote: selectedIn(message) }),
  react: (message) => act(() => api(`/users/${chosen.id}/messages/${message.message_id}/reactions`, 'PUT', { reactions: message.reactions ? [] : ['👍'] }))(),
  edit: (message) => compose({ edit: message }),
  press: (message, data) => act(() => api(`/users/${chosen.id}/messages/${message.message_id}/press`, 'POST', { data }))(),
};

/** What of a bubble is marked, to be quoted. */
function selectedIn(message) {
  const marked = getSelection();
  const words = $(`m${message.message_id}`)?.querySelector('.words');
  return words?.contains(marked.anchorNode) && marked.toString() ? marked.toString() : undefined;
}

// Drawing

function draw() {
  drawHead();
  drawChat();
  showPeople(people, chosen?.id, choose);
  showFaults();
}

function drawChat() {
  const chat = $('chat');
  let day;
  const rows = [];
  for (const group of albums(visible())) {
    const [message] = group;
    const date = new Date(message.at_ms).toLocaleDateString(language, { day: 'numeric', month: 'long' });
    if (date !== day) rows.push(make('li', { class: 'day' }, make('span', {}, date)));
    day = date;
    rows.push(bubble(message, actions, group));
  }
  if (rows.length === 0) rows.push(make('li', { class: 'day' }, make('span', {}, t('empty'))));
  // Opening a chat is not news: a screen reader need not read it all.
  chat.setAttribute('aria-live', 'off');
  chat.replaceChildren(...rows);
  setTimeout(() => chat.setAttribute('aria-live', 'polite'), 100);
  drawKeyboard();
  toEnd('instant');
}

function toEnd(behavior = 'auto') {
  $('chat').scrollTo({ top: $('chat').scrollHeight, behavior });
}

/** Only what changed is touched, so that a screen reader reads only that. */
function drawMessage(message) {
  const chat = $('chat');
  const there = $(`m${message.message_id}`);
  const known = there || messages.size > 1;
  const atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80;
  if (!known) return drawChat();
  if (message.media_group_id) {
    // Its bubble is not this message's alone.
    const { scrollTop } = chat;
    drawChat();
    if (!atEnd && message.from_bot) chat.scrollTo({ top: scrollTop, behavior: 'instant' });
    return undefined;
  }
  if (message.deleted) there?.remove();
  else if (there) there.replaceWith(bubble(message, actions));
  else chat.append(bubble(message, actions));
  drawKeyboard();
  if (atEnd || !message.from_bot) toEnd();
}

function drawHead() {
  $('bot-name').textContent = bot.first_name;
  $('bot-avatar').textContent = [...bot.first_name][0];
  if (!typing) $('bot-state').textContent = `${t('bot')} · @${bot.username ?? ''}`;
  $('block').querySelector('span').textContent = t(chosen?.blocked ? 'unblock' : 'block');
  $('chosen-name').textContent = chosen ? nameOf(chosen) : '';
  showCommands(bot, chosen, act((command) => write({ text: command })));
  const started = chosen?.started || messages.size > 0;
  const linked = startWord && !chosen?.blocked;
  const instead = !chosen || chosen.blocked || !started || linked;
  $('composer').hidden = instead;
  $('instead').hidden = !chosen || !instead;
  $('instead-words').textContent = t(chosen?.blocked ? 'blocked' : linked ? 'startLinkHint' : 'startHint');
  $('instead-button').textContent = t(chosen?.blocked ? 'unblock' : linked ? 'startLink' : 'start');
}

/** The bot's reply keyboard: that of its last message that says anything about one. */
function drawKeyboard() {
  const markup = visible().findLast((message) => message.from_bot && (message.reply_markup?.keyboard || message.reply_markup?.remove_keyboard))?.reply_markup;
  const rows = markup?.keyboard ?? [];
  $('keyboard').hidden = rows.length === 0 || Boolean(chosen?.blocked);
  $('keyboard').replaceChildren(...rows.map((row) => make('p', {}, ...row.map((button) => {
    const words = typeof button === 'string' ? button : button.text;
    return make('button', { type: 'button', onclick: button.request_contact ? shareContact : act(() => write({ text: words })) }, words);
  }))));
}

function compose(how = {}) {
  composing = how;
  const about = how.reply ?? how.edit;
  const files = [...$('files').files];
  $('answering').hidden = !about && files.length === 0;
  $('answering-words').textContent = files.length > 0
    ? t('attached') + files.map((file) => file.name).join(', ')
    : about ? t(how.edit ? 'editing' : 'answeringTo') + (how.quote ?? summary(about)) : '';
  $('kind-box').hidden = files.length === 0;
  if (how.edit) $('text').value = how.edit.text;
  if (about) $('text').focus();
  grow();
}

function grow() {
  const lines = $('text').value.split('\n').length + Math.floor($('text').value.length / 34);
  $('text').rows = Math.min(lines, 5);
}

// Doing

const write = (message) => api(`/users/${chosen.id}/messages`, 'POST', message);

const shareContact = act(() => {
  if (!chosen.phone_number) return complain(t('noNumber'));
  return api(`/users/${chosen.id}/contact`, 'POST', {});
});

async function send() {
  const text = $('text').value.trim();
  const files = [...$('files').files];
  if (!text && files.length === 0) return;
  if (composing.edit) await api(`/users/${chosen.id}/messages/${composing.edit.message_id}`, 'PATCH', { text });
  else if (files.length > 0) await sendFiles(files, text);
  else await write({ text, reply_to: composing.reply?.message_id, ...(composing.quote && { quote: { text: composing.quote, position: 0, is_manual: true } }) });
  $('text').value = '';
  $('files').value = '';
  $('kind').value = '';
  compose();
}

async function start() {
  const word = startWord;
  startWord = null;
  await write({ text: word ? `/start ${word}` : '/start' });
  const address = new URL(location);
  address.searchParams.delete('start');
  history.replaceState(null, '', address);
  drawHead();
}

/** Nothing moves in it: what counts is that Telegram sends such a one with a thumbnail. */
function sendSticker() {
  const form = new FormData();
  form.append('kind', 'sticker');
  form.append('file', new File(['{}'], 'sticker.tgs', { type: 'application/x-tgsticker' }));
  return api(`/users/${chosen.id}/files`, 'POST', form);
}

async function sendFiles(files, caption) {
  const all = (type) => files.every((file) => file.type.startsWith(type));
  const drawn = files.every((file) => ['image/jpeg', 'image/png', 'image/webp'].includes(file.type));
  const form = new FormData();
  const usual = drawn ? 'photo' : all('video/') ? 'video' : all('audio/') ? 'audio' : 'document';
  form.append('kind', $('kind').value || usual);
  form.append('caption', caption);
  if (composing.reply) form.append('reply_to', composing.reply.message_id);
  if (all('video/')) {
    const film = await measure(files[0]);
    for (const [name, value] of Object.entries(film)) form.append(name, value);
  }
  for (const file of files) form.append('file', file);
  await api(`/users/${chosen.id}/files`, 'POST', form);
}

/** Telegram tells a bot how large and how long a video is. */
function measure(file) {
  return new Promise((resolve) => {
    const video = make('video', { preload: 'metadata' });
    const done = () => {
      URL.revokeObjectURL(video.src);
      resolve(video.videoWidth ? { width: video.videoWidth, height: video.videoHeight, duration: video.duration } : {});
    };
    video.addEventListener('loadedmetadata', done);
    video.addEventListener('error', done);
    video.src = URL.createObjectURL(file);
  });
}

async function choose(person) {
  chosen = person;
  history.replaceState(null, '', `#${person.id}`);
  const loaded = await api(`/users/${person.id}/messages`);
  if (chosen.id !== person.id) return;
  messages = new Map(loaded.messages.map((message) => [message.message_id, message]));
  compose();
  draw();
}

async function load() {
  const [found, listed, limited, me, bots] = await Promise.all([
    api(`/users?q=${encodeURIComponent($('search').value)}`), api('/faults'), api('/limits'), api('/bot'), api('/bots')]);
  [people, bot] = [found, me];
  showBots(bots, bot, () => chosen);
  showFaults(listed, limited);
  const wanted = chosen?.id ?? Number(location.hash.slice(1));
  const person = people.find((person) => person.id === wanted)
    ?? (wanted ? await api(`/users/${wanted}`).catch(() => null) : null) ?? people[0];
  if (person) await choose(person); else draw();
}

// Hearing

function hearMessage({ chat_id: chat, message }) {
  const person = people.find((person) => person.id === chat);
  if (person && !message.deleted) {
    person.last_message = message;
    people = [person, ...people.filter((other) => other !== person)];
    showPeople(people, chosen?.id, choose);
  }
  if (chat !== chosen?.id) return;
  messages.set(message.message_id, message);
  drawMessage(message);
  if (message.from_bot) stopTyping();
  if ($('composer').hidden) drawHead();
}

function hearUser(person) {
  const at = people.findIndex((other) => other.id === person.id);
  if (at >= 0) people[at] = person; else people.unshift(person);
  if (person.id === chosen?.id) { chosen = person; drawHead(); drawKeyboard(); }
  showPeople(people, chosen?.id, choose);
}

function hearAction({ chat_id: chat, action }) {
  if (chat !== chosen?.id) return;
  clearTimeout(typing);
  $('bot-state').textContent = t(action === 'typing' ? 'typing' : 'sending');
  typing = setTimeout(stopTyping, 5000);
}

function stopTyping() {
  clearTimeout(typing);
  typing = undefined;
  drawHead();
}

function listen() {
  const events = new EventSource(about('/events'));
  const hear = (name, heard) => events.addEventListener(name, (event) => heard(JSON.parse(event.data)));
  let loading;
  hear('reload', () => { clearTimeout(loading); loading = setTimeout(act(load), 50); });
  hear('message', hearMessage);
  hear('user', hearUser);
  hear('bot', (said) => { bot = said; drawHead(); });
  hear('action', hearAction);
  hear('faults', (faults) => showFaults(faults));
  hear('limits', (limits) => showFaults(undefined, limits));
  const tell = (connected) => {
    $('link').textContent = t(connected ? 'connected' : 'disconnected');
    $('link').classList.toggle('lost', !connected);
  };
  events.addEventListener('open', () => tell(true));
  events.addEventListener('error', () => tell(false));
}

// Beginning

function switchLanguage(wanted) {
  speak(wanted);
  speakFaults();
  const kinds = ['', 'photo', 'video', 'document', 'audio', 'voice', 'animation', 'video_note', 'sticker'];
  $('kind').replaceChildren(...kinds.map((kind) => make('option', { value: kind }, t(kind || 'asUsual'))));
  $('language').textContent = wanted === 'ru' ? 'English' : 'Русский';
  $('language').lang = wanted === 'ru' ? 'en' : 'ru';
  if (!$('link').classList.contains('lost')) $('link').textContent = t('connected');
  draw();
}

function switchTheme(theme) {
  document.documentElement.dataset.theme = theme;
  remember('theme', theme);
}

function tick() {
  $('clock').textContent = new Date().toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** Whoever reads the end keeps reading the end when the chat gets shorter or taller. */
function keepEnd() {
  const chat = $('chat');
  let atEnd = true;
  chat.addEventListener('scroll', () => { atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 40; });
  new ResizeObserver(() => { if (atEnd) toEnd('instant'); }).observe(chat);
}

function prepare() {
  keepEnd();
  $('composer').addEventListener('submit', act(send));
  $('text').addEventListener('input', grow);
  $('text').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); $('composer').requestSubmit(); }
    if (event.key === 'Escape') { $('files').value = ''; compose(); }
  });
  $('files').addEventListener('change', () => compose(composing));
  $('answering-cancel').addEventListener('click', () => { $('files').value = ''; if (composing.edit) $('text').value = ''; compose(); });
  const setBlocked = act(() => api(`/users/${chosen.id}/${chosen.blocked ? 'unblock' : 'block'}`, 'POST', {}));
  const inMenu = (id, work) => $(id).addEventListener('click', (event) => { $('menu').hidePopover(); work(event); });
  inMenu('block', setBlocked);
  inMenu('send-contact', shareContact);
  inMenu('send-place', act(() => write({ location: { latitude: 43.1155, longitude: 131.8855 } })));
  inMenu('send-sticker', act(sendSticker));
  inMenu('send-poll', act(() => write({ poll: { id: String(Date.now()), question: t('pollQuestion'), options: ['pollOne', 'pollOther'].map((option) => ({ text: t(option), voter_count: 0 })), total_voter_count: 0, is_closed: false, is_anonymous: true, type: 'regular', allows_multiple_answers: false } })));
  inMenu('send-dice', act(() => write({ dice: { emoji: '🎲', value: 1 + Math.floor(Math.random() * 6) } })));
  inMenu('send-forward', act(() => write({ text: t('news'), forward_origin: { type: 'channel', chat: { id: -1001000000001, title: t('channel'), type: 'channel' }, message_id: 1, date: Math.floor(Date.now() / 1000) - 60 } })));
  inMenu('edit-person', () => openPerson(chosen));
  $('instead-button').addEventListener('click', (event) => (chosen.blocked ? setBlocked(event) : act(start)(event)));
  $('new-person').addEventListener('click', () => openPerson());
  preparePersonForm(choose);
  prepareFaultForm(() => chosen?.id);
  let searching;
  $('search').addEventListener('input', () => {
    clearTimeout(searching);
    searching = setTimeout(act(async () => { people = await api(`/users?q=${encodeURIComponent($('search').value)}`); draw(); }), 150);
  });
  $('language').addEventListener('click', () => switchLanguage(language === 'ru' ? 'en' : 'ru'));
  $('theme').addEventListener('click', () => {
    const now = document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
    switchTheme(now === 'dark' ? 'light' : 'dark');
  });
  // On a narrow screen the phone comes first; the lists beside it are opened when wanted.
  if (matchMedia('(max-width: 900px)').matches) { $('people-box').open = false; $('faults-box').open = false; }
}

const theme = new URLSearchParams(location.search).get('theme') ?? remembered('theme');
if (theme) document.documentElement.dataset.theme = theme;
prepare();
switchLanguage(new URLSearchParams(location.search).get('lang') ?? language);
tick();
setInterval(tick, 5000);
listen();
