//! Who asks, as far as a request tells: gathered once by the envelope, read by handlers.

use std::future::{Ready, ready};

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header::{ACCEPT_LANGUAGE, HOST};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use readmit_core::ids::Tag;
use readmit_core::time::At;
use readmit_steps::words::Say;
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::error::PageError;
use crate::forms::Holder;
use crate::locale::{Language, Theme};
use crate::network;
use crate::origins::Face;
use crate::request_id::RequestId;
use crate::session::CLAIMANT_COOKIE;

/// The cookie names. `__Host-`: over a secure channel only, for this host only, for every path (SE-03).
pub(crate) const LANGUAGE_COOKIE: &str = "__Host-language";
pub(crate) const THEME_COOKIE: &str = "__Host-theme";
const GUEST_COOKIE: &str = "__Host-guest";

/// What a request says about its sender. Holds no address: the network is a tag.
#[derive(Clone, Debug)]
pub struct Caller {
    pub id: RequestId,
    pub at: At,
    pub face: Option<Face>,
    pub language: Language,
    pub theme: Option<Theme>,
    /// Tag of the client's network prefix.
    pub prefix: Tag,
    /// The path as asked for.
    pub path: String,
    /// It brings a claimant's session, which may have ended: its pages say how to leave.
    pub session: bool,
}

impl Caller {
    pub(crate) fn read(app: &App, request: &ServiceRequest) -> Self {
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        let cookie = |name| request.cookie(name).map(|cookie| cookie.value().to_owned());
        let forwarded: Vec<&str> = request
            .headers()
            .get_all("x-forwarded-for")
            .filter_map(|value| value.to_str().ok())
            .collect();
        // Without a peer (tests in process) every caller counts as one network.
        let peer = request
            .peer_addr()
            .map_or(std::net::Ipv4Addr::UNSPECIFIED.into(), |peer| peer.ip());
        let client = network::client(peer, &forwarded, app.hops);
        let at = app.dispatcher.now();
        Self {
            id: RequestId::draw(at, &app.dispatcher.entropy()),
            at,
            face: header(HOST).and_then(|host| app.origins.face(host)),
            language: cookie(LANGUAGE_COOKIE)
                .and_then(|code| Language::read(&code))
                .unwrap_or_else(|| Language::accepted(header(ACCEPT_LANGUAGE).unwrap_or_default())),
            theme: cookie(THEME_COOKIE).and_then(|code| Theme::read(&code)),
            prefix: app.db.index_tag("prefix", &[&network::prefix(client)]),
            path: request.path().to_owned(),
            session: request.cookie(CLAIMANT_COOKIE).is_some(),
        }
    }

    /// The texts in the caller's language.
    #[must_use]
    pub fn say<'a>(&self, app: &'a App) -> Say<'a> {
        Say::new(&app.texts, self.language.code(), &app.brand)
    }
}

impl FromRequest for Caller {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = request.extensions().get::<Self>().cloned();
        ready(caller.ok_or_else(|| PageError::internal("the envelope is missing")))
    }
}

/// Somebody without a session who is shown a form: a random cookie that the form's token is bound to. Nothing is stored.
pub struct Guest {
    secret: String,
}

impl Guest {
    #[must_use]
    pub fn holder(&self) -> Holder {
        Sha256::digest(self.secret.as_bytes()).into()
    }
}

/// Left in the request for the envelope, which sets the cookie.
pub(crate) struct NewGuest(pub(crate) Cookie<'static>);

impl FromRequest for Guest {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        if let Some(cookie) = request.cookie(GUEST_COOKIE).filter(|cookie| cookie.value().len() == 43) {
            return ready(Ok(Self {
                secret: cookie.value().to_owned(),
            }));
        }
        let Some(app) = App::of(request) else {
            return ready(Err(PageError::internal("the app is missing")));
        };
        let drawn = app.dispatcher.entropy().bytes("guest", 0);
        let secret = data_encoding::BASE64URL_NOPAD.encode(&drawn);
        request
            .extensions_mut()
            .insert(NewGuest(cookie(GUEST_COOKIE, secret.clone(), SameSite::Lax)));
        ready(Ok(Self { secret }))
    }
}

/// A cookie of ours (SE-03). It ends with the browser's session; the server's own limits are shorter.
#[must_use]
pub(crate) fn cookie(name: &'static str, value: String, same_site: SameSite) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(same_site)
        .finish()
}
