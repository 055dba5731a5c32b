# Что Telegram предлагает рядом с полем ввода.
command-help = что умеет бот
command-notices = уведомления о заказах
