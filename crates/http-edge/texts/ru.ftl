## Сайт
site-name = Вестник
site-description = Рекламные задания: закажите, разместите код, следите за каждым шагом.
site-back-office = Рабочее место
skip-to-content = К содержанию
nav-sections = Разделы
nav-orders = Мои заказы
nav-create-order = Создать задание
nav-money = Деньги
switch-language = English
theme-auto = Оформление: как в системе
theme-light = Оформление: светлое
theme-dark = Оформление: тёмное
sign-in = Войти
sign-up = Зарегистрироваться
sign-out = Выйти

role-customer = Заказчик
role-customer-hint = Заказываю рекламу
role-executor = Исполнитель
role-executor-hint = Выполняю задания
role-operator = Оператор
role-admin = Администратор
role-auditor = Аудитор

## Время
time-now = только что
time-today = Сегодня
time-yesterday = Вчера
time-minutes-ago = { $n ->
    [one] { $n } минуту
    [few] { $n } минуты
   *[other] { $n } минут
} назад
time-hours-ago = { $n ->
    [one] { $n } час
    [few] { $n } часа
   *[other] { $n } часов
} назад
time-days-ago = { $n ->
    [one] { $n } день
    [few] { $n } дня
   *[other] { $n } дней
} назад
time-months-ago = { $n ->
    [one] { $n } месяц
    [few] { $n } месяца
   *[other] { $n } месяцев
} назад
time-years-ago = { $n ->
    [one] { $n } год
    [few] { $n } года
   *[other] { $n } лет
} назад
time-in-minutes = через { $n ->
    [one] { $n } минуту
    [few] { $n } минуты
   *[other] { $n } минут
}
time-in-hours = через { $n ->
    [one] { $n } час
    [few] { $n } часа
   *[other] { $n } часов
}
time-in-days = через { $n ->
    [one] { $n } день
    [few] { $n } дня
   *[other] { $n } дней
}
time-in-months = через { $n ->
    [one] { $n } месяц
    [few] { $n } месяца
   *[other] { $n } месяцев
}
time-in-years = через { $n ->
    [one] { $n } год
    [few] { $n } года
   *[other] { $n } лет
}
time-short-minutes = { $n } мин
time-short-hours = { $n } ч
time-short-days = { $n } дн
time-month = { $n ->
    [1] января
    [2] февраля
    [3] марта
    [4] апреля
    [5] мая
    [6] июня
    [7] июля
    [8] августа
    [9] сентября
    [10] октября
    [11] ноября
   *[12] декабря
}

## Главная
landing-title = Рекламные задания
landing-heading = Рекламные задания, в которых виден каждый шаг
landing-lead = Опишите задание, укажите ссылку и бюджет. Мы поставим на вашу картинку QR-код, зарезервируем сумму и покажем всё, что с заказом происходит.
landing-continue = К моим заказам
landing-sign-up = Создать аккаунт заказчика
landing-executor = Выполняете задания?
landing-executor-link = Зарегистрируйтесь как исполнитель
landing-sample-title = Открытие кофейни на Покровке
landing-sample-deadline = через 3 дня
landing-how = Как это работает
landing-step-1 = Опишите задание
landing-step-1-text = Площадки, место, срок и сумма. Черновик сохраняется сам, пока вы пишете.
landing-step-2 = Добавьте картинку
landing-step-2-text = На ней появится QR-код вашей ссылки. Каждый код мы считываем сами, прежде чем показать вам.
landing-step-3 = Сумма под защитой
landing-step-3-text = Деньги резервируются, когда заказ принят, и возвращаются, если он отменён или срок истёк.
landing-step-4 = Следите за ходом
landing-step-4-text = Состояние меняется на глазах, а история заказа хранит каждое событие.

## Исполнитель
executor-title = Кабинет исполнителя
executor-lead = Вы зарегистрированы. Брать задания здесь пока нельзя: эта часть ещё не готова.
executor-can = Что уже можно
executor-can-1 = Войти под своим телефоном и выйти с любого устройства.
executor-can-2 = Выбрать язык и оформление.
executor-cannot = Чего пока нет
executor-cannot-1 = Списка заданий и откликов на них.
executor-cannot-2 = Выплат. Создавать заказы могут только заказчики.

