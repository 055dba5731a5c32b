use axum::{
    Json,
    extract::Query,
    http::{HeaderName, HeaderValue, header},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::texts::{Lang, geo};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// A region of Russia: its name in Russian or English, or its ISO 3166-2 code
    #[serde(default)]
    region: String,
    /// `ru` when missing, or `en`
    lang: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CitiesBody {
    /// By population; of an unknown region the capitals of all.
    cities: Vec<&'static str>,
}

/// Larger cities of a region, to suggest
#[utoipa::path(
    get, path = "/api/places/cities", tag = "orders", params(Asked),
    responses((status = 200, description = "Names to choose from; any other can be given", body = CitiesBody))
)]
pub(crate) async fn list_cities(
    Query(asked): Query<Asked>,
) -> ([(HeaderName, HeaderValue); 1], Json<CitiesBody>) {
    let lang = asked.lang.as_deref().and_then(Lang::from_tag).unwrap_or_default();
    let kept = (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    ([kept], Json(CitiesBody { cities: geo::cities(lang, &asked.region) }))
}
