use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use events::users::{Listener, Role};
use jiff::SignedDuration;
use store::identity;

use super::{Account, CallerCache, cookie};
use crate::{edge::Site, layout::page_of, problem::Problem, texts::Lang};

/// Whoever makes the request, signed in.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) user: Arc<Account>,
    /// The session's hash; `None` for a bearer token.
    pub(crate) session: Option<[u8; 32]>,
    /// The token's hash; `None` for a session.
    pub(crate) token: Option<[u8; 32]>,
}

/// A caller with the role `CUSTOMER`.
#[derive(Debug)]
pub(crate) struct Customer(pub(crate) Caller);

/// A caller who may read and answer chats.
#[derive(Debug)]
pub(crate) struct Staff(pub(crate) Caller);

/// A caller with the role `ADMIN`.
#[derive(Debug)]
pub(crate) struct Admin(pub(crate) Caller);

/// As [`Caller`], for pages: whoever is not signed in is sent to do so and comes back.
#[derive(Debug)]
pub(crate) struct PageUser(pub(crate) Caller);

/// As [`Customer`], for pages.
#[derive(Debug)]
pub(crate) struct PageCustomer(pub(crate) Caller);

/// As [`Staff`], for pages.
#[derive(Debug)]
pub(crate) struct PageStaff(pub(crate) Caller);

/// As [`Admin`], for pages.
#[derive(Debug)]
pub(crate) struct PageAdmin(pub(crate) Caller);

/// A session's use is written down this often, not with every request.
const TOUCH_AFTER: SignedDuration = SignedDuration::from_secs(60);

impl Caller {
    pub(crate) fn id(&self) -> uuid::Uuid {
        self.user.id
    }

    /// Who acts, as events name them.
    pub(crate) fn auth(&self) -> String {
        self.user.id.to_string()
    }

    /// Who is behind the request's token or cookie on this listener.
    pub(crate) async fn find(parts: &Parts, site: &Site) -> Result<Option<Self>, Problem> {
        if let Some(authorization) = parts.headers.get(header::AUTHORIZATION) {
            let token = authorization.to_str().ok().and_then(bearer).unwrap_or_default();
            return Self::by_token(identity::secret_hash(token), site).await;
        }
        match cookie::session(&parts.headers, site) {
            Some(secret) => Self::by_session(identity::secret_hash(secret), site).await,
            None => Ok(None),
        }
    }

    async fn by_token(hash: [u8; 32], site: &Site) -> Result<Option<Self>, Problem> {
        let asked = site.callers.asking();
        let user = match site.callers.get(&hash) {
            Some(user) => user,
            None => match identity::token_owner(&mut *site.conn().await?, &hash).await? {
                Some(user) => {
                    let user = Arc::new(Account { user, lang: None });
                    site.callers.put(hash, Arc::clone(&user), asked);
                    user
                }
                None => return Ok(None),
            },
        };
        // A token is good wherever its owner may go.
        let welcome = site.listener == Listener::Public || user.role.is_staff();
        Ok(welcome.then_some(Self { user, session: None, token: Some(hash) }))
    }

    /// The caller's role now, as the database knows it, whatever is remembered; `None` when the session or
    /// the token is good no more. To be asked is no use of a session and does not put off its end.
    pub(crate) async fn role_now(&self, site: &Site) -> Result<Option<Role>, Problem> {
        let mut conn = site.conn().await?;
        let user = match (self.session, self.token) {
            (Some(hash), _) => identity::session(&mut conn, &hash, site.listener, events::now())
                .await?
                .map(|session| session.user),
            (None, Some(hash)) => identity::token_owner(&mut conn, &hash).await?,
            (None, None) => None,
        };
        Ok(user.map(|user| user.role))
    }

    /// Who was behind this cookie a moment ago, without asking the database.
    pub(crate) fn remembered(headers: &axum::http::HeaderMap, site: &Site) -> Option<Arc<Account>> {
        let hash = identity::secret_hash(cookie::session(headers, site)?);
        site.callers.get(&CallerCache::key(hash, site.listener))
    }