## Ошибки
error-home = На главную
error-request-id = Номер обращения для поддержки:
error-400-title = Запрос не получился
error-400-text = Мы не смогли его разобрать. Вернитесь назад и попробуйте ещё раз.
error-401-title = Требуется авторизация
error-401-text = Войдите, чтобы открыть эту страницу.
error-403-title = Нет доступа
error-403-text = Эта страница не для вашей роли.
error-404-title = Такой страницы нет
error-404-text = Возможно, ссылка устарела или в ней опечатка.
error-413-title = Файл слишком большой
error-413-text = Выберите файл поменьше и попробуйте ещё раз.
error-429-title = Слишком много запросов
error-429-text = Подождите минуту и попробуйте ещё раз.
error-500-title = Что-то сломалось у нас
error-500-text = Мы уже записали, что произошло. Попробуйте ещё раз чуть позже.
error-503-title = Сейчас не получится
error-503-text = Сервис ненадолго недоступен. Попробуйте через минуту.

## Вход и регистрация
signin-title = Вход
signin-title-staff = Вход для сотрудников
signin-no-account = Ещё нет аккаунта?
signin-staff-hint = Доступ выдаёт администратор.
signin-bad-credentials = Неверный телефон или пароль
signin-too-many = Слишком много попыток. Подождите несколько минут и попробуйте снова.
signin-required = Войдите, чтобы продолжить.
signin-not-staff = Этот вход только для сотрудников.
signup-title = Регистрация
signup-have-account = Уже есть аккаунт?
field-phone = Телефон
field-phone-hint = По нему вы будете входить.
field-password = Пароль
field-password-hint = Не короче 8 символов.
field-name = Имя
field-name-hint = Как к вам обращаться.
field-role = Кто вы

## Формы
form-optional = необязательно
form-errors-title = Проверьте форму
error-title-required = Напишите название
error-title-too-long = Сократите название до 200 символов
error-description-required = Опишите задание
error-description-too-long = Сократите описание до 5 000 символов
error-target-url-required = Укажите целевую ссылку
error-target-url-invalid = Ссылка должна начинаться с https:// или http://
error-target-url-too-long = Ссылка длиннее 2 048 символов, сократите её
error-total-amount-required = Укажите сумму
error-total-amount-invalid = Напишите сумму цифрами, например 1500 или 1500,50
error-total-amount-too-small = Сумма должна быть не меньше 100 ₽
error-total-amount-too-large = Сумма должна быть не больше 100 000 000 ₽
error-country-required = Выберите страну
error-place-too-long = Сократите до 100 символов
error-deadline-required = Укажите дату и время
error-deadline-in-past = Срок уже прошёл, выберите время в будущем
error-deadline-too-far = Срок должен быть не дальше пяти лет
error-platforms-required = Выберите хотя бы одну площадку
error-platforms-repeated = Одна площадка выбрана дважды
error-picture-too-large = Картинка больше 20 МБ или 50 мегапикселей, выберите поменьше
error-picture-unsupported = Подойдут JPEG, PNG и WebP
error-picture-invalid = Файл не читается как картинка, выберите другой
error-picture-not-available = Картинка недоступна: загрузите её ещё раз
error-track-link-invalid = Отметьте или снимите отметку ещё раз
error-phone-required = Укажите телефон
error-phone-invalid = Проверьте номер: например, +7 924 124-24-17
error-phone-taken = Этот телефон уже зарегистрирован. Войдите с ним.
error-name-required = Напишите имя
error-name-too-long = Сократите имя до 100 символов
error-password-too-short = Придумайте пароль не короче 8 символов
error-password-too-long = Пароль слишком длинный
error-role-required = Выберите, кто вы

