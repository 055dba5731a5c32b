use axum::http::StatusCode;
use events::orders::InvalidField;

use super::{FieldProblem, Problem};
use crate::{pages, texts, texts::Lang};

/// The problems that more than one handler has, with the words of the contract.
impl Problem {
    /// 400 when something is missing, else 422; with one entry per field.
    pub(crate) fn fields(errors: Vec<FieldProblem>) -> Self {
        let missing = errors.iter().any(|error| error.code == "required");
        let problem = if missing {
            Self::new(StatusCode::BAD_REQUEST, "missing_fields", "Не все поля заполнены")
        } else {
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields", "Проверьте заполнение полей")
        };
        Self { errors, ..problem }
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", "Не удалось разобрать запрос").detail(detail)
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "Требуется авторизация")
            .header(axum::http::header::WWW_AUTHENTICATE, axum::http::HeaderValue::from_static("Bearer"))
    }

    pub(crate) fn not_a_customer() -> Self {
        Self::new(StatusCode::FORBIDDEN, "not_a_customer", "Создавать заказы могут только заказчики")
    }

    pub(crate) fn forbidden(code: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, "Недостаточно прав")
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Не найдено")
    }

    pub(crate) fn user_not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "user_not_found", "Пользователь не найден")
    }

    pub(crate) fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "Слишком большой объём данных").detail(detail)
    }

    pub(crate) fn too_many_requests(seconds: u64) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            "Слишком много запросов, попробуйте позже",
        )
        .header(axum::http::header::RETRY_AFTER, seconds.into())
    }

    /// As [`Self::too_many_requests`], in whole seconds: after them the wait is surely over.
    pub(crate) fn wait(wait: std::time::Duration) -> Self {
        Self::too_many_requests(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
    }

    /// What the framework itself has refused, such as a path parameter that is no UUID.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => {
                Self::new(status, "method_not_allowed", "Метод не поддерживается")
            }
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large("the body is too large"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Self::new(status, "unsupported_media_type", "Тип данных не поддерживается")
            }
            status if status.is_server_error() => Self::new(status, "internal", "Внутренняя ошибка сервера"),
            status => Self::new(status, "bad_request", "Не удалось разобрать запрос"),
        }
    }
}

impl FieldProblem {
    pub(crate) fn new(field: &str, code: &str) -> Self {
        let name = field.rsplit('.').next().unwrap_or(field);
        let message = pages::field_word(name, code).map_or_else(
            || {
                if code == "required" {
                    "Заполните поле"
                } else {
                    "Проверьте значение"
                }
                .to_owned()
            },
            |key| texts::get(Lang::Ru, key),
        );
        Self { field: field.to_owned(), code: code.to_owned(), message }
    }
}

impl From<InvalidField> for FieldProblem {
    fn from(invalid: InvalidField) -> Self {
        Self::new(&invalid.field, &invalid.code)
    }
}