    async fn by_session(hash: [u8; 32], site: &Site) -> Result<Option<Self>, Problem> {
        let key = CallerCache::key(hash, site.listener);
        let asked = site.callers.asking();
        let user = match site.callers.get(&key) {
            Some(user) => user,
            None => {
                let mut conn = site.conn().await?;
                let now = events::now();
                let Some(session) = identity::session(&mut conn, &hash, site.listener, now).await? else {
                    return Ok(None);
                };
                if now.duration_since(session.last_seen_at) > TOUCH_AFTER {
                    identity::touch_session(&mut conn, &hash, now).await?;
                }
                let lang = session.language.as_deref().and_then(Lang::from_tag);
                let user = Arc::new(Account { user: session.user, lang });
                site.callers.put(key, Arc::clone(&user), asked);
                user
            }
        };
        Ok(Some(Self { user, session: Some(hash), token: None }))
    }

    fn customer(self) -> Result<Self, Problem> {
        if self.user.role == Role::Customer { Ok(self) } else { Err(Problem::not_a_customer()) }
    }

    fn admin(self) -> Result<Self, Problem> {
        if self.user.role == Role::Admin { Ok(self) } else { Err(Problem::forbidden("not_an_admin")) }
    }

    fn staff(self) -> Result<Self, Problem> {
        match self.user.role {
            Role::Operator | Role::Admin => Ok(self),
            _ => Err(Problem::forbidden("not_an_operator")),
        }
    }
}

fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl FromRequestParts<Site> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Problem> {
        Self::find(parts, site).await?.ok_or_else(Problem::unauthorized)
    }
}

impl OptionalFromRequestParts<Site> for Caller {
    type Rejection = Infallible;

    /// A page that anybody may see is shown even while nobody can be recognised.
    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Option<Self>, Infallible> {
        Ok(Self::find(parts, site).await.ok().flatten())
    }
}

impl FromRequestParts<Site> for Customer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Problem> {
        caller(parts, site).await?.customer().map(Self)
    }
}

impl FromRequestParts<Site> for Staff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Problem> {
        caller(parts, site).await?.staff().map(Self)
    }
}

impl FromRequestParts<Site> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Problem> {
        caller(parts, site).await?.admin().map(Self)
    }
}

impl FromRequestParts<Site> for PageUser {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        page_caller(parts, site, None).await.map(Self)
    }
}

impl FromRequestParts<Site> for PageCustomer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let caller = page_caller(parts, site, Some("customer")).await?;
        caller.customer().map(Self).map_err(IntoResponse::into_response)
    }
}

impl FromRequestParts<Site> for PageStaff {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let caller = page_caller(parts, site, None).await?;
        caller.staff().map(Self).map_err(IntoResponse::into_response)
    }
}

impl FromRequestParts<Site> for PageAdmin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let caller = page_caller(parts, site, None).await?;
        caller.admin().map(Self).map_err(IntoResponse::into_response)
    }
}

async fn caller(parts: &mut Parts, site: &Site) -> Result<Caller, Problem> {
    <Caller as FromRequestParts<Site>>::from_request_parts(parts, site).await
}

async fn page_caller(parts: &mut Parts, site: &Site, role: Option<&str>) -> Result<Caller, Response> {
    match Caller::find(parts, site).await {
        Ok(Some(caller)) => Ok(caller),
        Ok(None) => Err(to_sign_in(parts, role).into_response()),
        Err(problem) => Err(problem.into_response()),
    }
}

/// To the sign-in page and back.
fn to_sign_in(parts: &Parts, role: Option<&str>) -> Redirect {
    let path = parts.uri.path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str);
    let next = page_of(&parts.method, path);
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(role) = role {
        query.append_pair("role", role);
    }
    query.append_pair("next", next);
    Redirect::to(&format!("/auth/signin?{}", query.finish()))
}
