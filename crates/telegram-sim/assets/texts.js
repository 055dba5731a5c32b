// Every word the page says, in both languages.

const TEXTS = {
  ru: {
    title: 'Симулятор Telegram',
    notice: 'Это не настоящий Telegram: сообщения не покидают этот компьютер.',
    simulation: 'симуляция',
    theme: 'Светлая или тёмная тема',
    people: 'Люди',
    search: 'Найти человека',
    newPerson: 'Добавить человека',
    editPerson: 'Изменить имя и номер',
    nobody: 'Никого не нашлось.',
    noMessages: 'нет сообщений',
    menu: 'Действия',
    sendContact: 'Поделиться номером',
    sendPlace: 'Отправить место',
    block: 'Заблокировать бота',
    unblock: 'Разблокировать',
    blocked: 'Вы заблокировали бота.',
    blockedMark: 'заблокировал(а) бота',
    start: 'Начать',
    startHint: 'Бот сможет писать, когда вы начнёте чат.',
    chat: 'Переписка с ботом',
    message: 'Сообщение',
    send: 'Отправить',
    attach: 'Прикрепить файл',
    cancel: 'Отмена',
    save: 'Сохранить',
    bot: 'бот',
    typing: 'печатает…',
    sending: 'отправляет файл…',
    empty: 'Здесь пока пусто.',
    reply: 'Ответить',
    edit: 'Изменить',
    edited: 'изменено',
    answeringTo: 'Ответ: ',
    editing: 'Изменить: ',
    attached: 'Файлы: ',
    fromYou: 'Вы',
    fromBot: 'Бот',
    photo: 'Фото', video: 'Видео', document: 'Файл', audio: 'Аудио', voice: 'Голосовое сообщение',
    animation: 'Анимация', video_note: 'Видеосообщение', sticker: 'Стикер', contact: 'Контакт',
    location: 'Место', other: 'Сообщение',
    firstName: 'Имя', lastName: 'Фамилия', username: 'Имя пользователя', phoneNumber: 'Телефон',
    languageCode: 'Язык',
    noNumber: 'У этого человека нет номера. Добавьте его в «Изменить имя и номер».',
    connected: 'на связи',
    disconnected: 'нет связи, пробуем снова…',
    failed: 'Не получилось: ',
    faults: 'Неисправности',
    faultsHint: 'Что пойдёт не так, когда бот обращается к Telegram.',
    limits: 'Ограничения Telegram',
    limitsHint: '1 сообщение в секунду в чат, 30 в секунду всего',
    tooMany: 'Слишком много запросов',
    tooManyHint: 'отправка отвечает 429, подождать 5\u00a0с',
    lostAnswer: 'Ответ теряется',
    lostAnswerHint: 'сообщение доставлено, но бот этого не узнаёт',
    silent: 'Telegram молчит',
    silentHint: 'не доставляет и не отвечает',
    reset: 'Обрыв соединения',
    resetHint: 'до доставки',
    badGateway: 'Ошибка 502',
    badGatewayHint: 'отправка не удаётся',
    slow: 'Медленно',
    slowHint: 'каждый ответ на 2\u00a0с позже',
    customFault: 'Настроить точнее',
    faultMethod: 'Вызов', allMethods: 'любой', download: 'скачивание файла',
    faultKind: 'Что случится',
    kind429: '429, слишком много запросов', kind403: '403, доступ запрещён', kind500: '500, ошибка сервера',
    kind502: '502, шлюз', kindHang: 'ответа нет', kindReset: 'обрыв', kindSlow: 'задержка',
    seconds: 'Секунды', milliseconds: 'Миллисекунды',
    faultWhen: 'Когда', before: 'до выполнения', after: 'после: сделано, ответ потерян',
    faultTimes: 'Сколько раз', always: 'пока не выключу',
    faultHere: 'только в этом чате',
    faultAdd: 'Включить',
    faultsActive: 'Включено',
    faultsNone: 'Всё исправно.',
    remove: 'Выключить',
    timesLeft: { one: 'ещё # раз', few: 'ещё # раза', many: 'ещё # раз' },
    inChat: 'чат #',
    shortSeconds: '#\u00a0с', shortMs: '#\u00a0мс',
  },
  en: {
    title: 'Telegram simulator',
    notice: 'This is not the real Telegram: messages never leave this computer.',
    simulation: 'simulation',
    theme: 'Light or dark theme',
    people: 'People',
    search: 'Find somebody',
    newPerson: 'Add a person',
    editPerson: 'Change name and number',
    nobody: 'Nobody found.',
    noMessages: 'no messages',
    menu: 'Actions',
    sendContact: 'Share phone number',
    sendPlace: 'Send a place',
    block: 'Block the bot',
    unblock: 'Unblock',
    blocked: 'You have blocked the bot.',
    blockedMark: 'has blocked the bot',
    start: 'Start',
    startHint: 'The bot can write once you start the chat.',
    chat: 'Chat with the bot',
    message: 'Message',
    send: 'Send',
    attach: 'Attach a file',
    cancel: 'Cancel',
    save: 'Save',
    bot: 'bot',
    typing: 'is typing…',
    sending: 'is sending a file…',
    empty: 'Nothing here yet.',
    reply: 'Reply',
    edit: 'Edit',
    edited: 'edited',
    answeringTo: 'Reply to: ',
    editing: 'Edit: ',
    attached: 'Files: ',
    fromYou: 'You',
    fromBot: 'Bot',
    photo: 'Photo', video: 'Video', document: 'File', audio: 'Audio', voice: 'Voice message',
    animation: 'Animation', video_note: 'Video message', sticker: 'Sticker', contact: 'Contact',
    location: 'Place', other: 'Message',
    firstName: 'First name', lastName: 'Last name', username: 'Username', phoneNumber: 'Phone',
    languageCode: 'Language',
    noNumber: 'This person has no number. Add one under “Change name and number”.',
    connected: 'connected',
    disconnected: 'no connection, trying again…',
    failed: 'That did not work: ',
    faults: 'Faults',
    faultsHint: 'What goes wrong when the bot calls Telegram.',
    limits: 'Telegram’s limits',
    limitsHint: '1 message a second per chat, 30 a second overall',
    tooMany: 'Too many requests',
    tooManyHint: 'sending answers 429, wait 5\u00a0s',
    lostAnswer: 'Answers get lost',
    lostAnswerHint: 'the message is delivered, but the bot never learns',
    silent: 'Telegram is silent',
    silentHint: 'neither delivers nor answers',
    reset: 'Connection reset',
    resetHint: 'before anything is delivered',
    badGateway: 'Error 502',
    badGatewayHint: 'sending fails',
    slow: 'Slow',
    slowHint: 'every answer comes 2\u00a0s later',
    customFault: 'Set up your own',
    faultMethod: 'Call', allMethods: 'any', download: 'file download',
    faultKind: 'What happens',
    kind429: '429, too many requests', kind403: '403, forbidden', kind500: '500, server error',
    kind502: '502, gateway', kindHang: 'no answer', kindReset: 'reset', kindSlow: 'delay',
    seconds: 'Seconds', milliseconds: 'Milliseconds',
    faultWhen: 'When', before: 'before the work', after: 'after: done, answer lost',
    faultTimes: 'How often', always: 'until switched off',
    faultHere: 'only in this chat',
    faultAdd: 'Switch on',
    faultsActive: 'Switched on',
    faultsNone: 'Everything works.',
    remove: 'Switch off',
    timesLeft: { one: '# more time', other: '# more times' },
    inChat: 'chat #',
    shortSeconds: '#\u00a0s', shortMs: '#\u00a0ms',
  },
};

