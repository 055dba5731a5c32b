//! The simulation as a real client library sees it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use frankenstein::AsyncTelegramApi;
use frankenstein::client_reqwest::Bot;
use frankenstein::input_file::{FileUpload, InputFile};
use frankenstein::methods::{
    EditMessageTextParams, GetFileParams, GetUpdatesParams, SendMessageParams, SendPhotoParams,
};
use frankenstein::types::{ChatType, ReplyParameters};
use frankenstein::updates::UpdateContent;
use telegram_sim::{Config, Sim, User};

const ANNA: i64 = 42;

async fn sim() -> (Sim, Bot) {
    let sim = telegram_sim::start(Config::for_tests()).await.unwrap();
    sim.put_user(&User {
        last_name: Some("Смирнова".into()),
        username: Some("anna".into()),
        ..User::numbered(ANNA)
    });
    let bot = Bot::new_url(format!("{}/bot123456:secret", sim.url()));
    (sim, bot)
}

fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(width, height).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn the_bot_knows_itself() {
    let (_sim, bot) = sim().await;
    let me = bot.get_me().await.unwrap().result;
    assert_eq!(me.id, 123_456);
    assert!(me.is_bot);
    assert_eq!(me.username.as_deref(), Some("vestnik_operator_bot"));
}

#[tokio::test]
async fn a_message_goes_in_and_an_answer_comes_out() {
    let (sim, bot) = sim().await;
    let phone = sim.phone(ANNA);
    let asked = phone.text("/start Здравствуйте!").unwrap();

    let updates = bot.get_updates(&GetUpdatesParams::builder().build()).await.unwrap().result;
    let [update] = updates.as_slice() else {
        panic!("one update, not {updates:?}");
    };
    let UpdateContent::Message(message) = &update.content else {
        panic!("a message, not {update:?}");
    };
    assert_eq!(message.message_id, asked);
    assert_eq!(message.text.as_deref(), Some("/start Здравствуйте!"));
    assert_eq!(message.chat.id, ANNA);
    assert_eq!(message.chat.type_field, ChatType::Private);
    assert_eq!(message.chat.last_name.as_deref(), Some("Смирнова"));
    let from = message.from.as_ref().unwrap();
    assert_eq!(from.language_code.as_deref(), Some("ru"));
    assert_eq!(message.entities.as_ref().unwrap()[0].length, 6);

    let answer = SendMessageParams::builder()
        .chat_id(ANNA)
        .text("Добрый день")
        .reply_parameters(ReplyParameters::builder().message_id(asked).build())
        .build();
    let answer = bot.send_message(&answer).await.unwrap().result;
    assert!(answer.message_id > asked);
    assert_eq!(answer.reply_to_message.unwrap().message_id, asked);
    let seen = phone.from_bot();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].words(), "Добрый день");
    assert_eq!(seen[0].reply_to, Some(asked));

    let edit = EditMessageTextParams::builder()
        .chat_id(ANNA)
        .message_id(answer.message_id)
        .text("Добрый вечер")
        .build();
    bot.edit_message_text(&edit).await.unwrap();
    assert_eq!(phone.from_bot()[0].words(), "Добрый вечер");
}

#[tokio::test]
async fn blocking_edits_and_contacts_arrive_as_their_own_kinds() {
    let (sim, bot) = sim().await;
    let phone = sim.put_user(&User { phone_number: Some("79241242417".into()), ..User::numbered(ANNA) });
    let first = phone.text("один").unwrap();
    phone.edit(first, "два").unwrap();
    phone.contact().unwrap();
    phone.block();
    phone.block();
    phone.unblock();

    let updates = bot.get_updates(&GetUpdatesParams::builder().build()).await.unwrap().result;
    let kinds: Vec<_> = updates
        .iter()
        .map(|update| match &update.content {
            UpdateContent::Message(message) if message.contact.is_some() => "contact",
            UpdateContent::Message(_) => "message",
            UpdateContent::EditedMessage(message) => {
                assert_eq!(message.text.as_deref(), Some("два"));
                assert!(message.edit_date.is_some());
                "edited"
            }
            UpdateContent::MyChatMember(_) => "member",
            _ => "other",
        })
        .collect();
    assert_eq!(kinds, ["message", "edited", "contact", "member", "member"]);
}

#[tokio::test]
async fn a_photo_comes_in_sizes_and_can_be_downloaded() {
    let (sim, bot) = sim().await;
    sim.phone(ANNA).photo(picture(600, 300), "чек").unwrap();
    let updates = bot.get_updates(&GetUpdatesParams::builder().build()).await.unwrap().result;
    let UpdateContent::Message(message) = &updates[0].content else {
        panic!("a message");
    };
    assert_eq!(message.caption.as_deref(), Some("чек"));
    let sizes = message.photo.as_ref().unwrap();
    let widths: Vec<_> = sizes.iter().map(|size| size.width).collect();
    assert_eq!(widths, [90, 320, 600]);

    let largest = GetFileParams::builder().file_id(&sizes[2].file_id).build();
    let file = bot.get_file(&largest).await.unwrap().result;
    let url = format!("{}/file/bot123456:secret/{}", sim.url(), file.file_path.unwrap());
    let bytes = reqwest::get(url).await.unwrap().bytes().await.unwrap();
    assert_eq!(bytes.len() as u64, file.file_size.unwrap());
    let decoded = image::load_from_memory(&bytes).unwrap();
    assert_eq!((decoded.width(), decoded.height()), (600, 300));
}

#[tokio::test]
async fn an_uploaded_photo_can_be_sent_again_by_its_id() {
    let (sim, bot) = sim().await;
    let phone = sim.phone(ANNA);
    phone.text("фото?").unwrap();
    let file = tempfile::Builder::new().suffix(".png").tempfile().unwrap();
    std::fs::write(file.path(), picture(100, 50)).unwrap();

    let upload = SendPhotoParams::builder()
        .chat_id(ANNA)
        .photo(FileUpload::InputFile(InputFile { path: file.path().to_owned() }))
        .caption("вот")
        .build();
    let sent = bot.send_photo(&upload).await.unwrap().result;
    let file_id = sent.photo.unwrap().last().unwrap().file_id.clone();

    let again = SendPhotoParams::builder().chat_id(ANNA).photo(FileUpload::String(file_id.clone())).build();
    let again = bot.send_photo(&again).await.unwrap().result;
    assert_eq!(again.photo.unwrap().last().unwrap().file_id, file_id);
    assert_eq!(phone.from_bot().len(), 2);
    assert!(phone.open(&file_id).is_some());
}

#[tokio::test]
async fn refusals_are_read_as_such() {
    let (sim, bot) = sim().await;
    let hello = SendMessageParams::builder().chat_id(ANNA).text("?").build();
    let Err(frankenstein::Error::Api(refused)) = bot.send_message(&hello).await else {
        panic!("nobody wrote first");
    };
    assert_eq!(refused.description, "Bad Request: chat not found");

    sim.phone(ANNA).text("привет").unwrap();
    sim.add_fault(telegram_sim::Fault::too_many_requests(7).times(1));
    let Err(frankenstein::Error::Api(refused)) = bot.send_message(&hello).await else {
        panic!("too many requests");
    };
    assert_eq!(refused.error_code, 429);
    assert_eq!(refused.parameters.unwrap().retry_after, Some(7));
    bot.send_message(&hello).await.unwrap();
}