## Заказы
orders-title = Мои заказы
orders-filter = Показать заказы
orders-search = Название, ссылка или номер
orders-all = Все
filter-pending = Проверяются
filter-open = Открытые
filter-rejected = Отклонённые
filter-cancelled = Отменённые
filter-expired = Срок истёк
orders-more = Показать более ранние
orders-none = Заказов пока нет
orders-none-text = Создайте первое задание: черновик сохранится сам, а сумма зарезервируется только после проверки.
orders-none-filtered = Таких заказов нет
orders-none-filtered-text = В этом состоянии сейчас ничего.
orders-show-all = Показать все
create-order-button = Создать задание
balance-available = Доступно
balance-held = Зарезервировано
status-pending = проверяется
status-open = открыт
status-rejected = отклонён
status-cancelled = отменён
status-expired = срок истёк
platform-instagram = Instagram
platform-telegram = Telegram
platform-vk = ВКонтакте
platform-youtube = YouTube
platform-tiktok = TikTok
platform-other = Другое
order-changed = только что изменился
order-changed-announce = «{ $name }»: { $status }
order-now = Состояние заказа: { $status }
money-title = Деньги
money-explained = Каждая строка показывает, что изменилось и сколько стало. Сложите изменения снизу вверх, и получится ваш баланс.
money-number = №
money-what = Операция
money-credit = Пополнение
money-hold = Зарезервировано под заказ
money-release = Возвращено из резерва
money-more = Показать более ранние
money-none = Движений пока не было
money-none-text = Здесь появятся пополнения, резервы под заказы и возвраты.
money-changed = Баланс изменился
live-lost = Нет связи, обновления приостановлены. Подключаемся снова…
order-deadline = Срок
order-amount = Сумма
order-short-link = Короткая ссылка
order-place = Место
order-number = Номер заказа
order-facts = О заказе
order-rejected = Заказ отклонён:
refused-title = Заказ не создан
refused-invalid = Не всё заполнено верно:
refused-user-not-found = Ваш аккаунт не найден.
refused-idempotency-mismatch = По этой форме уже создан заказ с другим содержанием.
refused-possible-duplicate = Такой же заказ создан меньше минуты назад.
refused-money = Деньги не списаны и не зарезервированы.
refused-back = Вернуться к форме
order-cancel = Отменить заказ
order-cancel-question = Заказ будет отменён, { $amount } снова станут доступны. Вернуть отменённый заказ нельзя.
order-cancel-yes = Да, отменить заказ
order-picture = Изображение с QR-кодом
order-picture-alt = Изображение с QR-кодом целевой ссылки
order-qr = QR-код
order-qr-alt = QR-код ссылки этого заказа
order-no-picture = К этому заказу картинки нет.
picture-rendering = Ставим QR-код на картинку. Она появится здесь сама.
note-first-frame = Картинка была анимированной: взят её первый кадр.
note-scaled-up = Картинка была мала для QR-кода: она увеличена.
note-converted-from-cmyk = Картинка была в CMYK: цвета переведены в RGB и могут немного отличаться.
note-reduced-to-8-bits = Картинка была с 16 битами на цвет: осталось 8, как у обычных.
qr-png = QR-код, PNG
qr-svg = QR-код, SVG
timeline-title = История
timeline-requested = заказ отправлен на проверку
timeline-accepted = заказ принят, зарезервировано { $amount }
timeline-rejected = заказ отклонён: { $reason }
timeline-cancel-requested = вы попросили отменить заказ
timeline-cancelled = заказ отменён, возвращено { $amount }
timeline-cancel-refused = отменить не получилось: { $reason }
timeline-expired = срок истёк, возвращено { $amount }
timeline-held = зарезервировано { $amount }
timeline-released = возвращено { $amount }
timeline-image-uploaded = картинка загружена
timeline-image-rendered = QR-код поставлен на картинку и проверен
timeline-image-failed = QR-код поставить не получилось: { $reason }
timeline-other = событие { $type }

scans-title = Переходы по коду
scans-none = Пока никто не сканировал
scans-none-hint = Когда кто-нибудь откроет ссылку с QR-кода, здесь появится график.
scans-total = Всего
scans-today = Сегодня
scans-phones = Телефоны
scans-tablets = Планшеты
scans-computers = Компьютеры
scans-others = Другие устройства
scans-by-hour = Переходы по часам
scans-by-day = Переходы по дням
scans-by-days = Переходы по промежуткам в { $n ->
    [one] { $n } день
    [few] { $n } дня
   *[other] { $n } дней
}
scans-most = Больше всего, { $n }: { $time }
scans-highest = Самый высокий столбец: { $n }
scans-numbers = Числами
scans-when = Когда
scans-number = Переходов
scans-bots = Предпросмотры в мессенджерах и роботы, не в счёте: { $n }

link-over-title = Эта ссылка больше никуда не ведёт
link-over-text = Вы всё сделали правильно. Задание, для которого сделан этот QR-код, уже закончилось.
link-over-hint = Если код показали вам только что, скажите об этом тому, кто его показал, и попросите новый.

reason-insufficient-balance = недостаточно средств на балансе
reason-not-a-customer = создавать заказы могут только заказчики
reason-image-not-available = картинка недоступна
reason-cancelled = заказ уже отменён
reason-expired = срок заказа истёк
reason-rejected = заказ отклонён
reason-not-open = заказ не открыт

notice-order-created = Заказ успешно создан!
notice-order-checking = Заказ принят и проверяется. Результат появится здесь сам.
notice-order-cancelled = Заказ отменён, сумма снова доступна.
notice-order-not-open = Отменить нельзя: заказ уже не открыт.
notice-order-cancelling = Отмена отправлена. Результат появится здесь сам.
notice-draft-cleared = Черновик удалён.
notice-draft-saved = Черновик сохранён.
notice-signed-out = Вы вышли.

