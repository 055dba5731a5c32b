# What Telegram offers beside the text field.
command-help = what this bot can do
command-notices = order notices
