// The list of people, and the form for one of them.

import { $, act, api, avatar, make, nameOf } from './page.js';
import { summary, timeOf } from './bubbles.js';
import { t } from './texts.js';

/** Shows the list; `choose` is called with the person picked. */
export function showPeople(people, chosenId, choose) {
  const rows = people.map((person) => {
    const last = person.last_message;
    const row = make('button', { type: 'button', 'aria-current': person.id === chosenId ? 'true' : undefined, onclick: () => choose(person) },
      avatar(person),
      make('span', { class: 'person-words' },
        make('span', { class: 'person-name' }, nameOf(person)),
        make('span', { class: 'person-last' }, person.blocked ? t('blockedMark') : last ? summary(last) : t('noMessages'))),
      last && make('time', {}, timeOf(last)));
    return make('li', {}, row);
  });
  if (rows.length === 0) rows.push(make('li', { class: 'hint' }, t('nobody')));
  $('people').replaceChildren(...rows);
}

let edited = null;

/** Opens the form for a new person, or for one to change. */
export function openPerson(person = null) {
  edited = person;
  const form = $('person-form');
  form.reset();
  if (person) for (const field of form.elements) if (field.name) field.value = person[field.name] ?? '';
  $('person-title').textContent = t(person ? 'editPerson' : 'newPerson');
  $('person').showModal();
}

/** `saved` is called with the person once the form is saved. */
export function preparePersonForm(saved) {
  $('person-cancel').addEventListener('click', () => $('person').close());
  $('person-form').addEventListener('submit', act(async () => {
    const said = Object.fromEntries(new FormData($('person-form')));
    const person = edited
      ? await api(`/users/${edited.id}`, 'PATCH', said)
      : await api('/users', 'POST', said);
    $('person').close();
    saved(person);
  }));
}