## Новое задание
create-order-title = Новое задание
create-order-submit = Создать задание
group-what = Что
group-link = Куда ведёт
group-where = Где
group-when = Когда и за сколько
field-title = Название
field-description = Описание
field-description-hint = Что сделать и что считать результатом.
field-platforms = Площадки
field-target-url = Целевая ссылка
field-target-url-hint = Её откроет тот, кто считает QR-код.
field-track-link = Считать переходы
field-track-link-hint = В QR-коде будет короткая ссылка нашего сайта: она ведёт на целевую и показывает, сколько человек пришло.
field-picture = Картинка
field-picture-hint = JPEG, PNG или WebP до 20 МБ и 50 мегапикселей.
field-corner = Место QR-кода
corner-lower-right = справа внизу
corner-lower-left = слева внизу
corner-upper-right = справа вверху
corner-upper-left = слева вверху
field-code-size = Размер QR-кода
code-size-normal = обычный
code-size-large = крупный
code-size-largest = самый крупный
field-country = Страна
field-region = Регион
field-city = Город
field-deadline = Срок
field-deadline-hint = До этого времени заказ открыт.
field-time-zone = Часовой пояс
field-total-amount = Сумма
field-total-amount-hint = Не меньше 100 ₽.
summary-title = Итог
summary-amount = Сумма заказа
summary-after = Останется
summary-short = Не хватает { $amount }. Уменьшите сумму или пополните баланс.
summary-missing = Осталось заполнить:
preview-none = Здесь появится картинка с QR-кодом.
progress-label = Обработка картинки
picture-remove = Убрать картинку
picture-retry = Повторить
stage-uploading = Загружаем: { $percent } %
stage-uploaded = Загружено, проверяем файл…
stage-fetching = Картинка в очереди на обработку…
stage-decoding = Читаем картинку…
stage-rendering = Ставим QR-код…
stage-reading-back = Считываем код с готовой картинки…
stage-storing = Сохраняем…
stage-still-rendering = Картинка большая, это займёт ещё несколько секунд…
stage-ready = Готово: QR-код читается.
stage-needs-link = Загружено. Укажите целевую ссылку, и мы поставим QR-код.
stage-failed = Не получилось обработать картинку. Попробуйте другой файл.
stage-too-large = Картинка больше 20 МБ. Выберите поменьше.
stage-wrong-type = Подойдут только JPEG, PNG и WebP.
stage-offline = Связь прервалась. Продолжим, когда она вернётся.
draft-saved = Черновик сохранён { $time }
draft-restored = Восстановлен черновик: { $time }
draft-not-saved = Черновик не сохранён: нет связи. Попробуем ещё раз.
draft-changed = Этот черновик изменили в другой вкладке или на другом устройстве. Здесь он больше не сохраняется, пока вы не выберете, какой оставить.
draft-gone = Черновик удалён или заказ по нему уже создан в другой вкладке. Здесь он больше не сохраняется, пока вы не выберете.
draft-take-other = Взять сохранённое там
draft-keep-mine = Оставить то, что здесь
draft-save = Сохранить черновик
draft-clear = Очистить черновик
draft-clear-question = Удалить черновик и очистить форму?
duplicate-title = Вы только что создали такой же заказ
duplicate-text = Содержание совпадает с заказом, созданным меньше минуты назад. Создать ещё один?
duplicate-link = Посмотреть созданный
duplicate-confirm = Да, создать ещё один
duplicate-back = Не создавать
used-draft-title = Заказ из этого черновика уже создан
used-draft-text = Возможно, в другой вкладке. С тех пор форма изменилась. Создать по ней ещё один заказ?
used-draft-again = По этой форме уже создан заказ, и с тех пор она изменилась. Нажмите ещё раз, чтобы создать по ней ещё один заказ.
submit-sending = Отправляем заказ…
submit-still-sending = Проверяем заказ, это занимает дольше обычного…
submit-picture-first = Картинка ещё обрабатывается. Отправим, когда она будет готова.
submit-offline = Нет связи с сервером. Нажмите ещё раз, когда она появится: второй заказ не создастся.
submit-failed = Сервер не ответил как надо. Нажмите ещё раз: второй заказ не создастся.
submit-balance = Недостаточно средств: не хватает { $amount }.
submit-signed-out = Сеанс закончился. Войдите в соседней вкладке и нажмите ещё раз: всё введённое на месте.