export let language = remembered('language') === 'en' ? 'en' : 'ru';

export function t(key, number) {
  const text = TEXTS[language][key] ?? key;
  if (typeof text === 'string') return text.replace('#', number);
  const form = new Intl.PluralRules(language).select(number);
  return (text[form] ?? text.many ?? text.other).replace('#', number);
}

export function has(key) {
  return typeof TEXTS[language][key] === 'string';
}

/** Switches the language and puts its words into everything marked with data-… below root. */
export function speak(wanted, root = document) {
  language = wanted;
  remember('language', wanted);
  document.documentElement.lang = wanted;
  document.title = t('title');
  for (const element of root.querySelectorAll('[data-text]')) element.textContent = t(element.dataset.text);
  for (const element of root.querySelectorAll('[data-placeholder]')) element.placeholder = t(element.dataset.placeholder);
  for (const element of root.querySelectorAll('[data-label]')) {
    element.setAttribute('aria-label', t(element.dataset.label));
    if (element.matches('button')) element.title = t(element.dataset.label);
  }
  for (const element of root.querySelectorAll('[data-title]')) element.title = t(element.dataset.title);
}

export function remembered(key) {
  try { return localStorage.getItem(`telegram-sim.${key}`); } catch { return null; }
}

export function remember(key, value) {
  try { localStorage.setItem(`telegram-sim.${key}`, value); } catch { /* a private window forgets */ }
}
