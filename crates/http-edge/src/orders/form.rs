//! The create-order page, and its form for browsers without script.

use axum::{
    extract::{FromRequest, Multipart, Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use events::images::{CodeSize, Corner, Placement};
use jiff::Timestamp;
use store::{
    accounts,
    identity::drafts::{self, Replaces},
    orders,
};
use uuid::Uuid;

use super::{
    create::{self, Created, Wish},
    draft,
    input::{OrderInput, PlaceInput},
    short_link,
};
use crate::{
    auth::{Caller, PageCustomer},
    edge::Site,
    extract::{Field, NumberText, is_storable},
    images,
    layout::{self, Frame},
    pages::{BalanceView, CreateOrderPage, FieldError, OrderForm, PossibleDuplicate},
    problem::{FieldProblem, Problem},
    trace::Trace,
};

/// What the form has sent.
#[derive(Debug, Default)]
struct Sent {
    form: OrderForm,
    picture: Option<images::upload::Upload>,
    /// What is wrong with the picture.
    picture_fault: Option<FieldProblem>,
    confirm_duplicate: bool,
    /// When the draft that the form was made from was saved.
    draft_saved_at: Option<Timestamp>,
    action: Action,
}

/// Which button was pressed.
#[derive(Debug, Default, PartialEq, Eq)]
enum Action {
    #[default]
    Create,
    /// Keeps what is typed; script does so by itself.
    Save,
    /// Removes what is kept.
    Clear,
}

/// `/dashboard/customer/create-order`
pub(crate) async fn create_order_page(
    State(site): State<Site>,
    PageCustomer(caller): PageCustomer,
    frame: Frame,
) -> Result<Response, Problem> {
    let draft = drafts::get(&mut *site.conn().await?, caller.id()).await?;
    let (mut form, saved_at) = match draft {
        // A draft of an older form may lack fields; one that is no form at all is not shown.
        Some((draft, at)) => (serde_json::from_value::<OrderForm>(draft).unwrap_or_default(), Some(at)),
        None => (OrderForm::default(), None),
    };
    if !form.order_id.is_empty() {
        let order = short_link::order_of_key(caller.id(), &form.order_id);
        if orders::by_id(&mut *site.conn().await?, caller.id(), order).await?.is_some() {
            // Decided meanwhile: what comes next is another order.
            form.order_id.clear();
        }
    }
    let page = page(&site, &caller, frame, form, saved_at).await?;
    layout::html(&page)
}

/// `POST /dashboard/customer/create-order`
pub(crate) async fn create_order_form(
    State(site): State<Site>,
    PageCustomer(caller): PageCustomer,
    frame: Frame,
    trace: Trace,
    request: Request,
) -> Result<Response, Problem> {
    let mut sent = tokio::time::timeout(site.upload_time, Sent::read(&site, caller.id(), request))
        .await
        .map_err(|_| images::upload::too_slow())??;
    if sent.action == Action::Clear {
        drafts::remove(&mut *site.conn().await?, caller.id()).await?;
        return Ok(Redirect::to("/dashboard/customer/create-order?notice=draft-cleared").into_response());
    }
    if let Some(picture) = sent.picture.take() {
        match keep_picture(&site, &caller, picture, &sent.form, &trace).await {
            Ok(id) => sent.form.image_id = id.to_string(),
            Err(problem) if problem.status.is_client_error() => {
                sent.picture_fault = Some(fault(&problem));
            }
            Err(problem) => return Err(problem),
        }
    }
    if sent.action == Action::Save && sent.picture_fault.is_none() {
        let draft = serde_json::to_value(&sent.form)?;
        draft::check(&draft)?;
        let mut conn = site.conn().await?;
        let replaces = sent.draft_saved_at.map_or(Replaces::Nothing, Replaces::SavedAt);
        if drafts::put(&mut conn, caller.id(), &draft, replaces, events::now()).await? {
            return Ok(Redirect::to("/dashboard/customer/create-order?notice=draft-saved").into_response());
        }
        // Seen and pressed again, it takes the place of the other one.
        sent.draft_saved_at = drafts::get(&mut conn, caller.id()).await?.map(|(_, at)| at);
        drop(conn);
        return again(&site, &caller, frame, sent, draft::changed()).await;
    }
    let outcome = match sent.picture_fault.take() {
        Some(fault) => Err(Problem::fields(vec![fault])),
        None => create::create(&site, &caller, sent.wish(trace)).await,
    };
    match outcome {
        Ok(Created::Order(_)) => Ok(Redirect::to("/dashboard/customer?notice=order-created").into_response()),
        Ok(Created::Pending(id)) => {
            let page = format!("/dashboard/customer/orders/{id}?notice=order-checking");
            Ok(Redirect::to(&page).into_response())
        }
        Err(problem) if problem.status.is_client_error() => again(&site, &caller, frame, sent, problem).await,
        Err(problem) => Err(problem),
    }
}

/// The form as it was typed, with what is wrong.
async fn again(
    site: &Site,
    caller: &Caller,
    frame: Frame,
    mut sent: Sent,
    problem: Problem,
) -> Result<Response, Problem> {
    let existing = problem.more.get("existingOrderId").and_then(|id| id.as_str());
    let possible_duplicate = existing
        .filter(|_| problem.code == "possible_duplicate")
        .map(|id| PossibleDuplicate { order_id: id.to_owned() });
    if possible_duplicate.is_none() {
        // What comes next is another order, unless it is the answer to a question about this one.
        sent.form.order_id = Uuid::now_v7().to_string();
    }
    let mut page = page(site, caller, frame, sent.form, sent.draft_saved_at).await?;
    page.problem = (problem.errors.is_empty() && possible_duplicate.is_none()).then(|| {
        match problem.code {
            // With the new id the answer to the question is the next press.
            "idempotency_mismatch" => page.layout.t("used-draft-again"),
            _ => problem.text(page.layout.lang),
        }
    });
    page.errors = problem.errors.into_iter().map(FieldError::from).collect();
    page.possible_duplicate = possible_duplicate;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, layout::html(&page)?).into_response())
}