## Чаты
desk-title = Чаты операторов
desk-list = Список чатов
desk-search = Имя, телефон или слова
desk-search-clear = Сбросить поиск
desk-filter = Какие чаты показать
desk-open = Открытые
desk-closed = Закрытые
desk-more = Показать более ранние
desk-none-open = Открытых чатов нет
desk-none-open-text = Новое сообщение появится здесь само.
desk-none-closed = Закрытых чатов нет
desk-none-found = Никого не нашлось
desk-conversation = Переписка
desk-messages = Сообщения
desk-choose = Выберите чат слева
desk-choose-text = Переписка и сведения о человеке откроются здесь.
desk-you = Вы:
desk-trouble = Ответ не доставлен
desk-blocked = Бот заблокирован
desk-waiting = Ждёт ответа
desk-unread = непрочитанных
desk-back = К списку чатов
desk-back-to-chat = К переписке
desk-person = О человеке
desk-new-below = Новые сообщения
desk-no-messages = Сообщений пока нет.
desk-older-none = Прокрутите вверх, чтобы увидеть более ранние
desk-older-loading = Загружаем более ранние…
desk-older-failed = Более ранние не загрузились. Прокрутите ещё раз.
desk-typing = { $name } пишет ответ…
desk-announce = Новое сообщение: { $name }
chat-open = открыт
chat-closed = закрыт
chat-close = Закрыть чат
chat-reopen = Открыть снова
kind-text = Сообщение
kind-photo = Фото
kind-video = Видео
kind-voice = Голосовое сообщение
kind-audio = Аудио
kind-video-note = Видеосообщение
kind-document = Документ
kind-sticker = Стикер
kind-animation = Анимация
kind-location = Геопозиция
kind-contact = Контакт
kind-poll = Опрос
kind-dice = Кубик
kind-unsupported = Этот вид сообщения пока не поддерживается
delivery-queued = в очереди
delivery-sending = отправляется
delivery-sent = отправлено
delivery-failed = не отправлено
delivery-unknown = неизвестно
delivery-next = Следующая попытка в
message-edited = изменено
message-retry = Отправить ещё раз
attachment-file = Файл
attachment-pending = Файл загружается из Telegram
attachment-too-large = Больше 20 МБ: Telegram не отдаёт такие файлы ботам
attachment-failed = Файл загрузить не удалось
album-place = { $n } из { $limit }
unit-b = Б
unit-kb = КБ
unit-mb = МБ
composer-label = Напишите ответ
composer-send = Отправить
composer-attach = Прикрепить файл
composer-hint = Enter — отправить, Shift+Enter — новая строка
composer-blocked = Человек заблокировал бота. Ответить можно будет, когда он его разблокирует.
composer-too-long = { $n } из { $limit }: слишком длинно, разбейте на части
composer-failed = Ответ не принят. Он остался в поле, попробуйте ещё раз.
composer-offline = Нет связи. Ответ остался в переписке, его можно отправить ещё раз: дважды он не уйдёт.
reply-newer-exists = Пока вы писали, коллега уже ответил. Прочитайте его ответ и отправьте свой, если он ещё нужен.
reply-bot-blocked = Человек заблокировал бота, ответ не принят.
reply-empty = Напишите текст или прикрепите файл.
reply-too-large = Файл слишком большой: до 50 МБ, картинки до 10 МБ.
person-telegram-id = Telegram ID
person-language = Язык
person-known-since = Впервые написал
person-bot = Бот
person-blocked = заблокирован
person-not-blocked = не заблокирован
person-unverified = не подтверждён
person-account = Аккаунт заказчика
person-no-account = Не связан: человек ещё не поделился телефоном с ботом.
person-orders = Последние заказы
person-no-orders = Заказов нет.

## Account
account-title = Мой аккаунт
account-who = Кто вы
account-role = Роль
account-language-hint = Язык сохраняется в аккаунте, цвета — в этом браузере.
account-password = Пароль
account-current-password = Текущий пароль
account-new-password = Новый пароль
account-password-ends = После смены пароля все остальные входы завершатся.
account-change-password = Сменить пароль
account-sessions = Где вы вошли
account-device-unknown = Неизвестное устройство
account-last-seen = были здесь
account-signed-in = вход
account-this-session = этот вход
account-end-session = Завершить
account-end-others = Завершить все остальные
telegram-title = Telegram
telegram-lead = Привяжите Telegram, и бот будет присылать уведомления о заказах, а оператор сразу увидит, кто пишет.
telegram-link = Привязать Telegram
telegram-link-anew = Получить новую ссылку
telegram-unlink = Отвязать
telegram-no-bot = Бот ещё не подключён. Попробуйте позже.
telegram-open = Открыть бота
telegram-code = QR-код со ссылкой на бота
telegram-code-hint = Наведите камеру телефона, на котором у вас Telegram, и нажмите «Запустить».
telegram-write-to = Откройте бота
telegram-command = Или отправьте боту команду:
telegram-once = Только для вас: сработает один раз и до
notice-telegram-unlinked = Telegram отвязан.
notice-password-changed = Пароль изменён, остальные входы завершены.
notice-session-ended = Вход завершён.
notice-sessions-ended = Все остальные входы завершены.
error-password-too-common = Такой пароль подберут первым: он слишком известный или содержит ваш телефон или имя. Придумайте другой
error-current-password = Введите свой текущий пароль
problem-account-disabled = Аккаунт отключён администратором.

