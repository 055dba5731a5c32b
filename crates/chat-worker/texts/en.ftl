# What the bot says by itself.
help = Write your question here and an operator will answer.
    
    /notices — turn order notices on or off
    /help — this help
linked = Done: your account is linked. Notices of your orders will come here; turn them off or on with /notices
link-over = This link was used already or has run out. Open a new one on your account page, or send your phone with the button below.
no-account = Nobody is registered on the site with this phone. If your account has another number, link it from your account page. You can still write your question here.
notices-on = Order notices are on. Turn them off with /notices
notices-off = Order notices are off. Turn them on with /notices
notices-need-account = To get them, link your account: send your phone with the button below.
order-accepted = The order “{ $title }” is accepted. { $amount } is held.
order-rejected = The order “{ $title }” for { $amount } is rejected: { $reason }.
order-expired = The order “{ $title }” has expired. { $amount } is available again.
picture-failed = The order “{ $title }” for { $amount } has no picture with a QR code. { $reason }
reason-insufficient-balance = the balance is too small
reason-not-a-customer = only customers can create orders
reason-image-not-available = the picture is not available