async fn page(
    site: &Site,
    caller: &Caller,
    frame: Frame,
    mut form: OrderForm,
    draft_saved_at: Option<Timestamp>,
) -> Result<CreateOrderPage, Problem> {
    if form.order_id.parse::<Uuid>().is_err() {
        form.order_id = Uuid::now_v7().to_string();
    }
    let balance = accounts::balance(&mut *site.conn().await?, caller.id()).await?;
    Ok(CreateOrderPage {
        layout: frame.of(Some(&caller.user), site.tail.position()),
        form,
        errors: Vec::new(),
        problem: None,
        shortfall: None,
        possible_duplicate: None,
        balance: BalanceView { available: balance.available, held: balance.held },
        draft_saved_at,
    })
}

/// Only the bytes: the code is put on when it is known which order's it is.
async fn keep_picture(
    site: &Site,
    caller: &Caller,
    picture: images::upload::Upload,
    form: &OrderForm,
    trace: &Trace,
) -> Result<Uuid, Problem> {
    let placement = Placement {
        corner: Corner::named(&form.corner).unwrap_or_default(),
        size: CodeSize::named(&form.size).unwrap_or_default(),
    };
    let image = images::upload::keep(site, caller, picture, None, placement, trace.clone()).await?;
    Ok(image.image_id)
}

fn fault(problem: &Problem) -> FieldProblem {
    let code = match problem.status {
        StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported",
        _ if problem.code == "too_many_pixels" => "too_large",
        _ => "invalid",
    };
    FieldProblem::new("picture", code)
}

impl Sent {
    async fn read(site: &Site, customer: Uuid, request: Request) -> Result<Self, Problem> {
        let mut multipart = Multipart::from_request(images::upload::paced(request), site)
            .await
            .map_err(|rejection| Problem::bad_request(rejection.body_text()))?;
        let mut sent = Self::default();
        // A box that is not ticked is not sent.
        sent.form.track_link = false;
        while let Some(field) = multipart.next_field().await.map_err(images::upload::refused)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "picture" {
                // The one before gives back its turn.
                sent.picture = None;
                match images::upload::Upload::read(&site.uploads, customer, field).await {
                    Ok(upload) if upload.is_empty() => {}
                    Ok(upload) => sent.picture = Some(upload),
                    Err(problem) if problem.status.is_client_error() => {
                        sent.picture_fault = Some(fault(&problem));
                    }
                    Err(problem) => return Err(problem),
                }
                continue;
            }
            let value = field.text().await.map_err(images::upload::refused)?;
            sent.put(&name, value);
        }
        Ok(sent)
    }

    fn put(&mut self, name: &str, value: String) {
        let form = &mut self.form;
        let field = match name {
            "orderId" => &mut form.order_id,
            "title" => &mut form.title,
            "description" => &mut form.description,
            "targetUrl" => &mut form.target_url,
            "totalAmount" => &mut form.total_amount,
            "country" => &mut form.country,
            "region" => &mut form.region,
            "city" => &mut form.city,
            "deadline" => &mut form.deadline,
            "timeZone" => &mut form.time_zone,
            "imageId" => &mut form.image_id,
            "processedImageUrl" => &mut form.processed_image_url,
            "qrCodeUrl" => &mut form.qr_code_url,
            "corner" => &mut form.corner,
            "size" => &mut form.size,
            "trackLink" => return form.track_link = value == "true",
            "platforms" => return form.platforms.push(value),
            "draftSavedAt" => return self.draft_saved_at = value.parse().ok().filter(|at| is_storable(*at)),
            "confirmDuplicate" => return self.confirm_duplicate = value == "true",
            "action" => {
                self.action = match value.as_str() {
                    "save" => Action::Save,
                    "clear" => Action::Clear,
                    _ => Action::Create,
                };
                return;
            }
            _ => return,
        };
        *field = value;
    }

    fn wish(&self, trace: Trace) -> Wish {
        let form = &self.form;
        let some = |text: &str| match text.trim() {
            "" => Field::Missing,
            text => Field::Given(text.to_owned()),
        };
        let place = |text: &str| Some(text.to_owned()).filter(|text| !text.trim().is_empty());
        let input = OrderInput {
            title: some(&form.title),
            description: some(&form.description),
            target_url: some(&form.target_url),
            total_amount: match some(&form.total_amount) {
                Field::Given(text) => Field::Given(NumberText(text)),
                _ => Field::Missing,
            },
            location: Field::Given(PlaceInput {
                country: place(&form.country),
                region: place(&form.region),
                city: place(&form.city),
            }),
            deadline: some(&form.deadline),
            time_zone: some(&form.time_zone),
            platforms: if form.platforms.is_empty() {
                Field::Missing
            } else {
                Field::Given(form.platforms.clone())
            },
            image_id: match form.image_id.trim() {
                "" => Field::Missing,
                id => id.parse().map_or(Field::Wrong, Field::Given),
            },
            processed_image_url: Field::Missing,
            track_link: Field::Given(form.track_link),
            customer_id: Field::Missing,
            confirm_duplicate: Field::Given(self.confirm_duplicate),
        };
        let key = Some(form.order_id.trim().to_owned()).filter(|key| !key.is_empty() && key.len() <= 255);
        Wish { input, key, trace }
    }
}