## Administration
nav-chats = Чаты
find = Найти
show-all = Показать всё
reason = Причина
users-title = Пользователи
users-search = Имя, телефон или номер аккаунта
users-any-role = Любая роль
users-none = Никого не нашлось
users-since = с нами
user-who = Аккаунт
user-since = Зарегистрирован
user-id = Номер аккаунта
user-disabled = отключён
user-disabled-since = Отключён
user-access = Доступ
user-oneself = Это вы. Свою роль и доступ меняет другой администратор.
user-set-role = Сменить роль
user-disable = Отключить
user-disable-text = Все входы завершатся сразу, токены перестанут работать, войти будет нельзя.
user-disable-yes = Отключить аккаунт
user-enable = Включить аккаунт
user-money = Деньги
user-no-orders = Заказов нет.
user-all-orders = Все заказы
credit-amount = Сумма, ₽
credit-button = Пополнить
ledger-none = Движений ещё не было.
ledger-credit = Пополнение
ledger-hold = Зарезервировано
ledger-release = Возвращено
orders-title-all = Заказы
admin-orders-search = Название, ссылка, телефон, имя или номер
orders-status = Состояние
orders-none-found = Заказов не нашлось
order-original = Исходная картинка
order-failed-picture = Файл, с которого код не прочитался
letters-title = Необработанное
letters-lead = Сообщения, от которых обработчик отказался. Их можно обработать ещё раз или закрыть с причиной; и то и другое остаётся в журнале.
letters-filter = Какие показать
letters-waiting = Ждут решения
letters-settled = Разобраны
letters-none = Ничего не ждёт решения
letters-none-settled = Разобранных пока нет
letter-waiting = ждёт
letter-redriven = отправлено снова
letter-discarded = закрыто
letter-why = Почему отказались:
letter-facts = Сообщение
letter-consumer = Обработчик
letter-subject = Тема в журнале
letter-sequence = Номер в журнале
letter-attempts = Попыток
letter-at = Когда
letter-do = Что сделать
letter-was-redriven = Отправлено на повторную обработку
letter-was-discarded = Закрыто
letter-redrive = Обработать ещё раз
letter-redrive-text = Обработчик получит сообщение так, будто оно пришло сейчас. Если снова не выйдет, оно вернётся сюда.
letter-not-redrivable = Обработать ещё раз нельзя: здесь сохранилась только причина.
letter-discard = Закрыть без обработки
letter-message = Содержимое
letter-hidden = Личные данные скрыты.
letter-no-body = Содержимое нельзя показать: его вид неизвестен, или оно есть только в журнале.
bots-title = Боты
bots-none = Ботов ещё нет
bots-none-text = Бот появится здесь сам, когда мост к Telegram запустят с его токеном.
bot-line = Связь с Telegram
bot-never = ещё не подключался
bot-ok = на связи
bot-starting = подключается
bot-unauthorized = Telegram не принимает токен: его отозвали или ввели с ошибкой
bot-conflict = сообщения этого бота забирает кто-то другой
bot-unreachable = Telegram не отвечает
bot-refused = Telegram отказывает
bot-log-unavailable = сообщения приходят, но журнал их не принимает
bot-webhook-failing = Telegram не может доставить сообщения на вебхук
bot-stopped = мост остановлен
bot-silent = мост не отвечает с { $time }
bot-other = состояние неизвестно: { $status }
bot-behind = Сообщения не поступают с { $time }. Telegram хранит их { $n ->
    [one] ещё { $n } час
    [few] ещё { $n } часа
   *[other] ещё { $n } часов
 }.
