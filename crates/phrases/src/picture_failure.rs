use crate::Lang;

/// Why a picture could not be rendered, for people: in Russian by the code, in English as the media
/// worker says it.
pub fn words(lang: Lang, code: &str, english: &str) -> String {
    match lang {
        Lang::En => english.to_owned(),
        Lang::Ru => russian(code).to_owned(),
    }
}

const fn russian(code: &str) -> &'static str {
    match code.as_bytes() {
        b"empty" => "Файл пустой. Выберите картинку JPEG, PNG или WebP.",
        b"too_large" => "Файл больше 20 МБ. Сохраните его поменьше или с более низким качеством.",
        b"unsupported_type" => "Это не JPEG, PNG или WebP. Сохраните картинку в одном из этих форматов.",
        b"truncated" => "Файл обрывается раньше, чем картинка. Загрузите его ещё раз.",
        b"corrupt" => "Картинка повреждена. Откройте её в редакторе и сохраните заново.",
        b"zero_size" => "В картинке нет ни одной точки. Выберите другую.",
        b"too_many_pixels" => "В картинке больше 50 мегапикселей. Уменьшите её.",
        b"side_too_long" => "Картинка слишком длинная. Обрежьте или уменьшите её.",
        b"too_small" => "Картинка мала для этой ссылки. Возьмите картинку побольше или ссылку покороче.",
        b"unsupported_encoding" => {
            "Картинка сохранена необычным способом. Сохраните её как обычный JPEG или PNG."
        }
        b"link_empty" => "Нет ссылки для QR-кода. Укажите её.",
        b"link_too_long_for_qr" => "Ссылка слишком длинная для QR-кода. Укажите покороче.",
        b"read_back_failed" => {
            "QR-код не удалось прочитать с картинки. Возьмите картинку побольше, лучшего качества или ссылку \
             покороче."
        }
        b"original_missing" => "Загруженный файл не нашёлся. Загрузите картинку ещё раз.",
        b"too_much_memory" => "Картинка слишком велика для этого сервера. Уменьшите её.",
        b"timed_out" => "Картинка обрабатывалась слишком долго. Возьмите картинку поменьше.",
        _ => "Не получилось обработать картинку. Попробуйте другой файл.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reader_is_told_in_their_language() {
        assert_eq!(words(Lang::En, "zero_size", "The picture is empty."), "The picture is empty.");
        assert!(words(Lang::Ru, "zero_size", "The picture is empty.").starts_with("В картинке нет"));
        assert!(words(Lang::Ru, "a_newer_code", "?").starts_with("Не получилось"));
    }
}
