## Site
site-name = Vestnik
site-description = Advertising tasks: order one, place the code, follow every step.
site-back-office = Back office
skip-to-content = Skip to content
nav-sections = Sections
nav-orders = My orders
nav-create-order = Create order
nav-money = Money
switch-language = Русский
theme-auto = Colours: as in the system
theme-light = Colours: light
theme-dark = Colours: dark
sign-in = Sign in
sign-up = Sign up
sign-out = Sign out

role-customer = Customer
role-customer-hint = I order advertising
role-executor = Executor
role-executor-hint = I fulfil tasks
role-operator = Operator
role-admin = Administrator
role-auditor = Auditor

## Time
time-now = just now
time-today = Today
time-yesterday = Yesterday
time-minutes-ago = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
} ago
time-hours-ago = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
} ago
time-days-ago = { $n ->
    [one] { $n } day
   *[other] { $n } days
} ago
time-months-ago = { $n ->
    [one] { $n } month
   *[other] { $n } months
} ago
time-years-ago = { $n ->
    [one] { $n } year
   *[other] { $n } years
} ago
time-in-minutes = in { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
time-in-hours = in { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
time-in-days = in { $n ->
    [one] { $n } day
   *[other] { $n } days
}
time-in-months = in { $n ->
    [one] { $n } month
   *[other] { $n } months
}
time-in-years = in { $n ->
    [one] { $n } year
   *[other] { $n } years
}
time-short-minutes = { $n } min
time-short-hours = { $n } h
time-short-days = { $n } d
time-month = { $n ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}

## Landing
landing-title = Advertising tasks
landing-heading = Advertising tasks with every step in sight
landing-lead = Describe the task, give a link and a budget. We put a QR code on your picture, reserve the sum and show you everything that happens to the order.
landing-continue = Go to my orders
landing-sign-up = Create a customer account
landing-executor = Fulfilling tasks?
landing-executor-link = Sign up as an executor
landing-sample-title = Coffee shop opening on Pokrovka
landing-sample-deadline = in 3 days
landing-how = How it works
landing-step-1 = Describe the task
landing-step-1-text = Platforms, place, deadline and sum. The draft saves itself while you write.
landing-step-2 = Add a picture
landing-step-2-text = The QR code of your link appears on it. We read every code back before we show it to you.
landing-step-3 = Your money is safe
landing-step-3-text = It is reserved when the order is accepted and comes back if the order is cancelled or expires.
landing-step-4 = Follow it
landing-step-4-text = The state changes before your eyes, and the order's history keeps every event.

## Executor
executor-title = Executor's page
executor-lead = You are signed up. You cannot take tasks here yet: this part is not ready.
executor-can = What works already
executor-can-1 = Signing in with your phone, and signing out on any device.
executor-can-2 = Choosing the language and the colours.
executor-cannot = What is not there yet
executor-cannot-1 = A list of tasks and a way to take them.
executor-cannot-2 = Payouts. Only customers can create orders.

## Errors
error-home = Go to the start page
error-request-id = Number for support:
error-400-title = That did not work
error-400-text = We could not make sense of the request. Go back and try again.
error-401-title = Please sign in
error-401-text = This page is for people who are signed in.
error-403-title = No access
error-403-text = This page is not for your role.
error-404-title = There is no such page
error-404-text = The link may be old or mistyped.
error-413-title = The file is too large
error-413-text = Choose a smaller file and try again.
error-429-title = Too many requests
error-429-text = Wait a minute and try again.
error-500-title = Something broke on our side
error-500-text = We have recorded what happened. Please try again a little later.
error-503-title = Not right now
error-503-text = The service is briefly unavailable. Try again in a minute.

## Signing in and up
signin-title = Sign in
signin-title-staff = Staff sign-in
signin-no-account = No account yet?
signin-staff-hint = Access is granted by an administrator.
signin-bad-credentials = Wrong phone or password
signin-too-many = Too many attempts. Wait a few minutes and try again.
signin-required = Sign in to continue.
signin-not-staff = This sign-in is for staff only.
signup-title = Sign up
signup-have-account = Already have an account?
field-phone = Phone
field-phone-hint = You will sign in with it.
field-password = Password
field-password-hint = At least 8 characters.
field-name = Name
field-name-hint = What we should call you.
field-role = Who you are

## Forms
form-optional = optional
form-errors-title = Check the form
error-title-required = Enter a title
error-title-too-long = Shorten the title to 200 characters
error-description-required = Describe the task
error-description-too-long = Shorten the description to 5,000 characters
error-target-url-required = Enter the target link
error-target-url-invalid = The link must start with https:// or http://
error-target-url-too-long = The link is longer than 2,048 characters, shorten it
error-total-amount-required = Enter the amount
error-total-amount-invalid = Write the amount in digits, for example 1500 or 1500.50
error-total-amount-too-small = The amount must be at least 100 ₽
error-total-amount-too-large = The amount must be at most 100,000,000 ₽
error-country-required = Choose a country
error-place-too-long = Shorten to 100 characters
error-deadline-required = Enter a date and time
error-deadline-in-past = The deadline has passed, choose a time in the future
error-deadline-too-far = The deadline must be within five years
error-platforms-required = Choose at least one platform
error-platforms-repeated = One platform is chosen twice
error-picture-too-large = The picture is over 20 MB or 50 megapixels, choose a smaller one
error-picture-unsupported = Use JPEG, PNG or WebP
error-picture-invalid = The file cannot be read as a picture, choose another one
error-picture-not-available = The picture is not available: upload it again
error-track-link-invalid = Tick or untick the box again
error-phone-required = Enter your phone
error-phone-invalid = Check the number: for example, +7 924 124-24-17
error-phone-taken = This phone is already registered. Sign in with it.
error-name-required = Enter your name
error-name-too-long = Shorten the name to 100 characters
error-password-too-short = Choose a password of at least 8 characters
error-password-too-long = The password is too long
error-role-required = Choose who you are

## Orders
orders-title = My orders
orders-filter = Show orders
orders-search = Title, link or number
orders-all = All
filter-pending = Checking
filter-open = Open
filter-rejected = Rejected
filter-cancelled = Cancelled
filter-expired = Expired
orders-more = Show earlier ones
orders-none = No orders yet
orders-none-text = Create the first one: the draft saves itself, and the sum is held only once the order has been checked.
orders-none-filtered = No such orders
orders-none-filtered-text = Nothing is in this state now.
orders-show-all = Show all
create-order-button = Create order
balance-available = Available
balance-held = Held
status-pending = checking
status-open = open
status-rejected = rejected
status-cancelled = cancelled
status-expired = expired
platform-instagram = Instagram
platform-telegram = Telegram
platform-vk = VK
platform-youtube = YouTube
platform-tiktok = TikTok
platform-other = Other
order-changed = changed just now
order-changed-announce = “{ $name }”: { $status }
order-now = The order is now { $status }
money-title = Money
money-explained = Each line shows what changed and what came of it. Add the changes up from the bottom, and you get your balance.
money-number = No.
money-what = What
money-credit = Added
money-hold = Held for an order
money-release = Given back from hold
money-more = Show earlier ones
money-none = No money has moved yet
money-none-text = What is added, held for orders and given back will be listed here.
money-changed = The balance has changed
live-lost = No connection, updates are paused. Reconnecting…
order-deadline = Deadline
order-amount = Amount
order-short-link = Short link
order-place = Place
order-number = Order number
order-facts = About the order
order-rejected = The order was rejected:
refused-title = No order was created
refused-invalid = Not everything is filled in correctly:
refused-user-not-found = Your account was not found.
refused-idempotency-mismatch = An order with other content was made from this form already.
refused-possible-duplicate = The same order was created less than a minute ago.
refused-money = No money was taken or held.
refused-back = Back to the form
order-cancel = Cancel order
order-cancel-question = The order will be cancelled and { $amount } become available again. A cancelled order cannot be brought back.
order-cancel-yes = Yes, cancel the order
order-picture = Picture with QR code
order-picture-alt = Picture with the QR code of the target link
order-qr = QR code
order-qr-alt = The QR code of this order’s link
order-no-picture = This order has no picture.
picture-rendering = Putting the QR code on the picture. It will appear here by itself.
note-first-frame = The picture was animated: its first frame was taken.
note-scaled-up = The picture was small for a QR code: it was scaled up.
note-converted-from-cmyk = The picture was in CMYK: its colours were converted to RGB and may differ a little.
note-reduced-to-8-bits = The picture had 16 bits per colour: 8 are left, as usual.
qr-png = QR code, PNG
qr-svg = QR code, SVG
timeline-title = History
timeline-requested = order sent for checking
timeline-accepted = order accepted, { $amount } held
timeline-rejected = order rejected: { $reason }
timeline-cancel-requested = you asked to cancel the order
timeline-cancelled = order cancelled, { $amount } released
timeline-cancel-refused = could not be cancelled: { $reason }
timeline-expired = expired, { $amount } released
timeline-held = { $amount } held
timeline-released = { $amount } released
timeline-image-uploaded = picture uploaded
timeline-image-rendered = QR code put on the picture and checked
timeline-image-failed = the QR code could not be put on the picture: { $reason }
timeline-other = event { $type }

scans-title = Scans of the code
scans-none = Nobody has scanned it yet
scans-none-hint = When somebody opens the link on the QR code, a chart will appear here.
scans-total = In all
scans-today = Today
scans-phones = Phones
scans-tablets = Tablets
scans-computers = Computers
scans-others = Other devices
scans-by-hour = Scans by hour
scans-by-day = Scans by day
scans-by-days = Scans by periods of { $n ->
    [one] { $n } day
   *[other] { $n } days
}
scans-most = Most, { $n }: { $time }
scans-highest = Highest bar: { $n }
scans-numbers = In numbers
scans-when = When
scans-number = Scans
scans-bots = Previews by messengers and robots, not counted: { $n }

link-over-title = This link leads nowhere any more
link-over-text = You have done everything right. The task that this QR code was made for has ended.
link-over-hint = If somebody has shown you the code just now, tell them, and ask for a new one.

reason-insufficient-balance = not enough money on the balance
reason-not-a-customer = only customers can create orders
reason-image-not-available = the picture is not available
reason-cancelled = the order is cancelled already
reason-expired = the order has expired
reason-rejected = the order was rejected
reason-not-open = the order is not open

notice-order-created = Order created!
notice-order-checking = The order is taken and being checked. The result will appear here by itself.
notice-order-cancelled = Order cancelled, the money is available again.
notice-order-not-open = It cannot be cancelled: the order is not open any more.
notice-order-cancelling = The cancellation is sent. The result will appear here by itself.
notice-draft-cleared = Draft deleted.
notice-draft-saved = The draft is saved.
notice-signed-out = You are signed out.

## New order
create-order-title = New order
create-order-submit = Create order
group-what = What
group-link = Where it leads
group-where = Where
group-when = When and how much
field-title = Title
field-description = Description
field-description-hint = What to do and what counts as done.
field-platforms = Platforms
field-target-url = Target link
field-target-url-hint = Whoever scans the QR code opens it.
field-track-link = Count visits
field-track-link-hint = The QR code will carry a short link of our site: it leads to the target link and shows how many people came.
field-picture = Picture
field-picture-hint = JPEG, PNG or WebP up to 20 MB and 50 megapixels.
field-corner = Place of the QR code
corner-lower-right = lower right
corner-lower-left = lower left
corner-upper-right = upper right
corner-upper-left = upper left
field-code-size = Size of the QR code
code-size-normal = normal
code-size-large = large
code-size-largest = largest
field-country = Country
field-region = Region
field-city = City
field-deadline = Deadline
field-deadline-hint = The order is open until then.
field-time-zone = Time zone
field-total-amount = Amount
field-total-amount-hint = At least 100 ₽.
summary-title = Summary
summary-amount = Order amount
summary-after = Will remain
summary-short = { $amount } short. Lower the amount or top up the balance.
summary-missing = Still to fill in:
preview-none = The picture with the QR code will appear here.
progress-label = Picture processing
picture-remove = Remove picture
picture-retry = Try again
stage-uploading = Uploading: { $percent } %
stage-uploaded = Uploaded, checking the file…
stage-fetching = The picture waits for its turn…
stage-decoding = Reading the picture…
stage-rendering = Putting the QR code on…
stage-reading-back = Reading the code back from the result…
stage-storing = Saving…
stage-still-rendering = It is a large picture, a few more seconds…
stage-ready = Done: the QR code reads.
stage-needs-link = Uploaded. Enter the target link and we will add the QR code.
stage-failed = The picture could not be processed. Try another file.
stage-too-large = The picture is over 20 MB. Choose a smaller one.
stage-wrong-type = Only JPEG, PNG and WebP will do.
stage-offline = The connection broke. We go on when it is back.
draft-saved = Draft saved { $time }
draft-restored = Draft restored: { $time }
draft-not-saved = Draft not saved: no connection. We will try again.
draft-changed = This draft was changed in another tab or on another device. It is not saved here any more until you choose which one to keep.
draft-gone = The draft was removed, or an order was made from it in another tab. It is not saved here any more until you choose.
draft-take-other = Take what is saved there
draft-keep-mine = Keep what is here
draft-save = Save the draft
draft-clear = Clear draft
draft-clear-question = Delete the draft and clear the form?
duplicate-title = You have just created the same order
duplicate-text = It matches an order created less than a minute ago. Create another one?
duplicate-link = See the created one
duplicate-confirm = Yes, create another
duplicate-back = Do not create
used-draft-title = An order was made from this draft already
used-draft-text = In another tab, perhaps. The form has changed since. Create another order from it?
used-draft-again = An order was made from this form already, and the form has changed since. Press again to create another order from it.
submit-sending = Sending the order…
submit-still-sending = Checking the order, this takes longer than usual…
submit-picture-first = The picture is still being processed. We will send the order when it is ready.
submit-offline = No connection to the server. Press again when it is back: there will be no second order.
submit-failed = The server did not answer properly. Press again: there will be no second order.
submit-balance = Not enough money: { $amount } short.
submit-signed-out = Your session has ended. Sign in in another tab and press again: everything you typed is still here.

## Chats
desk-title = Operator chats
desk-list = Chats
desk-search = Name or @username
desk-search-clear = Clear search
desk-filter = Which chats to show
desk-open = Open
desk-closed = Closed
desk-more = Show earlier ones
desk-none-open = No open chats
desk-none-open-text = A new message will appear here by itself.
desk-none-closed = No closed chats
desk-none-found = Nobody found
desk-conversation = Conversation
desk-messages = Messages
desk-choose = Choose a chat on the left
desk-choose-text = The conversation and the person will open here.
desk-you = You:
desk-trouble = Reply not delivered
desk-blocked = Bot blocked
desk-waiting = Waits for an answer
desk-unread = unread
desk-back = Back to the chats
desk-back-to-chat = Back to the conversation
desk-person = About the person
desk-new-below = New messages
desk-no-messages = No messages yet.
desk-older-none = Scroll up for earlier ones
desk-older-loading = Loading earlier ones…
desk-older-failed = Earlier ones did not load. Scroll again.
desk-typing = { $name } is typing…
desk-announce = New message: { $name }
chat-open = open
chat-closed = closed
chat-close = Close chat
chat-reopen = Reopen
kind-text = Message
kind-photo = Photo
kind-video = Video
kind-voice = Voice message
kind-audio = Audio
kind-video-note = Video message
kind-document = Document
kind-sticker = Sticker
kind-animation = Animation
kind-location = Location
kind-contact = Contact
kind-poll = Poll
kind-dice = Dice
kind-unsupported = This kind of message is not supported yet
delivery-queued = queued
delivery-sending = sending
delivery-sent = sent
delivery-failed = failed
delivery-unknown = unknown
delivery-next = Next attempt at
message-edited = edited
message-retry = Send again
attachment-file = File
attachment-pending = Being fetched from Telegram
attachment-too-large = Over 20 MB: Telegram does not give such files to bots
attachment-failed = The file could not be fetched
unit-b = B
unit-kb = KB
unit-mb = MB
composer-label = Write a reply
composer-send = Send
composer-attach = Attach a file
composer-hint = Enter sends, Shift+Enter starts a new line
composer-blocked = The person has blocked the bot. You can reply once they unblock it.
composer-too-long = { $n } of { $limit }: too long, split it
composer-failed = The reply was not taken. It is still in the field, try again.
composer-offline = No connection. The reply is still here and can be sent again: it will not go out twice.
reply-newer-exists = A colleague answered while you were writing. Read their reply and send yours if it is still needed.
reply-bot-blocked = The person has blocked the bot, the reply was not taken.
reply-empty = Write a text or attach a file.
reply-too-large = The file is too large: up to 50 MB, pictures up to 10 MB.
person-telegram-id = Telegram ID
person-language = Language
person-known-since = First wrote
person-bot = Bot
person-blocked = blocked
person-not-blocked = not blocked
person-unverified = unverified
person-account = Customer account
person-no-account = Not linked: the person has not shared a phone with the bot yet.
person-orders = Latest orders
person-no-orders = No orders.

## Account
account-title = My account
account-who = Who you are
account-role = Role
account-language-hint = The language is kept with the account, the colours in this browser.
account-password = Password
account-current-password = Current password
account-new-password = New password
account-password-ends = Changing the password signs you out everywhere else.
account-change-password = Change password
account-sessions = Where you are signed in
account-device-unknown = Unknown device
account-last-seen = last used
account-signed-in = signed in
account-this-session = this session
account-end-session = Sign out
account-end-others = Sign out everywhere else
telegram-title = Telegram
telegram-lead = Link your Telegram: the bot will send you notices of your orders, and an operator sees at once who is writing.
telegram-link = Link Telegram
telegram-link-anew = Get a new link
telegram-unlink = Unlink
telegram-no-bot = No bot is connected yet. Try again later.
telegram-open = Open the bot
telegram-code = QR code with the link to the bot
telegram-code-hint = Point the camera of the phone that has your Telegram at it and press Start.
telegram-write-to = Open the bot
telegram-command = Or send the bot this command:
telegram-once = For you alone: it works once, until
notice-telegram-unlinked = Telegram is unlinked.
notice-password-changed = The password is changed, and you are signed out everywhere else.
notice-session-ended = That session is over.
notice-sessions-ended = You are signed out everywhere else.
error-password-too-common = This password is guessed first: it is well known, or has your phone or name in it. Think of another one
error-current-password = Enter your current password
problem-account-disabled = An administrator has disabled this account.

## Administration
nav-chats = Chats
find = Find
show-all = Show all
reason = Reason
users-title = Users
users-search = Name, phone or account number
users-any-role = Any role
users-none = Nobody was found
users-since = joined
user-who = Account
user-since = Signed up
user-id = Account number
user-disabled = disabled
user-disabled-since = Disabled
user-access = Access
user-oneself = This is you. Another administrator changes your role and access.
user-set-role = Change role
user-disable = Disable
user-disable-text = All sessions end at once, tokens stop working, and signing in is not possible.
user-disable-yes = Disable the account
user-enable = Enable the account
user-money = Money
user-no-orders = No orders.
user-all-orders = All orders
credit-amount = Amount, ₽
credit-button = Add money
ledger-none = Nothing has moved yet.
ledger-credit = Credit
ledger-hold = Held
ledger-release = Released
orders-title-all = Orders
admin-orders-search = Title, link, phone, name or number
orders-status = State
orders-none-found = No orders were found
order-original = Original picture
order-failed-picture = The file whose code could not be read
letters-title = Dead letters
letters-lead = Messages that a consumer gave up. They can be tried again or discarded with a reason; the log keeps either.
letters-filter = Which to show
letters-waiting = Waiting
letters-settled = Settled
letters-none = Nothing waits for a decision
letters-none-settled = Nothing is settled yet
letter-waiting = waiting
letter-redriven = tried again
letter-discarded = discarded
letter-why = Why it was given up:
letter-facts = Message
letter-consumer = Consumer
letter-subject = Subject in the log
letter-sequence = Number in the log
letter-attempts = Attempts
letter-at = When
letter-do = What to do
letter-was-redriven = Sent to be tried again
letter-was-discarded = Discarded
letter-redrive = Try again
letter-redrive-text = The consumer gets the message as if it came now. If it fails again, it comes back here.
letter-not-redrivable = It cannot be tried again: only the reason was kept here.
letter-discard = Discard
letter-message = Contents
letter-hidden = Personal data is hidden.
letter-no-body = The contents cannot be shown: their kind is not known, or the log alone has them.
bots-title = Bots
bots-none = There are no bots yet
bots-none-text = A bot appears here by itself when the bridge to Telegram is started with its token.
bot-line = Line to Telegram
bot-never = not connected yet
bot-ok = connected
bot-starting = connecting
bot-unauthorized = Telegram does not take the token: it was revoked or mistyped
bot-conflict = somebody else takes this bot's messages
bot-unreachable = Telegram does not answer
bot-refused = Telegram refuses
bot-log-unavailable = messages come, but the log does not take them
bot-webhook-failing = Telegram cannot deliver messages to the webhook
bot-stopped = the bridge is stopped
bot-silent = the bridge has not answered since { $time }
bot-other = unknown state: { $status }
bot-behind = No messages have come since { $time }. Telegram keeps them for { $n ->
    [one] { $n } more hour
   *[other] { $n } more hours
 }.
bot-behind-too-long = No messages have come since { $time }. Telegram keeps them for a day: older ones are lost.
bot-mode = How messages come
bot-polling = the bridge fetches them
bot-webhook = Telegram sends them to the webhook
bot-last-update = Last message
bot-last-poll = Last answer of Telegram
bot-pending = Waiting at Telegram
bot-last-error = Last error
bot-greets = It greets who is new.
bot-greets-not = It does not greet who is new.
bot-tells-hours = It says when no operator is there.
bot-tells-hours-not = It does not say when no operator is there.
bot-settings = Settings
bot-welcome = Welcome
bot-welcome-hint = The first words to whoever writes for the first time. Without a text the bot is silent.
bot-hours = Working hours
bot-always = Operators are always there
bot-by-hours = By a schedule
bot-days-hint = For example: 09:00–13:00, 14:00–18:00. An empty line is a free day.
bot-away = Answer outside the working hours
bot-away-hint = Everybody who writes while no operator is there gets it, once each time.
bot-save = Save
day-1 = Monday
day-2 = Tuesday
day-3 = Wednesday
day-4 = Thursday
day-5 = Friday
day-6 = Saturday
day-7 = Sunday
notice-bot-saved = The bot's settings are saved.
error-bot-text-too-long = The text is longer than 4096 characters: Telegram does not take it
error-bot-hours-required = Give the hours of one day at least
error-bot-zone = Choose a time zone
error-bot-day = Write the hours like this: 09:00–18:00
auditor-title = For auditors
auditor-lead = The log of all events is read and verified from the command line:
auditor-tail = shows events by subject, entity, actor and time
auditor-rebuild = builds the tables anew from the log
auditor-verify = compares the tables with the log and names the event behind each difference
auditor-later = The log's pages in the browser are not ready yet.
notice-role-granted = The role is changed.
notice-user-disabled = The account is disabled, and all its sessions are over.
notice-user-enabled = The account is enabled.
notice-credited = The money is added.
notice-credit-pending = The credit is accepted and will be on the balance soon.
notice-letter-redriven = The message will be tried again.
notice-letter-discarded = The message is discarded.
error-reason = Write a reason of at most 500 characters
error-credit-too-small = The amount must be above zero
error-credit-too-large = The amount is too large
problem-not-a-customer = Only customers can create orders
problem-not-an-operator = This page is for operators.
problem-not-an-admin = This page is for administrators.
problem-not-staff = Only staff can sign in here.
problem-cross-origin = The request came from another site, so we did not carry it out.
problem-user-not-found = There is no such user
problem-fields = Check what you have filled in.
problem-oneself = You cannot disable or demote yourself: ask another administrator.
problem-last-admin = This is the last administrator who can sign in. Appoint another one first.
problem-already-settled = This message is settled already.
problem-not-redrivable = This message cannot be tried again.
problem-idempotency = This form was sent before with other values. Open the page again.
problem-phone-taken = This phone is registered already. Sign in with it.
problem-not-open = The order is not open any more.
problem-insufficient-balance = The balance does not cover the amount.
problem-image-not-available = The picture is not available. Upload it again.
problem-possible-duplicate = The same order was created less than a minute ago.
problem-draft-changed = The draft was changed in another tab or on another device.
problem-unsupported-image = It must be a JPEG, PNG or WebP picture.
problem-invalid-image = The file cannot be read as a picture. Choose another one.
problem-too-many-pixels = The picture has more than 50 megapixels. Scale it down.
problem-side-too-long = The picture is too long. Crop it or scale it down.
problem-busy = Too many pictures are being uploaded right now. Try again in a minute.
problem-too-many-renderings = Too many of your pictures are being worked on. Try again in a few seconds.
problem-too-slow = The picture took too long to arrive. Try again.
problem-method = This page cannot be opened this way.