bot-behind-too-long = Сообщения не поступают с { $time }. Telegram хранит их сутки: более старые потеряны.
bot-mode = Как приходят сообщения
bot-polling = мост забирает их сам
bot-webhook = Telegram присылает их на вебхук
bot-last-update = Последнее сообщение
bot-last-poll = Последний ответ Telegram
bot-pending = Ждут в Telegram
bot-last-error = Последняя ошибка
bot-greets = Здоровается с новыми.
bot-greets-not = Не здоровается с новыми.
bot-tells-hours = Предупреждает, когда операторов нет.
bot-tells-hours-not = Не предупреждает, когда операторов нет.
bot-settings = Настройки
bot-welcome = Приветствие
bot-welcome-hint = Первые слова тому, кто пишет впервые. Без текста бот молчит.
bot-hours = Рабочие часы
bot-always = Операторы на месте всегда
bot-by-hours = По расписанию
bot-days-hint = Например: 09:00–13:00, 14:00–18:00. Пустая строка — выходной.
bot-away = Ответ вне рабочих часов
bot-away-hint = Его получит каждый, кто пишет, пока операторов нет, — один раз за перерыв.
bot-save = Сохранить
day-1 = Понедельник
day-2 = Вторник
day-3 = Среда
day-4 = Четверг
day-5 = Пятница
day-6 = Суббота
day-7 = Воскресенье
notice-bot-saved = Настройки бота сохранены.
error-bot-text-too-long = Текст длиннее 4096 символов: Telegram такой не примет
error-bot-hours-required = Укажите часы хотя бы для одного дня
error-bot-zone = Выберите часовой пояс
error-bot-day = Напишите часы так: 09:00–18:00
auditor-title = Для аудиторов
auditor-lead = Журнал всех событий читают и проверяют из командной строки:
auditor-tail = показывает события по теме, объекту, автору и времени
auditor-rebuild = строит таблицы из журнала заново
auditor-verify = сверяет таблицы с журналом и называет событие для каждого расхождения
auditor-later = Страницы журнала в браузере ещё не готовы.
notice-role-granted = Роль изменена.
notice-user-disabled = Аккаунт отключён, все входы завершены.
notice-user-enabled = Аккаунт включён.
notice-credited = Баланс пополнен.
notice-credit-pending = Пополнение принято и скоро появится на балансе.
notice-letter-redriven = Сообщение отправлено на повторную обработку.
notice-letter-discarded = Сообщение закрыто.
error-reason = Напишите причину, не длиннее 500 символов
error-credit-too-small = Сумма должна быть больше нуля
error-credit-too-large = Сумма слишком большая
problem-not-a-customer = Только заказчики могут создавать задания
problem-not-an-operator = Эта страница для операторов.
problem-not-an-admin = Эта страница для администраторов.
problem-not-staff = Этот вход только для сотрудников.
problem-cross-origin = Запрос пришёл с другого сайта, поэтому мы его не выполнили.
problem-user-not-found = Пользователь не найден
problem-fields = Проверьте заполнение полей.
problem-oneself = Отключить или понизить самого себя нельзя: попросите другого администратора.
problem-last-admin = Это последний действующий администратор. Сначала назначьте другого.
problem-already-settled = С этим сообщением уже разобрались.
problem-not-redrivable = Это сообщение нельзя обработать ещё раз.
problem-idempotency = Эта форма уже отправлена с другими данными. Откройте страницу заново.
problem-phone-taken = Этот телефон уже зарегистрирован. Войдите с ним.
problem-not-open = Заказ уже не открыт.
problem-insufficient-balance = Недостаточно средств на балансе.
problem-image-not-available = Картинка недоступна. Загрузите её ещё раз.
problem-possible-duplicate = Такой же заказ создан меньше минуты назад.
problem-draft-changed = Черновик изменили в другой вкладке или на другом устройстве.
problem-unsupported-image = Подойдут JPEG, PNG и WebP.
problem-invalid-image = Файл не читается как картинка. Выберите другой.
problem-too-many-pixels = В картинке больше 50 мегапикселей. Уменьшите её.
problem-side-too-long = Картинка слишком длинная. Обрежьте или уменьшите её.
problem-busy = Сейчас загружается слишком много картинок. Повторите через минуту.
problem-too-many-renderings = Слишком много ваших картинок уже в работе. Повторите через несколько секунд.
problem-too-slow = Картинка передавалась слишком долго. Повторите.
problem-method = Эту страницу так открыть нельзя.

## The desk, complete
desk-mine = Мои
desk-unassigned = Ничьи
desk-none-mine = Здесь чатов нет
desk-banned = Человек заблокирован
desk-assignee = Отвечает
desk-notify-on = Уведомлять
desk-notify-off = Не уведомлять
desk-notify-denied = Уведомления запрещены
desk-help = Клавиши
desk-line = Бот «{ $name }»:
desk-line-more = Подробнее
help-send = отправить
help-line = новая строка
help-canned = готовый ответ
help-answer = ответить на последнее сообщение
help-edit = изменить свой последний ответ (в пустом поле)
help-escape = отменить
help-next = следующий чат, предыдущий чат
help-help = эта подсказка
help-close = Закрыть
fact-forward = Переслано от
fact-quote = Цитата:
fact-place = Место:
fact-contact = Контакт:
fact-own-contact = Свой контакт:
fact-poll = Опрос:
fact-closed-poll = Опрос завершён:
fact-option = Вариант:
fact-dice = Выпало:
fact-start = Пришёл по ссылке:
message-by-bot = Написал бот
message-deleted = удалено
message-reactions = Реакции:
message-answer = Ответить
message-edit = Изменить
message-fixed = Из нескольких частей
message-fixed-text = Ответ ушёл несколькими сообщениями, поэтому изменить его нельзя. Его можно удалить и отправить заново.
message-delete = Удалить
message-dismiss = Оставить как есть
message-before = Было:
change-edit-queued = Изменение отправляется
change-edit-failed = Изменить не удалось
change-delete-queued = Удаляется
change-delete-failed = Удалить не удалось
delivery-in = через { $n } с
delivery-reason-bot-blocked = человек заблокировал бота
delivery-reason-chat-not-found = Telegram не находит этот чат
delivery-reason-too-long = слишком длинно для Telegram
delivery-reason-too-large = файл слишком большой для Telegram
delivery-reason-file-missing = файл не найден
delivery-reason-bot-gone = бот, которому писал человек, больше не подключён
delivery-reason-rejected = Telegram не принял
delivery-reason-never-wrote = этому боту человек ещё не писал
delivery-reason-not-editable = Telegram не даёт изменить это сообщение
delivery-reason-empty = в сообщении не осталось текста
delivery-reason-unauthorized = Telegram не принимает токен бота
delivery-reason-banned = человек заблокирован
delivery-reason-timed-out = Telegram не ответил: может быть, сообщение дошло
delivery-reason-interrupted = связь прервалась: может быть, сообщение дошло
delivery-reason-not-sent = сообщение ещё не отправлено
delivery-reason-message-gone = этого сообщения в Telegram больше нет
delivery-reason-too-late = прошло слишком много времени
composer-banned = Человек заблокирован: ему ничего не отправляется.
composer-not-found = Telegram не находит этот чат. Ответить можно будет, когда человек напишет снова.
composer-editing = Изменение ответа
composer-answering = Ответ на:
composer-cancel = Отмена
composer-emoji = Эмодзи
composer-too-many = Не больше 10 файлов за раз.
composer-too-large = Файл больше 50 МБ: Telegram такие не принимает.
composer-markup = **жирный**, _курсив_, `код`, ||скрытый||, [ссылка](https://…). Обратная черта перед знаком оставляет его как есть.
confirm-delete = Удалить это сообщение и у человека?
action-failed = Не получилось. Попробуйте ещё раз.
reply-banned = Человек заблокирован, ответ не принят.
reply-not-changeable = Изменить можно только отправленный ответ из одной части.
reply-invalid = Проверьте текст: он слишком длинный или пустой.
person-work = Работа с чатом
person-notices-on = Получает уведомления о заказах
person-notices-off = Отключил уведомления о заказах
assign-nobody = никто
assign-me = вы
assign-do = Назначить
note-label = Заметка для коллег, человеку не видна
note-new = Заметка для коллег
note-add = Записать
note-remove = Убрать заметку
ban-title = Заблокировать человека
ban-reason = Почему
ban-hint = Его сообщения сохраняются, но никого не зовут, и ему ничего не отправляется.
ban-do = Заблокировать
ban-is = Заблокирован:
ban-end = Разблокировать
canned-title = Готовые ответы
canned-intro = В поле ответа наберите / и начало названия.
canned-new = Новый ответ
canned-change = Изменить ответ
canned-shortcut = Название
canned-shortcut-hint = До 32 букв, цифр, - и _
canned-text = Текст
canned-save = Сохранить
canned-holes = Что подставляется
canned-hole-name = имя и фамилия
canned-hole-first-name = имя
canned-hole-username = имя в Telegram с @
canned-hole-operator = ваше имя
canned-hole-order = название последнего заказа
canned-all = Все ответы
canned-none = Готовых ответов пока нет.
canned-edit = Изменить
canned-remove = Убрать
canned-taken = Такое название уже есть.
canned-wrong-shortcut = Название: до 32 букв, цифр, - и _.
canned-wrong-text = Напишите текст до 4096 знаков.
